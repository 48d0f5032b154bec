"""The built program for tests that drive it from outside. TRUENAME names another one than that of the dev build."""

import os
import pathlib
import subprocess

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]


def program_path():
    return pathlib.Path(os.environ.get("TRUENAME") or ROOT / "build" / "dev" / "truename")


@pytest.fixture(scope="session")
def program():
    """The path of the program."""
    path = program_path()
    if not path.exists():
        pytest.skip(f"{path} is not built")
    return str(path)


@pytest.fixture
def truename(program):
    """Runs the program without a terminal, and gives what came of it. No run may take longer than a minute."""

    def run(*arguments, stdin="", env=None, **more):
        environment = {"PATH": os.environ["PATH"], "HOME": "/nonexistent", **(env or {})}
        return subprocess.run([program, *map(str, arguments)], input=stdin, env=environment, capture_output=True, text=True, timeout=60, **more)

    return run
