"""`truename certificate` on real Dovecot and Postfix: a certificate is served and proved, or everything is as it was before."""
import datetime
import json
import os
import pathlib
import re
import subprocess
import threading
import time

import pytest

import chains
import mailservers
from machine import BOTH, NAME, NEW, NEW_OTHER, OLD, OTHER, PROGRAM, SNI, Machine, leaf

NEW_NAMES = (chains.make_chain([NAME, "imap.example.com"], "rsa2048-2")[0], NEW[1])
RELOADERS = {"dovecot": "/usr/bin/doveadm", "postfix": "/usr/sbin/postfix"}

reason = mailservers.why_unavailable()
pytestmark = pytest.mark.skipif(reason is not None, reason=str(reason))


@pytest.fixture(name="machine")
def running_machine(tmp_path):
    with mailservers.MailServers() as servers:
        servers.start(*OLD, sni={SNI: OTHER})
        yield Machine(servers, tmp_path)


@pytest.fixture(name="shared", scope="module")
def shared_machine(tmp_path_factory):
    """One that several tests use: each leaves it as it was."""
    with mailservers.MailServers() as servers:
        servers.start(*OLD, sni={SNI: OTHER})
        yield Machine(servers, tmp_path_factory.mktemp("shared"))


@pytest.fixture(name="untouched")
def shared_and_untouched(shared):
    """For what must not change anything."""
    before = shared.files()
    yield shared
    assert shared.files() == before
    assert shared.all_served() == {leaf(OLD)}


# -- the main way --------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("which", [("dovecot",), ("postfix",), BOTH])
def test_an_imported_certificate_is_served_and_can_be_taken_back(shared, which):
    before = shared.files()
    done = shared.bring_in(NEW, which=which)
    assert done.returncode == 0, done.stderr
    assert "proved" in done.stdout
    ports = [port for server in which for port in {"dovecot": mailservers.DOVECOT_PORTS, "postfix": mailservers.POSTFIX_PORTS}[server]]
    assert shared.all_served(ports=ports) == {leaf(NEW)}
    assert shared.all_served(SNI) == {leaf(OTHER)}, "another name keeps its certificate"
    undone = shared.certificate("undo")
    assert undone.returncode == 0, undone.stderr
    assert shared.files() == before
    assert shared.all_served() == {leaf(OLD)}


def test_a_name_with_a_place_of_its_own_is_renewed_there_alone(machine):
    done = machine.bring_in(NEW_OTHER)
    assert done.returncode == 0, done.stderr
    assert machine.all_served(SNI) == {leaf(NEW_OTHER)}, "Postfix reads a copy, which must be made anew"
    assert machine.all_served() == {leaf(OLD)}
    copy = machine.servers.folder / "postfix" / "sni.db"
    assert copy.stat().st_mode & 0o007 == 0, "private keys are in it"
    undone = machine.certificate("undo")
    assert undone.returncode == 0, undone.stderr
    assert machine.all_served(SNI) == {leaf(OTHER)}


def test_a_renewal_with_the_same_key_needs_no_key(shared):
    renewed = chains.make_chain([NAME, "imap.example.com"])[0]
    done = shared.certificate("import", shared.write("renewed.pem", renewed), *shared.where(*BOTH))
    assert done.returncode == 0, done.stderr
    assert shared.all_served() == {leaf((renewed,))}
    assert shared.certificate("undo").returncode == 0


def test_what_is_in_place_already_is_read_again_and_proved(shared):
    """What a deploy hook of certbot asks for when the settings name certbot's files: nothing to write, but the servers hold the old one."""
    shared.servers.write(*NEW)
    assert leaf(OLD) in shared.all_served()
    done = shared.bring_in(NEW)
    assert done.returncode == 0, done.stderr
    assert shared.all_served() == {leaf(NEW)}
    shared.servers.replace(*OLD)


def certbots(machine, number, pair):
    """What certbot does: files of a number in archive, and links to them in live."""
    for folder in ("archive", "live"):
        (machine.folder / folder / NAME).mkdir(parents=True, exist_ok=True)
    for name, text in (("fullchain", pair[0]), ("privkey", pair[1])):
        (machine.folder / "archive" / NAME / f"{name}{number}.pem").write_text(text)
        link = machine.folder / "live" / NAME / f"{name}.pem"
        link.unlink(missing_ok=True)
        link.symlink_to(f"../../archive/{NAME}/{name}{number}.pem")
    return machine.folder / "live" / NAME


def test_files_of_certbot_are_read_and_never_written(machine):
    live = certbots(machine, 1, OLD)
    configuration = machine.servers.folder / "dovecot.conf"
    text = configuration.read_text().replace(f"{machine.servers.folder}/tls/chain.pem", f"{live}/fullchain.pem")
    configuration.write_text(text.replace(f"{machine.servers.folder}/tls/key.pem", f"{live}/privkey.pem"))
    machine.servers.reload()
    assert machine.served("imaps") == leaf(OLD)
    refused = machine.bring_in(NEW, which=("dovecot",))
    assert refused.returncode == 65 and "certbot looks after this file" in refused.stderr
    certbots(machine, 2, NEW)
    done = machine.certificate("import", live / "fullchain.pem", "--key", live / "privkey.pem", *machine.where("dovecot"))
    assert done.returncode == 0, done.stderr
    assert machine.served("imaps") == leaf(NEW)
    assert (live / "fullchain.pem").is_symlink() and (live / "privkey.pem").is_symlink()


def test_a_dry_run_says_what_would_be_done(untouched):
    done = untouched.bring_in(NEW, "--dry-run")
    assert done.returncode == 0, done.stderr
    assert str(untouched.servers.folder / "tls" / "chain.pem") in done.stdout
    assert "Nothing was changed." in done.stdout


def test_the_record_lists_what_was_done(machine):
    assert machine.bring_in(NEW).returncode == 0
    listed = json.loads(machine.certificate("list", "--json").stdout)
    assert listed["state"] == "installed" and listed["names"] == [NAME]
    assert {entry["server"] for entry in listed["servers"]} == set(BOTH)
    assert machine.bring_in(OLD, "--force").returncode == 0
    again = machine.certificate("use", "1")
    assert again.returncode == 0, again.stderr
    assert machine.all_served() == {leaf(NEW)}
    refused = machine.certificate("use", "2", "--patience", "0.05", stop_at="rename")
    assert refused.returncode == -9
    machine.certificate("undo")
    states = [json.loads(line) for line in machine.certificate("list", "--json").stdout.splitlines()]
    assert [entry["state"] for entry in states] == ["replaced", "replaced", "installed", "undone"]
    assert [entry.get("replaced_by") for entry in states] == [3, 3, None, None]
    assert "replaced by 3" in machine.certificate("list").stdout
    assert "PRIVATE KEY" not in machine.certificate("list", "--json").stdout


def test_an_authority_of_ones_own_issues_installs_and_renews(machine):
    store, passphrase = machine.folder / "ca", machine.write("passphrase", "secret\n")
    of_authority = ["--store", store, "--passphrase-file", passphrase]
    done = machine.servers.run(PROGRAM, "ca", "init", *of_authority, "--name", "Example Mail", "--domain", "example.com")
    assert done.returncode == 0, done.stderr
    done = machine.certificate("issue", *of_authority, "--name", NAME, *machine.where(*BOTH))
    assert done.returncode == 0, done.stderr
    (first,) = machine.all_served()
    assert first not in (None, leaf(OLD))

    waiting = machine.certificate("renew", *of_authority)
    assert waiting.returncode == 0 and "not due before" in waiting.stdout, "two thirds of its time are not over"
    assert machine.all_served() == {first}
    done = machine.certificate("renew", *of_authority, "--all")
    assert done.returncode == 0, done.stderr
    (second,) = machine.all_served()
    assert second != first
    listed = [json.loads(line) for line in machine.certificate("list", "--json").stdout.splitlines()]
    assert [entry["origin"] for entry in listed] == ["issue", "issue"]
    assert machine.certificate("undo").returncode == 0
    assert machine.all_served() == {first}
    assert machine.certificate("use", "1").returncode == 0
    assert "Nothing that this authority issued" not in machine.certificate("renew", *of_authority).stdout, "it still is the authority's"


def test_a_folder_that_others_use_is_not_taken_for_the_record(machine):
    machine.state.mkdir(mode=0o755)
    machine.state.chmod(0o755)
    refused = machine.bring_in(NEW)
    assert refused.returncode == 73 and "others can enter it" in refused.stderr
    assert machine.state.stat().st_mode & 0o777 == 0o755 and not list(machine.state.iterdir())
    machine.state.rmdir()
    for command in ("list", "undo", "resume"):
        assert machine.certificate(command).returncode == 0
        assert not machine.state.exists(), "looking makes nothing"


def test_a_relative_configuration_is_undone_from_any_folder(machine):
    script = f'cd {machine.servers.folder} && exec {PROGRAM} "$@"'
    chain, key = machine.write("new.pem", NEW[0]), machine.write("new.key", NEW[1])
    done = machine.servers.run("sh", "-c", script, "sh", "certificate", "import", chain, "--key", key, "--server", "dovecot", "--config", ".",
                               "--state", machine.state)
    assert done.returncode == 0, done.stderr
    assert machine.certificate("undo").returncode == 0
    assert machine.served("imaps") == leaf(OLD)


def test_the_names_that_clients_come_to_are_judged_first(untouched, tmp_path):
    """Some programs look at the first name alone: a certificate that has the old name second is worse for them."""
    (tmp_path / "root.pem").write_text(chains.make_chain([NAME])[1])
    second = chains.make_chain(["a.example.com", NAME], "rsa2048-2")[0]
    done = untouched.bring_in((second, NEW[1]), "--trust", tmp_path / "root.pem", "--client", "outlook-2007,thunderbird")
    assert done.returncode == 65
    assert "Outlook 2007 would say more" in done.stderr


def test_the_name_of_the_place_for_everybody_comes_before_those_with_places_of_their_own(untouched):
    """It is the one that most clients come to, and the one under which programs are judged."""
    both = chains.make_chain([SNI, NAME], "rsa2048-2")[0]
    done = dry(untouched, (both, NEW[1]), which=BOTH)
    assert f"Would install the certificate for {NAME}, {SNI}" in done.stdout


def test_an_issuer_that_the_server_sends_now_is_kept(shared):
    alone = NEW[0].split("-----END CERTIFICATE-----\n")[0] + "-----END CERTIFICATE-----\n"
    assert shared.bring_in((alone, NEW[1]), which=("dovecot",)).returncode == 0
    assert (shared.servers.folder / "tls" / "chain.pem").read_text() == NEW[0]
    assert shared.certificate("undo").returncode == 0


def test_what_a_later_installation_wrote_is_told_by_its_number(shared):
    before = shared.files()
    assert shared.bring_in(NEW).returncode == 0
    assert shared.bring_in(NEW_NAMES).returncode == 0
    numbers = [json.loads(line)["number"] for line in shared.certificate("list", "--json").stdout.splitlines()][-2:]
    refused = shared.certificate("undo", numbers[0])
    assert refused.returncode == 64 and f"truename certificate undo --state {shared.state} {numbers[1]}" in refused.stderr
    for number in reversed(numbers):
        assert shared.certificate("undo", number).returncode == 0
    assert shared.files() == before


def test_nothing_is_installed_over_what_was_broken_off(shared):
    before = shared.files()
    assert shared.bring_in(NEW, stop_at="rename").returncode == -9
    refused = shared.bring_in(NEW_NAMES)
    assert refused.returncode == 64 and "was broken off" in refused.stderr
    assert f"(truename certificate resume --state {shared.state})" in refused.stderr, "as it can be pasted"
    assert shared.certificate("undo").returncode == 0
    assert shared.files() == before


# -- what is said --------------------------------------------------------------------------------------------------------------------


def dry(machine, pair, *more, which=("dovecot",)):
    done = machine.bring_in(pair, "--dry-run", *more, which=which)
    assert done.returncode == 0, done.stderr
    return done


def test_a_key_that_everybody_can_read_is_told_and_closed(shared):
    before = shared.files()
    key = shared.servers.folder / "tls" / "key.pem"
    key.chmod(0o644)
    given = shared.write("open.key", NEW[1])
    given.chmod(0o644)
    done = shared.certificate("import", shared.write("new.pem", NEW[0]), "--key", given, *shared.where("dovecot"), "-v")
    assert done.returncode == 0, done.stderr
    assert f"get at the private key in {given}: chmod 600" in done.stderr
    assert f"get at the private key in {key} (mode 0644): its mode becomes 0640." in done.stderr
    assert f"writing {key}, mode tightened: 0644 to 0640" in done.stderr
    assert shared.certificate("undo").returncode == 0
    key.chmod(0o600)
    assert shared.files() == before


def test_a_link_that_becomes_a_file_is_told(machine):
    key = machine.servers.folder / "tls" / "key.pem"
    key.rename(key.with_name("elsewhere.pem"))
    key.symlink_to("elsewhere.pem")
    done = machine.bring_in(NEW, "-v", which=("dovecot",))
    assert done.returncode == 0, done.stderr
    assert f"writing {key}, link replaced (it led to elsewhere.pem)" in done.stderr


@pytest.mark.parametrize("days,told", [(10, True), (100, True), (300, False)])
def test_a_certificate_that_ends_soon_is_installed_with_a_word_about_it(untouched, days, told):
    """Made for about two years, or less: a quarter of that counts, and two weeks."""
    soon = chains.make_chain([NAME], "rsa2048-2", datetime.datetime.utcnow().replace(microsecond=0) + datetime.timedelta(days=days))[0]
    assert ("already, in" in dry(untouched, (soon, NEW[1])).stderr) == told


def test_many_names_are_told_by_the_first_few(untouched):
    names = [NAME, *(f"customer{number}.example.com" for number in range(99))]
    done = dry(untouched, (chains.make_chain(names, "rsa2048-2")[0], NEW[1]))
    assert "Would install the certificate for mail.example.com, customer0.example.com" in done.stdout
    assert "and 95 more" in done.stdout and "customer98" not in done.stdout


def test_a_name_as_dns_writes_it_out_is_the_name(untouched):
    dry(untouched, NEW, "--name", NAME + ".")


def test_the_key_that_belongs_to_nothing_is_named(untouched):
    chain, key = untouched.write("new.pem", NEW[0]), untouched.write("other.key", OTHER[1])
    done = untouched.certificate("import", chain, "--key", key, *untouched.where("dovecot"))
    assert done.returncode == 65
    assert f"the private key in {key} belongs to none" in done.stderr


@pytest.mark.parametrize("which", BOTH)
def test_who_may_not_is_told_to_be_root(machine, which):
    chain, key = machine.write("new.pem", NEW[0]), machine.write("new.key", NEW[1])
    for path in (machine.folder, *machine.folder.parents):
        if path.stat().st_mode & 0o055 != 0o055:
            path.chmod(0o755)
    nobody = ["setpriv", "--reuid", "65534", "--regid", "65534", "--clear-groups"]
    done = machine.servers.run(*nobody, PROGRAM, "certificate", "import", chain, "--key", key, *machine.where(which), "--state", "/tmp/none")
    assert done.returncode == 65 and "Run it as root" in done.stderr


@pytest.mark.parametrize("times", [1, 2])
def test_ctrl_c_puts_everything_back_and_twice_leaves_it_as_it_is(machine, times):
    before = machine.files()
    machine.stand_in(RELOADERS["dovecot"], 'case "$*" in *reload*) exit 0;; esac; exec {real} "$@"')
    chain, key = machine.write("new.pem", NEW[0]), machine.write("new.key", NEW[1])
    command = machine.servers.inside(PROGRAM, "certificate", "import", chain, "--key", key, *machine.where("dovecot"), "--state", machine.state, "-v")
    with subprocess.Popen([*map(str, command)], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True) as run:
        for line in run.stderr:
            if "on the wire" in line:
                break
        child = subprocess.run(["pgrep", "-P", str(run.pid)], capture_output=True, text=True, check=False).stdout.split() or [str(run.pid)]
        for _ in range(times):
            subprocess.run(["kill", "-INT", child[0]], check=True)
            time.sleep(0.1)
        said = run.stderr.read()
        assert run.wait() == 130
    if times == 2:
        assert "truename certificate resume" in said and "truename certificate undo" in said
    else:
        assert "it was interrupted, and everything was put back" in said and machine.files() == before


# -- configurations of other shapes --------------------------------------------------------------------------------------------------

NO_TLS = {
    "postfix: no file is named": ("postfix", {"smtpd_tls_chain_files": "", "smtpd_tls_security_level": ""}),
    "dovecot: no file is named": ("dovecot", "ssl_cert =\nssl_key =\nssl = no\n"),
    "dovecot: switched off": ("dovecot", "ssl = no\n"),
}
TLS_PORTS = {"dovecot": ("imap", "pop3", "sieve"), "postfix": ("smtp", "submission", "submissions")}
EC, NEW_EC = ((chains.make_chain([NAME], key)[0], chains.key_pem(key)) for key in ("p256-1", "p256-2"))


@pytest.fixture(name="started")
def start_machines(tmp_path):
    """Makes machines whose servers have other settings."""
    running = []

    def start(which, settings, files=None):
        servers = mailservers.MailServers()
        running.append(servers)
        servers.start(*OLD, only=(which,), **{which: settings}, files=files)
        return Machine(servers, tmp_path)

    yield start
    for servers in running:
        servers.stop()


@pytest.mark.parametrize("which,settings", NO_TLS.values(), ids=list(NO_TLS))
def test_a_server_without_tls_gets_it_by_the_smallest_change(started, which, settings):
    machine = started(which, settings if which == "postfix" else "")
    if which == "dovecot":  # whose ports with TLS would not be there
        main = machine.servers.folder / "dovecot.conf"
        main.write_text(main.read_text() + settings)
        machine.servers.reload()
    assert machine.served(TLS_PORTS[which][0]) is None
    before = machine.files()
    shown = machine.bring_in(NEW, "--dry-run", which=(which,))
    assert "\n+" in shown.stdout and "@@" in shown.stdout, shown.stderr
    assert machine.files() == before
    done = machine.bring_in(NEW, which=(which,))
    assert done.returncode == 0, done.stderr
    assert machine.all_served(ports=TLS_PORTS[which]) == {leaf(NEW)}
    written = {path: text for path, (text, _) in machine.files().items()}
    changed = {path for path, (text, _) in before.items() if written[path] != text and "tls" not in path.parts}
    assert len(changed) == 1
    assert machine.certificate("undo").returncode == 0
    assert machine.files() == before
    assert machine.served(TLS_PORTS[which][0]) is None


def test_split_files_of_dovecot_are_written_where_they_name_them(started):
    """Included files, a quoted list of names, a path with a blank before it: Dovecot says what it makes of them, nobody else."""
    files = {
        "conf.d/10-ssl.conf": "# ours\nssl_cert = < FOLDER/tls/own.pem\nssl_key = <FOLDER/tls/own.pem\n",
        "conf.d/99-names.conf": f'local_name "{SNI} a.example" {{\n  ssl_cert = <FOLDER/tls/sni.pem\n  ssl_key = <FOLDER/tls/sni.key\n}}\n',
        "tls/own.pem": OLD[0] + OLD[1],
        "tls/sni.pem": OTHER[0],
        "tls/sni.key": OTHER[1],
    }
    machine = started("dovecot", "!include conf.d/*.conf\n", files)
    configuration = [machine.servers.folder / name for name in ("dovecot.conf", "conf.d/10-ssl.conf", "conf.d/99-names.conf")]
    before = [path.read_bytes() for path in configuration]
    assert machine.bring_in(NEW, which=("dovecot",)).returncode == 0
    assert machine.all_served() == {leaf(NEW)} and machine.all_served(SNI) == {leaf(OTHER)}
    assert (machine.servers.folder / "tls" / "own.pem").read_text() == NEW[1] + NEW[0]
    assert machine.bring_in(NEW_OTHER, which=("dovecot",)).returncode == 0
    assert machine.all_served(SNI) == {leaf(NEW_OTHER)} and machine.all_served() == {leaf(NEW)}
    assert [path.read_bytes() for path in configuration] == before, "the configuration is left alone"


HAND_EDITED = {
    "legacy names": {"smtpd_tls_chain_files": "", "smtpd_tls_cert_file": "$where/chain.pem", "smtpd_tls_key_file": "${where}/key.pem", "where": "FOLDER/tls"},
    "one file": {"smtpd_tls_chain_files": "FOLDER/tls/both.pem"},
    "key with its certificate": {"smtpd_tls_chain_files": "", "smtpd_tls_cert_file": "FOLDER/tls/both.pem"},
}


@pytest.mark.parametrize("settings", HAND_EDITED.values(), ids=list(HAND_EDITED))
def test_hand_edited_settings_of_postfix_are_taken_as_postfix_does(started, settings):
    machine = started("postfix", settings, {"tls/both.pem": OLD[1] + OLD[0]})
    main = (machine.servers.folder / "postfix" / "main.cf").read_bytes()
    assert machine.all_served() == {leaf(OLD)}
    done = machine.bring_in(NEW, which=("postfix",))
    assert done.returncode == 0, done.stderr
    assert machine.all_served() == {leaf(NEW)}
    assert (machine.servers.folder / "postfix" / "main.cf").read_bytes() == main


@pytest.mark.parametrize(
    "which,settings",
    [
        ("dovecot", "ssl_alt_cert = <FOLDER/tls/ec.pem\nssl_alt_key = <FOLDER/tls/ec.key\n"),
        ("postfix", {"smtpd_tls_chain_files": "FOLDER/tls/key.pem, FOLDER/tls/chain.pem, FOLDER/tls/ec.key, FOLDER/tls/ec.pem"}),
    ],
)
def test_of_two_kinds_of_keys_that_of_the_certificate_is_renewed(started, which, settings):
    machine = started(which, settings, {"tls/ec.pem": EC[0], "tls/ec.key": EC[1]})
    assert machine.all_served() == {leaf(EC)}
    assert machine.bring_in(NEW_EC, which=(which,)).returncode == 0
    assert machine.all_served() == {leaf(NEW_EC)}
    assert (machine.servers.folder / "tls" / "chain.pem").read_text() == OLD[0], "the other kind stays"
    done = machine.bring_in(NEW, which=(which,))
    assert done.returncode == 0, done.stderr
    assert (machine.servers.folder / "tls" / "chain.pem").read_text() == NEW[0]
    assert machine.all_served() == {leaf(NEW_EC)}


# -- what authorities send -----------------------------------------------------------------------------------------------------------


def converted(kind, folder):
    """The files that an administrator might have of NEW, and further options."""
    (folder / "c.pem").write_text(NEW[0])
    (folder / "c.key").write_text(NEW[1])
    blocks = re.findall("-----BEGIN CERTIFICATE-----.*?-----END CERTIFICATE-----\n", NEW[0], re.S)

    def openssl(*arguments):
        subprocess.run(["openssl", *map(str, arguments)], check=True, capture_output=True)

    if kind == "reversed-with-root":
        (folder / "mixed.txt").write_text("Dear customer,\r\n" + chains.make_chain([NAME])[1] + blocks[1] + "here it is:\n" + blocks[0] + NEW[1])
        return [folder / "mixed.txt"]
    if kind == "der":
        openssl("x509", "-in", folder / "c.pem", "-outform", "DER", "-out", folder / "leaf.der")
        openssl("pkcs8", "-topk8", "-nocrypt", "-in", folder / "c.key", "-outform", "DER", "-out", folder / "key.der")
        (folder / "i.pem").write_text(blocks[1])
        return [folder / "leaf.der", "--issuer", folder / "i.pem", "--key", folder / "key.der"]
    if kind == "pkcs7":
        openssl("crl2pkcs7", "-nocrl", "-certfile", folder / "c.pem", "-outform", "DER", "-out", folder / "c.p7b")
        return [folder / "c.p7b", "--key", folder / "c.key"]
    if kind == "pkcs12":
        (folder / "pass").write_text("secret\n")
        openssl("pkcs12", "-export", "-in", folder / "c.pem", "-inkey", folder / "c.key", "-passout", "pass:secret", "-out", folder / "c.p12")
        return [folder / "c.p12", "--passphrase-file", folder / "pass"]
    if kind == "bare-base64":
        (folder / "pasted").write_text("".join(blocks[0].splitlines(keepends=True)[1:-1]))
        (folder / "i.pem").write_text(blocks[1])
        return [folder / "pasted", folder / "i.pem", "--key", folder / "c.key"]
    raise ValueError(kind)


@pytest.mark.parametrize("kind", ["reversed-with-root", "der", "pkcs7", "pkcs12", "bare-base64"])
def test_whatever_form_it_comes_in_a_whole_chain_is_served(shared, tmp_path, kind):
    done = shared.certificate("import", *converted(kind, tmp_path), *shared.where("dovecot"))
    assert done.returncode == 0, done.stderr
    assert shared.served("imaps") == leaf(NEW)
    assert (shared.servers.folder / "tls" / "chain.pem").read_text() == NEW[0], "the server's own first, then its issuer, without the root"
    assert shared.certificate("undo").returncode == 0


# -- refused before anything is touched ----------------------------------------------------------------------------------------------


EXPIRED = (chains.make_chain([NAME], "rsa2048-2", datetime.datetime(2026, 3, 1))[0], NEW[1])


@pytest.mark.parametrize(
    "pair,words",
    [
        ((NEW[0], OLD[1]), "new.key belongs to none of the certificates"),
        (EXPIRED, "it ended on 2026-03-01"),
        ((chains.make_chain(["mail.example.net"], "rsa2048-2")[0], NEW[1]), "what is there now is for other names"),
        (("nothing", NEW[1]), "there is no PEM block"),
        ((NEW[0], NEW[1].replace("MII", "AAA", 1)), "it is damaged"),
    ],
)
@pytest.mark.parametrize("which", [("dovecot",), ("postfix",)])
def test_what_cannot_do_is_refused_before_anything_is_touched(untouched, which, pair, words):
    done = untouched.bring_in(pair, which=which)
    assert done.returncode == 65
    assert words in done.stderr


def test_a_name_that_the_certificate_has_not_is_refused(untouched):
    done = untouched.bring_in(NEW, "--name", "imap.example.com")
    assert done.returncode == 65
    assert "imap.example.com is not among its names" in done.stderr


def test_a_certificate_to_which_programs_would_say_more_is_refused(untouched, tmp_path):
    """The present one is silent, since its root was added; the new one is self-signed."""
    (tmp_path / "key").write_text(NEW[1])
    subprocess.run(["openssl", "req", "-x509", "-key", tmp_path / "key", "-subj", f"/CN={NAME}", "-addext", f"subjectAltName=DNS:{NAME}",
                    "-days", "100", "-out", tmp_path / "self.pem"], check=True, capture_output=True)
    (tmp_path / "root.pem").write_text(chains.make_chain([NAME])[1])
    done = untouched.bring_in(((tmp_path / "self.pem").read_text(), NEW[1]), "--trust", tmp_path / "root.pem")
    assert done.returncode == 65
    assert "would say more to it" in done.stderr and "--force" in done.stderr


# -- what goes wrong on the way ------------------------------------------------------------------------------------------------------


@pytest.fixture(name="in_one_piece")
def machine_with_one_file(tmp_path):
    """Without a working reload a process of Postfix keeps what it read when it started: of one file that is never half old, half new."""
    with mailservers.MailServers() as servers:
        servers.start(*OLD, postfix=HAND_EDITED["one file"], files={"tls/both.pem": OLD[1] + OLD[0]})
        yield Machine(servers, tmp_path)


@pytest.mark.parametrize("which", BOTH)
def test_a_reload_that_fails_is_rolled_back(in_one_piece, which):
    machine = in_one_piece
    before = machine.files()
    machine.stand_in(RELOADERS[which], 'case "$*" in *reload*) echo cannot reload >&2; exit 75;; esac; exec {real} "$@"')
    done = machine.bring_in(NEW, which=(which,))
    assert done.returncode == 2
    assert "cannot reload" in done.stderr and "every file is as it was before" in done.stdout
    assert json.loads(machine.certificate("list", "--json").stdout)["state"] == "rolled-back"
    assert machine.files() == before
    assert machine.all_served() == {leaf(OLD)}


def test_where_postfix_has_written_why_it_does_not_reload_is_told(in_one_piece):
    """Without a terminal it says nothing but to its log."""
    in_one_piece.stand_in(RELOADERS["postfix"], 'case "$*" in *reload*) {real} $1 $2 stop;; esac; exec {real} "$@"')
    done = in_one_piece.bring_in(NEW, which=("postfix",))
    assert done.returncode == 2
    assert "exit status 1" in done.stderr and "journalctl -t postfix/postfix-script" in done.stderr
    assert "postfix-script[" in in_one_piece.servers.log() and "the Postfix mail system is not running" in in_one_piece.servers.log()


@pytest.mark.parametrize("which", BOTH)
def test_a_server_that_cannot_be_told_takes_the_other_back_with_it(in_one_piece, which):
    machine = in_one_piece
    before = machine.files()
    machine.stand_in(RELOADERS[which], 'case "$*" in *reload*) echo cannot reload >&2; exit 75;; esac; exec {real} "$@"')
    done = machine.bring_in(NEW)
    assert done.returncode == 2
    assert "showed nothing but what was there before" in done.stdout
    assert machine.files() == before
    assert machine.all_served() == {leaf(OLD)}


@pytest.mark.parametrize("which", BOTH)
def test_a_reload_that_does_nothing_does_not_pass_as_proved(in_one_piece, which):
    """Postfix then serves old and new at once: each process has what it read at its start."""
    machine = in_one_piece
    before = machine.files()
    machine.stand_in(RELOADERS[which], 'case "$*" in *reload*) exit 0;; esac; exec {real} "$@"')
    done = machine.bring_in(NEW, "--patience", "2", which=(which,))
    assert done.returncode == 2
    assert "another certificate" in done.stderr
    assert machine.files() == before


def test_old_processes_are_found_under_whichever_of_many_names(tmp_path):
    """Each name is asked once, but a process that was not told shows the old one under all of them."""
    names = [f"customer{number}.example.com" for number in range(20)]
    of_all = (chains.make_chain([NAME, *names], "rsa2048-3")[0], OTHER[1])
    with mailservers.MailServers() as servers:
        # A process ends by itself when a table of the other kinds was made anew.
        settings = {"tls_server_sni_maps": "texthash:FOLDER/postfix/sni", **HAND_EDITED["one file"]}
        both = {"tls/both.pem": of_all[1] + of_all[0]}
        servers.start(*of_all, sni={name: of_all for name in names}, only=("postfix",), postfix=settings, files=both)
        machine = Machine(servers, tmp_path)
        before = machine.files()
        assert machine.all_served(names[0]) == {leaf(of_all)}, "each port has a process that waits for more"
        machine.stand_in(RELOADERS["postfix"], 'case "$*" in *reload*) exit 0;; esac; exec {real} "$@"')
        done = machine.bring_in((chains.make_chain([NAME, *names], "rsa2048-2")[0], NEW[1]), "--patience", "2", which=("postfix",))
        assert done.returncode == 2
        assert "another certificate" in done.stderr
        assert machine.files() == before


@pytest.mark.parametrize("which", BOTH)
def test_a_full_disk_leaves_all_as_it_was(machine, which):
    machine.servers.settle()  # no process of a server starts while the folder is empty
    tls = machine.servers.folder / "tls"
    saved = machine.files()
    script = f"cp -a {tls} {machine.folder}/tls && mount -t tmpfs -o size=32k tmpfs {tls} && cp -a {machine.folder}/tls/. {tls}/ && " \
             f"head -c 1M /dev/zero > {tls}/filler; ls -l {tls}"
    done = machine.servers.run("sh", "-c", script)
    assert done.returncode == 0, done.stderr
    done = machine.bring_in(NEW, which=(which,))
    assert done.returncode == 2
    assert "No space left on device" in done.stderr
    seen = machine.servers.run("sh", "-c", f"cat {tls}/key.pem {tls}/chain.pem; ls {tls}")
    assert seen.stdout.startswith(saved[tls / "key.pem"][0].decode() + saved[tls / "chain.pem"][0].decode())
    assert "truename-new" not in seen.stdout
    assert machine.all_served() == {leaf(OLD)}


@pytest.mark.parametrize("which", BOTH)
def test_a_configuration_that_does_not_parse_is_refused(machine, which):
    path = {"dovecot": machine.servers.folder / "dovecot.conf", "postfix": machine.servers.folder / "postfix" / "main.cf"}[which]
    machine.servers.settle()  # no process of a server starts while its configuration is broken
    good = path.read_text()
    path.write_text(good + "\nthis is no setting\n")
    before = machine.files()
    done = machine.bring_in(NEW, which=(which,))
    assert done.returncode == 65
    assert str(path) in done.stderr
    assert machine.files() == before
    path.write_text(good)
    assert machine.all_served() == {leaf(OLD)}


@pytest.mark.parametrize("which", BOTH)
def test_a_key_that_others_can_read_is_closed_to_them(machine, which):
    key, chain = machine.servers.folder / "tls" / "key.pem", machine.servers.folder / "tls" / "chain.pem"
    key.chmod(0o644)
    chain.chmod(0o640)
    os.chown(chain, 0, 8)
    assert machine.bring_in(NEW, which=(which,)).returncode == 0
    assert key.stat().st_mode & 0o7777 == 0o640
    assert (chain.stat().st_mode & 0o7777, chain.stat().st_gid) == (0o640, 8), "owner and mode stay"


@pytest.mark.parametrize("which", BOTH)
def test_two_runs_at_once_do_not_mix(shared, which):
    """One installs, the other says that it has to wait."""
    before = shared.files()
    results = []
    chain, key = shared.write("new.pem", NEW[0]), shared.write("new.key", NEW[1])  # once: neither run may meet half a file
    run = lambda: results.append(shared.certificate("import", chain, "--key", key, *shared.where(which)))
    threads = [threading.Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    codes = sorted(done.returncode for done in results)
    assert codes in ([0, 73], [0, 0]), [done.stderr for done in results]
    assert all("another truename is installing" in done.stderr for done in results if done.returncode == 73)
    assert shared.served({"dovecot": "imaps", "postfix": "smtp"}[which]) == leaf(NEW)
    for _ in range(codes.count(0)):
        assert shared.certificate("undo").returncode == 0
    assert shared.files() == before


def test_files_that_somebody_changed_since_are_not_overwritten_by_undo(machine):
    assert machine.bring_in(NEW).returncode == 0
    machine.servers.replace(*NEW_OTHER)
    refused = machine.certificate("undo")
    assert refused.returncode == 64
    assert "was changed since" in refused.stderr
    assert machine.certificate("undo", "--force").returncode == 0
    assert machine.all_served() == {leaf(OLD)}


# -- ended at each step --------------------------------------------------------------------------------------------------------------


STEPS = ["plan", "write", "write:2", "fsync", "rename", "rename:2", "reload", "reload:2", "probe", "record"]


@pytest.mark.parametrize("after", ["resume", "undo"])
@pytest.mark.parametrize("step", STEPS)
def test_a_run_that_was_ended_is_gone_on_with_or_taken_back(shared, step, after):
    before = shared.files()
    assert shared.bring_in(NEW, stop_at=step).returncode == -9
    done = shared.certificate(after)
    assert done.returncode == 0, done.stderr
    expected = NEW if after == "resume" else OLD
    assert shared.all_served() == {leaf(expected)}
    if after == "resume":
        assert shared.certificate("undo").returncode == 0
    assert shared.files() == before, "nothing half-written is left"


@pytest.mark.parametrize("after", ["resume", "undo"])
def test_a_run_that_was_ended_behind_postmap_is_mended_too(machine, after):
    assert machine.bring_in(NEW_OTHER, which=("postfix",), stop_at="postmap").returncode == -9
    assert machine.certificate(after).returncode == 0
    expected = NEW_OTHER if after == "resume" else OTHER
    assert machine.all_served(SNI, mailservers.POSTFIX_PORTS) == {leaf(expected)}
