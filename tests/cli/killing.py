"""Ends a program at any instant, by SIGKILL."""
import random
import signal
import subprocess
import time


class Killer:
    """Kills around the moment at which a program tells that all is done, so that about half of its runs are whole.

    How long that takes changes with what else the machine does, so each run that was cut off has the next one live longer, and each whole
    one shorter. `seconds` is what a whole run takes at first; `earliest` a part of the time at which it is killed at the latest.
    """

    def __init__(self, seconds, earliest=0.4):
        self.latest = 1.2 * seconds
        self.earliest = earliest

    def run(self, command, word):
        """Runs and kills it; whether it had said `word`."""
        process = subprocess.Popen([*map(str, command)], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        time.sleep(random.uniform(self.earliest, 1) * self.latest)
        process.send_signal(signal.SIGKILL)
        told = word in process.stdout.read()
        process.wait()
        self.latest *= 0.9 if told else 1.1
        return told


def time_of(command):
    """The seconds that calling `command` takes, which ends well."""
    started = time.monotonic()
    assert command().returncode == 0
    return time.monotonic() - started
