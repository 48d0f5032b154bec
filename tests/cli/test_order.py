"""A certificate by ACME: from Debian's pebble, which refuses three of ten good nonces, and from servers that are worse."""

import contextlib
import fcntl
import functools
import http.server
import json
import os
import pathlib
import signal
import sqlite3
import ssl
import stat
import subprocess
import threading
import time

import pytest

import dns
from conftest import Issued
from pebble import Pebble, is_there
from ports import free_port
from waiting import wait_until


@pytest.fixture(scope="session")
def local(tmp_path_factory):
    return Issued(tmp_path_factory.mktemp("local"), "localhost")


@pytest.fixture(scope="module")
def pebble(tmp_path_factory, local):
    if not is_there():
        pytest.fail("pebble is not installed (script/setup test)")
    server = Pebble(tmp_path_factory.mktemp("pebble"), local)
    yield server
    server.stop()


class Directory:
    """A web server over TLS that answers every request by `answer(handler)`, in the place of an authority."""

    def __init__(self, issued, answer):
        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self):
                answer(self)

            do_POST = do_HEAD = do_GET

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(issued.certificate, issued.key)
        self.server.socket = context.wrap_socket(self.server.socket, server_side=True)
        self.url = f"https://localhost:{self.server.server_address[1]}/dir"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def stop(self):
        self.server.shutdown()
        self.server.server_close()


def say(handler, status, text, **headers):
    body = text.encode()
    handler.send_response(status)
    for name, value in headers.items():
        handler.send_header(name.replace("_", "-"), value)
    handler.send_header("Content-Length", len(body))
    handler.end_headers()
    if handler.command != "HEAD":
        handler.wfile.write(body)


def names_of(certificate):
    text = subprocess.run(["openssl", "x509", "-in", certificate, "-noout", "-ext", "subjectAltName"], capture_output=True, text=True, check=True).stdout
    return [word.strip().removeprefix("DNS:") for word in text.splitlines()[1].split(",")]


def check_files(pebble, out, tmp_path, *names):
    root = pebble.root(tmp_path / "root.pem")
    verified = subprocess.run(["openssl", "verify", "-CAfile", root, "-untrusted", out / "fullchain.pem", out / "fullchain.pem"], capture_output=True, text=True)
    assert verified.returncode == 0, verified.stderr
    public = [subprocess.run(["openssl", *command], capture_output=True, check=True).stdout
              for command in (["x509", "-in", out / "fullchain.pem", "-noout", "-pubkey"], ["pkey", "-in", out / "privkey.pem", "-pubout"])]
    assert public[0] == public[1]
    assert stat.S_IMODE((out / "privkey.pem").stat().st_mode) == 0o600
    assert sorted(names_of(out / "fullchain.pem")) == sorted(names)


def test_names_are_proved_by_a_listener_of_ones_own(pebble, truename, tmp_path):
    order = functools.partial(pebble.order, truename, tmp_path / "state", "--http-port", pebble.http_port)
    first = order("--name", "mail.example.com", "--name", "smtp.example.com", "--out", tmp_path / "out")
    assert first.returncode == 0, first.stderr
    assert f"{tmp_path}/out/fullchain.pem" in first.stdout
    check_files(pebble, tmp_path / "out", tmp_path, "mail.example.com", "smtp.example.com")
    accounts = list((tmp_path / "state" / "accounts").iterdir())
    assert len(accounts) == 1 and stat.S_IMODE(accounts[0].stat().st_mode) == 0o600
    assert "A new account was made" in first.stderr
    again = order("--name", "mail.example.com", "--out", tmp_path / "again", "--json")
    assert again.returncode == 0, again.stderr
    assert json.loads(again.stdout) == {"state": "written", "chain": f"{tmp_path}/again/fullchain.pem", "key": f"{tmp_path}/again/privkey.pem",
                                        "names": ["mail.example.com"]}
    assert "A new account" not in again.stderr
    assert list((tmp_path / "state" / "accounts").iterdir()) == accounts


FAULTS = {
    "most-nonces-are-refused": {"faults": {"PEBBLE_WFE_NONCEREJECT": "60"}},
    "a-slow-validation": {"faults": {"PEBBLE_VA_NOSLEEP": "0", "PEBBLE_VA_SLEEPTIME": "2"}, "retryAfter": {"authz": 1, "order": 1}},
    "names-that-are-proved-already": {"faults": {"PEBBLE_AUTHZREUSE": "100"}},
    "a-long-chain-and-other-roots": {"faults": {"PEBBLE_CHAIN_LENGTH": "3", "PEBBLE_ALTERNATE_ROOTS": "2"}},
    "what-may-come-one-day": {"strict": True},
}


@pytest.mark.parametrize("fault", FAULTS)
def test_faults_of_an_authority_that_are_to_be_borne(local, truename, tmp_path, fault):
    """Pebble's own fault injection, each fault alone; two orders, because some wait for the second."""
    (tmp_path / "pebble").mkdir()
    server = Pebble(tmp_path / "pebble", local, **FAULTS[fault])
    try:
        for out in ("first", "second"):
            done = server.order(truename, tmp_path / "state", "--http-port", server.http_port, "--name", "mail.example.com", "--name", "smtp.example.com",
                                "--out", tmp_path / out)
            assert done.returncode == 0, done.stderr
            check_files(server, tmp_path / out, tmp_path, "mail.example.com", "smtp.example.com")
    finally:
        server.stop()


def test_names_are_proved_by_files_of_a_web_server(pebble, truename, tmp_path):
    root = tmp_path / "www"
    root.mkdir()
    modes = []

    class Handler(http.server.SimpleHTTPRequestHandler):
        def do_GET(self):
            modes.extend(stat.S_IMODE((root / folder).stat().st_mode) for folder in (".well-known", ".well-known/acme-challenge"))
            super().do_GET()

    handler = functools.partial(Handler, directory=root)
    server = http.server.ThreadingHTTPServer(("127.0.0.1", pebble.http_port), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    umask = os.umask(0o077)  # as the unit of systemd has it
    try:
        done = pebble.order(truename, tmp_path / "state", "--webroot", root, "--name", "mail.example.com", "--out", tmp_path / "out")
    finally:
        os.umask(umask)
    server.shutdown()
    server.server_close()
    assert done.returncode == 0, done.stderr
    check_files(pebble, tmp_path / "out", tmp_path, "mail.example.com")
    assert set(modes) == {0o755}, "other users, whom web servers run as, can enter them"
    assert list(root.iterdir()) == [], "folders that were made for it are gone, too"


def test_names_are_proved_in_the_dns(pebble, truename, tmp_path):
    hook = pebble.set_text(tmp_path / "hook")
    done = pebble.order(truename, tmp_path / "state", "--dns-hook", hook, "--name", "*.example.com", "--out", tmp_path / "out")
    assert done.returncode == 0, done.stderr
    check_files(pebble, tmp_path / "out", tmp_path, "*.example.com")
    calls = [line.split() for line in (tmp_path / "hook.log").read_text().splitlines()]
    assert [call[:2] for call in calls] == [["present", "_acme-challenge.example.com."], ["cleanup", "_acme-challenge.example.com."]]
    assert calls[0][2] == calls[1][2]


def test_a_star_cannot_be_proved_by_http(pebble, truename, tmp_path):
    done = pebble.order(truename, tmp_path / "state", "--http-port", pebble.http_port, "--name", "*.example.com", "--out", tmp_path / "out")
    assert done.returncode == 64
    assert "--dns-hook" in done.stderr and not (tmp_path / "out" / "fullchain.pem").exists()


def test_a_hook_that_fails_is_told_and_nothing_is_left(pebble, truename, tmp_path):
    hook = tmp_path / "hook"
    hook.write_text("#!/bin/sh\necho the zone is locked >&2\nexit 3\n")
    hook.chmod(0o755)
    done = pebble.order(truename, tmp_path / "state", "--dns-hook", hook, "--name", "mail.example.com", "--out", tmp_path / "out")
    assert done.returncode != 0 and "the zone is locked" in done.stderr
    assert not (tmp_path / "out" / "fullchain.pem").exists() and not (tmp_path / "out" / "privkey.pem").exists()


def test_a_name_that_is_not_ours_is_told_with_the_words_of_the_authority(pebble, truename, tmp_path):
    # Nothing listens where the authority looks.
    (tmp_path / "www").mkdir()
    done = pebble.order(truename, tmp_path / "state", "--webroot", tmp_path / "www", "--name", "mail.example.com", "--out", tmp_path / "out")
    assert done.returncode == 65
    assert "mail.example.com" in done.stderr and "refused" in done.stderr and "port 80" in done.stderr
    assert not (tmp_path / "out" / "fullchain.pem").exists()


def test_where_nobody_knows_what_an_authority_does_with_names_that_is_told(pebble, truename, tmp_path):
    order = functools.partial(pebble.order, truename, tmp_path / "state", "--http-port", pebble.http_port, "--client", "outlook-2007")
    done = order("--name", "remote.example.com", "--name", "autodiscover.example.com", "--out", tmp_path / "out")
    assert done.returncode == 0, done.stderr
    assert "may put names in alphabetical order, so that autodiscover.example.com would be the first" in done.stderr
    # data/authorities/pebble.toml says that it keeps them.
    assert names_of(tmp_path / "out" / "fullchain.pem") == ["remote.example.com", "autodiscover.example.com"]
    assert "in this order" not in done.stderr


def test_where_an_authority_is_known_to_sort_the_fault_is_foretold_and_nothing_ordered(truename, tmp_path):
    directory = "https://acme-v02.api.letsencrypt.org/directory"
    arguments = ["certificate", "order", "--directory", directory, "--http-port", 1, "--client", "outlook-2007", "--state", tmp_path / "state"]
    done = truename(*arguments, "--name", "remote.example.com", "--name", "autodiscover.example.com", "--out", tmp_path / "out")
    assert done.returncode == 1
    assert "The target principal name is incorrect" in done.stdout
    assert "Let's Encrypt puts names in alphabetical order" in done.stderr and "Nothing was ordered" in done.stderr
    assert not (tmp_path / "state").exists() and not (tmp_path / "out").exists()
    planned = truename(*arguments, "--name", "remote.example.com", "--out", tmp_path / "out", "--dry-run", "--json")
    assert json.loads(planned.stdout) == {"state": "planned", "directory": directory, "names": ["remote.example.com"]}
    alone = truename(*arguments, "--name", "remote.example.com", "--out", tmp_path / "out", "--dry-run")
    assert alone.returncode == 0 and "Nothing was asked of it" in alone.stdout


def test_who_vouches_for_the_directory_itself_can_be_named(pebble, truename, tmp_path):
    done = truename("certificate", "order", "--directory", pebble.directory, "--http-port", pebble.http_port, "--name", "mail.example.com",
                    "--state", tmp_path / "state", "--out", tmp_path / "out")
    assert done.returncode not in (0, 1) and "--directory-roots FILE" in done.stderr, done.stderr


def test_roots_that_the_programs_have_may_be_named(pebble, truename, tmp_path):
    """They count for what is installed; what is foretold of a request is of the authority that will make it."""
    root = pebble.root(tmp_path / "root.pem")
    done = pebble.order(truename, tmp_path / "state", "--http-port", pebble.http_port, "--name", "mail.example.com", "--out", tmp_path / "out", "--trust", root)
    assert done.returncode == 0, done.stderr


def test_an_account_is_bound(truename, local, tmp_path):
    key = "zWNDZM6eQGHWpSRTPal5eIUYFTu7EajVIoguysqZ9wG44nMEtx3MUAsUDkMTQ12W"
    server = Pebble(tmp_path, local, externalAccountBindingRequired=True, externalAccountMACKeys={"kid-1": key})
    try:
        order = functools.partial(server.order, truename, tmp_path / "state", "--http-port", server.http_port, "--name", "mail.example.com")
        without = order("--out", tmp_path / "out")
        assert without.returncode == 64 and "--eab-key-id" in without.stderr
        (tmp_path / "mac").write_text(key + "\n")
        (tmp_path / "mac").chmod(0o600)
        done = order("--eab-key-id", "kid-1", "--eab-key-file", tmp_path / "mac", "--out", tmp_path / "out")
        assert done.returncode == 0, done.stderr
        check_files(server, tmp_path / "out", tmp_path, "mail.example.com")
        # Once there is an account the key is not needed any more.
        assert order("--out", tmp_path / "out").returncode == 0
    finally:
        server.stop()


def refused(truename, tmp_path, local, answer, *more, status=2):
    server = Directory(local, answer)
    started = time.monotonic()
    done = truename("certificate", "order", "--directory", server.url, "--directory-roots", local.root, "--state", tmp_path / "state", "--http-port", free_port(),
                    "--name", "mail.example.com", "--out", tmp_path / "out", *more)
    server.stop()
    assert done.stdout == "" and not (tmp_path / "out" / "fullchain.pem").exists()
    assert time.monotonic() - started < 40
    return done


def test_a_directory_without_end_is_refused(truename, local, tmp_path):
    def endless(handler):
        handler.send_response(200)
        handler.end_headers()
        try:
            for _ in range(1 << 10):
                handler.wfile.write(b" " * (1 << 20))
        except OSError:
            pass

    assert "larger than 1048576 bytes" in refused(truename, tmp_path, local, endless).stderr


def test_a_directory_that_hangs_is_given_up(truename, local, tmp_path):
    assert "time" in refused(truename, tmp_path, local, lambda handler: time.sleep(45)).stderr


@pytest.mark.parametrize(("status", "text", "words"), [
    (200, "<html>Welcome</html>", "this is no directory"),
    (200, '{"newNonce": "http://localhost/"}', "no https address"),
    (200, "[" * 100_000, "this is no directory"),
    (404, "not here", "status 404"),
    (500, '{"type": "urn:ietf:params:acme:error:serverInternal", "detail": "on \\u001b[31mfire"}', "on \\x1b[31mfire"),
])
def test_what_is_no_directory_is_told(truename, local, tmp_path, status, text, words):
    assert words in refused(truename, tmp_path, local, lambda handler: say(handler, status, text)).stderr


def test_a_directory_that_moved_is_told(truename, local, tmp_path):
    done = refused(truename, tmp_path, local, lambda handler: say(handler, 302, "", Location="https://acme.example.com/dir"))
    assert "--directory https://acme.example.com/dir" in done.stderr


def test_a_rate_limit_is_told_with_its_end(truename, local, tmp_path):
    def limited(handler):
        base = f"https://localhost:{handler.server.server_address[1]}"
        if handler.path == "/dir":
            return say(handler, 200, f'{{"newNonce": "{base}/nonce", "newAccount": "{base}/account", "newOrder": "{base}/order"}}')
        if handler.path == "/nonce":
            return say(handler, 200, "", Replay_Nonce="abc")
        handler.rfile.read(int(handler.headers["Content-Length"]))
        return say(handler, 429, '{"type": "urn:ietf:params:acme:error:rateLimited", "detail": "too many certificates"}', Retry_After="86400", Replay_Nonce="abc")

    done = refused(truename, tmp_path, local, limited)
    assert "too many certificates" in done.stderr and "86400 seconds" in done.stderr


def test_a_directory_whose_certificate_is_not_good_is_told(truename, local, tmp_path, issued):
    server = Directory(local, lambda handler: say(handler, 200, "{}"))
    done = truename("certificate", "order", "--directory", server.url, "--directory-roots", issued.root, "--state", tmp_path / "state", "--http-port", free_port(),
                    "--name", "mail.example.com", "--out", tmp_path / "out")
    server.stop()
    assert done.returncode != 0 and "certificate" in done.stderr


@pytest.mark.parametrize(("arguments", "words"), [
    (["--name", "mail.example.com"], "--directory is missing"),
    (["--directory", "https://localhost/dir"], "--name is missing"),
    (["--directory", "https://localhost/dir", "--name", "mail.example.com"], "one way to prove the names is needed"),
    (["--directory", "https://localhost/dir", "--name", "mail.example.com", "--http-port", "99999"], "is no port"),
    (["--directory", "http://localhost/dir", "--name", "mail.example.com", "--http-port", "PORT"], "https://"),
    (["--directory", "https://localhost/dir", "--name", "mail.example.com", "--http-port", "PORT", "--eab-key-id", "a"], "belong together"),
])
def test_what_is_asked_for_must_make_sense(truename, tmp_path, arguments, words):
    given = [str(free_port()) if word == "PORT" else word for word in arguments]
    done = truename("certificate", "order", *given, "--state", tmp_path / "state", "--out", tmp_path / "out")
    assert done.returncode == 64, done.stderr
    assert words in done.stderr


def serial_of(certificate):
    return subprocess.run(["openssl", "x509", "-in", certificate, "-noout", "-serial"], capture_output=True, text=True, check=True).stdout


def test_what_was_ordered_is_ordered_again_when_it_is_due(pebble, truename, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    state = tmp_path / "below" / "state"
    renew = functools.partial(truename, "certificate", "renew", "--state", state)
    nothing = renew()
    assert nothing.returncode == 0 and not state.exists()
    first = pebble.order(truename, state, "--http-port", pebble.http_port, "--name", "mail.example.com", "--out", "out")
    assert first.returncode == 0, first.stderr
    assert stat.S_IMODE(state.stat().st_mode) == 0o700
    before = serial_of("out/fullchain.pem"), (tmp_path / "out" / "privkey.pem").read_text()
    early = renew()
    assert early.returncode == 0 and "mail.example.com: not due before 20" in early.stdout
    assert serial_of("out/fullchain.pem") == before[0]
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")  # it is remembered where things are, however they were named
    again = renew("--all")
    assert again.returncode == 0, again.stderr
    check_files(pebble, tmp_path / "out", tmp_path, "mail.example.com")
    assert serial_of(tmp_path / "out" / "fullchain.pem") != before[0]
    assert (tmp_path / "out" / "privkey.pem").read_text() != before[1]


def test_a_folder_that_cannot_be_written_to_is_known_before_anything_is_ordered(pebble, truename, tmp_path):
    (tmp_path / "out").write_text("a file")
    done = pebble.order(truename, tmp_path / "state", "--http-port", pebble.http_port, "--name", "mail.example.com", "--out", tmp_path / "out")
    assert done.returncode == 73
    assert not (tmp_path / "state" / "accounts").exists()


def test_names_are_proved_in_a_real_dns_server(truename, local, tmp_path):
    server = dns.DnsServer(tmp_path / "dns", {"example.com": ""}, updates=True)
    (tmp_path / "pebble").mkdir()
    authority = Pebble(tmp_path / "pebble", local, names=server.resolver)
    texts = ["dig", "+short", "@127.0.0.1", "-p", str(server.port), "TXT", "_acme-challenge.example.com"]
    try:
        update = ["--dns-update", server.resolver, "--dns-update-key", server.update_key]
        done = authority.order(truename, tmp_path / "state", *update, "--name", "*.example.com", "--out", tmp_path / "out")
        assert done.returncode == 0, done.stderr
        check_files(authority, tmp_path / "out", tmp_path, "*.example.com")
        assert subprocess.run(texts, capture_output=True, text=True, check=True).stdout == ""
        before = serial_of(tmp_path / "out" / "fullchain.pem")
        renewed = truename("certificate", "renew", "--all", "--state", tmp_path / "state")
        assert renewed.returncode == 0 and serial_of(tmp_path / "out" / "fullchain.pem") != before, renewed.stderr
        refused = authority.order(truename, tmp_path / "state", "--dns-update", server.resolver, "--name", "mail.example.com", "--out", tmp_path / "no")
        assert refused.returncode != 0 and "REFUSED" in refused.stderr
    finally:
        authority.stop()
        server.stop()


def test_orders_are_listed_and_forgotten(pebble, truename, tmp_path):
    state = tmp_path / "state"
    order = functools.partial(pebble.order, truename, state, "--http-port", pebble.http_port)
    listed = functools.partial(truename, "certificate", "order", "--list", "--state", state)
    assert listed().stdout == "Nothing was ordered that is to be renewed.\n" and not state.exists()
    for name in ("mail", "smtp"):
        assert order("--name", f"{name}.example.com", "--out", tmp_path / name).returncode == 0
    assert "mail.example.com" in listed().stdout and "to be renewed from" in listed().stdout
    assert [json.loads(line)["names"] for line in listed("--json").stdout.splitlines()] == [["mail.example.com"], ["smtp.example.com"]]
    gone = truename("certificate", "order", "--forget", "mail.example.com", "--state", state)
    assert gone.returncode == 0 and (tmp_path / "mail" / "fullchain.pem").exists()
    assert "mail.example.com" not in listed().stdout and "smtp.example.com" in listed().stdout
    assert "mail.example.com" not in truename("certificate", "renew", "--state", state).stdout
    unknown = truename("certificate", "order", "--forget", "mail.example.com", "--state", state)
    assert unknown.returncode == 64 and "--list" in unknown.stderr


def test_two_orders_do_not_take_turns_in_one_folder(pebble, truename, tmp_path):
    order = functools.partial(pebble.order, truename, tmp_path / "state", "--http-port", pebble.http_port, "--out", tmp_path / "out")
    assert order("--name", "mail.example.com").returncode == 0
    before = serial_of(tmp_path / "out" / "fullchain.pem")
    refused = order("--name", "smtp.example.com")
    assert refused.returncode == 64 and "mail.example.com" in refused.stderr and serial_of(tmp_path / "out" / "fullchain.pem") == before
    assert order("--name", "mail.example.com").returncode == 0


@pytest.mark.parametrize("proof", [["--webroot", "nowhere"], ["--dns-hook", "./nothing"], ["--dns-hook", "no-such-program"],
                                   ["--dns-update", "127.0.0.1", "--dns-update-key", "no-key"]])
def test_what_proves_the_names_is_looked_for_before_anything_is_ordered(pebble, truename, tmp_path, proof):
    done = pebble.order(truename, tmp_path / "state", *proof, "--name", "mail.example.com", "--out", tmp_path / "out")
    assert done.returncode == 66 and proof[-1].removeprefix("./") in done.stderr, done.stderr
    assert not (tmp_path / "state").exists() and not (tmp_path / "out").exists()


def test_names_are_taken_once_and_addresses_are_none(pebble, truename, tmp_path):
    order = functools.partial(pebble.order, truename, tmp_path / "state", "--http-port", pebble.http_port, "--out", tmp_path / "out")
    done = order("--name", "mail.example.com", "--name", "MAIL.example.com.")
    assert done.returncode == 0, done.stderr
    check_files(pebble, tmp_path / "out", tmp_path, "mail.example.com")
    refused = order("--name", "192.0.2.1")
    assert refused.returncode == 64 and "is an address and no name" in refused.stderr


def test_a_cleanup_that_fails_is_told(pebble, truename, tmp_path):
    inner = pebble.set_text(tmp_path / "inner")
    hook = tmp_path / "hook"
    hook.write_text(f'#!/bin/sh\n[ "$1" = present ] || {{ echo the zone is locked >&2; exit 3; }}\nexec {inner} "$@"\n')
    hook.chmod(0o755)
    done = pebble.order(truename, tmp_path / "state", "--dns-hook", hook, "--name", "mail.example.com", "--out", tmp_path / "out")
    assert done.returncode == 0 and "the zone is locked" in done.stderr


@pytest.mark.parametrize("output", ["", "exec >/dev/null 2>&1"], ids=["that-says-nothing", "that-closes-its-output"])
def test_a_hook_that_hangs_does_not_keep_anybody_from_leaving(pebble, program, tmp_path, output):
    hook = tmp_path / "hook"
    hook.write_text(f"#!/bin/sh\n[ $1 = present ] || exit 0\n{output}\ntouch {tmp_path}/began\nexec sleep 300\n")
    hook.chmod(0o755)
    command = [program, "certificate", "order", "--directory", pebble.directory, "--directory-roots", pebble.roots, "--state", tmp_path / "state",
               "--dns-hook", hook, "--name", "mail.example.com", "--out", tmp_path / "out"]
    running = subprocess.Popen([str(word) for word in command], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    wait_until((tmp_path / "began").exists)
    running.send_signal(signal.SIGINT)
    began = time.monotonic()
    _, error = running.communicate(timeout=30)
    assert time.monotonic() - began < 10 and running.returncode != 0 and "interrupted" in error


def test_what_was_shown_is_taken_away_when_somebody_leaves(pebble, program, tmp_path):
    """Ctrl-C while name servers are waited for: the proof does not stay in the zone."""
    hook = pebble.set_text(tmp_path / "hook")
    command = [program, "certificate", "order", "--directory", pebble.directory, "--directory-roots", pebble.roots, "--state", tmp_path / "state",
               "--dns-hook", hook, "--dns-wait", "60", "--name", "mail.example.com", "--out", tmp_path / "out"]
    running = subprocess.Popen([str(word) for word in command], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    log = tmp_path / "hook.log"
    wait_until(log.exists)
    time.sleep(0.5)
    running.send_signal(signal.SIGINT)
    _, error = running.communicate(timeout=30)
    assert running.returncode == 130 and "taken away again" in error, error
    assert [line.split()[0] for line in log.read_text().splitlines()] == ["present", "cleanup"] and not (tmp_path / "out/fullchain.pem").exists()


def test_a_key_that_no_order_has_made_is_left_alone(pebble, truename, tmp_path):
    (tmp_path / "out").mkdir()
    (tmp_path / "out/privkey.pem").write_text("mine\n")
    done = pebble.order(truename, tmp_path / "state", "--http-port", pebble.http_port, "--name", "mail.example.com", "--out", tmp_path / "out")
    assert done.returncode == 64 and "which no order has made" in done.stderr and (tmp_path / "out/privkey.pem").read_text() == "mine\n"


def test_a_name_is_forgotten_as_it_was_typed(pebble, truename, tmp_path):
    order = functools.partial(pebble.order, truename, tmp_path / "state", "--http-port", pebble.http_port, "--name", "münchen.example.com")
    for forget, out in (("münchen.example.com", "one"), (f"{tmp_path}/two/", "two")):
        assert order("--out", tmp_path / out).returncode == 0
        gone = truename("certificate", "order", "--forget", forget, "--state", tmp_path / "state")
        assert gone.returncode == 0, gone.stderr


def test_two_that_renew_at_once_order_once(pebble, program, truename, tmp_path):
    inner, hook = pebble.set_text(tmp_path / "inner"), tmp_path / "hook"
    hook.write_text(f'#!/bin/sh\ntouch {tmp_path}/began\nsleep 1\nexec {inner} "$@"\n')
    hook.chmod(0o755)
    done = pebble.order(truename, tmp_path / "state", "--dns-hook", hook, "--name", "mail.example.com", "--out", tmp_path / "out")
    assert done.returncode == 0, done.stderr
    with contextlib.closing(sqlite3.connect(tmp_path / "state/orders.db")) as book, book:
        book.execute("UPDATE orders SET not_before = 0, not_after = 1")
    (tmp_path / "began").unlink()
    issued = pebble.issued()
    renew = [program, "certificate", "renew", "--state", tmp_path / "state"]
    start = lambda: subprocess.Popen(list(map(str, renew)), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    first = start()
    wait_until((tmp_path / "began").exists)
    second = start()
    told = [run.communicate(timeout=60)[0] for run in (first, second)]
    assert (first.returncode, second.returncode) == (0, 0) and pebble.issued() == issued + 1, told
    assert "Wrote" in told[0] and "not due before" in told[1]


def test_who_waits_for_another_order_may_leave(pebble, program, truename, tmp_path):
    state = tmp_path / "state"
    done = pebble.order(truename, state, "--http-port", pebble.http_port, "--name", "mail.example.com", "--out", tmp_path / "out")
    assert done.returncode == 0, done.stderr
    with open(state / "orders.lock", "ab") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        waiting = subprocess.Popen([program, "certificate", "renew", "--all", "--state", str(state)], stderr=subprocess.PIPE, text=True)
        files = pathlib.Path(f"/proc/{waiting.pid}/fd")
        wait_until(lambda: str(state / "orders.lock") in map(os.readlink, files.iterdir()))
        waiting.send_signal(signal.SIGINT)
        error = waiting.communicate(timeout=30)[1]
    assert waiting.returncode == 130 and "waiting for another truename that orders" in error, error


def test_renewals_that_all_fail_are_told_by_the_exit_code(truename, local, tmp_path):
    (tmp_path / "pebble").mkdir()
    authority = Pebble(tmp_path / "pebble", local)
    try:
        done = authority.order(truename, tmp_path / "state", "--http-port", authority.http_port, "--name", "mail.example.com", "--out", tmp_path / "out")
        assert done.returncode == 0, done.stderr
    finally:
        authority.stop()
    before = serial_of(tmp_path / "out" / "fullchain.pem")
    failed = truename("certificate", "renew", "--all", "--state", tmp_path / "state")
    assert failed.returncode != 0 and serial_of(tmp_path / "out" / "fullchain.pem") == before
