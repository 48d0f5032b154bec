"""Habits of the sources that a script can see."""
import pathlib
import re
import subprocess

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
TRACKED = [ROOT / name for name in subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout.splitlines()]
TEXTS = [path for path in TRACKED if path.is_file() and path.suffix not in (".idx", ".pem", ".der", ".bin", ".png") and "corpus" not in path.parts]
OWN = pathlib.Path(__file__)
HEADERS = [path for path in TRACKED if path.suffix == ".h" and path.is_relative_to(ROOT / "src") and path.exists()]

# What a file over the limit is instead: a table, or a state machine with the letters of its standard.
LONG_FILES = {}


def names(paths):
    return [str(path.relative_to(ROOT)) for path in paths]


def declarations_without_comment(text):
    """Free functions and types in a header that no comment stands before; a group may share the comment of its first line.

    A heuristic: it looks at lines at the level of a namespace only.
    """
    lines = text.splitlines()
    depth, found = 0, []
    for number, line in enumerate(lines):
        code = re.sub(r"//.*|\"(?:\\.|[^\"])*\"", "", line)
        declares = re.match(r"(?:template <|class \w+|struct \w+|enum class \w+|union \w+|(?:\[\[nodiscard\]\] )?[\w:<>,&*\s\[\]]+ \*?&?\w+\()", code)
        opens_namespace = re.match(r"(?:inline )?namespace ", code)
        if depth == 0 and declares and not opens_namespace and not code.startswith((" ", "#", "using ", "}")):
            forward = re.fullmatch(r"(?:class|struct|enum class) \w+(?: : [\w:]+)?;", code.strip())
            before = lines[number - 1].strip() if number else ""
            # A line directly below another declaration belongs to that one's comment.
            if not forward and (before == "" or before == "{"):
                found.append(line.strip())
        if not opens_namespace:
            depth += code.count("{") - code.count("}")
            depth = max(depth, 0)
    return found


def test_the_heuristic_sees_a_missing_comment():
    assert declarations_without_comment("namespace x {\n\nint f();\n\n/// Says it.\nint g();\n}") == ["int f();"]


@pytest.mark.parametrize("header", HEADERS, ids=names(HEADERS))
def test_every_public_declaration_says_what_it_is(header):
    assert declarations_without_comment(header.read_text()) == []


def test_headers_are_guarded_by_pragma_once():
    assert names(path for path in HEADERS if not path.read_text().startswith("#pragma once\n")) == []


def test_files_stay_short():
    long = {}
    for path in TRACKED:
        if path.suffix in (".h", ".cpp") and path.is_relative_to(ROOT / "src") and path.exists():
            lines = len(path.read_text().splitlines())
            if lines > 450 and str(path.relative_to(ROOT)) not in LONG_FILES:
                long[str(path.relative_to(ROOT))] = lines
    assert long == {}


def test_nobody_leaves_work_for_later_or_names_a_machine():
    wrong = []
    for path in TEXTS:
        if path == OWN:
            continue
        for number, line in enumerate(path.read_text(errors="replace").splitlines(), 1):
            if re.search(r"\b(?:TODO|FIXME|XXX)\b(?!\W{0,2}#\d)|(?:^|[\s\"'=:(])/(?:home|root|work)/\w", line) and path.suffix not in (".toml", ".tsv"):
                wrong.append(f"{path.relative_to(ROOT)}:{number}: {line.strip()[:100]}")
    assert wrong == []


def test_no_client_is_named_in_the_code():
    """What a mail program does is data. Comments and texts for people may name one; comparisons and identifiers may not."""
    programs = r"(?i)\b\w*(?:outlook|thunderbird|applemail|evolution_mail|gmail)\w*\b"
    wrong = []
    for path in TRACKED:
        if path.suffix in (".h", ".cpp") and path.is_relative_to(ROOT / "src") and path.exists():
            for number, line in enumerate(path.read_text().splitlines(), 1):
                code = re.sub(r"//.*", "", line)
                compares = re.search(r"[=!]= *\"[^\"]*" + programs[4:] + r"[^\"]*\"", code, re.IGNORECASE)
                named = re.search(programs, re.sub(r"\"(?:\\.|[^\"])*\"", "", code))
                if compares or named:
                    wrong.append(f"{path.relative_to(ROOT)}:{number}: {line.strip()}")
    assert wrong == []


def test_scripts_stop_at_their_first_error():
    for path in TRACKED:
        if path.exists() and path.is_relative_to(ROOT / "script") and path.read_bytes().startswith(b"#!/bin/bash"):
            assert "\nset -euo pipefail\n" in path.read_text(), path
            assert path.stat().st_mode & 0o111, path
