"""An authority whose keys are in a token: SoftHSM2, which is one in software, by OpenSSL's engine for PKCS #11."""

import os
import shutil
import subprocess

import pytest

from ca import text_of, verified
from conftest import openssl


def has_tokens():
    engine = subprocess.run(["openssl", "engine", "-t", "pkcs11"], capture_output=True, text=True).stdout
    return shutil.which("softhsm2-util") is not None and "[ available ]" in engine


pytestmark = pytest.mark.skipif(not has_tokens() and "TRUENAME_SUITES" not in os.environ, reason="softhsm2 and libengine-pkcs11-openssl are not installed")

KINDS = {"weak": ["RSA", "-pkeyopt", "rsa_keygen_bits:1024"],
         "root": ["RSA", "-pkeyopt", "rsa_keygen_bits:3072"], "issuing": ["EC", "-pkeyopt", "ec_paramgen_curve:P-256"],
         "next": ["EC", "-pkeyopt", "ec_paramgen_curve:P-384"]}


@pytest.fixture
def token(truename, tmp_path):
    """Runs `ca` with a token at hand that has a few keys."""
    (tmp_path / "tokens").mkdir()
    (tmp_path / "softhsm2.conf").write_text(f"directories.tokendir = {tmp_path / 'tokens'}\n")
    (tmp_path / "pin").write_text("123456\n")
    (tmp_path / "pin").chmod(0o600)
    environment = {"SOFTHSM2_CONF": str(tmp_path / "softhsm2.conf")}
    util = lambda *arguments: subprocess.run(["softhsm2-util", *arguments], env={**os.environ, **environment}, check=True, capture_output=True)
    util("--init-token", "--free", "--label", "ca", "--so-pin", "654321", "--pin", "123456")
    for number, (name, kind) in enumerate(KINDS.items(), 1):
        openssl("genpkey", "-algorithm", *kind, "-out", tmp_path / "key")
        util("--import", str(tmp_path / "key"), "--token", "ca", "--label", name, "--id", f"0{number}", "--pin", "123456")
    (tmp_path / "key").unlink()
    return lambda command, *more: truename("ca", command, "--store", tmp_path / "ca", *more, env=environment)


def uri(name):
    return f"pkcs11:token=ca;object={name}"


def test_keys_stay_in_their_token(token, tmp_path):
    pin = ["--pin-file", tmp_path / "pin"]
    made = token("init", *pin, "--name", "Example Mail", "--key-uri", uri("issuing"), "--root-key-uri", uri("root"))
    assert made.returncode == 0, made.stderr
    assert not list((tmp_path / "ca").glob("*.key.pem"))
    run = token("issue", *pin, "--name", "mail.example.com", "--out", tmp_path / "out")
    assert run.returncode == 0 and run.stderr == "", run.stderr
    assert verified(tmp_path / "out", "-purpose", "sslserver").returncode == 0
    assert token("revoke", *pin, tmp_path / "out" / "fullchain.pem").returncode == 0
    again = token("renew", "--issuer", *pin, "--key-uri", uri("issuing"))
    assert again.returncode == 64 and "has it already" in again.stderr
    assert token("renew", "--issuer", *pin, "--key-uri", uri("next")).returncode == 0
    assert token("issue", *pin, "--name", "imap.example.com", "--out", tmp_path / "next").returncode == 0
    assert "ecdsa-with-SHA384" in text_of(tmp_path / "next") and verified(tmp_path / "next").returncode == 0
    assert token("revoke", *pin, tmp_path / "ca" / "intermediate.pem").returncode == 0
    lists = token("crl", *pin)
    assert lists.returncode == 0 and lists.stdout.count("Made revocation list") == 3
    for name, issuer in (("list-1-0.crl", "root.pem"), ("list-2-0.crl", "intermediate.pem"), ("list-3-1.crl", "intermediate-3.pem")):
        crl = subprocess.run(["openssl", "crl", "-inform", "DER", "-in", tmp_path / "ca" / name, "-CAfile", tmp_path / "ca" / issuer, "-noout"],
                             capture_output=True, text=True)
        assert "verify OK" in crl.stderr, name
    assert token("backup", "--out", tmp_path / "backup").returncode == 0
    shutil.rmtree(tmp_path / "ca")
    assert token("restore", *pin, "--from", tmp_path / "backup").returncode == 0
    assert token("issue", *pin, "--name", "imap.example.com", "--out", tmp_path / "again").returncode == 0


def test_the_issuing_key_can_be_in_a_token_and_that_of_the_root_in_a_file(token, tmp_path):
    (tmp_path / "passphrase").write_text("correct horse\n")
    init = ["init", "--name", "Example Mail", "--key-uri", uri("issuing"), "--pin-file", tmp_path / "pin"]
    assert "--passphrase-file is missing" in token(*init).stderr
    assert token(*init, "--passphrase-file", tmp_path / "passphrase").returncode == 0
    assert (tmp_path / "ca" / "root.key.pem").read_text().startswith("-----BEGIN ENCRYPTED PRIVATE KEY-----")
    assert token("issue", "--pin-file", tmp_path / "pin", "--name", "mail.example.com", "--out", tmp_path / "out").returncode == 0
    assert verified(tmp_path / "out").returncode == 0


def test_a_key_that_a_token_does_not_give_is_said_so(token, tmp_path):
    both = lambda name: ["--name", "Example Mail", "--key-uri", uri(name), "--root-key-uri", uri("root")]
    (tmp_path / "wrong").write_text("000000\n")
    (tmp_path / "wrong").chmod(0o600)
    for arguments, words in ((["--pin-file", tmp_path / "pin", *both("weak")], "of no kind that an authority has"),
                             (["--pin-file", tmp_path / "pin", *both("root")], "has it already"),
                             (["--pin-file", tmp_path / "wrong", *both("issuing")], "no such key, or another PIN"),
                             (["--pin-file", tmp_path / "pin", *both("none")], "no such key, or another PIN"), (both("issuing"), "the PIN of its token is needed"),
                             (["--pin-file", tmp_path / "pin", *both("issuing;pin-value=123456")], "has a PIN in it"),
                             (["--pin-file", tmp_path / "pin", "--name", "X", "--key-uri", "issuing", "--root-key-uri", uri("root")], "no address of a key")):
        run = token("init", *arguments)
        assert run.returncode == 64 and words in run.stderr, run.stderr
        assert len(run.stderr.splitlines()) == 1 and "123456" not in run.stderr and "000000" not in run.stderr
        assert not (tmp_path / "ca").exists()
