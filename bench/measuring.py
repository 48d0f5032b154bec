"""What the measuring scripts share: a run with its wall time, CPU time and peak memory."""
import os
import pathlib
import subprocess
import time

ROOT = pathlib.Path(__file__).resolve().parents[1]
BUILD = ROOT / "build" / "bench"
PROGRAM = BUILD / "truename"


class Run:
    """One finished program: `wall` and `cpu` in seconds, `memory` in MB, `output`, `code`.

    The kernel counts as the program's memory what this process had when it started it, so a script that measures memory stays small.
    """

    def __init__(self, command, text=None, output=False):
        start = time.perf_counter()
        child = subprocess.Popen(
            [str(word) for word in command],
            stdin=subprocess.PIPE if text is not None else subprocess.DEVNULL,
            stdout=subprocess.PIPE if output else subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        if text is not None:
            child.stdin.write(text)
            child.stdin.close()
        self.output = child.stdout.read() if output else ""
        _, status, usage = os.wait4(child.pid, 0)
        self.wall = time.perf_counter() - start
        child.returncode = self.code = os.waitstatus_to_exitcode(status)
        self.cpu = usage.ru_utime + usage.ru_stime
        self.memory = usage.ru_maxrss / 1024


def fastest(command, runs=20, **how):
    """The run with the least wall time: the others measure what else the machine does."""
    return min((Run(command, **how) for _ in range(runs)), key=lambda run: run.wall)
