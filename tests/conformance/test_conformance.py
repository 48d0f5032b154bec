"""What public suites say of our verifier. They lie in the folder that TRUENAME_SUITES names."""
import os
import pathlib
import re
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
def test_pkits_is_right_but_for_revocation_and_dsa():
    """Signatures, dates, names, constraints, purposes and all of policies; 4.4, 4.14 and 4.15 are about revocation lists."""
    wrong, last = judge("pkits")
    assert re.fullmatch(r"pkits: \d+ of 249 right, 0 deviations", last)
    needs_more = re.compile(r"4\.(4|14|15)\.|4\.5\.[257] |4\.7\.[45] |4\.1\.[45] ")  # revocation lists; DSA keys with inherited parameters
    assert [line for line in wrong if not needs_more.match(line)] == []


def test_a_folder_that_is_no_suite_is_said():
    run = subprocess.run([PROGRAM, "pkits", "/nowhere"], capture_output=True, text=True)
    assert run.returncode == 66 and "/nowhere" in run.stderr
    assert subprocess.run([PROGRAM], capture_output=True).returncode == 64
