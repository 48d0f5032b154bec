"""The real servers work as a fixture: every port shows the certificate it was given, a renewal is served, a fault is a real fault."""
import pathlib
import shutil
import socket
import subprocess

import pytest

import chains
import mailservers

STARTTLS = {"imap": "imap", "pop3": "pop3", "sieve": "sieve", "smtp": "smtp", "submission": "smtp"}
ALL_PORTS = mailservers.DOVECOT_PORTS + mailservers.POSTFIX_PORTS

reason = mailservers.why_unavailable()
pytestmark = pytest.mark.skipif(reason is not None, reason=str(reason))


def s_client(servers, port, name="mail.example.com"):
    """What `openssl s_client` says about one port: (completed, the first certificate's subject line, everything)."""
    command = ["openssl", "s_client", "-connect", f"127.0.0.1:{servers.ports[port]}", "-servername", name, "-showcerts"]
    if port in STARTTLS:
        command += ["-starttls", STARTTLS[port]]
    done = subprocess.run(command, input="", capture_output=True, text=True, timeout=20, check=False)
    subject = next((line.strip() for line in done.stdout.splitlines() if line.strip().startswith("0 s:")), None)
    return "Verify return code" in done.stdout and "Cipher is (NONE)" not in done.stdout, subject, done.stdout + done.stderr


@pytest.fixture(name="servers", scope="module")
def running_servers():
    chain, _ = chains.make_chain(["mail.example.com"])
    other, _ = chains.make_chain(["other.example.com"], "rsa2048-2")
    with mailservers.MailServers() as servers:
        servers.start(chain, chains.key_pem("rsa2048-1"), sni={"other.example.com": (other, chains.key_pem("rsa2048-2"))})
        folder = servers.folder
        yield servers
    assert not folder.exists()


@pytest.mark.parametrize("port", ALL_PORTS)
def test_every_port_shows_the_chain_it_was_given(servers, port):
    completed, subject, text = s_client(servers, port)
    assert completed, text
    assert subject == "0 s:CN = mail.example.com"
    assert " 1 s:CN = Example Intermediate" in text


@pytest.mark.parametrize("port", ALL_PORTS)
def test_a_name_with_a_certificate_of_its_own_gets_it(servers, port):
    completed, subject, text = s_client(servers, port, "other.example.com")
    assert completed, text
    assert subject == "0 s:CN = other.example.com"


def test_a_renewed_certificate_is_served_after_the_reload(servers):
    renewed, _ = chains.make_chain(["renewed.example.com"], "p256-1")
    servers.replace(renewed, chains.key_pem("p256-1"))
    try:
        assert {s_client(servers, port)[1] for port in ALL_PORTS} == {"0 s:CN = renewed.example.com"}
    finally:
        servers.replace(chains.make_chain(["mail.example.com"])[0], chains.key_pem("rsa2048-1"))


@pytest.mark.parametrize("kind", mailservers.BROKEN)
def test_a_broken_pair_takes_tls_away_but_leaves_the_servers_up(kind):
    chain, _ = chains.make_chain(["mail.example.com"])
    key, other = chains.key_pem("rsa2048-1"), chains.key_pem("rsa2048-2")
    with mailservers.MailServers() as servers:
        servers.start(chain, key)
        servers.replace(*mailservers.broken(kind, chain, key, other))
        if kind == "key-missing":
            # Dovecot keeps what it had when a file is missing at the reload; Postfix begins TLS without any certificate.
            assert s_client(servers, "imaps")[1] == "0 s:CN = mail.example.com"
            assert says_after_starttls(servers, "smtp", "220 2.0.0 Ready to start TLS")
            assert "alert number 40" in s_client(servers, "smtp")[2]
        else:
            assert not s_client(servers, "imaps")[0]
            assert says_after_starttls(servers, "imap", "* BYE [UNAVAILABLE] TLS initialization failed.")
            assert says_after_starttls(servers, "smtp", "454 4.7.0 TLS not available due to local problem")
        assert not s_client(servers, "submissions")[0]


def says_after_starttls(servers, port, expected):
    """Whether the server's plain text after STARTTLS holds `expected`."""
    commands = {"imap": [b"a STARTTLS\r\n"], "smtp": [b"EHLO test.example\r\n", b"STARTTLS\r\n"]}[port]
    with socket.create_connection(("127.0.0.1", servers.ports[port]), timeout=10) as connection:
        text = connection.recv(4096)
        for command in commands:
            connection.sendall(command)
            text += connection.recv(4096)
        while expected.encode() not in text:
            more = connection.recv(4096)
            if not more:
                return False
            text += more
    return True


def test_nothing_is_left_when_the_owner_dies(tmp_path):
    """Not even when it has no chance to tidy up."""
    chain, _ = chains.make_chain(["mail.example.com"])
    (tmp_path / "chain.pem").write_text(chain)
    script = f"""
import os, sys
sys.path[:0] = [{str(pathlib.Path(__file__).parent)!r}]
import chains, mailservers
servers = mailservers.MailServers()
servers.start(open({str(tmp_path / 'chain.pem')!r}).read(), chains.key_pem("rsa2048-1"))
print(servers.ports["imaps"], servers.folder, flush=True)
os.kill(os.getpid(), 9)
"""
    done = subprocess.run(["/usr/bin/python3", "-c", script], capture_output=True, text=True, timeout=60, check=False)
    port, folder = done.stdout.split()
    shutil.rmtree(folder)
    # The kernel ends the namespace in its own time after its first process: ask until nobody answers.
    for _ in range(100):
        if subprocess.run(["openssl", "s_client", "-connect", f"127.0.0.1:{port}"], input="", capture_output=True, timeout=20, check=False).returncode != 0:
            return
    pytest.fail("the servers outlived the program that started them")
