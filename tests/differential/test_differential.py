"""What OpenSSL itself says to the chains of tests/cases is what the profile `openssl` says."""
import os
import pathlib
import subprocess

ROOT = pathlib.Path(__file__).resolve().parents[2]
PROGRAM = pathlib.Path(os.environ.get("TRUENAME") or ROOT / "build" / "dev" / "truename").parent / "truename-differential"


def test_openssl_and_its_profile_agree_on_every_case():
    run = subprocess.run([PROGRAM, "0"], capture_output=True, text=True, timeout=120)
    assert run.returncode == 0, run.stdout
    counts = run.stdout.splitlines()[0].split()
    assert counts[0] == "cases:" and counts[1] == counts[3] and int(counts[3]) > 60


def test_mutants_are_made_and_most_get_the_same_answer():
    run = subprocess.run([PROGRAM, "500", "7"], capture_output=True, text=True, timeout=120)
    agreed, everyone, accepted = (int(word) for word in run.stdout.splitlines()[-1].replace(",", "").split() if word.isdigit())
    assert everyone == 500 and accepted > 100
    assert agreed >= 490, run.stdout
