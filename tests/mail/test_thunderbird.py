"""Thunderbird itself: its main window shows what we write, and we read what its compose code sends."""

import email.utils
import subprocess
import time

import pytest
from mail_fixtures import mail, people, program  # noqa: F401
from mail_people import message, openssl
from thunderbird import Thunderbird

PASSWORD = "open sesame"
SECRET = "this is for you alone"


def dated(sender="ann", ago=0):
    """A message with the time of its sending: Thunderbird compares it with the time of the signature."""
    return f"Date: {email.utils.formatdate(time.time() - ago)}\n{message(sender)}"


@pytest.fixture(scope="module")
def bird(people, program, tmp_path_factory):  # noqa: F811
    """It gets the keys of ann, bob and carl in the files that we make for it, and trusts their authority."""
    folder = tmp_path_factory.mktemp("thunderbird")
    (folder / "lock").write_text(PASSWORD + "\n")
    (folder / "lock").chmod(0o600)
    started = Thunderbird(folder)
    try:
        for name in ("ann", "bob", "carl"):
            file = folder / f"{name}.p12"
            subprocess.run([program, "keys", "bundle", "--for", "thunderbird", *people.own(name), "--p12-passphrase-file", folder / "lock",
                            "--out", file], check=True, capture_output=True, timeout=60)
            assert started.import_key(file, PASSWORD) == 0, name
        started.trust(people.root)
        yield started
    finally:
        started.end()


def structure_of(run):
    done = openssl("cms", "-cmsout", "-in", run.out, "-outform", "DER")
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_it_takes_the_files_with_keys(bird, people):  # noqa: F811
    assert sorted(bird.own_addresses()) == ["ann@example.com", "bob@example.com", "carl@example.com"]


@pytest.mark.parametrize("reader", ["ann", "bob", "carl"])
def test_it_opens_what_we_encrypt(bird, mail, people, reader):  # noqa: F811
    encrypted = mail("encrypt", dated(), "--to", people.certificate(reader))
    assert SECRET not in encrypted.text
    shown = bird.show(encrypted.text)
    assert (shown["encrypted"], shown["encryption"], shown["signature"]) == ("ok", "SUCCESS", None)
    assert SECRET in shown["text"]


def test_it_does_not_open_what_is_for_others(bird, mail, people):  # noqa: F811
    shown = bird.show(mail("encrypt", dated(), "--to", people.certificate("dan")).text)
    assert shown["encrypted"] == "notok" and SECRET not in shown["text"]


def test_it_does_not_open_gcm(bird, mail, people):  # noqa: F811
    """Neither its engine nor its window, which does not even say that something was encrypted."""
    to = ["--to", people.certificate("ann")]
    cbc, gcm = mail("encrypt", dated(), *to), mail("encrypt", dated(), "--gcm", *to)
    assert SECRET in bird.decrypt(structure_of(cbc))
    assert bird.decrypt(structure_of(gcm)) == ""
    shown = bird.show(gcm.text)
    assert (shown["encrypted"], shown["encryption"], shown["text"]) == (None, None, "")


@pytest.mark.parametrize("signer", ["ann", "bob", "carl", "dan"])
def test_it_verifies_what_we_sign(bird, mail, people, signer):  # noqa: F811
    shown = bird.show(mail("sign", dated(signer), *people.own(signer)).text)
    assert (shown["signed"], shown["signature"], shown["signer"]) == ("ok", "SUCCESS", f"{signer}@example.com")
    assert SECRET in shown["text"]


@pytest.mark.parametrize("reader, signer", [("ann", "bob"), ("bob", "ann")])
def test_it_opens_and_verifies_what_we_sign_and_encrypt(bird, mail, people, reader, signer):  # noqa: F811
    encrypted = mail("encrypt", dated(signer), "--to", people.certificate(reader), *people.own(signer))
    shown = bird.show(encrypted.text)
    assert (shown["encrypted"], shown["signed"], shown["signature"]) == ("ok", "ok", "SUCCESS")
    assert shown["signer"] == f"{signer}@example.com" and SECRET in shown["text"]


@pytest.mark.parametrize("signer", ["ann", "bob"])
def test_it_refuses_a_changed_octet(bird, mail, people, signer):  # noqa: F811
    signed = mail("sign", dated(signer), *people.own(signer)).text
    shown = bird.show(signed.replace(SECRET, SECRET.replace("you", "yon")))
    assert (shown["signed"], shown["signature"]) == (None, "VERIFY_DIGEST_MISMATCH")
    assert "yon alone" in shown["text"]


def test_it_refuses_an_authority_without_trust(bird, mail, people):  # noqa: F811
    signed = mail("sign", dated(), *people.own("ann")).text
    bird.trust(people.root, trusted=False)
    try:
        assert bird.show(signed)["signature"] == "VERIFY_UNTRUSTED"
    finally:
        bird.trust(people.root)
    assert bird.show(signed)["signature"] == "SUCCESS"


def test_it_refuses_another_sender(bird, mail, people):  # noqa: F811
    signed = mail("sign", dated(), *people.own("ann")).text
    shown = bird.show(signed.replace("<ann@example.com>", "<bob@example.com>", 1))
    assert (shown["signed"], shown["signature"]) == (None, "VERIFY_HEADER_MISMATCH")


@pytest.mark.parametrize("ago, verdict", [(3300, "SUCCESS"), (3900, "VERIFY_TIME_MISMATCH"), (None, "VERIFY_TIME_MISMATCH")])
def test_it_wants_a_date_within_an_hour_of_the_signature(bird, mail, people, ago, verdict):  # noqa: F811
    signed = mail("sign", message("ann") if ago is None else dated(ago=ago), *people.own("ann"))
    assert bird.show(signed.text)["signature"] == verdict


def test_it_learns_from_our_signature_how_to_encrypt(bird, mail, people, tmp_path):  # noqa: F811
    """To whom signed a mail that it has shown it can encrypt, with AES-256 when that is announced there (otherwise it takes AES-128)."""
    for name in ("ann", "dan"):
        assert bird.show(mail("sign", dated(name), *people.own(name)).text)["signature"] == "SUCCESS"
    (tmp_path / "sent").write_bytes(bird.send("ann@example.com", "dan@example.com", True, True, "Lunch", "At noon.\r\n"))
    assert b"algorithm: aes-256-cbc " in openssl("cms", "-cmsout", "-print", "-noout", "-in", tmp_path / "sent").stdout
    opened = mail("decrypt", tmp_path / "sent", *people.own("dan"), "--trust", people.root, "--from", "ann@example.com")
    assert opened.code == 0 and "At noon." in opened.text, opened.err


@pytest.mark.parametrize("sender, reader", [("ann", "bob"), ("bob", "ann"), ("carl", "ann"), ("ann", "carl")])
def test_we_open_and_verify_what_it_signs_and_encrypts(bird, mail, people, sender, reader):  # noqa: F811
    sent = bird.send(f"{sender}@example.com", f"{reader}@example.com", True, True, "Lunch", "At noon.\r\n")
    assert b"At noon." not in sent
    opened = mail("decrypt", sent, *people.own(reader), "--trust", people.root, "--from", f"{sender}@example.com")
    assert opened.code == 0, opened.err
    assert "At noon." in opened.text and f"Signed by {sender}@example.com" in opened.err


@pytest.mark.parametrize("reader", ["ann", "bob"])
def test_we_open_what_it_encrypts(bird, mail, people, reader):  # noqa: F811
    sent = bird.send("ann@example.com", f"{reader}@example.com", False, True, "Lunch", "At noon.\r\n")
    opened = mail("decrypt", sent, *people.own(reader))
    assert opened.code == 1 and "At noon." in opened.text, opened.err


@pytest.mark.parametrize("sender", ["ann", "bob", "carl"])
def test_we_verify_what_it_signs(bird, mail, people, sender):  # noqa: F811
    sent = bird.send(f"{sender}@example.com", "dan@example.com", True, False, "Lunch", "At noon.\r\n")
    good = mail("verify", sent, "--trust", people.root)
    assert good.code == 0 and f"Signed by {sender}@example.com" in good.err, good.err
    bad = mail("verify", sent.replace(b"At noon.", b"At nine."), "--trust", people.root)
    assert bad.code not in (0, 1) and "At nine." not in bad.text
