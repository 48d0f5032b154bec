"""script/setup on a machine that is played by two small programs: dpkg-query and apt-get."""
import os
import pathlib
import subprocess

import pytest

SETUP = pathlib.Path(__file__).resolve().parents[2] / "script" / "setup"


@pytest.fixture(name="machine")
def played_machine(tmp_path):
    """A folder of programs that stand before the real ones; apt-get notes what it was asked."""

    def program(name, text):
        path = tmp_path / name
        path.write_text("#!/bin/sh\n" + text)
        path.chmod(0o755)

    def run(*groups, missing="", plan=""):
        program("dpkg-query", f'for last; do :; done\ncase " {missing} " in *" $last "*) exit 1;; esac\nprintf installed\n')
        program("apt-get", f'echo "$*" >>{tmp_path}/asked\ncase "$*" in *" -s "*) printf "{plan}";; esac\n')
        environment = {**os.environ, "PATH": f"{tmp_path}:{os.environ['PATH']}"}
        done = subprocess.run([SETUP, *groups], env=environment, capture_output=True, text=True, check=False)
        asked = tmp_path / "asked"
        return done, asked.read_text().splitlines() if asked.exists() else []

    return run


def test_says_nothing_when_nothing_is_missing(machine):
    done, asked = machine("build", "test", "fuzz")
    assert (done.returncode, done.stdout, done.stderr, asked) == (0, "", "", [])


def test_stops_before_anything_is_removed(machine):
    done, asked = machine("build", missing="cmake", plan="Inst cmake (3.25)\\nRemv exim4-daemon-light [4.96]\\n")
    assert done.returncode == 1
    assert "would REMOVE: exim4-daemon-light" in done.stderr
    assert asked and all(" -s " in line for line in asked), "only simulations may have run"


def test_knows_its_groups(machine):
    done, asked = machine("everything")
    assert done.returncode == 1
    assert "build test fuzz servers" in done.stderr
    assert asked == []
