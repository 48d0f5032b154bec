"""What public suites say of our verifier. They lie in the folder that TRUENAME_SUITES names."""
import json
import os
import pathlib
import subprocess
import tomllib

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


# What each suite is about; how many of its cases come out otherwise than it expects, each with its reason in deviations/.
SUITES_AND_CASES = {
    "pkits": (249, 0),  # paths, policies, revocation lists of every kind, DSA keys that inherit their parameters
    "limbo": (139, 2),  # TLS servers under the rules of public authorities
    "names": (2422, 0),  # each certificate and name as seven libraries compare them, each by its profile
    "bettertls": (1167, 0),  # name constraints, and paths among cross-signed authorities
    "boringssl-pki": (713, 33),
    "mozpkix": (414, 0),  # extended key usages, judged by a mail program with that library
    "pyca-vectors": (119, 0),  # certificates, requests, bundles, lists and OCSP responses
    "openssl-verify": (97, 6),  # chains of `openssl verify`, by the profile of OpenSSL
    "gnutls-chains": (61, 2),  # by the profile of GnuTLS, with the flags of each case
    "go-x509": (79, 6),  # paths and name constraints, by the profile of Go
    "openssl-ocsp": (36, 0),  # who may sign an OCSP response, and whose certificates it names
    "webpki-crls": (25, 2),  # revocation lists that are fit for use
}


@pytest.mark.skipif(not SUITES, reason="TRUENAME_SUITES is not set")
@pytest.mark.parametrize("suite", SUITES_AND_CASES)
def test_a_public_suite_is_right(suite):
    wrong, last = judge(suite)
    cases, deviations = SUITES_AND_CASES[suite]
    assert [line for line in wrong if not line.startswith("deviation ")] == []
    assert last == f"{suite}: {cases} of {cases} right, {deviations} deviations"


@pytest.mark.skipif(not SUITES, reason="TRUENAME_SUITES is not set")
def test_limbo_is_answered_in_its_own_form():
    text = (pathlib.Path(SUITES) / "limbo" / "limbo.json").read_bytes()
    run = subprocess.run([PROGRAM, "limbo", "-"], input=text, capture_output=True, timeout=120)
    result = json.loads(run.stdout)
    assert result["version"] == 1 and result["harness"] == "truename"
    assert len(result["results"]) == 139
    assert {one["actual_result"] for one in result["results"]} == {"SUCCESS", "FAILURE"}


def test_no_suite_deviates_by_id_in_more_than_two_of_a_hundred_cases():
    for suite, cases in {"limbo": 139, "boringssl-pki": 713}.items():
        text = (ROOT / "tests" / "conformance" / "deviations" / f"{suite}.toml").read_text(encoding="utf-8")
        by_id = [one for one in tomllib.loads(text)["deviation"] if "/" in one["match"] or "::" in one["match"]]
        assert 0 < len(by_id) <= cases * 0.02


def test_a_folder_that_is_no_suite_is_said():
    run = subprocess.run([PROGRAM, "pkits", "/nowhere"], capture_output=True, text=True)
    assert run.returncode == 66 and "/nowhere" in run.stderr
    assert subprocess.run([PROGRAM], capture_output=True).returncode == 64


def test_a_case_that_cannot_be_read_hides_no_other(tmp_path):
    rows = ["certificate_ekus\trequired_purpose\tas_end_entity\tas_ca", "serverAuth\tserverAuth\tok\tok",
            "somethingNew\tserverAuth\tinadequate\tinadequate"]
    (tmp_path / "eku.tsv").write_text("\n".join(rows) + "\n")
    run = subprocess.run([PROGRAM, "mozpkix", tmp_path], capture_output=True, text=True)
    assert run.returncode == 1
    assert "somethingNew/serverAuth: expected a case that this program can read" in run.stdout
    assert run.stdout.splitlines()[-1] == "mozpkix: 1 of 2 right, 0 deviations"
