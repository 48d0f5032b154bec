"""Is everything set up for the name that users type? Asked of a real DNS server (BIND) and of servers that lie, loop or say nothing."""

import http.server
import json
import os
import plistlib
import socket
import ssl
import struct
import threading
import time
import xml.etree.ElementTree as ElementTree

import pytest

import dns
from conftest import ImapsServer, Issued

REVERSE = {"127.in-addr.arpa": "1.0.0 PTR remote.quantum.com."}


@pytest.fixture(name="serve")
def dns_servers(tmp_path):
    """A function that starts a DNS server with the records of quantum.com that it is given."""
    servers = []

    def serve(lines, zones=REVERSE, **more):
        servers.append(dns.DnsServer(tmp_path / f"dns{len(servers)}", {"quantum.com": lines, **zones}, **more))
        return servers[-1]

    yield serve
    for server in servers:
        server.stop()


@pytest.fixture(scope="module", name="mended")
def certificate_of_the_name(tmp_path_factory):
    return Issued(tmp_path_factory.mktemp("mended"), "remote.quantum.com")


@pytest.fixture(name="imap_server")
def server_with_the_name(mended):
    server = ImapsServer(mended.certificate, mended.key)
    yield server
    server.stop()


@pytest.fixture(name="ask")
def address_command(truename, mended):
    def ask(resolver, *arguments, domain="quantum.com"):
        done = truename("address", "--domain", domain, "--resolver", resolver, "--trust", mended.root, "--json", *arguments)
        return done.returncode, json.loads(done.stdout) if done.stdout else done.stderr

    return ask


def states(found):
    return {(each["owner"], each["type"]): each["state"] for each in found["records"]}


def ports(server, sends=None):
    return f"imaps:{server.port}" + (f",submissions:{sends.port}" if sends else "")


COMPLETE = "remote A 127.0.0.1\n@ MX 10 remote\n_imaps._tcp SRV 0 1 {} remote\n"


def test_a_name_that_is_set_up(serve, ask, imap_server):
    server = serve("remote A 127.0.0.1\n@ MX 10 remote\n@ CAA 0 issue \"letsencrypt.org\"\n" + f"_imaps._tcp SRV 0 1 {imap_server.port} remote\n")
    code, found = ask(server.resolver, "--ports", ports(imap_server))
    assert set(states(found).values()) == {"there"} and found["zone"] == []
    assert found["addresses"] == ["127.0.0.1"] and found["caa"] == ['0 issue "letsencrypt.org"']
    (imaps,) = found["meetings"]
    assert imaps["outcome"] in ("silent", "not-judged") and imaps["names"] == ["remote.quantum.com"]
    assert [told["by"] for told in imaps["told"]] == ["users", "srv"]
    assert code == found["exit"] == 0


def test_what_is_missing_is_told_as_lines_of_the_zone(serve, ask, imap_server):
    code, found = ask(serve("").resolver, "--ports", ports(imap_server), "--address", "127.0.0.1")
    assert code == 1 and states(found)["1.0.0.127.in-addr.arpa", "PTR"] == "there"
    assert found["zone"] == ["remote.quantum.com. IN A 127.0.0.1", "quantum.com. IN MX 10 remote.quantum.com.",
                             f"_imaps._tcp.quantum.com. IN SRV 0 1 {imap_server.port} remote.quantum.com."]


def test_the_lines_make_it_complete_when_the_zone_has_them(serve, ask, imap_server):
    arguments = ["--ports", ports(imap_server)]
    _, before = ask(serve("").resolver, "--address", "127.0.0.1", *arguments)
    code, after = ask(serve("\n".join(before["zone"])).resolver, *arguments)
    assert code == 0 and after["zone"] == []


def test_updates_make_the_records_and_nothing_is_taken_away(serve, ask, truename, imap_server):
    server = serve("@ MX 5 mx.shield.example.\n", updates=True)
    arguments = ["--ports", ports(imap_server), "--address", "127.0.0.1"]
    code, refused = ask(server.resolver, *arguments, "--update", server.resolver)
    assert code == 73 and "REFUSED" in refused and "key" in refused
    code, found = ask(server.resolver, *arguments, "--update", server.resolver, "--update-key", server.update_key)
    assert found["zone"] == [] and states(found)["remote.quantum.com", "A"] == "there"
    assert states(found)["quantum.com", "MX"] == "other" and found["records"][1]["found"] == ["5 mx.shield.example."]
    secret = server.update_key.read_text().split('"')[-2]
    assert secret not in json.dumps(found)


def test_a_key_for_updates_without_a_server_is_told(truename):
    done = truename("address", "--domain", "quantum.com", "--update-key", "key")
    assert done.returncode == 64 and "--update" in done.stderr


def test_waiting_sees_records_that_are_made_meanwhile(serve, ask, imap_server):
    server = serve("", updates=True)
    arguments = ["--ports", ports(imap_server), "--address", "127.0.0.1"]
    later = threading.Timer(1.5, lambda: ask(server.resolver, *arguments, "--update", server.resolver, "--update-key", server.update_key))
    later.start()
    began = time.monotonic()
    code, found = ask(server.resolver, *arguments, "--wait", "30")
    later.join()
    assert code == 0 and found["zone"] == [] and 1 < time.monotonic() - began < 20


def test_programs_that_are_sent_to_another_name_are_told_what_they_meet(serve, ask, imap_server):
    server = serve(f"remote A 127.0.0.1\nold A 127.0.0.1\n@ MX 10 remote\n_imaps._tcp SRV 0 1 {imap_server.port} old\n")
    code, found = ask(server.resolver, "--ports", ports(imap_server))
    old = next(each for each in found["meetings"] if each["host"] == "old.quantum.com")
    assert old["outcome"] == "refuses" and old["names"] == ["remote.quantum.com"] and code == 2
    assert states(found)["_imaps._tcp.quantum.com", "SRV"] == "other"


def test_a_service_that_is_told_and_not_there_is_an_error(serve, ask, closed_port, imap_server):
    code, found = ask(serve(COMPLETE.format(closed_port)).resolver, "--ports", ports(imap_server))
    assert code == 2 and [each["state"] for each in found["meetings"] if each["port"] == closed_port] == ["refused"]


def test_signed_zones_are_checked(serve, ask, imap_server):
    server = serve(COMPLETE.format(imap_server.port), signed=["quantum.com"])
    code, found = ask(server.resolver, "--ports", ports(imap_server), "--dns-anchor", server.anchor)
    assert code == 0 and {each["dnssec"] for each in found["records"] if each["type"] != "PTR"} == {"secure"}
    _, unchecked = ask(server.resolver, "--ports", ports(imap_server))
    assert {each["dnssec"] for each in unchecked["records"]} == {"not-checked"} and unchecked["dnssec_unchecked_because"]


def test_a_zone_whose_signatures_are_wrong_is_refused(serve, ask, imap_server, tmp_path):
    good, other = serve(COMPLETE.format(imap_server.port), signed=["quantum.com"]), serve("", signed=["quantum.com"])
    code, found = ask(good.resolver, "--ports", ports(imap_server), "--dns-anchor", other.anchor)
    assert code == 2 and states(found)["remote.quantum.com", "A"] == "unknown" and found["addresses"] == []


def test_files_with_settings_name_what_answers(serve, ask, imap_server, mended, tmp_path):
    sends = ImapsServer(mended.certificate, mended.key)  # speaks TLS from the first byte, which is all that is looked at
    server = serve(COMPLETE.format(imap_server.port))
    _, found = ask(server.resolver, "--ports", ports(imap_server, sends), "--files", tmp_path / "web")
    sends.stop()
    assert "autoconfig.quantum.com. IN A 127.0.0.1" in found["zone"] and "autodiscover.quantum.com. IN A 127.0.0.1" in found["zone"]
    web = tmp_path / "web"
    settings = ElementTree.parse(web / ".well-known/autoconfig/mail/config-v1.1.xml").getroot()
    servers = [(each.get("type"), each.findtext("hostname"), each.findtext("port"), each.findtext("socketType"))
               for each in settings.iter() if each.tag in ("incomingServer", "outgoingServer")]
    assert servers == [("imap", "remote.quantum.com", str(imap_server.port), "SSL"), ("smtp", "remote.quantum.com", str(sends.port), "SSL")]
    assert (web / "mail/config-v1.1.xml").read_text() == (web / ".well-known/autoconfig/mail/config-v1.1.xml").read_text()
    name = "{http://schemas.microsoft.com/exchange/autodiscover/outlook/responseschema/2006a}"
    protocols = [(each.findtext(f"{name}Type"), each.findtext(f"{name}Server"), each.findtext(f"{name}Port"))
                 for each in ElementTree.parse(web / "autodiscover/autodiscover.xml").iter(f"{name}Protocol")]
    assert protocols == [("IMAP", "remote.quantum.com", str(imap_server.port)), ("SMTP", "remote.quantum.com", str(sends.port))]
    profile = plistlib.loads((web / "mail.mobileconfig").read_bytes())
    account = profile["PayloadContent"][0]
    assert profile["PayloadType"] == "Configuration" and account["PayloadType"] == "com.apple.mail.managed"
    assert (account["IncomingMailServerHostName"], account["IncomingMailServerPortNumber"]) == ("remote.quantum.com", imap_server.port)


def test_no_files_where_nobody_can_send(serve, truename, imap_server, mended, tmp_path):
    server = serve(COMPLETE.format(imap_server.port))
    done = truename("address", "--domain", "quantum.com", "--resolver", server.resolver, "--ports", ports(imap_server), "--trust", mended.root,
                    "--files", tmp_path / "web")
    assert "No files were written" in done.stderr and not (tmp_path / "web").exists()


class LyingServer:
    """Answers every question by `answer(packet)`; nothing where that gives nothing."""

    def __init__(self, answer):
        self.socket = socket.socket(type=socket.SOCK_DGRAM)
        self.socket.bind(("127.0.0.1", 0))
        self.resolver = "127.0.0.1:%d" % self.socket.getsockname()[1]
        self.socket.settimeout(0.05)
        self.answer = answer
        self.ends = False
        self.thread = threading.Thread(target=self.serve, daemon=True)
        self.thread.start()

    def serve(self):
        while not self.ends:
            try:
                packet, sender = self.socket.recvfrom(4096)
            except TimeoutError:
                continue
            for each in self.answer(packet):
                self.socket.sendto(each, sender)

    def stop(self):
        self.ends = True
        self.thread.join(timeout=10)
        self.socket.close()


def question(packet):
    """The question section, its name and its type."""
    at, labels = 12, []
    while packet[at]:
        labels.append(packet[at + 1:at + 1 + packet[at]])
        at += 1 + packet[at]
    return packet[12:at + 5], b".".join(labels), struct.unpack(">H", packet[at + 1:at + 3])[0]


def reply(packet, flags=0x8580, records=()):
    return packet[:2] + struct.pack(">HHHHH", flags, 1, len(records), 0, 0) + question(packet)[0] + b"".join(records)


def alias(owner, target):
    return owner + struct.pack(">HHIH", 5, 1, 60, len(target)) + target


def wire(name):
    return b"".join(bytes([len(label)]) + label for label in name.split(b".")) + b"\0"


LIES = {
    "servfail": lambda packet: [reply(packet, 0x8182)],
    "refused": lambda packet: [reply(packet, 0x8185)],
    "silent": lambda packet: [],
    "garbage": lambda packet: [packet[:2] + b"\xff" * 40],
    "short": lambda packet: [packet[:7]],
    "another-question": lambda packet: [packet[:2] + struct.pack(">HHHHH", 0x8580, 1, 0, 0, 0) + wire(b"other.example") + b"\0\1\0\1"],
    "alias-loop": lambda packet: [reply(packet, records=[alias(wire(question(packet)[1]), wire(b"b.quantum.com")),
                                                         alias(wire(b"b.quantum.com"), wire(question(packet)[1]))])],
    "endless-aliases": lambda packet: [reply(packet, records=[alias(wire(question(packet)[1]), wire(b"a." + question(packet)[1][-200:]))])],
}
BROKEN_RECORDS = {
    "pointer-loop": lambda packet: [reply(packet, records=[b"\xc0\x0c" + struct.pack(">HHIH", question(packet)[2], 1, 60, 2) + b"\xc0\x28"])],
    "wrong-length": lambda packet: [reply(packet, records=[b"\xc0\x0c" + struct.pack(">HHIH", question(packet)[2], 1, 60, 3) + b"abc"])],
}


@pytest.mark.parametrize("lie", LIES)
def test_dns_servers_that_lie_loop_or_say_nothing_are_told_in_time(lie, ask, truename):
    server = LyingServer(LIES[lie])
    began = time.monotonic()
    code, found = ask(server.resolver, "--timeout", "2")
    assert time.monotonic() - began < 15
    server.stop()
    assert code == 3 and found["addresses"] == [] and set(states(found).values()) == {"unknown"}, found
    assert all(each["why"] for each in found["records"])


@pytest.mark.parametrize("lie", BROKEN_RECORDS)
def test_records_that_cannot_be_read_count_as_none(lie, ask):
    server = LyingServer(BROKEN_RECORDS[lie])
    code, found = ask(server.resolver, "--timeout", "2")
    server.stop()
    assert code in (1, 3) and found["addresses"] == [] and set(states(found).values()) <= {"missing", "unknown"}


def test_names_that_would_write_on_the_terminal_do_not(truename, ask):
    nasty = b"\x1b[31mred"
    target = bytes([len(nasty)]) + nasty + b"\0"

    def answer(packet):
        kind = question(packet)[2]
        data = {15: b"\0\x0a" + target, 33: b"\0\0\0\1\3\xe1" + target}.get(kind)
        return [reply(packet, records=[b"\xc0\x0c" + struct.pack(">HHIH", kind, 1, 60, len(data)) + data] if data else ())]

    server = LyingServer(answer)
    done = truename("address", "--domain", "quantum.com", "--resolver", server.resolver, "--timeout", "2")
    server.stop()
    assert "\x1b" not in done.stdout + done.stderr and "\\027\\09131mred" in done.stdout


@pytest.mark.parametrize("arguments, words", [
    ([], "--domain is missing"),
    (["--domain", "localhost"], "has no dot"),
    (["--domain", "quantum.com", "--prefix", "a b"], "--prefix"),
    (["--domain", "quantum.com", "--address", "remote"], "--address"),
    (["--domain", "quantum.com", "--resolver", "dns.example.com"], "--resolver"),
    (["--domain", "quantum.com", "--wait", "soon"], "--wait"),
])
def test_command_lines_that_make_no_sense(truename, arguments, words):
    done = truename("address", *arguments)
    assert done.returncode == 64 and words in done.stderr


def test_an_anchor_that_is_none_is_told(truename, tmp_path):
    (tmp_path / "anchor").write_text("not a key\n")
    for path, code in ((tmp_path / "anchor", 65), (tmp_path / "nothing", 66)):
        done = truename("address", "--domain", "quantum.com", "--resolver", "127.0.0.1:1", "--dns-anchor", path)
        assert done.returncode == code and str(path) in done.stderr, done.stderr


def test_domains_of_other_alphabets(serve, ask, imap_server):
    zone = {"xn--mller-kva.example": "remote A 127.0.0.1\n@ MX 10 remote\n"}
    server = serve("", zones={**REVERSE, **zone})
    _, found = ask(server.resolver, "--ports", ports(imap_server), domain="müller.example")
    assert found["name"] == "remote.xn--mller-kva.example" and found["addresses"] == ["127.0.0.1"]


class WebServer:
    """HTTPS on port 443 of an address of loopback; every path of `files` is there, for GET and POST."""

    def __init__(self, address, shown, files):
        class Handler(http.server.BaseHTTPRequestHandler):
            def answer(self):
                self.rfile.read(int(self.headers.get("Content-Length", 0)))
                body = files.get(self.path.split("?")[0])
                self.send_response(200 if body is not None else 404)
                self.end_headers()
                self.wfile.write((body or "").encode())

            do_GET = do_POST = answer

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer((address, 443), Handler)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(shown.certificate, shown.key)
        self.server.socket = context.wrap_socket(self.server.socket, server_side=True)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def stop(self):
        self.server.shutdown()
        self.server.server_close()


AUTOCONFIG = """<clientConfig><emailProvider id="quantum.com"><incomingServer type="imap"><hostname>old.%EMAILDOMAIN%</hostname>
<port>{}</port><socketType>SSL</socketType></incomingServer></emailProvider></clientConfig>"""
AUTODISCOVER = """<Autodiscover><Response><Account><Protocol><Type>IMAP</Type><Server>{}</Server><Port>{}</Port><SSL>on</SSL></Protocol>
</Account></Response></Autodiscover>"""


@pytest.mark.skipif(os.geteuid() != 0, reason="port 443 is for root")
def test_what_files_with_settings_say_is_followed(serve, truename, imap_server, tmp_path):
    web = Issued(tmp_path, "autoconfig.quantum.com", "quantum.com")
    servers = [WebServer("127.0.0.9", web, {"/mail/config-v1.1.xml": AUTOCONFIG.format(imap_server.port)}),
               WebServer("127.0.0.10", web, {"/autodiscover/autodiscover.xml": AUTODISCOVER.format("remote.quantum.com", imap_server.port)})]
    dns_server = serve(COMPLETE.format(imap_server.port) + "old A 127.0.0.1\nautoconfig A 127.0.0.9\n@ A 127.0.0.10\n")
    try:
        done = truename("address", "--domain", "quantum.com", "--resolver", dns_server.resolver, "--trust", web.root,
                        "--ports", ports(imap_server), "--json")
    finally:
        for server in servers:
            server.stop()
    found = json.loads(done.stdout)
    met = {(each["protocol"], each["host"]): each for each in found["meetings"]}
    assert [told["by"] for told in met["imaps", "old.quantum.com"]["told"]] == ["autoconfig"]
    assert [told["by"] for told in met["imaps", "remote.quantum.com"]["told"]] == ["users", "srv", "autodiscover"]
    assert met["https", "autoconfig.quantum.com"]["outcome"] == "silent" and met["https", "quantum.com"]["outcome"] == "silent"


@pytest.mark.skipif(os.geteuid() != 0, reason="port 443 is for root")
def test_a_web_server_with_another_certificate_is_told(serve, ask, imap_server, mended):
    server = WebServer("127.0.0.11", mended, {})
    dns_server = serve(COMPLETE.format(imap_server.port) + "@ A 127.0.0.11\n")
    try:
        code, found = ask(dns_server.resolver, "--ports", ports(imap_server))
    finally:
        server.stop()
    web = next(each for each in found["meetings"] if each["protocol"] == "https")
    assert web["host"] == "quantum.com" and web["outcome"] == "refuses" and web["names"] == ["remote.quantum.com"] and code == 1


def test_a_name_that_answers_at_no_port_is_not_set_up(serve, ask, closed_port):
    code, found = ask(serve("remote A 127.0.0.1\n@ MX 10 remote\n").resolver, "--ports", f"imaps:{closed_port}")
    assert code == 2 and found["meetings"] == []


def test_mail_that_nobody_takes_is_told(serve, ask, imap_server, closed_port):
    """The MX record leads to the name, whose port for it says no."""
    code, found = ask(serve("remote A 127.0.0.1\n@ MX 10 remote\n").resolver, "--ports", f"{ports(imap_server)},smtp:{closed_port}")
    refused = next(each for each in found["meetings"] if each["protocol"] == "smtp")
    assert code == 2 and refused["state"] == "refused" and refused["told"] == [{"by": "mx", "record": "quantum.com"}]


def test_other_addresses_of_the_name_are_told(serve, ask, imap_server):
    zone = "remote A 127.0.0.1\nremote A 127.0.0.9\nremote AAAA ::1\n@ MX 10 remote\n"
    code, found = ask(serve(zone).resolver, "--ports", ports(imap_server), "--address", "127.0.0.1")
    states = {(each["type"], *each["found"]): each["state"] for each in found["records"] if each["owner"] == "remote.quantum.com" and each["wanted"] == ""}
    assert code == 1 and states == {("A", "127.0.0.9"): "differs", ("AAAA", "::1"): "other"}


def test_files_that_are_there_are_kept(serve, ask, imap_server, mended, tmp_path):
    sends = ImapsServer(mended.certificate, mended.key)
    arguments = ("--ports", ports(imap_server, sends), "--files", tmp_path / "web")
    resolver, file = serve(COMPLETE.format(imap_server.port)).resolver, tmp_path / "web/mail.mobileconfig"
    ask(resolver, *arguments)
    ours = file.read_bytes()
    file.write_text("mine\n")
    ask(resolver, *arguments)
    sends.stop()
    assert file.with_name("mail.mobileconfig~").read_text() == "mine\n" and file.read_bytes() == ours
