"""The commands that the README tells people to type, typed."""

import pathlib
import re
import shlex

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text()
COMMANDS = sorted(set(re.findall(r"(?:^|`)(truename (?!COMMAND)[a-z]+ [^`\n]*)(?:`|$)", README, re.MULTILINE)))


@pytest.fixture
def folder(tmp_path, issued):
    """The files that the README's examples name."""
    (tmp_path / "root.pem").write_bytes(issued.root.read_bytes())
    (tmp_path / "chain.pem").write_bytes(issued.certificate.read_bytes())
    (tmp_path / "server.pem").write_bytes(issued.certificate.read_bytes())
    (tmp_path / "request.pem").write_bytes(issued.request.read_bytes())
    (tmp_path / "names.txt").write_text("mail.example.com\n")
    return tmp_path


def test_the_readme_has_commands():
    assert len(COMMANDS) >= 12
    assert {command.split()[1] for command in COMMANDS} >= {"check", "predict", "show", "explain", "replay"}


def test_the_commands_of_the_readme_run(truename, folder, imaps):
    for command in sorted(COMMANDS, key=lambda command: " replay " in command):
        words = shlex.split(command)[1:]
        if words[0] == "check":
            words += ["--connect", "127.0.0.1"] + ([] if "--ports" in words else ["--ports", f"imaps:{imaps.port}"])
        run = truename(*words, cwd=folder)
        assert run.returncode in (0, 1, 2, 3), (command, run.stderr)
        assert run.stdout or "=" in command, command
        assert not run.stderr, (command, run.stderr)


def test_every_command_that_the_readme_shows_first_has_a_page():
    for command in COMMANDS:
        assert (ROOT / f"docs/commands/truename-{command.split()[1]}.md").exists()


def test_the_scripts_that_the_readme_names_exist():
    for script in set(re.findall(r"script/[a-z]+", README)):
        assert (ROOT / script).exists(), script
