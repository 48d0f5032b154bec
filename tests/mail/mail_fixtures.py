"""The program, the people, and a way to run `truename mail`. Test files import what they use: two files named conftest.py would hide each other."""

import os
import pathlib

import pytest
from mail_people import People, Run

ROOT = pathlib.Path(__file__).resolve().parents[2]


@pytest.fixture(scope="session")
def program():
    path = pathlib.Path(os.environ.get("TRUENAME") or ROOT / "build" / "dev" / "truename")
    if not path.exists():
        pytest.fail(f"{path} is not built (cmake --build --preset dev)")
    return str(path)


@pytest.fixture(scope="session")
def people(program, tmp_path_factory):
    return People(program, tmp_path_factory.mktemp("people"))


@pytest.fixture
def mail(program, tmp_path):
    """Runs `truename mail`; the message is a text, octets, a file, or a command that writes it."""

    def run(command, message, *arguments):
        folder = pathlib.Path(tmp_path / f"run{len(list(tmp_path.iterdir()))}")
        folder.mkdir()
        source = message
        if isinstance(message, (str, bytes)):
            source = folder / "in"
            source.write_bytes(message.encode() if isinstance(message, str) else message)
        return Run(program, ["mail", command, *arguments], source, folder)

    return run
