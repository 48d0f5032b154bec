"""The built program for tests that drive it from outside. TRUENAME names another one than that of the dev build."""

import os
import pathlib
import signal
import socket
import ssl
import subprocess
import threading

import pytest

from ca import Authority
from ports import free_port

# A shell that starts the tests in the background lets them ignore Ctrl-C, and the programs that they start, too.
signal.signal(signal.SIGINT, signal.default_int_handler)

ROOT = pathlib.Path(__file__).resolve().parents[2]


def program_path():
    return pathlib.Path(os.environ.get("TRUENAME") or ROOT / "build" / "dev" / "truename")


@pytest.fixture(scope="session")
def program():
    """The path of the program."""
    path = program_path()
    if not path.exists():
        pytest.fail(f"{path} is not built (cmake --build --preset dev)")
    return str(path)


@pytest.fixture
def truename(program):
    """Runs the program without a terminal, and gives what came of it. No run may take longer than a minute."""

    def run(*arguments, stdin="", env=None, **more):
        environment = {"PATH": os.environ["PATH"], "HOME": "/nonexistent", **(env or {})}
        return subprocess.run([program, *map(str, arguments)], input=stdin, env=environment, capture_output=True, text=True, timeout=60, **more)

    return run


@pytest.fixture
def authority(truename, tmp_path):
    """One for example.com."""
    made = Authority(truename, tmp_path, "--domain", "example.com")
    assert made.made.returncode == 0, made.made.stderr
    return made


def openssl(*arguments):
    subprocess.run(["openssl", *map(str, arguments)], check=True, capture_output=True)


NEW_KEY = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]


class Issued:
    """The files of a small authority: root, and a server's certificate and key."""

    def __init__(self, folder, *names):
        self.root, self.certificate, self.key = folder / "root.pem", folder / "server.pem", folder / "server.key"
        root_key, request, extensions = folder / "root.key", folder / "request.pem", folder / "extensions"
        self.request = request
        openssl("req", "-x509", *NEW_KEY, "-days", 3000, "-subj", "/CN=example-SBS-CA", "-keyout", root_key, "-out", self.root)
        openssl("req", *NEW_KEY, "-subj", f"/CN={names[0]}", "-addext", "subjectAltName=" + ",".join(f"DNS:{each}" for each in names),
                "-keyout", self.key, "-out", request)
        extensions.write_text(
            "basicConstraints=critical,CA:FALSE\nkeyUsage=critical,digitalSignature\nextendedKeyUsage=serverAuth\n"
            "authorityKeyIdentifier=keyid\nsubjectKeyIdentifier=hash\nsubjectAltName=" + ",".join(f"DNS:{each}" for each in names) + "\n")
        openssl("x509", "-req", "-in", request, "-CA", self.root, "-CAkey", root_key, "-days", 300, "-extfile", extensions, "-out", self.certificate)


@pytest.fixture(scope="session")
def issued(tmp_path_factory):
    """The certificate of the story: the public name is the second one."""
    return Issued(tmp_path_factory.mktemp("issued"), "sbs.example.local", "remote.example.com", "example.com")


@pytest.fixture(scope="session")
def must_staple(tmp_path_factory):
    """A folder with a root, a certificate that promises a stapled OCSP response, and what OpenSSL's responder says of it."""
    folder = tmp_path_factory.mktemp("staple")
    root = ["-CA", folder / "root.pem", "-CAkey", folder / "root.key"]
    openssl("req", "-x509", *NEW_KEY, "-days", 3000, "-subj", "/CN=root", "-keyout", folder / "root.key", "-out", folder / "root.pem")
    openssl("req", *NEW_KEY, "-subj", "/CN=mail.example.com", "-keyout", folder / "key", "-out", folder / "request.pem")
    (folder / "extensions").write_text("subjectAltName=DNS:mail.example.com\nextendedKeyUsage=serverAuth\ntlsfeature=status_request\n")
    openssl("x509", "-req", "-in", folder / "request.pem", *root, "-days", 300, "-set_serial", "0x1234", "-extfile", folder / "extensions",
            "-out", folder / "server.pem")
    (folder / "index").write_text("V\t491231000000Z\t\t1234\tunknown\t/CN=mail.example.com\n")
    openssl("ocsp", "-index", folder / "index", "-CA", folder / "root.pem", "-rsigner", folder / "root.pem", "-rkey", folder / "root.key",
            "-issuer", folder / "root.pem", "-cert", folder / "server.pem", "-ndays", 7, "-respout", folder / "response.der")
    return folder


class ImapsServer:
    """TLS and an IMAP greeting on a free port of loopback, until it is stopped."""

    def __init__(self, certificate, key):
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.context.load_cert_chain(certificate, key)
        self.listener = socket.create_server(("127.0.0.1", 0), backlog=128)
        self.port = self.listener.getsockname()[1]
        self.connections = 0
        self.thread = threading.Thread(target=self.serve, daemon=True)
        self.thread.start()

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
        # A thread that still waits would take the first connection of whoever is given the descriptor next.
        self.listener.shutdown(socket.SHUT_RDWR)
        self.thread.join(timeout=10)
        self.listener.close()


@pytest.fixture(scope="session")
def imaps(issued):
    """The port of a server that shows the certificate of the story."""
    server = ImapsServer(issued.certificate, issued.key)
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
    return free_port()
