"""The pages of docs/commands say what the program takes, and become man pages without a warning."""

import importlib.machinery
import importlib.util
import pathlib
import re
import subprocess
import sys

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
PAGES = sorted((ROOT / "docs" / "commands").glob("*.md"))


def load_man_script():
    sys.dont_write_bytecode = True
    loader = importlib.machinery.SourceFileLoader("man_script", str(ROOT / "script" / "man"))
    module = importlib.util.module_from_spec(importlib.util.spec_from_loader("man_script", loader))
    loader.exec_module(module)
    return module


def commands_of(truename):
    lines = truename("help").stdout.split("Commands:\n")[1].split("\n\n")[0].splitlines()
    return {line.split()[0] for line in lines if line.startswith("  ") and line[2] != " "}


def section(text, title):
    found = re.search(rf"^## {title}\n\n(.*?)(?=^## |\Z)", text, re.MULTILINE | re.DOTALL)
    assert found, f"no section {title}"
    return found[1]


def test_every_command_has_its_page_and_every_page_its_command(truename):
    pages = {path.stem.removeprefix("truename-") for path in PAGES if path.stem != "truename"}
    assert pages == commands_of(truename)
    overview = section((ROOT / "docs/commands/truename.md").read_text(), "Commands")
    linked = set(re.findall(r"\(truename-([a-z]+)\.md\)", overview))
    assert linked == pages


def test_the_options_of_a_page_are_those_of_the_program(truename):
    for command in sorted(commands_of(truename)):
        page = (ROOT / f"docs/commands/truename-{command}.md").read_text()
        assert section(page, "Options").strip() == truename("help", command, "--markdown").stdout.strip(), (
            f"{command}: run script/man --options build/dev/truename"
        )


def test_the_synopsis_of_a_page_is_that_of_the_program(truename):
    for command in sorted(commands_of(truename)):
        usage = truename(command, "--help").stdout.splitlines()[0].removeprefix("Usage: ").removesuffix(" [OPTION...]")
        page = (ROOT / f"docs/commands/truename-{command}.md").read_text()
        assert usage in section(page, "Synopsis"), command


def test_options_named_in_the_text_of_a_page_exist(truename):
    options = {option for command in commands_of(truename) for option in re.findall(r"--[a-z-]+", truename("help", command, "--markdown").stdout)}
    options |= {"--version", "--now"}  # the second one of systemctl
    for path in PAGES:
        named = set(re.findall(r"(?<![\w-])--[a-z][a-z-]+", path.read_text()))
        assert named <= options, path.name


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_a_page_becomes_a_man_page_that_man_reads_without_a_warning(path, tmp_path):
    page = tmp_path / f"{path.stem}.1"
    page.write_text(load_man_script().to_man(path.stem, path.read_text(), "0"))
    run = subprocess.run(["groff", "-man", "-Tutf8", "-ww", "-P-cbou", str(page)], capture_output=True, text=True)
    assert run.returncode == 0 and run.stderr == ""
    assert "SYNOPSIS" in run.stdout


def test_man_keeps_every_word_and_mark():
    to_man = load_man_script().to_man
    page = to_man("x", "# x: one-line\n\n## Part two\n\n.a `--b` **c** *d* [e](truename-f.md) \\g 'h'\n\n- `-o, --out X`\n  says\n  more\n- plain\n\n```\n.code -x\n```\n\n| a | b |\n|---|---|\n| 1 | 2 |\n", "1")
    for expected in [
        ".TH X 1", "x \\- one\\-line", ".SH PART TWO", "\\&.a \\fB\\-\\-b\\fR \\fBc\\fR \\fId\\fR \\fBtruename\\-f\\fR(1) \\eg \\(aqh\\(aq",
        ".TP\n\\fB\\-o, \\-\\-out X\\fR\nsays more", ".IP \\(bu 2\nplain", "\\&.code \\-x", ".TP\n1\n2",
    ]:
        assert expected in page, expected


@pytest.mark.parametrize("text", ["```\nnever closed", "> quoted", "1. numbered", "<b>html</b>"])
def test_man_refuses_what_it_would_lose(text):
    man = load_man_script()
    with pytest.raises(man.PageError):
        man.to_man("x", "# x: y\n\n" + text, "1")
