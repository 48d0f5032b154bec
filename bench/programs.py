"""Whole programs: how long short runs take, and how large the program is."""
import pathlib
import subprocess
import tempfile

from measuring import BUILD, PROGRAM, ROOT, fastest

print("version.wall", fastest([PROGRAM, "--version"]).wall * 1000)
with tempfile.TemporaryDirectory() as name:
    folder = pathlib.Path(name)
    subprocess.run(["strip", "-o", folder / "truename", PROGRAM], check=True)
    print("program.size", (folder / "truename").stat().st_size / 1e6)
    subprocess.run([BUILD / "recipe_tool", ROOT / "tests" / "servers" / "sbs-2008.toml", ROOT / "tests" / "keys", folder], check=True)
    run = fastest([PROGRAM, "predict", folder / "server.pem", "--name", "remote.example.com", "--trust", folder / "root.pem", "--client", "all"])
    print("predict.wall", run.wall * 1000 if run.code in (0, 1, 2) else "failed")
