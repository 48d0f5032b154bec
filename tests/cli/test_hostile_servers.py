"""Servers that answer with nonsense, too much or nothing: what somebody reads who runs truename check against them."""

import json
import socket
import threading

import pytest

from conftest import ImapsServer, NEW_KEY, openssl


class Hostile:
    """Calls `talk` with every connection to a free port of loopback."""

    def __init__(self, talk):
        self.talk = talk
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self.serve, daemon=True).start()

    def serve(self):
        while True:
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            threading.Thread(target=self.answer, args=(connection,), daemon=True).start()

    def answer(self, connection):
        connection.settimeout(10)
        try:
            with connection:
                self.talk(connection)
        except OSError:
            pass  # the client has gone

    def stop(self):
        self.listener.close()


@pytest.fixture(name="meet")
def meet_hostile(truename):
    """What `truename check` says of a server that talks like this: the text, and the endpoint of the JSON."""
    servers = []

    def run(protocol, talk, *arguments):
        servers.append(Hostile(talk))
        address = f"{protocol}://127.0.0.1:{servers[-1].port}"
        text = truename("check", address, *arguments)
        report = truename("check", address, *arguments, "-o", "json")
        assert text.stderr == "" and report.stderr == ""
        assert text.returncode == report.returncode == json.loads(report.stdout)["exit"]
        assert all(len(line) <= 200 for line in text.stdout.splitlines())
        return text, json.loads(report.stdout)

    yield run
    for server in servers:
        server.stop()


def say_nothing(connection):
    while connection.recv(4096):
        pass


def say_a_byte_now_and_then(connection):
    connection.sendall(b"220-")
    waiting = threading.Event()
    while not waiting.wait(0.05):
        connection.sendall(b"x")


def say_ten_megabytes(connection):
    for _ in range(160):
        connection.sendall(b"g" * 65536)


def hang_up_in_the_handshake(connection):
    connection.recv(4096)
    connection.sendall(b"\x16\x03\x03\x00\x40\x02\x00\x00\x3c")


def show_garbage(connection):
    """A TLS 1.2 server's first flight whose certificate is a word."""
    hello = b"\x03\x03" + b"r" * 32 + b"\x00\xc0\x2f\x00"
    certificates = b"\x00\x00\x07garbage"
    messages = b"\x02" + len(hello).to_bytes(3, "big") + hello
    messages += b"\x0b" + (len(certificates) + 3).to_bytes(3, "big") + len(certificates).to_bytes(3, "big") + certificates
    messages += b"\x0e\x00\x00\x00"
    connection.recv(4096)
    connection.sendall(b"\x16\x03\x03" + len(messages).to_bytes(2, "big") + messages)
    say_nothing(connection)


@pytest.mark.parametrize(
    "protocol, talk, code, state, says",
    [
        ("imap", say_nothing, 3, "timeout", "no whole answer came within 1 s"),
        ("imaps", say_nothing, 3, "timeout", "no whole answer came within 1 s"),
        ("smtp", say_a_byte_now_and_then, 3, "limited", "the greeting did not end within 1 s"),
        ("imap", say_ten_megabytes, 3, "no-tls", "the answer does not end"),
        ("imaps", say_ten_megabytes, 3, "no-tls", "the server answered in plain text: ggg"),
        ("imaps", hang_up_in_the_handshake, 2, "tls-failed", "the server closed the connection in the middle"),
        ("imaps", show_garbage, 2, "tls-failed", "what the server sent as a certificate is none"),
    ],
)
def test_the_user_reads_what_happened(meet, protocol, talk, code, state, says):
    text, report = meet(protocol, talk, "--timeout", "1")
    assert text.returncode == code
    assert report["endpoints"][0]["state"] == state
    assert says in " ".join(text.stdout.split())
    assert report["endpoints"][0]["handshake"] != "completed"


def issue(folder, name, names):
    """A self-signed certificate with that many names, and its key."""
    listed = "\n".join(f"DNS.{i}=host{i:05}.example.com" for i in range(2, names + 1))
    config = folder / "config"
    config.write_text(
        "[req]\ndistinguished_name=dn\nx509_extensions=more\nprompt=no\n[dn]\nCN=mail.example.com\n[more]\nsubjectAltName=@names\n"
        f"[names]\nDNS.1=mail.example.com\n{listed}\n")
    openssl("req", "-x509", *NEW_KEY, "-days", 300, "-config", config, "-keyout", folder / f"{name}.key", "-out", folder / f"{name}.pem")
    return folder / f"{name}.pem", folder / f"{name}.key"


@pytest.fixture(name="check")
def check_tls_server(truename):
    """Text and JSON about a server with that certificate and key."""

    def run(certificate, key, *arguments):
        server = ImapsServer(certificate, key)
        command = ["check", "mail.example.com", "--connect", "127.0.0.1", "--ports", f"imaps:{server.port}", *arguments]
        try:
            return truename(*command), json.loads(truename(*command, "-o", "json").stdout)
        finally:
            server.stop()

    return run


def test_a_hundred_kilobytes_of_names_are_read_and_not_all_shown(check, tmp_path):
    text, report = check(*issue(tmp_path, "many", 4400))
    assert len(report["chains"][0]["certificates"][0]["names"]) == 4400
    assert "and 4388 more" in text.stdout
    assert len(text.stdout) < 10000


def test_a_certificate_larger_than_any_limit_is_said_to_be_so_and_nobody_is_blamed_for_hanging_up(check, tmp_path):
    text, report = check(*issue(tmp_path, "huge", 13000))
    assert text.returncode == 3
    assert report["endpoints"][0]["state"] == "tls-failed"
    assert "larger than what this program reads" in " ".join(text.stdout.split())
    assert "breaks off" not in text.stdout


def test_fifty_certificates_that_nobody_needs_are_seen_and_harm_nobody(check, tmp_path):
    certificate, key = issue(tmp_path, "one", 1)
    root = tmp_path / "root.pem"
    root.write_text(certificate.read_text())
    for number in range(50):
        openssl("req", "-x509", *NEW_KEY, "-days", 300, "-subj", f"/CN=Extra {number}", "-keyout", tmp_path / "extra.key", "-out", tmp_path / "extra.pem")
        certificate.write_text(certificate.read_text() + (tmp_path / "extra.pem").read_text())
    text, report = check(certificate, key, "--trust", root)
    assert text.returncode == 0
    assert len(report["chains"][0]["certificates"]) == 51
    assert any(finding["id"] == "path.extra-certificate" for finding in report["findings"])
