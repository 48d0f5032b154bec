"""Real servers with a certificate, and truename on the same machine."""
import os
import pathlib
import re
import subprocess

import chains
import mailservers

PROGRAM = pathlib.Path(os.environ.get("TRUENAME") or pathlib.Path(__file__).resolve().parents[2] / "build" / "dev" / "truename").resolve()
# Ends itself behind a step of an installation; what people run cannot. Both are one in a developer's build.
STOPPING = pathlib.Path(os.environ.get("TRUENAME_BUILD") or PROGRAM.parent).resolve() / "truename"
NAME, SNI = "mail.example.com", "other.example.com"
STARTTLS = {"imap": "imap", "pop3": "pop3", "sieve": "sieve", "smtp": "smtp", "submission": "smtp"}
BOTH = ("dovecot", "postfix")

OLD = (chains.make_chain([NAME])[0], chains.key_pem("rsa2048-1"))
NEW = (chains.make_chain([NAME], "rsa2048-2")[0], chains.key_pem("rsa2048-2"))
OTHER = (chains.make_chain([SNI], "rsa2048-3")[0], chains.key_pem("rsa2048-3"))
NEW_OTHER = (chains.make_chain([SNI], "rsa2048-4")[0], chains.key_pem("rsa2048-4"))


def leaf(pair):
    """The first certificate of a pair as one line of base64."""
    return re.search("-----BEGIN CERTIFICATE-----(.*?)-----END", pair[0], re.S)[1].replace("\n", "")


class Machine:
    """Real servers, a folder for certificates, and truename on the same machine."""

    def __init__(self, servers, folder):
        self.servers, self.folder, self.state = servers, folder, folder / "state"

    def write(self, name, text):
        path = self.folder / name
        path.write_text(text)
        return path

    def where(self, *which):
        config = {"dovecot": self.servers.folder, "postfix": self.servers.folder / "postfix"}
        return [word for server in which for word in ("--server", server, "--config", config[server])]

    def certificate(self, *arguments, stop_at=None):
        environment = {"TRUENAME_STOP_AT": stop_at} if stop_at else {}
        return self.servers.run(STOPPING if stop_at else PROGRAM, "certificate", *arguments, "--state", self.state, environment=environment)

    def bring_in(self, pair, *more, which=BOTH, stop_at=None):
        chain, key = self.write("new.pem", pair[0]), self.write("new.key", pair[1])
        key.chmod(0o600)
        self.servers.settle()
        return self.certificate("import", chain, "--key", key, *self.where(*which), *more, stop_at=stop_at)

    def served(self, port, name=NAME):
        """The first certificate that one port shows, as leaf() has it; None when the handshake fails."""
        command = ["openssl", "s_client", "-connect", f"127.0.0.1:{self.servers.ports[port]}", "-servername", name, "-showcerts"]
        if port in STARTTLS:
            command += ["-starttls", STARTTLS[port]]
        done = subprocess.run(command, input="", capture_output=True, text=True, timeout=20, check=False)
        found = re.search("-----BEGIN CERTIFICATE-----(.*?)-----END", done.stdout, re.S)
        complete = "Verify return code" in done.stdout and "Cipher is (NONE)" not in done.stdout
        return found[1].replace("\n", "") if found and complete else None

    def all_served(self, name=NAME, ports=None):
        return {self.served(port, name) for port in ports or self.servers.ports}

    def files(self):
        """Every file with a certificate or key, and what the servers are told: path to contents and mode."""
        folders = [self.servers.folder / "tls", self.servers.folder / "postfix"]
        found = [path for folder in folders if folder.exists() for path in folder.rglob("*") if path.is_file() and path.suffix != ".db"]
        return {path: (path.read_bytes(), path.stat().st_mode & 0o7777) for path in [*found, self.servers.folder / "dovecot.conf"] if path.exists()}

    def stand_in(self, program, script):
        """Another program in the place of one of the servers' own, for these servers only; `{real}` in its text is the one itself."""
        path = self.folder / f"stand-in-{pathlib.Path(program).name}"
        real = self.folder / f"real-{pathlib.Path(program).name}"
        done = self.servers.run("cp", program, real)
        assert done.returncode == 0, done.stderr
        path.write_text(f"#!/bin/sh\n{script.format(real=real)}\n")
        path.chmod(0o755)
        done = self.servers.run("mount", "--bind", path, program)
        assert done.returncode == 0, done.stderr
