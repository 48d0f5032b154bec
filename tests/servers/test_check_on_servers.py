"""`truename check` against real Dovecot and Postfix: the certificate is judged on every port, and each fault is called by its name."""
import json
import os
import pathlib
import subprocess

import pytest

import chains
import mailservers

PROGRAM = pathlib.Path(os.environ.get("TRUENAME") or pathlib.Path(__file__).resolve().parents[2] / "build" / "dev" / "truename").resolve()
NAME = "mail.example.com"
AT = "2026-11-24"

reason = mailservers.why_unavailable()
pytestmark = pytest.mark.skipif(reason is not None, reason=str(reason))


@pytest.fixture(name="servers")
def running_servers():
    with mailservers.MailServers() as servers:
        chain, _ = chains.make_chain([NAME])
        servers.start(chain, chains.key_pem("rsa2048-1"))
        yield servers


def check(servers, tmp_path, *more):
    """The report about all ports, and the exit code."""
    (tmp_path / "root.pem").write_text(chains.make_chain([NAME])[1])
    ports = ",".join(f"{protocol}:{port}" for protocol, port in servers.ports.items())
    command = [PROGRAM, "check", NAME, "--connect", "127.0.0.1", "--ports", ports, "--trust", tmp_path / "root.pem", "--at", AT, "-o", "json", *more]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert done.stdout, done.stderr
    return json.loads(done.stdout), done.returncode


def by_protocol(report):
    return {endpoint["protocol"]: endpoint for endpoint in report["endpoints"]}


def findings_of(report, protocol):
    """The ids of what is said of the endpoint of that protocol."""
    endpoint = by_protocol(report)[protocol]
    return {finding["id"] for finding in report["findings"] if finding.get("endpoint") == endpoint["id"]}


def test_every_port_is_judged_by_one_connection(servers, tmp_path):
    report, code = check(servers, tmp_path)
    endpoints = by_protocol(report)
    assert set(endpoints) == set(mailservers.DOVECOT_PORTS + mailservers.POSTFIX_PORTS)
    assert {endpoint["state"] for endpoint in endpoints.values()} == {"judged"}
    assert {endpoint["handshake"] for endpoint in endpoints.values()} == {"completed"}
    assert report["connections"] == 8
    assert len(report["chains"]) == 1 and len(report["chains"][0]["certificates"]) == 2
    assert code in (0, 1), "the chain is good; only what a program minds of every such chain may be said"


def test_all_questions_of_deep_find_nothing_wrong_with_sound_servers(servers, tmp_path):
    report, _ = check(servers, tmp_path, "--deep", "--save", tmp_path / "evidence")
    evidence = json.loads((tmp_path / "evidence").read_text())
    answers = {endpoint["protocol"]: {answer["question"]: answer for answer in endpoint["deep"]} for endpoint in evidence["endpoints"]}
    for protocol in mailservers.DOVECOT_PORTS + mailservers.POSTFIX_PORTS:
        assert not findings_of(report, protocol) - {"tls.version-1-0", "mail.login-before-tls"}, protocol
        injection = answers[protocol].get("injection")
        assert (injection is not None) == (by_protocol(report)[protocol]["tls"] == "starttls")
        # Whether the smuggled command is forgotten or TLS refused: it is not answered.
        assert injection is None or injection["injected"] == "", protocol
    assert report["connections"] == evidence["connections"] == 8 + sum(len(endpoint["deep"]) for endpoint in evidence["endpoints"])


def test_a_key_of_another_certificate_is_called_so(servers, tmp_path):
    servers.replace(*mailservers.broken("key-mismatch", chains.make_chain([NAME])[0], chains.key_pem("rsa2048-1"), chains.key_pem("rsa2048-2")))
    report, code = check(servers, tmp_path)
    for protocol in mailservers.DOVECOT_PORTS + mailservers.POSTFIX_PORTS:
        assert by_protocol(report)[protocol]["state"] != "judged", protocol
    for protocol in ("imap", "pop3", "smtp", "submission"):
        assert "server.certificate-load" in findings_of(report, protocol), protocol
    assert code == 2, "no client connects there"


@pytest.mark.parametrize("kind", mailservers.BROKEN)
def test_deep_calls_every_pair_that_cannot_be_loaded_so_on_every_port(servers, tmp_path, kind):
    servers.replace(*mailservers.broken(kind, chains.make_chain([NAME])[0], chains.key_pem("rsa2048-1"), chains.key_pem("rsa2048-2")))
    report, _ = check(servers, tmp_path, "--deep")
    # Where a file is missing Dovecot goes on with what it had.
    working = mailservers.DOVECOT_PORTS if kind == "key-missing" else ()
    for protocol in mailservers.DOVECOT_PORTS + mailservers.POSTFIX_PORTS:
        assert (by_protocol(report)[protocol]["state"] == "judged") == (protocol in working), protocol
        assert ("server.certificate-load" in findings_of(report, protocol)) == (protocol not in working), protocol


def test_an_old_process_beside_a_new_one_is_found_though_one_process_answers_whoever_comes_alone(tmp_path):
    with mailservers.MailServers() as servers:
        servers.start(chains.make_chain([NAME])[0], chains.key_pem("rsa2048-1"), only=("postfix",))
        before, _ = check(servers, tmp_path)
        # Each port now has one process that waits for work with the old pair, and reads nothing again.
        servers.write(chains.make_chain([NAME], "rsa2048-2")[0], chains.key_pem("rsa2048-2"))
        plain, _ = check(servers, tmp_path)
        for protocol in mailservers.POSTFIX_PORTS:
            assert "tls.two-certificates" not in findings_of(before, protocol) | findings_of(plain, protocol), protocol
        deep, _ = check(servers, tmp_path, "--deep")
    for protocol in mailservers.POSTFIX_PORTS:
        assert "tls.two-certificates" in findings_of(deep, protocol), protocol
    assert len(plain["chains"]) == 1 and len(deep["chains"]) == 2


def test_one_name_with_a_broken_pair_is_told_from_the_others(tmp_path):
    chain, _ = chains.make_chain(["other.example.com"], "rsa2048-2")
    good, _ = chains.make_chain(["example.com"])
    with mailservers.MailServers() as servers:
        # The entry for the name that is asked for has a key that is not its own.
        servers.start(good, chains.key_pem("rsa2048-1"), sni={NAME: (chain, chains.key_pem("rsa2048-3"))}, only=("dovecot",))
        report, _ = check(servers, tmp_path, "--deep")
    assert by_protocol(report)["imaps"]["state"] != "judged"
    ids = {finding["id"] for finding in report["findings"]}
    assert ids & {"server.sni-entry-broken", "tls.name-only"}
