"""What `truename certificate` says of servers that it was not asked to tell, and what a dry run and JSON show."""
import http.server
import json
import subprocess
import threading

import pytest

import chains
import mailservers
from machine import BOTH, NAME, NEW, OLD, OTHER, PROGRAM, SNI, Machine

reason = mailservers.why_unavailable()
pytestmark = pytest.mark.skipif(reason is not None, reason=str(reason))


@pytest.fixture(name="machine", scope="module")
def machine_with_postfix_installed(tmp_path_factory):
    """Postfix is where Debian has it, so that it is found without being named."""
    with mailservers.MailServers() as servers:
        servers.start(*OLD, sni={SNI: OTHER})
        etc = servers.folder / "etc"
        etc.mkdir()
        (etc / "postfix").symlink_to(servers.folder / "postfix")
        done = servers.run("mount", "-t", "overlay", "overlay", "-o", f"ro,lowerdir={etc}:/etc", "/etc")
        assert done.returncode == 0, done.stderr
        yield Machine(servers, tmp_path_factory.mktemp("beside"))


@pytest.fixture(name="authority", scope="module")
def authority_of_ones_own(machine):
    passphrase = machine.write("passphrase", "secret\n")
    passphrase.chmod(0o600)
    options = ["--store", machine.folder / "ca", "--passphrase-file", passphrase]
    done = machine.servers.run(PROGRAM, "ca", "init", *options, "--name", "Example Mail", "--domain", "example.com")
    assert done.returncode == 0, done.stderr
    return options


# -- servers that are not told --------------------------------------------------------------------------------------------------------


def test_a_server_that_reads_the_same_files_and_is_not_told_is_named_before_anything_is_done(machine):
    before = machine.files()
    tls = machine.servers.folder / "tls"
    done = machine.bring_in(NEW, "--dry-run", "--json", which=("dovecot",))
    assert done.returncode == 0, done.stderr
    plan = json.loads(done.stdout)
    (also,) = plan["also_named"]
    assert (also["server"], also["config"]) == ("postfix", "/etc/postfix")
    assert set(also["files"]) == {str(tls / "chain.pem"), str(tls / "key.pem")}
    assert also["setting"] == "smtpd_tls_chain_files" and also["set_in"].startswith("/etc/postfix/main.cf line ")
    assert also["reload"] == "postfix reload"
    sentence = f"reads {also['files'][0]} and {also['files'][1]} too, and is not told"
    assert sentence in done.stderr and "--server postfix --config /etc/postfix." in done.stderr
    assert plan["state"] == "planned" and {file["change"] for file in plan["files"]} == {"replaced"}
    assert machine.files() == before

    done = machine.bring_in(NEW, "--json", which=("dovecot",))
    assert done.returncode == 0, done.stderr
    outcome = json.loads(done.stdout)
    assert outcome["state"] == "installed" and outcome["proved"] and outcome["names"] == [NAME]
    assert [each["server"] for each in outcome["also_named"]] == ["postfix"]
    assert machine.certificate("undo").returncode == 0
    machine.servers.reload()


def test_a_server_that_has_other_files_is_not_mentioned(machine):
    other_pair = (chains.make_chain([SNI], "rsa2048-4")[0], chains.key_pem("rsa2048-4"))
    done = machine.bring_in(other_pair, "--dry-run", "--json", which=("dovecot",))
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["also_named"] == [] and "not told" not in done.stderr


def test_both_together_leave_nobody_out(machine):
    done = machine.bring_in(NEW, "--dry-run", "--json", which=BOTH)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["also_named"] == [], "/etc/postfix is the same folder by a link"


def test_other_instances_of_a_server_are_said_to_be_left_alone(machine):
    out = machine.servers.folder / "postfix-out"
    out.mkdir(exist_ok=True)
    main = machine.servers.folder / "postfix" / "main.cf"
    text = main.read_text()
    (out / "main.cf").write_text(text.replace("smtpd_tls_chain_files", "#") + f"queue_directory = {machine.servers.folder}/queue-out\n")
    (out / "master.cf").write_text("")
    main.write_text(text + f"multi_instance_directories = {out}\n")
    done = machine.bring_in(NEW, "--dry-run", which=("postfix",))
    checked = machine.servers.run(PROGRAM, "check", "--local", *machine.where("postfix"))
    main.write_text(text)
    said = f"Postfix has an instance in {out}, which is left alone: --server postfix --config {out} names it."
    assert said in done.stderr, done.stderr
    assert f"Not asked: {said}" in checked.stdout


# -- a dry run of what would be issued -------------------------------------------------------------------------------------------------


def test_a_dry_run_of_issuing_names_the_files_and_issues_nothing(machine, authority):
    before = machine.files()
    done = machine.certificate("issue", *authority, "--name", NAME, *machine.where("dovecot"), "--dry-run")
    assert done.returncode == 0, done.stderr
    assert f"Would issue and install a certificate for {NAME}" in done.stdout
    assert f"{machine.servers.folder}/tls/chain.pem  replaced" in done.stdout and "Nothing was changed." in done.stdout
    assert machine.servers.run(PROGRAM, "ca", "list", *authority[:2]).stdout.count(NAME) == 0
    assert machine.files() == before


def test_a_dry_run_shows_what_the_first_certificate_of_an_authority_would_change(machine, tmp_path):
    """The questions show it before they have the authority made."""
    before = machine.files()
    new = ["--store", tmp_path / "none-yet", "--passphrase-file", tmp_path / "passphrase"]
    done = machine.certificate("issue", *new, "--name", NAME, *machine.where("dovecot"), "--dry-run")
    assert done.returncode == 0 and f"There is no authority in {tmp_path}/none-yet yet" in done.stderr, done.stderr
    assert f"{machine.servers.folder}/tls/chain.pem  replaced" in done.stdout and "Nothing was changed." in done.stdout
    assert machine.files() == before and not (tmp_path / "none-yet").exists()


def test_a_dry_run_of_renewing_names_the_files_and_renews_nothing(machine, authority):
    done = machine.certificate("issue", *authority, "--name", NAME, *machine.where("dovecot"))
    assert done.returncode == 0, done.stderr
    before = machine.files()
    done = machine.certificate("renew", *authority, "--all", "--dry-run", "--json")
    assert done.returncode == 0, done.stderr
    plan = json.loads(done.stdout)
    assert plan["issues"] and str(machine.servers.folder / "tls" / "key.pem") in {file["path"] for file in plan["files"]}
    assert machine.files() == before
    assert machine.servers.run(PROGRAM, "ca", "list", *authority[:2]).stdout.count(NAME) == 1
    assert machine.certificate("undo").returncode == 0


# -- a chain that is completed from the network ----------------------------------------------------------------------------------------


END = "-----END CERTIFICATE-----\n"


def blocks(text):
    """The certificates in a text, without their first and last lines."""
    return [part.split("-----END")[0].strip() for part in text.split("-----BEGIN CERTIFICATE-----")[1:]]


def with_issuer_address(url):
    """A leaf whose issuer is at `url`, without it; with it; the issuer in DER."""
    whole, _ = chains.make_chain([NAME], "rsa2048-2", issuer_url=url)
    alone, issuer = [part + END for part in whole.split(END)[:2]]
    der = subprocess.run(["openssl", "x509", "-outform", "DER"], input=issuer.encode(), capture_output=True, check=True).stdout
    return alone, whole, der


class WebServer:
    """Serves one file at any path of a loopback address, and notes what is asked."""

    def __init__(self, body):
        asked = self.asked = []

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                asked.append(self.path)
                self.send_response(200)
                self.send_header("Content-Length", str(len(body())))
                self.end_headers()
                self.wfile.write(body())

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/issuer.der"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()


def test_a_chain_that_was_sent_without_its_issuer_is_completed_and_served_as_a_whole(tmp_path):
    files = {}
    web = WebServer(lambda: files["issuer"])
    alone, whole, files["issuer"] = with_issuer_address(web.url)
    with mailservers.MailServers() as servers:
        servers.start(OLD[0].split(END)[0] + END, OLD[1], only=("dovecot",))  # the server does not have the issuer either
        machine = Machine(servers, tmp_path)
        done = machine.bring_in((alone, chains.key_pem("rsa2048-2")), which=("dovecot",))
        web.server.shutdown()
        assert done.returncode == 0, done.stderr
        assert web.asked == ["/issuer.der"]
        assert "1 issuer found elsewhere and added" in done.stderr
        command = ["openssl", "s_client", "-connect", f"127.0.0.1:{servers.ports['imaps']}", "-servername", NAME, "-showcerts"]
        shown = subprocess.run(command, input="", capture_output=True, text=True, check=False, timeout=20).stdout
        assert blocks(shown) == blocks(whole), "the leaf and the issuer that was fetched"
        assert (servers.folder / "tls" / "chain.pem").read_text() == whole
