"""The commands that the README tells people to type, typed; and its sample, made anew."""

import os
import pathlib
import re
import shlex

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text()
SAMPLE = re.search(r"```\n\$ (truename [^\n]*)\n(.*?)```", README, re.DOTALL)
COMMANDS = sorted(set(re.findall(r"(?:^|`)(truename (?!COMMAND)[a-z]+ [^`\n]*)(?:`|$)", README, re.MULTILINE)))


@pytest.fixture
def folder(tmp_path, issued):
    """The files that the README's examples name."""
    for name in ("root.pem", "sbs-root.pem"):
        (tmp_path / name).write_bytes(issued.root.read_bytes())
    (tmp_path / "chain.pem").write_bytes(issued.certificate.read_bytes())
    (tmp_path / "server.pem").write_bytes(issued.certificate.read_bytes())
    (tmp_path / "request.pem").write_bytes(issued.request.read_bytes())
    for name in ("passphrase", "lock"):
        (tmp_path / name).write_text(f"secret of {name}\n")
        (tmp_path / name).chmod(0o600)
    (tmp_path / "message.eml").write_text("From: ann@example.com\nTo: bob@example.com\nSubject: Hello\n\nHello\n")
    (tmp_path / "names.txt").write_text("mail.example.com\n")
    return tmp_path


def test_the_readme_has_commands():
    assert len(COMMANDS) >= 12
    assert {command.split()[1] for command in COMMANDS} >= {"check", "predict", "show", "explain", "replay"}


def test_the_commands_of_the_readme_run(truename, folder, imaps):
    for command in sorted(COMMANDS, key=lambda command: " replay " in command):
        words = shlex.split(command.replace("/var/lib/truename/ca", "ca"))[1:]
        if words[0] == "check":
            words += ["--connect", "127.0.0.1"] + ([] if "--ports" in words else ["--ports", f"imaps:{imaps.port}"])
        if words[0] == "certificate" or "--local" in words:  # they ask servers of this machine: tests/servers
            words = [*words, "--help"]
        if words[0] == "mail":  # says on standard error who signed
            words.insert(2, "--quiet")
        source = (folder / words[words.index("<") + 1]).read_text() if "<" in words else ""
        run = truename(*words[:min(words.index(sign) if sign in words else len(words) for sign in "<>")], cwd=folder, stdin=source)
        if ">" in words:
            (folder / words[words.index(">") + 1]).write_text(run.stdout)
        assert run.returncode in (0, 1, 2, 3), (command, run.stderr)
        assert run.stdout or "=" in command, command
        assert not run.stderr, (command, run.stderr)


def as_printed(text):
    """With the address, port, time and days of the README in place of those of the test."""
    text = text.replace(" (127.0.0.1) ", " (192.0.2.10)")
    text = re.sub(r"^ +\d+ imaps ", "  993 imaps ", text, flags=re.MULTILINE)
    text = re.sub(r"\d+\.\d s$", "0.1 s", text, flags=re.MULTILINE)
    return re.sub(r"\d+ days left", "300 days left", text)


def test_the_sample_is_what_the_program_prints(truename, folder, imaps):
    """TRUENAME_BLESS=1 puts the new one in its place."""
    target = "imaps://remote.example.com"
    words = shlex.split(SAMPLE[1].replace(target, f"{target}:{imaps.port}"))[1:]
    assert f"{target}:{imaps.port}" in words
    run = truename(*words, "--connect", "127.0.0.1", cwd=folder)
    assert run.returncode == 1 and run.stderr == ""
    if os.environ.get("TRUENAME_BLESS"):
        (ROOT / "README.md").write_text(README.replace(SAMPLE[2], as_printed(run.stdout)))
    else:
        assert as_printed(run.stdout).splitlines() == SAMPLE[2].splitlines()


def test_every_command_that_the_readme_shows_first_has_a_page():
    for command in COMMANDS:
        assert (ROOT / f"docs/commands/truename-{command.split()[1]}.md").exists()


def test_the_scripts_that_the_readme_names_exist():
    for script in set(re.findall(r"script/[a-z]+", README)):
        assert (ROOT / script).exists(), script
