"""What somebody sees who types a command: help, mistakes, completion, exit codes."""

import os
import subprocess

import pytest


def test_version_and_help_go_to_standard_output(truename):
    for arguments in (["--version"], ["-V"], ["version"], ["--help"], ["-h"], ["help"], ["help", "help"], ["help", "--help"]):
        run = truename(*arguments)
        assert run.returncode == 0, arguments
        assert run.stdout and not run.stderr, arguments
    assert truename("--version").stdout.startswith("truename 0.")


def test_help_names_every_command_and_exit_code(truename):
    text = truename("help").stdout
    for word in ("completion", "64 usage", "65 bad input", "66 no input", "73 cannot write", "130 interrupted"):
        assert word in text


def test_help_fits_a_terminal(truename):
    commands = commands_of(truename)
    assert "version" in commands
    for command in commands:
        run = truename(command, "--help")
        assert run.returncode == 0
        assert all(len(line) <= 80 for line in run.stdout.splitlines()), command


@pytest.mark.parametrize(
    "arguments, says",
    [
        ([], "no command"),
        (["versoin"], "Did you mean version?"),
        (["mail.example.com"], "truename check mail.example.com"),
        (["--frobnicate"], "the command comes before its options"),
        (["version", "extra"], '"extra"'),
        (["completion"], "bash is missing"),
        (["completion", "zsh"], 'completion: "zsh" is none of its values. There is only bash'),
        (["completion", "bsh"], "Did you mean bash?"),
        (["help", "verison"], "Did you mean version?"),
        (["help", "--markdwon"], "Did you mean --markdown?"),
        (["version", "--quiet=1"], "takes no value"),
        (["version", "-16370"], "there is no such option"),
        (["\x1b]0;title\x07"], "\\x1b]0;title"),
    ],
)
def test_a_mistake_is_64_with_one_sentence(truename, arguments, says):
    run = truename(*arguments)
    assert run.returncode == 64
    assert run.stdout == ""
    assert run.stderr.startswith("truename: ") and run.stderr.count("\n") == 1
    assert says in run.stderr


def commands_of(truename):
    lines = truename("help").stdout.split("Commands:\n")[1].split("\n\n")[0].splitlines()
    return [line.split()[0] for line in lines if line.startswith("  ") and line[2] != " "]


def complete(program, words):
    """What bash would offer for the last of the words."""
    script = subprocess.run([program, "completion", "bash"], capture_output=True, text=True, check=True).stdout
    quoted = " ".join(f"'{word}'" for word in words)
    # compopt only works inside a real completion, so it is made harmless here.
    script += f'\ncompopt() {{ :; }}\nCOMP_WORDS=({quoted}); COMP_CWORD={len(words) - 1}; _truename; printf "%s\\n" "${{COMPREPLY[@]}}"\n'
    path = os.path.dirname(program) + ":" + os.environ["PATH"]
    run = subprocess.run(["bash", "-euo", "pipefail", "-c", script], capture_output=True, text=True, env={"PATH": path})
    assert run.stderr == ""
    return run.stdout.split()


def test_bash_completes_commands_options_and_values(program):
    assert "completion" in complete(program, ["truename", "comp"])
    assert complete(program, ["truename", "help", "--mark"]) == ["--markdown"]
    assert complete(program, ["truename", "completion", ""]) == ["bash"]
    assert "version" in complete(program, ["truename", "help", "v"])


def test_a_reader_that_leaves_is_no_error(program):
    read, write = os.pipe()
    os.close(read)
    run = subprocess.run([program, "help"], stdout=write, stderr=subprocess.PIPE)
    os.close(write)
    assert run.returncode == 0
    assert run.stderr == b""


def test_a_full_disk_is_73(program):
    with open("/dev/full", "w") as full:
        run = subprocess.run([program, "help"], stdout=full, stderr=subprocess.PIPE, text=True)
    assert run.returncode == 73
    assert "standard output" in run.stderr and "No space left" in run.stderr


def test_bash_completes_what_check_takes(program):
    assert "--resolve" in complete(program, ["truename", "check", "--res"])
    assert complete(program, ["truename", "check", "--client", "outlook-2003"]) == ["outlook-2003"]
    assert "html" in complete(program, ["truename", "check", "-o", "ht"])
    assert complete(program, ["truename", "check", "--detail", "=", "fu"]) == ["full"]
    assert "/etc/hostname" in complete(program, ["truename", "show", "/etc/hostnam"])
