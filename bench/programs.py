"""Whole programs: how long short runs take and how large the program is."""
import pathlib
import subprocess
import tempfile
import time

PROGRAM = pathlib.Path(__file__).resolve().parents[1] / "build" / "bench" / "truename"


def fastest(command, runs=20):
    """Milliseconds of the fastest run: the others measure what else the machine does."""
    best = float("inf")
    for _ in range(runs):
        start = time.perf_counter()
        subprocess.run(command, stdout=subprocess.DEVNULL, check=False)
        best = min(best, time.perf_counter() - start)
    return best * 1000


print("version.wall", fastest([str(PROGRAM), "--version"]))
with tempfile.TemporaryDirectory() as folder:
    stripped = pathlib.Path(folder) / "truename"
    subprocess.run(["strip", "-o", str(stripped), str(PROGRAM)], check=True)
    print("program.size", stripped.stat().st_size / 1e6)
