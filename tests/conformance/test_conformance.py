"""What public suites say of our verifier. They lie in the folder that TRUENAME_SUITES names."""
import os
import pathlib
import subprocess

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
PROGRAM = pathlib.Path(os.environ.get("TRUENAME") or ROOT / "build" / "dev" / "truename").parent / "truename-conformance"
SUITES = os.environ.get("TRUENAME_SUITES")


def judge(suite):
    """The wrong cases of a suite, a line each, and the last line."""
    run = subprocess.run([PROGRAM, suite, pathlib.Path(SUITES) / suite], capture_output=True, text=True, timeout=120)
    assert run.returncode in (0, 1), run.stderr
    *wrong, last = run.stdout.splitlines()
    return wrong, last


@pytest.mark.skipif(not SUITES, reason="TRUENAME_SUITES is not set")
def test_pkits_is_right():
    """Signatures, dates, names, constraints, policies, revocation lists of every kind, DSA keys that inherit their parameters."""
    wrong, last = judge("pkits")
    assert wrong == []
    assert last == "pkits: 249 of 249 right, 0 deviations"


def test_a_folder_that_is_no_suite_is_said():
    run = subprocess.run([PROGRAM, "pkits", "/nowhere"], capture_output=True, text=True)
    assert run.returncode == 66 and "/nowhere" in run.stderr
    assert subprocess.run([PROGRAM], capture_output=True).returncode == 64
