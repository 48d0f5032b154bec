"""People with keys and certificates of an authority of ours, and what the tests of their mail share."""

import pathlib
import shutil
import subprocess

PEOPLE = {"ann": "rsa2048", "bob": "p256", "carl": "p384", "dan": "rsa3072"}
TEXT = "Dear Bob,\n\nthis is for you alone.\n-- \nAnn\n"


class Run:
    """What came of a run of our program: the largest memory that it had is among it."""

    def __init__(self, program, arguments, source, folder):
        # A small program in between: what a process forks from counts as its memory, too.
        command = [needs("/usr/bin/time"), "-q", "-o", folder / "usage", "-f", "%M %U %S", program, *map(str, arguments)]
        with open(source, "rb") if isinstance(source, pathlib.Path) else subprocess.Popen(source, stdout=subprocess.PIPE).stdout as stream:
            with open(folder / "out", "wb") as out, open(folder / "err", "wb") as err:
                self.code = subprocess.run(command, stdin=stream, stdout=out, stderr=err, check=False).returncode
        kilobytes, user, system = (folder / "usage").read_text().split()
        self.megabytes, self.seconds = int(kilobytes) / 1024, float(user) + float(system)
        self.out, self.err = folder / "out", (folder / "err").read_text()

    @property
    def text(self):
        return self.out.read_bytes().decode()


class People:
    """`ann` and the others; each has a folder with fullchain.pem, privkey.pem and root.pem."""

    def __init__(self, program, folder):
        self.program, self.folder = program, folder
        (folder / "passphrase").write_text("correct horse\n")
        (folder / "passphrase").chmod(0o600)
        access = ["--store", folder / "ca", "--passphrase-file", folder / "passphrase"]
        self._must("ca", "init", *access, "--name", "Example Mail")
        for name, key in PEOPLE.items():
            self._must("ca", "issue", *access, "--person", f"{name}@example.com", "--key", key, "--out", folder / name)
        self.root = folder / "ann" / "root.pem"
        self.issuer = folder / "issuer.pem"
        self.issuer.write_text("-----BEGIN" + self.certificate("ann").read_text().split("-----BEGIN")[2])

    def _must(self, *arguments):
        run = subprocess.run([self.program, *map(str, arguments)], capture_output=True, text=True, check=False)
        assert run.returncode == 0, run.stderr

    def certificate(self, name):
        return self.folder / name / "fullchain.pem"

    def key(self, name):
        return self.folder / name / "privkey.pem"

    def own(self, name):
        """The options of somebody who signs or reads."""
        return ["--key", self.key(name), "--cert", self.certificate(name)]

    def bundle(self, name, reader, passphrase, folder):
        """Key and certificates in a file that this mail program takes."""
        lock, bundle = folder / "bundle.lock", folder / f"{name}.p12"
        lock.write_text(f"{passphrase}\n")
        lock.chmod(0o600)
        self._must("keys", "bundle", "--for", reader, *self.own(name), "--p12-passphrase-file", lock, "--out", bundle)
        return bundle


def message(sender="ann", text=TEXT, line_end="\n", content_type="text/plain; charset=us-ascii"):
    return (f"From: Somebody <{sender}@example.com>\nTo: Bob <bob@example.com>\nSubject: A test\nMIME-Version: 1.0\n"
            f"Content-Type: {content_type}\n\n{text}").replace("\n", line_end)


def entity(text=TEXT):
    """What other programs sign or encrypt: a content with its own header."""
    return f"Content-Type: text/plain; charset=us-ascii\r\n\r\n{text}".replace("\r\n", "\n").replace("\n", "\r\n").encode()


def body(octets):
    """What stands behind the header, with LF line ends."""
    return octets.replace(b"\r\n", b"\n").split(b"\n\n", 1)[1].decode()


def openssl(*arguments, data=None):
    return subprocess.run(["openssl", *map(str, arguments)], input=data, capture_output=True, check=False)


def needs(program):
    if shutil.which(program) is None:
        pytest.fail(f"{program} is not installed (script/setup test)")
    return program
