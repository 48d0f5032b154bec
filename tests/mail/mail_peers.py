"""NSS's cmsutil and gpgsm, each with a home of its own and the keys of people."""

import os
import subprocess

from mail_people import needs, openssl

PASSWORD = "secret"
OPENS_KEY = ["--pinentry-mode", "loopback", "--passphrase-fd", "0"]


def der_of(message_file, folder):
    """The CMS structure of a message, as programs take it that read no mail."""
    run = openssl("cms", "-cmsout", "-in", message_file, "-outform", "DER", "-out", folder / "structure")
    assert run.returncode == 0, run.stderr
    return folder / "structure"


def pkcs12(people, name, folder):
    """Key and certificates as NSS reads them."""
    run = openssl("pkcs12", "-export", "-in", people.certificate(name), "-inkey", people.key(name), "-name", name, "-passout", f"pass:{PASSWORD}",
                  "-keypbe", "PBE-SHA1-3DES", "-certpbe", "PBE-SHA1-3DES", "-macalg", "sha1", "-out", folder / f"{name}.p12")
    assert run.returncode == 0, run.stderr
    return folder / f"{name}.p12"


class Nss:
    def __init__(self, people, folder):
        self.database = f"sql:{folder}"
        self.run("certutil", "-N", "--empty-password")
        self.run("certutil", "-A", "-n", "root", "-t", "CT,C,C", "-a", "-i", people.root)
        for name in ("ann", "bob"):
            self.run("pk12util", "-i", pkcs12(people, name, folder), "-W", PASSWORD)

    def ask(self, program, *arguments):
        return subprocess.run([needs(program), "-d", self.database, *map(str, arguments)], capture_output=True, check=False, timeout=60)

    def run(self, program, *arguments):
        made = self.ask(program, *arguments)
        assert made.returncode == 0, (program, made.stderr, made.stdout)
        return made.stdout


class Gpgsm:
    """A home of its own; its agent ends with the tests."""

    def __init__(self, people, folder):
        self.home = folder
        self.home.chmod(0o700)
        fingerprint = openssl("x509", "-in", people.root, "-noout", "-fingerprint", "-sha1").stdout.decode().split("=")[1].strip()
        (self.home / "trustlist.txt").write_text(f"{fingerprint} S relax\n")
        (self.home / "gpgsm.conf").write_text("disable-crl-checks\nno-secmem-warning\nbatch\n")
        self.run("--import", people.root)
        self.run("--import", people.certificate("ann"))
        # Not one of OpenSSL's own: gpgsm refuses some that are locked by Triple DES, and all by AES-256 (data/mail-programs/gpgsm.toml).
        self.run(*OPENS_KEY, "--import", people.bundle("ann", "gpgsm", PASSWORD, folder))

    def ask(self, *arguments):
        command = [needs("gpgsm"), "--homedir", self.home, *map(str, arguments)]
        return subprocess.run(command, input=PASSWORD.encode() + b"\n", capture_output=True, check=False, timeout=60, env={**os.environ, "LC_ALL": "C"})

    def run(self, *arguments):
        made = self.ask(*arguments)
        assert made.returncode == 0, made.stderr
        return made

    def end(self):
        subprocess.run(["gpgconf", "--homedir", self.home, "--kill", "all"], check=False, capture_output=True)
