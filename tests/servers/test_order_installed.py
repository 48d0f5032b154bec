"""A certificate of a public authority in real servers: ordered, installed, proved, renewed."""
import json
import pathlib
import sys
import types

import pytest

import chains
import mailservers
from machine import BOTH, NAME, NEW, OLD, PROGRAM, Machine, leaf

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "cli"))
from pebble import Pebble  # noqa: E402

reason = mailservers.why_unavailable()
pytestmark = pytest.mark.skipif(reason is not None, reason=str(reason))


@pytest.fixture(name="pebble")
def running_pebble(tmp_path):
    chain, root = chains.make_chain(["localhost"], "rsa2048-3")
    shown = types.SimpleNamespace(certificate=tmp_path / "localhost.pem", key=tmp_path / "localhost.key", root=tmp_path / "localhost-root.pem")
    shown.certificate.write_text(chain)
    shown.key.write_text(chains.key_pem("rsa2048-3"))
    shown.root.write_text(root)
    server = Pebble(tmp_path, shown)
    yield server
    server.stop()


def test_what_was_ordered_is_served_proved_and_renewed(pebble, tmp_path):
    with mailservers.MailServers() as servers:
        servers.start(*OLD)
        machine = Machine(servers, tmp_path)
        access = ["--directory", pebble.directory, "--directory-roots", pebble.roots, "--http-port", pebble.http_port]
        done = machine.certificate("order", *access, "--name", NAME, *machine.where(*BOTH))
        assert done.returncode == 0, done.stderr
        assert f"Installed for {NAME} until" in done.stdout and "proved" in done.stdout
        first = machine.all_served()
        assert len(first) == 1 and first != {leaf(OLD)} and None not in first
        # The servers show everybody the same: another name's certificate would take the place of the first.
        other = machine.certificate("order", *access, "--name", "other.example.com", *machine.where(*BOTH))
        assert other.returncode == 64 and f"--name {NAME} --name other.example.com" in other.stderr and "--sni" in other.stderr, other.stderr
        assert machine.all_served() == first
        # In a place of its own it takes nothing from anybody, and is renewed there.
        alone = ["order", *access, "--name", "own.example.com", "--sni", *machine.where(*BOTH)]
        foretold = machine.certificate(*alone, "--dry-run")
        assert foretold.returncode == 0 and "local_name own.example.com" in foretold.stdout and "Nothing was asked of it" in foretold.stdout
        assert machine.certificate(*alone).returncode == 0 and machine.all_served() == first
        own = machine.all_served("own.example.com")
        assert len(own) == 1 and own != first and None not in own
        # One for both names takes the place of the first also among what is renewed.
        both = machine.certificate("order", *access, "--name", "other.example.com", "--name", NAME, *machine.where(*BOTH), "--force")
        assert both.returncode in (0, 1), both.stderr
        listed = machine.certificate("order", "--list").stdout
        assert listed.count("to be renewed") == 2 and f"other.example.com, {NAME}" in listed, listed
        again = machine.certificate("order", *access, "--name", NAME, "--name", "other.example.com", *machine.where(*BOTH), "--force")
        assert again.returncode in (0, 1) and machine.certificate("order", "--list").stdout.count("to be renewed") == 2
        assert machine.all_served("own.example.com") == own
        first = machine.all_served()
        early = machine.certificate("renew")
        assert early.returncode == 0 and "not due before" in early.stdout
        assert machine.all_served() == first
        renewed = machine.certificate("renew", "--all")
        assert renewed.returncode == 0, renewed.stderr
        second = machine.all_served()
        assert len(second) == 1 and second not in (first, {leaf(OLD)}) and None not in second
        renewed_own = machine.all_served("own.example.com")
        assert len(renewed_own) == 1 and renewed_own not in (own, second) and None not in renewed_own
        assert machine.bring_in(NEW).returncode == 0
        left = machine.certificate("renew", "--all")
        assert left.returncode == 0 and "another certificate is installed now" in left.stdout
        assert machine.all_served() == {leaf(NEW)}


def test_a_first_order_that_was_broken_off_is_renewed_when_it_has_come_to_its_end(pebble, tmp_path):
    """Nothing is ordered, either, while something is broken off: it could not be installed, and authorities allow so many a week."""
    with mailservers.MailServers() as servers:
        servers.start(*OLD)
        machine = Machine(servers, tmp_path)
        access = ["--directory", pebble.directory, "--directory-roots", pebble.roots, "--http-port", pebble.http_port]
        order = ["order", *access, "--name", NAME, *machine.where(*BOTH)]
        machine.certificate(*order, stop_at="rename")
        assert machine.certificate("order", "--list").stdout.count("to be renewed") == 1
        issued = pebble.issued()
        for again in (order, ["renew", "--all"]):
            refused = machine.certificate(*again)
            assert refused.returncode == 64 or "another certificate is installed now" in refused.stdout, refused.stderr
        assert pebble.issued() == issued == 1
        assert machine.certificate("resume").returncode == 0
        resumed = machine.all_served()
        assert len(resumed) == 1 and resumed != {leaf(OLD)}
        renewed = machine.certificate("renew", "--all")
        assert renewed.returncode == 0 and pebble.issued() == 2, renewed.stderr
        assert machine.all_served().isdisjoint(resumed)
        # A renewal that was broken off is due by its own dates: the next run would order once more by those of what it renewed.
        assert machine.certificate("renew", "--all", stop_at="rename").returncode == -9
        assert machine.certificate("resume").returncode == 0
        ordered = json.loads(machine.certificate("order", "--list", "--json").stdout)
        installed = json.loads(machine.certificate("list", "--json").stdout.splitlines()[-1])
        assert ordered["not_after"] == installed["not_after"] and pebble.issued() == 3


def test_each_server_is_renewed_for_itself(pebble, tmp_path):
    """A bought certificate for Postfix ends the renewal there, and not in Dovecot."""
    with mailservers.MailServers() as servers:
        servers.start(*OLD)
        machine = Machine(servers, tmp_path)
        access = ["--directory", pebble.directory, "--directory-roots", pebble.roots, "--http-port", pebble.http_port]
        assert machine.certificate("order", *access, "--name", NAME, *machine.where(*BOTH)).returncode == 0
        ordered = machine.served("imaps")
        # What the authority of these tests sells is trusted by nobody, that of pebble neither.
        assert machine.bring_in(NEW, "--force", which=("postfix",)).returncode in (0, 1)
        assert machine.served("submissions") == leaf(NEW)
        renewed = machine.certificate("renew", "--all")
        assert renewed.returncode == 0, renewed.stderr
        assert machine.served("imaps") not in (ordered, leaf(NEW), None) and machine.served("submissions") == leaf(NEW)
        listed = machine.certificate("order", "--list").stdout
        assert "dovecot" in listed and "postfix" not in listed, listed


def test_the_answer_to_a_request_finds_its_key(tmp_path):
    with mailservers.MailServers() as servers:
        servers.start(*OLD)
        machine = Machine(servers, tmp_path)
        made = machine.certificate("request", "--name", NAME)
        assert made.returncode == 0, made.stderr
        (tmp_path / "passphrase").write_text("correct horse\n")
        (tmp_path / "passphrase").chmod(0o600)
        access = ["--store", tmp_path / "ca", "--passphrase-file", tmp_path / "passphrase"]
        assert servers.run(PROGRAM, "ca", "init", *access, "--name", "Example").returncode == 0
        request = tmp_path / "state" / "requests" / NAME / "request.pem"
        signed = servers.run(PROGRAM, "ca", "sign", *access, "--csr", request, "--out", tmp_path / "answer")
        assert signed.returncode == 0, signed.stderr
        answer = [tmp_path / "answer" / "fullchain.pem", *machine.where(*BOTH)]
        tried = machine.certificate("import", *answer, "--dry-run")
        assert tried.returncode == 0 and request.exists()
        done = machine.certificate("import", *answer)
        assert done.returncode == 0, done.stderr
        assert machine.all_served() == {leaf(((tmp_path / "answer" / "fullchain.pem").read_text(), ""))}
        assert "No request waits" in machine.certificate("request", "--list").stdout
