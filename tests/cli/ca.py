"""An authority for tests, driven as an administrator would, and what openssl says of what it made."""

import json
import subprocess


class Authority:
    """One with its passphrase file."""

    def __init__(self, truename, folder, *more):
        self.run, self.store = truename, folder / "ca"
        self.passphrase = folder / "passphrase"
        self.passphrase.write_text("correct horse\n")
        self.passphrase.chmod(0o600)
        self.access = ["--store", self.store, "--passphrase-file", self.passphrase]
        self.made = truename("ca", "init", *self.access, "--name", "Example Mail", *more)

    def __call__(self, command, *arguments):
        return self.run("ca", command, *self.access, *arguments)

    def rows(self):
        return [json.loads(line) for line in self.run("ca", "list", "--store", self.store, "--json").stdout.splitlines()]


def verified(folder, *options):
    command = ["openssl", "verify", "-x509_strict", *options, "-CAfile", folder / "root.pem", "-untrusted", folder / "fullchain.pem", folder / "fullchain.pem"]
    return subprocess.run(command, capture_output=True, text=True)


def text_of(folder):
    return subprocess.run(["openssl", "x509", "-in", folder / "fullchain.pem", "-noout", "-text"], capture_output=True, text=True).stdout
