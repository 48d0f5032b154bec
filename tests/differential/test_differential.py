"""What TLS libraries themselves say to the chains of tests/cases is what our profiles of them say. A library that is not here is skipped."""
import functools
import os
import pathlib
import re
import subprocess

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
PROGRAM = pathlib.Path(os.environ.get("TRUENAME") or ROOT / "build" / "dev" / "truename").parent / "truename-differential"
# Of 100 mutants, how many get the same answer at least; what differs is listed by rule in docs/decisions/second-opinion.md.
LIBRARIES = {"OpenSSL": 99, "GnuTLS": 98, "NSS": 99, "Go": 97, "Java": 97, "Node": 99}


@functools.cache
def counts(*arguments):
    """Of each library and each kind of question: how many agree, and how many there are."""
    run = subprocess.run([PROGRAM, *arguments], capture_output=True, text=True, timeout=300)
    assert run.returncode in (0, 1), run.stderr
    lines = re.findall(r"^(cases|mutants), (\w+): (\d+) of (\d+) agree", run.stdout, re.M)
    some = re.search(r"^mutants: (\d+), (\d+) of them accepted", run.stdout, re.M)
    return {(what, library): (int(agreed), int(of)) for what, library, agreed, of in lines}, tuple(map(int, some.groups())), run.stdout


@pytest.mark.parametrize("library", LIBRARIES)
def test_a_library_and_its_profile_agree_on_every_case(library):
    told, _, output = counts("400", "7")
    if ("cases", library) not in told:
        pytest.skip(f"{library} is not here (script/setup differential)")
    agreed, of = told["cases", library]
    assert agreed == of and of > 60, output


@pytest.mark.parametrize("library", LIBRARIES)
def test_most_mutants_get_the_same_answer(library):
    told, (everyone, accepted), output = counts("400", "7")
    if ("mutants", library) not in told:
        pytest.skip(f"{library} is not here (script/setup differential)")
    assert everyone == 400 and accepted >= 120
    agreed, of = told["mutants", library]
    assert of > 300 and agreed * 100 >= of * LIBRARIES[library], output
