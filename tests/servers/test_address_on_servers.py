"""The name that users type, asked of a real DNS server and real mail servers, and given to these."""
import json
import pathlib
import smtplib
import sys

import pytest

import mailservers
from machine import BOTH, NAME, OLD, PROGRAM, Machine

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "cli"))
import dns  # noqa: E402
from terminal import Terminal  # noqa: E402

reason = mailservers.why_unavailable()
pytestmark = pytest.mark.skipif(reason is not None, reason=str(reason))


@pytest.fixture(name="machine")
def machine_with_servers(tmp_path):
    with mailservers.MailServers() as servers:
        servers.start(*OLD)
        yield Machine(servers, tmp_path)


def ports(servers):
    return {name: servers.ports[name] for name in ("imaps", "imap", "pop3s", "submissions", "submission", "smtp") if name in servers.ports}


def address(machine, *arguments):
    return machine.servers.run(PROGRAM, "address", "--domain", "example.com", "--prefix", "mail", "--state", machine.state,
                               *machine.where(*BOTH), *arguments)


def greeting(machine):
    with smtplib.SMTP("127.0.0.1", machine.servers.ports["smtp"], timeout=20) as client:
        return client.ehlo()[1].decode().split()[0]


def configurations(machine):
    return {path: path.read_bytes() for path in (machine.servers.folder / "postfix" / "main.cf", machine.servers.folder / "dovecot.conf")}


def test_everything_about_a_name_is_seen(machine, tmp_path):
    asked = ports(machine.servers)
    records = "mail A 127.0.0.1\n@ MX 10 mail\n" + "".join(
        f"_{name}._tcp SRV 0 1 {port} mail\n" for name, port in asked.items() if name in ("imaps", "pop3s", "submissions", "submission"))
    server = dns.DnsServer(tmp_path / "dns", {"example.com": records, "127.in-addr.arpa": f"1.0.0 PTR {NAME}."})
    try:
        done = address(machine, "--resolver", server.resolver, "--ports", ",".join(f"{name}:{port}" for name, port in asked.items()), "--json")
    finally:
        server.stop()
    found = json.loads(done.stdout)
    assert {each["state"] for each in found["records"]} == {"there"}, found["records"]
    typed = {each["protocol"]: each for each in found["meetings"] if {"by": "users", "record": ""} in each["told"]}
    assert typed.keys() == asked.keys() and all(each["names"] == [NAME] and each["state"] == "judged" for each in typed.values())


def test_servers_get_the_name_and_give_it_back(machine):
    before, greeted = configurations(machine), greeting(machine)
    assert greeted != NAME
    shown = address(machine, "--dry-run")
    assert shown.returncode == 0 and f"+myhostname = {NAME}" in shown.stdout and f"+hostname = {NAME}" in shown.stdout
    assert configurations(machine) == before
    served = machine.all_served()
    done = address(machine, "--set-up", "--resolver", "127.0.0.1:1", "--timeout", "1")
    assert f"have the name {NAME} now" in done.stderr, done.stderr
    assert greeting(machine) == NAME and machine.all_served() == served
    assert "a host's name" in machine.certificate("list").stdout
    again = address(machine, "--set-up", "--resolver", "127.0.0.1:1", "--timeout", "1")
    assert f"have the name {NAME} already" in again.stderr
    undone = machine.certificate("undo")
    assert undone.returncode == 0 and configurations(machine) == before and greeting(machine) == greeted
    assert machine.all_served() == served


def test_a_configuration_that_the_server_would_not_take_is_put_back(machine):
    main = machine.servers.folder / "dovecot.conf"
    main.write_text(main.read_text() + "\nno_such_setting = 1\n")
    before = configurations(machine)
    done = address(machine, "--set-up")
    assert done.returncode not in (0, 1) and configurations(machine) == before


def test_the_wizard_makes_an_authority_and_installs_what_it_issues(machine, tmp_path):
    passphrase = tmp_path / "passphrase"
    passphrase.write_text("correct horse\n")
    passphrase.chmod(0o600)
    before = machine.all_served()
    command = machine.servers.inside(PROGRAM, "certificate", "--state", machine.state, *machine.where(*BOTH))
    terminal = Terminal(tmp_path, command)
    try:
        terminal.answer("By which name do your users reach", NAME)
        terminal.answer("Who shall make the certificate?", "2")
        terminal.answer("In which folder is your authority?", str(tmp_path / "ca"))
        terminal.answer("What is it called?", "Example")
        terminal.answer("In which file is its passphrase?", str(passphrase))
        shown = terminal.wait_for("This is what will be done")
        assert machine.all_served() == before and not (tmp_path / "ca").exists()
        terminal.answer("This is what will be done")
        code, shown = terminal.exit_code(), terminal.seen()
    finally:
        terminal.close()
    assert code == 0 and f"Installed for {NAME}" in shown and "proved" in shown
    after = machine.all_served()
    assert len(after) == 1 and None not in after and after != before
