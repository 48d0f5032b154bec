"""Hostile files (bad_files.py): how long `truename` takes for the worst of them, and how much memory."""
import pathlib
import subprocess
import sys
import tempfile

from measuring import PROGRAM, ROOT, fastest

PREDICT = ["predict", "--name", "a.example", "--client", "all", "--at", "2026-11-28", "-o", "json"]


def questions(folder):
    """Each file in the ways that it could be given: the command line, and the file whose size counts."""
    server = folder / "server.pem"
    for file in [*sorted(folder.glob("large/*")), *sorted(folder.glob("small/*"))]:
        yield ["show", file], file
        yield [*PREDICT, file], file
        if file.suffix == ".pem":
            yield [*PREDICT, server, "--issuer", file], file
            yield [*PREDICT, server, "--trust", file], file
    for file in sorted(folder.glob("lists/*")):
        yield [*PREDICT, server, "--crl", file], file


def main():
    slowest = budget = memory = 0
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        # In a process of its own: what this one holds would count as the memory of the programs that it starts.
        subprocess.run([sys.executable, ROOT / "bench" / "bad_files.py", folder], check=True)
        for question, file in questions(folder):
            run = fastest([PROGRAM, *question], runs=3, output=True)
            if run.code not in (0, 1, 2, 3, 65):
                sys.exit(f"{file.name}: the program ended with {run.code}")
            size = max(file.stat().st_size / (1 << 20), 1)
            kind = question[-2] if str(question[-2]).startswith("--") else question[0]
            if "work.budget" in run.output:
                budget = max(budget, run.wall)
            else:
                slowest = max(slowest, run.wall * 1000 / size)
            memory = max(memory, run.memory)
            figures = f"{run.wall * 1000:.0f} ms, {run.wall * 1000 / size:.0f} a MB, {run.memory:.0f} MB"
            print(f"# {file.parent.name}/{file.name} {kind}: {figures}", file=sys.stderr)
    print("bad-input.per-megabyte", slowest)
    print("bad-input.budget", budget * 1000)
    print("bad-input.memory", memory)


main()
