"""OCSP responders and revocation lists that certificates name, asked for by truename check --deep: OpenSSL's own, and some that are none."""

import http.server
import json
import re
import socket
import subprocess
import threading

import pytest

from conftest import ImapsServer, NEW_KEY, openssl


class Responder:
    """OpenSSL's responder on a free port; what it knows of a certificate stands in the file `index`."""

    def __init__(self, authority, *options, signer="root"):
        folder = authority.folder
        command = ["openssl", "ocsp", "-index", folder / "index", "-CA", folder / "root.pem", "-rsigner", folder / f"{signer}.pem",
                   "-rkey", folder / f"{signer}.key", "-port", "0", *options]
        self.process = subprocess.Popen([str(word) for word in command], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        accept = self.process.stdout.readline()
        self.url = f"http://127.0.0.1:{re.search(r':([0-9]+) PID', accept)[1]}/"

    def stop(self):
        self.process.terminate()
        self.process.wait(10)
        self.process.stdout.close()


class Authority:
    """A root, and servers' certificates for mail.example.com that name a responder."""

    def __init__(self, folder):
        self.folder, self.root = folder, folder / "root.pem"
        openssl("req", "-x509", *NEW_KEY, "-days", 3000, "-subj", "/CN=Root", "-keyout", folder / "root.key", "-out", self.root)

    def issue(self, name, *extensions):
        request, text = self.folder / f"{name}.csr", self.folder / f"{name}.ext"
        openssl("req", *NEW_KEY, "-subj", "/CN=mail.example.com", "-keyout", self.folder / f"{name}.key", "-out", request)
        text.write_text("\n".join(["authorityKeyIdentifier=keyid", *extensions, ""]))
        openssl("x509", "-req", "-in", request, "-CA", self.root, "-CAkey", self.folder / "root.key", "-days", 300, "-set_serial", "0x1234",
                "-extfile", text, "-out", self.folder / f"{name}.pem")

    def issue_leaf(self, url):
        self.issue("leaf", f"authorityInfoAccess=OCSP;URI:{url}", "subjectAltName=DNS:mail.example.com", "extendedKeyUsage=serverAuth")

    def issue_listed(self, url):
        self.issue("leaf", f"crlDistributionPoints=URI:{url}", "subjectAltName=DNS:mail.example.com", "extendedKeyUsage=serverAuth")

    def list_of(self, entry, signer="root", *options):
        """What OpenSSL's authority publishes (DER), for a week unless `options` say otherwise."""
        self.says(entry)
        configuration, made = self.folder / "ca.cnf", self.folder / "list"
        number = self.folder / "number"
        number.write_text("01\n")
        configuration.write_text(f"[ca]\ndefault_ca=a\n[a]\ndatabase={self.folder / 'index'}\ndefault_md=sha256\ncrlnumber={number}\n")
        openssl("ca", "-config", configuration, "-gencrl", "-crldays", "7", *options, "-cert", self.folder / f"{signer}.pem",
                "-keyfile", self.folder / f"{signer}.key", "-out", made)
        openssl("crl", "-in", made, "-outform", "DER", "-out", made)
        return made.read_bytes()

    def says(self, entry):
        """`V` valid, `R` revoked on 2026-10-01; nothing: it is not known."""
        revoked = "261001000000Z,keyCompromise" if entry == "R" else ""
        (self.folder / "index").write_text(f"{entry}\t491231000000Z\t{revoked}\t1234\tunknown\t/CN=mail.example.com\n" if entry else "")


@pytest.fixture
def authority(tmp_path):
    return Authority(tmp_path)


@pytest.fixture
def responder(authority):
    """Starts responders, and stops them by their processes."""
    running = []

    def start(entry, *options, **more):
        authority.says(entry)
        running.append(Responder(authority, *options, **more))
        return running[-1]

    yield start
    for one in running:
        one.stop()


@pytest.fixture
def check(truename, authority, tmp_path):
    """Checks a server that shows only the leaf, and judges what was saved again without a network; gives report and fetched."""

    def run(*arguments, client="reference,thunderbird,evolution"):
        server = ImapsServer(authority.folder / "leaf.pem", authority.folder / "leaf.key")
        judging = ["--trust", authority.root, "--client", client, "-o", "json"]
        saved = tmp_path / "evidence"
        try:
            done = truename("check", "mail.example.com", "--connect", "127.0.0.1", "--ports", f"imaps:{server.port}", "--save", saved, *judging,
                            *(arguments or ["--deep"]))
        finally:
            server.stop()
        assert done.stdout, done.stderr
        report = json.loads(done.stdout)
        again = json.loads(truename("replay", saved, *judging).stdout)
        assert again["verdicts"] == report["verdicts"] and again["findings"] == report["findings"]
        return report, json.loads(saved.read_text())["fetched"]

    return run


def outcomes(report):
    return {verdict["client"]: verdict["outcome"] for verdict in report["verdicts"]}


def told(report):
    return [finding["id"] for finding in report["findings"] if finding["id"].startswith("revocation.")]


GOOD = {"reference": "silent", "thunderbird": "silent", "evolution": "silent"}
NO_ANSWER = {"reference": "refuses", "thunderbird": "silent", "evolution": "silent"}
BAD = {"reference": "refuses", "thunderbird": "refuses", "evolution": "silent"}


def test_a_good_answer_is_kept_as_evidence_and_nobody_minds(check, authority, responder):
    authority.issue_leaf(responder("V", "-ndays", "7").url)
    report, fetched = check()
    assert outcomes(report) == GOOD and told(report) == []
    assert [one["kind"] for one in fetched] == ["ocsp"]
    assert fetched[0]["bytes"] and fetched[0]["nonce"] and fetched[0]["about"] == report["chains"][0]["certificates"][0]["sha256"]


def test_a_revoked_certificate_is_refused_by_who_asks(check, authority, responder):
    authority.issue_leaf(responder("R", "-ndays", "7").url)
    report, _ = check()
    assert outcomes(report) == BAD and told(report) == ["revocation.ocsp-revoked"]
    assert "revoked on 2026-10-01 (keyCompromise)" in report["causes"][0]["text"]
    code = next(verdict["code"] for verdict in report["verdicts"] if verdict["client"] == "thunderbird")
    assert code == "SEC_ERROR_REVOKED_CERTIFICATE"


def test_what_nobody_knows_of_a_program_is_not_judged(check, authority, responder):
    authority.issue_leaf(responder("R", "-ndays", "7").url)
    report, _ = check("--deep", client="outlook-365")
    assert outcomes(report) == {"outlook-365": "not-judged"}


def test_a_certificate_that_the_responder_does_not_know(check, authority, responder):
    authority.issue_leaf(responder("", "-ndays", "7").url)
    report, _ = check()
    assert outcomes(report) == BAD and told(report) == ["revocation.ocsp-unknown"]


def test_a_responder_that_is_not_certified_for_it_is_believed_by_nobody(check, authority, responder):
    authority.issue("other", "extendedKeyUsage=clientAuth")
    authority.issue_leaf(responder("R", "-ndays", "7", signer="other").url)
    report, _ = check()
    assert outcomes(report) == NO_ANSWER and told(report) == ["revocation.ocsp-wrong-signer"]


def test_a_delegated_responder_that_may_be_revoked_itself_is_told(check, authority, responder):
    authority.issue("delegate", "extendedKeyUsage=OCSPSigning")
    authority.issue_leaf(responder("V", "-ndays", "7", signer="delegate").url)
    report, _ = check()
    assert outcomes(report) == GOOD and told(report) == ["revocation.ocsp-responder-not-checked"]


def test_a_wrong_signature_and_an_answer_that_has_ended(check, authority, responder):
    authority.issue_leaf(responder("R", "-ndays", "7", "-badsig").url)
    report, _ = check()
    assert outcomes(report) == NO_ANSWER and told(report) == ["revocation.ocsp-signature"]


def test_a_responder_that_is_down_stops_only_who_insists(check, authority, closed_port):
    authority.issue_leaf(f"http://127.0.0.1:{closed_port}/")
    report, fetched = check()
    assert outcomes(report) == NO_ANSWER and told(report) == ["revocation.ocsp-unreachable"]
    assert fetched[0]["bytes"] == "" and "refused" in fetched[0]["failure"]["reason"].lower()
    sentence = f"A certificate names http://127.0.0.1:{closed_port}/ to ask whether it is revoked, which gave no answer from here"
    assert any(difference.startswith(sentence) for difference in report["differences"])


def test_nobody_is_asked_without_deep_or_when_nothing_may_be_fetched(check, authority, responder):
    authority.issue_leaf(responder("R", "-ndays", "7").url)
    for arguments in (["--lang", "en"], ["--deep", "--fetch", "none"]):
        report, fetched = check(*arguments)
        assert fetched == [] and outcomes(report) == GOOD


def test_an_answer_that_repeats_neither_nonce_nor_question_is_told(check, authority, responder):
    """A responder that plays back an answer which it once gave: what OpenSSL said without a nonce, over plain sockets."""
    authority.says("V")
    listener = socket.create_server(("127.0.0.1", 0))
    authority.issue_leaf(f"http://127.0.0.1:{listener.getsockname()[1]}/")
    folder = authority.folder
    openssl("ocsp", "-index", folder / "index", "-CA", authority.root, "-rsigner", authority.root, "-rkey", folder / "root.key", "-issuer",
            authority.root, "-cert", folder / "leaf.pem", "-no_nonce", "-ndays", "7", "-respout", folder / "response.der")
    body = (folder / "response.der").read_bytes()

    def play_back():
        connection, _ = listener.accept()
        with connection:
            connection.recv(4096)
            connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: application/ocsp-response\r\nContent-Length: %d\r\n\r\n" % len(body) + body)

    thread = threading.Thread(target=play_back, daemon=True)
    thread.start()
    report, _ = check()
    thread.join(10)
    listener.close()
    assert outcomes(report) == GOOD and told(report) == ["revocation.ocsp-nonce-missing"]


# ---- revocation lists, for certificates that name no responder


@pytest.fixture
def publish():
    """Serves one body to all who ask, and gives its address; counts them in `asked`."""
    servers = []

    def start(body):
        class Handler(http.server.BaseHTTPRequestHandler):
            asked = []

            def do_GET(self):
                self.asked.append(self.path)
                self.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(body) + body)
                self.close_connection = True

            def log_message(self, *_):
                pass

        servers.append(http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler))
        threading.Thread(target=servers[-1].serve_forever, daemon=True).start()
        return f"http://127.0.0.1:{servers[-1].server_address[1]}/list.crl", Handler.asked

    yield start
    for server in servers:
        server.shutdown()
        server.server_close()


LISTED = {"reference": "refuses", "thunderbird": "silent", "evolution": "silent"}


def test_the_list_of_a_certificate_without_a_responder_is_fetched(check, authority, publish):
    url, asked = publish(authority.list_of("V"))
    authority.issue_listed(url)
    report, fetched = check()
    assert outcomes(report) == GOOD and told(report) == []
    assert asked == ["/list.crl"] and [(one["kind"], one["url"]) for one in fetched] == [("crl", url)]


def test_a_certificate_on_the_list_is_refused_by_who_looks_there(check, authority, publish):
    authority.issue_listed(publish(authority.list_of("R"))[0])
    report, _ = check()
    assert outcomes(report) == LISTED and told(report) == ["revocation.revoked"]
    assert "revoked on 2026-10-01 (keyCompromise) by the list of CN=Root" in report["causes"][0]["text"]


@pytest.mark.parametrize("body, finding", [
    (lambda authority: authority.list_of("R", "root", "-crl_lastupdate", "20260101000000Z", "-crl_nextupdate", "20260108000000Z"),
     "revocation.crl-stale"),
    (lambda authority: authority.list_of("R", "other"), "revocation.crl-not-about"),
    (lambda authority: b"<html>", "revocation.crl-not-about"),
    (lambda authority: b"x" * (5 << 20), "revocation.crl-unreachable"),
])
def test_a_list_that_is_none_stops_only_who_insists(check, authority, publish, body, finding):
    authority.issue("other", "keyUsage=cRLSign")
    authority.issue_listed(publish(body(authority))[0])
    report, _ = check()
    assert outcomes(report) == LISTED and finding in told(report)
    assert report["differences"]
