"""The built program for tests that drive it from outside. TRUENAME names another one than that of the dev build."""

import os
import pathlib
import socket
import ssl
import subprocess
import threading

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]


def program_path():
    return pathlib.Path(os.environ.get("TRUENAME") or ROOT / "build" / "dev" / "truename")


@pytest.fixture(scope="session")
def program():
    """The path of the program."""
    path = program_path()
    if not path.exists():
        pytest.skip(f"{path} is not built")
    return str(path)


@pytest.fixture
def truename(program):
    """Runs the program without a terminal, and gives what came of it. No run may take longer than a minute."""

    def run(*arguments, stdin="", env=None, **more):
        environment = {"PATH": os.environ["PATH"], "HOME": "/nonexistent", **(env or {})}
        return subprocess.run([program, *map(str, arguments)], input=stdin, env=environment, capture_output=True, text=True, timeout=60, **more)

    return run


def make_certificate(folder, *names, days=90, name="server"):
    """A self-signed certificate for these DNS names; gives the paths of certificate and key."""
    certificate, key = folder / f"{name}.pem", folder / f"{name}.key"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", str(days)]
        + ["-subj", f"/CN={names[0]}", "-addext", "subjectAltName=" + ",".join(f"DNS:{each}" for each in names)]
        + ["-keyout", str(key), "-out", str(certificate)],
        check=True,
        capture_output=True,
    )
    return certificate, key


@pytest.fixture(scope="session")
def certificate(tmp_path_factory):
    """The certificate of the story: the public name is the second one."""
    return make_certificate(tmp_path_factory.mktemp("certificate"), "sbs.example.local", "remote.example.com", "example.com")


class ImapsServer:
    """TLS and an IMAP greeting on a free port of loopback, until it is stopped."""

    def __init__(self, certificate, key):
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.context.load_cert_chain(certificate, key)
        self.listener = socket.create_server(("127.0.0.1", 0), backlog=128)
        self.port = self.listener.getsockname()[1]
        self.connections = 0
        threading.Thread(target=self.serve, daemon=True).start()

    def serve(self):
        while True:
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            self.connections += 1
            threading.Thread(target=self.talk, args=(connection,), daemon=True).start()

    def talk(self, connection):
        try:
            with self.context.wrap_socket(connection, server_side=True) as stream:
                stream.settimeout(10)
                stream.sendall(b"* OK [CAPABILITY IMAP4rev1] ready\r\n")
                while line := stream.recv(4096):
                    tag = line.split(b" ")[0]
                    stream.sendall(b"* BYE\r\n" + tag + b" OK done\r\n")
        except (OSError, ssl.SSLError):
            pass

    def stop(self):
        self.listener.close()


@pytest.fixture(scope="session")
def imaps(certificate):
    """The port of a server that shows the certificate of the story."""
    server = ImapsServer(*certificate)
    yield server
    server.stop()


@pytest.fixture
def silent_port():
    """A port that accepts connections and never says anything."""
    listener = socket.create_server(("127.0.0.1", 0), backlog=128)
    yield listener.getsockname()[1]
    listener.close()


@pytest.fixture
def closed_port():
    """A port on which nothing listens."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return listener.getsockname()[1]


@pytest.fixture(scope="session")
def needs_check(program):
    """The command enters the program with its modules."""
    if "check" not in subprocess.run([program, "help"], capture_output=True, text=True).stdout.split():
        pytest.skip("the program has no check yet")
