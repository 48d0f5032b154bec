"""Issuers that certificates name: what truename check fetches, what it leaves alone, and what a hostile address does to it."""

import http.server
import json
import threading

import pytest

from conftest import ImapsServer, NEW_KEY, openssl


class Web:
    """Plain http on a free port of loopback: `answers` says by path what is sent, whole, and `asked` which paths were wanted."""

    def __init__(self):
        web = self
        self.answers, self.asked = {}, []

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                web.asked.append(self.path)
                try:
                    for part in web.answers.get(self.path, [b"HTTP/1.1 404 Not Found\r\n\r\n"]):
                        self.wfile.write(part)
                except OSError:
                    pass  # the client has gone
                self.close_connection = True

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def offer(self, path, body):
        self.answers[path] = [b"HTTP/1.1 200 OK\r\n\r\n", body]

    def stop(self):
        self.server.shutdown()
        self.server.server_close()


@pytest.fixture
def web():
    server = Web()
    yield server
    server.stop()


class Authority:
    """A root, an intermediate under it, and leaves for mail.example.com that name an address for their issuer."""

    def __init__(self, folder):
        self.folder = folder
        self.root, self.middle = folder / "root.pem", folder / "middle.pem"
        openssl("req", "-x509", *NEW_KEY, "-days", 3000, "-subj", "/CN=Root", "-keyout", folder / "root.key", "-out", self.root)

    def issue(self, name, subject, issuer, url, *extensions):
        request, text = self.folder / f"{name}.csr", self.folder / f"{name}.ext"
        openssl("req", *NEW_KEY, "-subj", f"/CN={subject}", "-keyout", self.folder / f"{name}.key", "-out", request)
        text.write_text("\n".join([f"authorityInfoAccess=caIssuers;URI:{url}", "authorityKeyIdentifier=keyid", *extensions, ""]))
        openssl("x509", "-req", "-in", request, "-CA", self.folder / f"{issuer}.pem", "-CAkey", self.folder / f"{issuer}.key", "-days", 300,
                "-extfile", text, "-out", self.folder / f"{name}.pem")
        return self.folder / f"{name}.pem"

    def issue_leaf(self, issuer, url):
        return self.issue("leaf", "mail.example.com", issuer, url, "subjectAltName=DNS:mail.example.com", "extendedKeyUsage=serverAuth")

    def issue_middle(self, url):
        return self.issue("middle", "Middle", "root", url, "basicConstraints=critical,CA:TRUE", "subjectKeyIdentifier=hash")

    def der(self, name):
        openssl("x509", "-in", self.folder / f"{name}.pem", "-outform", "DER", "-out", self.folder / f"{name}.der")
        return (self.folder / f"{name}.der").read_bytes()


@pytest.fixture
def authority(tmp_path):
    return Authority(tmp_path)


@pytest.fixture
def check(truename, authority, tmp_path):
    """Checks a server that shows only the leaf; gives the run, the report and what was fetched."""

    def run(*arguments):
        server = ImapsServer(authority.folder / "leaf.pem", authority.folder / "leaf.key")
        try:
            saved = tmp_path / "evidence"
            done = truename("check", "mail.example.com", "--connect", "127.0.0.1", "--ports", f"imaps:{server.port}", "--save", saved, "-o", "json",
                            *arguments)
        finally:
            server.stop()
        assert done.stdout, done.stderr
        return done, json.loads(done.stdout), json.loads(saved.read_text())["fetched"]

    return run


def test_the_issuer_that_the_server_does_not_send_is_fetched_and_the_root_that_everybody_has_is_not(check, authority, web):
    authority.issue_middle(f"{web.url}/root")
    authority.issue_leaf("middle", f"{web.url}/middle")
    web.offer("/middle", authority.der("middle"))
    web.offer("/root", authority.der("root"))
    _, report, fetched = check("--trust", authority.root)
    assert web.asked == ["/middle"]
    assert [one["url"] for one in fetched] == [f"{web.url}/middle"]
    assert any(path["anchor"]["origin"] == "added" for path in report["paths"] if "anchor" in path)


def test_an_issuer_that_nobody_has_is_fetched_to_the_root(check, authority, web):
    authority.issue_middle(f"{web.url}/root")
    authority.issue_leaf("middle", f"{web.url}/middle")
    web.offer("/middle", authority.der("middle"))
    web.offer("/root", authority.der("root"))
    _, _, fetched = check()
    assert web.asked == ["/middle", "/root"]
    assert len(fetched) == 2


def test_a_root_of_the_same_name_with_another_key_is_not_the_issuer(check, authority, web, tmp_path):
    authority.issue_leaf("root", f"{web.url}/root")
    other = tmp_path / "other.pem"
    openssl("req", "-x509", *NEW_KEY, "-days", 3000, "-subj", "/CN=Root", "-keyout", tmp_path / "other.key", "-out", other)
    check("--trust", other)
    assert web.asked == ["/root"]


def test_nothing_is_fetched_when_it_is_not_wanted(check, authority, web):
    authority.issue_leaf("root", f"{web.url}/root")
    _, _, fetched = check("--fetch", "none")
    assert web.asked == [] and fetched == []


# ---- hostile addresses: each is given up with a reason, and the report is made without them

def reasons(fetched):
    return [one["failure"]["reason"] for one in fetched]


def test_an_address_inside_is_not_asked(check, authority):
    authority.issue_leaf("root", "http://169.254.169.254/latest/meta-data")
    done, report, fetched = check()
    assert ["an address inside" in reason for reason in reasons(fetched)] == [True]
    assert done.returncode in (1, 2) and report["endpoints"][0]["state"] == "judged"


def test_addresses_that_lead_in_a_circle_are_given_up(check, authority, web):
    authority.issue_leaf("root", f"{web.url}/a")
    web.answers["/a"] = [b"HTTP/1.1 302 Found\r\nLocation: /b\r\n\r\n"]
    web.answers["/b"] = [b"HTTP/1.1 302 Found\r\nLocation: /a\r\n\r\n"]
    _, report, fetched = check()
    assert reasons(fetched) == ["it redirects in a circle"]
    assert web.asked == ["/a", "/b"]
    assert report["endpoints"][0]["state"] == "judged"


def test_a_gigabyte_is_not_read(check, authority, web):
    authority.issue_leaf("root", f"{web.url}/big")
    sent = []

    def gigabyte():
        yield b"HTTP/1.1 200 OK\r\n\r\n"
        for _ in range(1 << 10):
            sent.append(1 << 20)
            yield bytes(1 << 20)

    web.answers["/big"] = gigabyte()
    _, report, fetched = check()
    assert reasons(fetched) == ["larger than 65536 bytes"]
    assert sum(sent) < 1 << 27, "the kernel's buffers hold some of it"
    assert report["endpoints"][0]["state"] == "judged"


def test_what_is_no_certificate_helps_nobody_and_harms_nobody(check, authority, web):
    authority.issue_leaf("root", f"{web.url}/garbage")
    web.offer("/garbage", b"garbage")
    done, report, fetched = check()
    assert len(fetched) == 1 and done.returncode in (1, 2)
    assert report["endpoints"][0]["state"] == "judged"
