"""mutt with OpenSSL, in a real terminal: it reads what we write, and we read what it sends."""

import pathlib
import subprocess
import sys
import time

import pytest
from mail_fixtures import mail, people, program  # noqa: F401
from mail_people import message, needs

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "cli"))
from terminal import Terminal  # noqa: E402


class Mutt:
    """mutt of one person, with the keys of ann and dan as `smime_keys` would lay them out."""

    def __init__(self, people, owner, folder):  # noqa: F811
        self.folder = folder
        for name in (".smime/keys", ".smime/certificates", "mail"):
            (folder / name).mkdir(parents=True)
        issuer = self.hash(people.certificate(owner), "-issuer_hash")
        (folder / f".smime/certificates/{issuer}.0").write_text(people.issuer.read_text())
        index = ""
        for name in ("ann", "dan"):
            key_id = self.hash(people.certificate(name), "-hash")
            (folder / f".smime/certificates/{key_id}.0").write_text(people.certificate(name).read_text())
            index += f"{name}@example.com {key_id}.0 {name} {issuer}.0 t\n"
        own = self.hash(people.certificate(owner), "-hash")
        (folder / f".smime/keys/{own}.0").write_text(people.key(owner).read_text())
        (folder / ".smime/certificates/.index").write_text(index)
        (folder / ".smime/keys/.index").write_text(index.splitlines()[0] + "\n" if owner == "ann" else index.splitlines()[1] + "\n")
        (folder / "sendmail").write_text(f"#!/bin/sh\ncat > {folder}/part && mv {folder}/part {folder}/sent.eml\n")
        (folder / "sendmail").chmod(0o755)
        (folder / "rc").write_text(f"""unset crypt_use_gpgme
source /etc/Muttrc.d/smime.rc
set folder={folder}/mail spoolfile={folder}/mail/in mbox_type=mbox tmpdir={folder}
set smime_default_key="{own}.0" smime_sign_as="{own}.0" smime_ca_location="{people.root}"
set smime_is_default=yes crypt_autosign=yes crypt_autoencrypt=yes crypt_verify_sig=yes
set sendmail={folder}/sendmail copy=no from={owner}@example.com hostname=example.com editor=true wait_key=no abort_unmodified=no
""")

    @staticmethod
    def hash(certificate, what):
        return subprocess.run(["openssl", "x509", "-in", certificate, "-noout", what], capture_output=True, text=True, check=True).stdout.strip()

    def open(self, *arguments):
        return Terminal(self.folder, [needs("/usr/bin/mutt"), "-F", self.folder / "rc", *arguments], env={"HOME": str(self.folder)})


def test_mutt_opens_and_verifies_what_we_encrypt(people, mail, tmp_path):  # noqa: F811
    encrypted = mail("encrypt", message("dan"), "--to", people.certificate("ann"), *people.own("dan"))
    assert encrypted.code == 0, encrypted.err
    mutt = Mutt(people, "ann", tmp_path / "ann")
    (mutt.folder / "mail/in").write_text("From dan@example.com Sun Nov 29 07:00:00 2026\n" + encrypted.text + "\n")
    terminal = mutt.open("-f", mutt.folder / "mail/in")
    try:
        terminal.wait_for("A test")
        terminal.press("Enter")
        terminal.wait_for("Enter S/MIME passphrase:")
        terminal.press("Enter")
        seen = terminal.wait_for("this is for you alone")
        assert "Verification successful" in terminal.wait_for("End of signed data") or "Verification successful" in seen
    finally:
        terminal.close()


def test_we_open_and_verify_what_mutt_sends(people, mail, tmp_path):  # noqa: F811
    mutt = Mutt(people, "dan", tmp_path / "dan")
    (mutt.folder / "body").write_text("At noon.\n")
    terminal = mutt.open("-s", "Lunch", "-i", mutt.folder / "body", "ann@example.com")
    try:
        for asked in ("To: ann@example.com", "Subject: Lunch"):
            terminal.wait_for(asked)
            terminal.press("Enter")
        terminal.wait_for("Security: Sign, Encrypt")
        terminal.type("y", enter=False)
        terminal.wait_for("Enter S/MIME passphrase:")
        terminal.press("Enter")
        until = time.monotonic() + 30
        while not (mutt.folder / "sent.eml").exists():
            assert time.monotonic() < until, terminal.seen()
            time.sleep(0.05)
    finally:
        terminal.close()
    opened = mail("decrypt", mutt.folder / "sent.eml", *people.own("ann"), "--trust", people.root, "--from", "dan@example.com")
    assert opened.code == 0, opened.err
    assert "At noon." in opened.text and "Signed by dan@example.com" in opened.err


@pytest.mark.parametrize("reader", ["bob", "carl"])
def test_what_mutt_cannot_open_is_foretold(people, mail, program, reader, tmp_path):  # noqa: F811
    """Debian's mutt asks `openssl smime`, which knows no ECDH."""
    encrypted = mail("encrypt", message(), "--to", people.certificate(reader))
    done = subprocess.run([program, "predict", encrypted.out], capture_output=True, text=True, check=False)
    lines = done.stdout.splitlines()
    assert "cannot read it: ECDH" in lines[next(i for i, line in enumerate(lines) if line.startswith("Programs on OpenSSL")) + 1]
