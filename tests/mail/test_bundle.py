"""A key with its certificates in a file that a mail program takes."""

import os
import stat
import subprocess

import pytest
from mail_fixtures import people, program  # noqa: F401


@pytest.fixture(name="bundle")
def bundle_command(program, people, tmp_path):  # noqa: F811
    (tmp_path / "lock").write_text("open sesame\n")
    (tmp_path / "lock").chmod(0o600)

    def bundle(reader, name="ann", out="ann.p12"):
        return subprocess.run([program, "keys", "bundle", "--for", reader, *people.own(name), "--p12-passphrase-file", tmp_path / "lock", "--out",
                               tmp_path / out], capture_output=True, text=True, check=False, timeout=60)

    return bundle


def opened(path, *how):
    done = subprocess.run(["openssl", "pkcs12", "-in", path, "-passin", "pass:open sesame", "-nodes", *how], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout, done.stderr


@pytest.mark.parametrize("reader, cipher, mac", [("thunderbird", "pbeWithSHA1And3-KeyTripleDES-CBC", "sha1"), ("apple-mail", "pbeWithSHA1And3-KeyTripleDES-CBC", "sha1"),
                                                 ("gpgsm", "PBES2, PBKDF2, AES-128-CBC, Iteration 100000, PRF hmacWithSHA1", "sha256"),
                                                 ("openssl-cms", "PBES2, PBKDF2, AES-256-CBC", "sha256")])
def test_it_is_locked_as_the_program_can_open_it(bundle, people, tmp_path, reader, cipher, mac):  # noqa: F811
    done = bundle(reader)
    assert done.returncode == 0 and "ann.p12" in done.stdout, done.stderr
    text, info = opened(tmp_path / "ann.p12", "-info")
    assert cipher in info and f"MAC: {mac}, Iteration 100000" in info
    assert text.count("BEGIN CERTIFICATE") == 2 and "BEGIN PRIVATE KEY" in text
    key = subprocess.run(["openssl", "pkey", "-in", people.key("ann")], capture_output=True, text=True, check=True).stdout
    assert key.strip() in text
    assert stat.S_IMODE((tmp_path / "ann.p12").stat().st_mode) == 0o600
    assert "open sesame" not in done.stdout + done.stderr


def test_nss_takes_it(bundle, tmp_path):
    assert bundle("nss").returncode == 0
    store = f"sql:{tmp_path}"
    subprocess.run(["certutil", "-N", "-d", store, "--empty-password"], check=True, capture_output=True)
    done = subprocess.run(["pk12util", "-d", store, "-i", tmp_path / "ann.p12", "-W", "open sesame"], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "u,u,u" in subprocess.run(["certutil", "-L", "-d", store], capture_output=True, text=True, check=True).stdout


def test_gnupg_takes_it(bundle, tmp_path):
    assert bundle("gpgsm").returncode == 0
    home = tmp_path / "gnupg"
    home.mkdir(mode=0o700)
    (home / "gpg-agent.conf").write_text("allow-loopback-pinentry\n")
    (home / "gpgsm.conf").write_text("disable-crl-checks\n")
    try:
        done = subprocess.run(["gpgsm", "--batch", "--pinentry-mode", "loopback", "--passphrase-fd", "0", "--import", tmp_path / "ann.p12"], input="open sesame\n",
                              env={**os.environ, "GNUPGHOME": str(home)}, capture_output=True, text=True, check=False, timeout=60)
        assert "secret keys imported: 1" in done.stderr or "secret keys read: 1" in done.stderr, done.stderr
    finally:
        subprocess.run(["gpgconf", "--kill", "all"], env={**os.environ, "GNUPGHOME": str(home)}, capture_output=True, check=False)


def test_programs_that_nobody_knows_are_told(bundle, tmp_path):
    done = bundle("eudora")
    assert done.returncode == 64 and "thunderbird" in done.stderr and not (tmp_path / "ann.p12").exists()
