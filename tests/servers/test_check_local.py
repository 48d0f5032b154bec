"""`truename check --local` on real Dovecot and Postfix: what the settings name against what the ports show."""
import json
import os
import pty
import re
import subprocess
import time

import pytest

import chains
import mailservers
from machine import BOTH, NAME, NEW, OLD, OTHER, PROGRAM, SNI, Machine, leaf

reason = mailservers.why_unavailable()
pytestmark = pytest.mark.skipif(reason is not None, reason=str(reason))


@pytest.fixture(name="machine")
def running_machine(tmp_path):
    with mailservers.MailServers() as servers:
        servers.start(*OLD, sni={SNI: OTHER})
        yield Machine(servers, tmp_path)


def check(machine, *more, which=BOTH):
    return machine.servers.run(PROGRAM, "check", "--local", *machine.where(*which), *more)


def states(machine, which):
    """The states of the servers' ports without a name, and the exit code."""
    done = check(machine, "-o", "json", which=(which,))
    report = json.loads(done.stdout)
    assert report["exit"] == done.returncode
    return {place["state"] for place in report["places"] if not place["sni"]}, done.returncode, report["places"]


def test_servers_that_serve_what_they_have_are_well(machine):
    done = check(machine)
    assert done.returncode == 0, done.stderr
    assert "imaps 127.0.0.1 port" in done.stdout and f"as {SNI}" in done.stdout
    assert "Mend" not in done.stdout


def test_dovecot_that_was_not_told_serves_the_old_one_and_the_answer_says_where(machine):
    machine.servers.write(*NEW)
    chain = machine.servers.folder / "tls" / "chain.pem"
    os.utime(chain, (time.time() - 3 * 86400 - 60,) * 2)
    found, code, places = states(machine, "dovecot")
    assert (found, code) == ({"other"}, 1)
    assert {place["state"] for place in places if place["sni"]} == {"same"}, "a name of its own has files of its own"
    text = check(machine, which=("dovecot",)).stdout
    assert "Dovecot has the new certificate since 3 days but serves the old one" in text
    lines = (machine.servers.folder / "dovecot.conf").read_text().splitlines()
    line = next(number for number, line in enumerate(lines, 1) if line.startswith("ssl_cert"))
    assert f"dovecot.conf line {line}" in text
    assert f"Mend: doveadm -c {machine.servers.folder}/dovecot.conf reload" in text


def test_two_certificates_that_read_the_same_are_told_apart(machine):
    again = chains.make_chain([NAME], "rsa2048-2")[0]
    machine.servers.write(again, NEW[1])
    text = check(machine, which=("dovecot",)).stdout
    shown = {line.rsplit("SHA-256 ", 1)[1] for line in text.splitlines() if "SHA-256" in line}
    assert len(shown) == 2, "the serial number and the dates are those of the old one"
    assert re.search(r"has the new certificate since \d+ seconds? but", text)


def test_postfix_that_was_not_told_serves_both(machine):
    """A process that lives on has the old one, each new one the new one."""
    assert machine.all_served() == {leaf(OLD)}
    machine.servers.write(*NEW)
    found, code, _ = states(machine, "postfix")
    assert "mixed" in found and found <= {"mixed", "other"}
    assert code == 1


@pytest.mark.parametrize("which", BOTH)
def test_a_pair_on_the_disk_that_does_not_fit_is_told_before_it_is_read(machine, which):
    assert machine.all_served() == {leaf(OLD)}
    machine.servers.write(NEW[0], OLD[1])
    found, code, _ = states(machine, which)
    assert code == 2
    assert found <= {"broken-on-disk", "no-tls"}
    if which == "dovecot":
        assert found == {"broken-on-disk"}
        assert "the next start or reload of Dovecot ends TLS here" in check(machine, which=(which,)).stdout


def test_a_server_that_does_not_run_is_not_judged(machine):
    machine.servers.run("doveadm", "-c", machine.servers.folder / "dovecot.conf", "stop")
    machine.servers.wait_until(lambda: not machine.servers.is_running("dovecot"), "Dovecot stops")
    found, code, _ = states(machine, "dovecot")
    assert (found, code) == ({"closed"}, 3)
    assert check(machine).returncode == 3, "a server that is down is not well because another is"


def test_a_host_beside_local_makes_no_sense(machine):
    done = check(machine, NAME)
    assert done.returncode == 64
    assert "--local" in done.stderr


# -- many names ----------------------------------------------------------------------------------------------------------------------

MANY = [f"customer{number}.example.com" for number in range(40)]
OF_ALL = (chains.make_chain([NAME, *MANY], "rsa2048-3")[0], OTHER[1])
NEW_OF_ALL = (chains.make_chain([NAME, *MANY], "rsa2048-2")[0], NEW[1])


@pytest.fixture(name="hoster", scope="module")
def machine_with_many_names(tmp_path_factory):
    """A Dovecot with files of their own for each of many names; tests change nothing that lasts."""
    with mailservers.MailServers() as servers:
        servers.start(*OF_ALL, sni={name: OF_ALL for name in MANY}, only=("dovecot",))
        yield Machine(servers, tmp_path_factory.mktemp("many"))


def test_each_of_many_names_is_asked_and_only_one_of_them_often(hoster):
    found, code, places = states(hoster, "dovecot")
    assert (found, code) == ({"same"}, 0)
    assert {place["sni"] for place in places} == {"", *MANY}
    for port in hoster.servers.ports.values():
        asked = sorted(place["connections"] for place in places if place["port"] == port)
        assert asked == [1] * len(MANY) + [8], "so many at once that every process is met"


def test_the_name_whose_files_are_newest_is_asked_often(hoster):
    """Processes from before a change have all that is older, so they are found under what was changed last."""
    file = hoster.servers.folder / "tls" / "sni7.pem"
    old = file.read_text()
    file.write_text(NEW[0])
    _, _, places = states(hoster, "dovecot")
    file.write_text(old)
    assert {place["connections"] for place in places if place["sni"] == MANY[7]} == {8}
    assert {place["state"] for place in places if place["sni"] == MANY[7]} <= {"broken-on-disk", "no-tls"}  # it may have been read meanwhile
    assert {place["state"] for place in places if place["sni"] != MANY[7]} == {"same"}


def test_what_time_does_not_suffice_for_is_said_to_be_not_asked(hoster):
    started = time.monotonic()
    done = check(hoster, "--timeout", "0.05", "-o", "json", which=("dovecot",))
    assert time.monotonic() - started < 10
    report = json.loads(done.stdout)
    assert "not-asked" in {place["state"] for place in report["places"]}
    assert done.returncode == report["exit"] == 3
    assert "not asked: the time of --timeout was over" in check(hoster, "--timeout", "0.05", which=("dovecot",)).stdout


def test_somebody_who_waits_sees_how_far_it_is(hoster):
    primary, secondary = pty.openpty()
    command = hoster.servers.inside(PROGRAM, "check", "--local", *hoster.where("dovecot"))
    with subprocess.Popen([*map(str, command)], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=secondary) as run:
        os.close(secondary)
        seen = b""
        while run.poll() is None:
            try:
                seen += os.read(primary, 65536)
            except OSError:
                break
    os.close(primary)
    assert b" of 240  asking the servers of this machine" in seen


def test_a_certificate_for_many_names_is_proved_by_no_more_than_it_takes(hoster):
    """Every name of every port, and at least eight connections at once to each port."""
    done = hoster.bring_in(NEW_OF_ALL, which=("dovecot",))
    assert done.returncode == 0, done.stderr
    questions = 2 * len(hoster.servers.ports) * (len(MANY) + 2)  # besides without a name, and as NAME, which has no entry of its own
    assert f"  {questions} connections in 2 rounds" in done.stdout
    assert hoster.certificate("undo").returncode == 0
    assert hoster.all_served(MANY[3]) == hoster.all_served()


def test_names_of_one_block_each_need_no_question_of_their_own_to_doveconf(hoster):
    calls = hoster.folder / "calls"
    hoster.stand_in("/usr/bin/doveconf", f'echo "$@" >> {calls}; exec {{real}} "$@"')
    assert check(hoster, which=("dovecot",)).returncode == 0
    hoster.servers.run("umount", "/usr/bin/doveconf")
    assert "-a" in calls.read_text() and "lname=" not in calls.read_text()


OVERLAPPING = """local_name *.example.net {
  ssl_cert = <FOLDER/tls/star.pem
  ssl_key = <FOLDER/tls/star.key
}
local_name a.example.net {
  ssl_cert = <FOLDER/tls/star.pem
  ssl_key = <FOLDER/tls/star.key
}
local_name "b.example.org c.example.org" {
  ssl_cert = <FOLDER/tls/star.pem
  ssl_key = <FOLDER/tls/star.key
}
local_name B.example.org {
  ssl_cert = <FOLDER/tls/chain.pem
  ssl_key = <FOLDER/tls/key.pem
}
"""
OF_ONE_PROTOCOL = """local_name d.example.org {
  protocol imap {
    ssl_cert = <FOLDER/tls/star.pem
    ssl_key = <FOLDER/tls/star.key
  }
}
"""


@pytest.mark.parametrize("settings", [OVERLAPPING, OF_ONE_PROTOCOL, OVERLAPPING + OF_ONE_PROTOCOL], ids=["overlapping", "protocol", "both"])
def test_what_settings_mean_is_what_dovecot_makes_of_them(tmp_path, settings):
    with mailservers.MailServers() as servers:
        servers.start(*OLD, only=("dovecot",), dovecot=settings, files={"tls/star.pem": OTHER[0], "tls/star.key": OTHER[1]})
        found, code, places = states(Machine(servers, tmp_path), "dovecot")
        assert (found, code) == ({"same"}, 0)
        assert {place["state"] for place in places} == {"same"}
        assert any(place["certificate_file"].endswith("star.pem") for place in places)
