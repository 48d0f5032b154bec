"""The demo tells a story, and every sentence of it has to be true: it ends well with this program, and not with one that lies."""

import os
import pathlib
import subprocess

import pytest

import mailservers

ROOT = pathlib.Path(__file__).resolve().parents[2]
BUILD = pathlib.Path(os.environ.get("TRUENAME_BUILD") or ROOT / "build" / "dev")
PROGRAM = pathlib.Path(os.environ.get("TRUENAME") or BUILD / "truename")

# What the liar does with the exit code of `truename COMMAND ...`.
LIES = {
    "a-changed-message-is-opened": 'case "$1 $2 $code" in "mail decrypt 2") code=0; echo "The offer for the north building is 140,000.";; esac',
    "a-name-is-set-up-that-is-not": 'case "$1 $code" in "address 1") code=0;; esac',
}


def tell(program):
    environment = {**os.environ, "TRUENAME": str(program), "TRUENAME_BUILD": str(BUILD)}
    return subprocess.run(["/usr/bin/python3", ROOT / "script" / "lib" / "demo"], env=environment, capture_output=True, text=True, timeout=180, check=False)


@pytest.mark.parametrize("lie", LIES)
def test_the_story_breaks_off_when_the_program_lies(tmp_path, lie):
    if mailservers.why_unavailable():
        pytest.fail(mailservers.why_unavailable())
    liar = tmp_path / "truename"
    liar.write_text(f'#!/bin/sh\n{PROGRAM.resolve()} "$@"\ncode=$?\n{LIES[lie]}\nexit $code\n')
    liar.chmod(0o755)
    told = tell(liar)
    assert told.returncode == 1 and "The story broke off" in told.stderr, told.stdout[-2000:] + told.stderr


def test_the_story_ends_well():
    told = tell(PROGRAM.resolve())
    assert told.returncode == 0 and "The servers are stopped" in told.stdout, told.stdout[-2000:] + told.stderr
