"""`truename certificate --sni` on real Dovecot and Postfix: a name gets a place of its own, and nobody else notices."""
import pytest

import chains
import mailservers
from machine import BOTH, NAME, NEW, OLD, OTHER, PROGRAM, SNI, Machine, leaf

NEWCOMER = "new.example.com"
OF_NEWCOMER = (chains.make_chain([NEWCOMER], "rsa2048-4")[0], chains.key_pem("rsa2048-4"))
PORTS = {"dovecot": mailservers.DOVECOT_PORTS, "postfix": mailservers.POSTFIX_PORTS}
EC = (chains.make_chain([NAME], "p256-1")[0], chains.key_pem("p256-1"))

reason = mailservers.why_unavailable()
pytestmark = pytest.mark.skipif(reason is not None, reason=str(reason))


@pytest.fixture(name="shared", scope="module")
def shared_machine(tmp_path_factory):
    """One that several tests use: each leaves it as it was."""
    with mailservers.MailServers() as servers:
        servers.start(*OLD, sni={SNI: OTHER})
        yield Machine(servers, tmp_path_factory.mktemp("shared"))


@pytest.fixture(name="started")
def startable_machine(tmp_path):
    with mailservers.MailServers() as servers:

        def start(**how):
            servers.start(*OLD, **how)
            return Machine(servers, tmp_path)

        yield start


def leftovers(machine):
    """Files of places that were made: private keys would be in them."""
    return [path for folder in (machine.servers.folder, machine.servers.folder / "postfix") for path in folder.glob("truename*")]


@pytest.mark.parametrize(("which", "name"), [(("dovecot",), NEWCOMER), (("postfix",), NEWCOMER), (BOTH, SNI)])
def test_a_name_gets_a_place_of_its_own(shared, which, name):
    before = shared.files()
    pair = (chains.make_chain([name], "rsa2048-4")[0], OF_NEWCOMER[1])
    foretold = shared.bring_in(pair, "--sni", "--dry-run", which=which)
    assert foretold.returncode == 0 and shared.files() == before, foretold.stderr
    done = shared.bring_in(pair, "--sni", which=which)
    assert done.returncode == 0, done.stderr
    assert "proved" in done.stdout
    for server, ports in PORTS.items():
        assert shared.all_served(name, ports) == {leaf(pair if server in which else OLD)}
    assert shared.all_served() == {leaf(OLD)}, "everybody else is shown what they were shown"
    if name == NEWCOMER:
        assert ("local_name" if which == ("dovecot",) else "postmap -F") in foretold.stdout
        assert shared.all_served(SNI) == {leaf(OTHER)}
        # Renewed it goes to the same place, without being told.
        renewed = (chains.make_chain([name], "rsa2048-2")[0], NEW[1])
        assert shared.bring_in(renewed, which=which).returncode == 0
        assert shared.all_served(name, PORTS[which[0]]) == {leaf(renewed)}
        assert shared.all_served() == {leaf(OLD)} and shared.certificate("undo").returncode == 0
    undone = shared.certificate("undo")
    assert undone.returncode == 0, undone.stderr
    assert shared.files() == before and shared.all_served() == {leaf(OLD)} and not leftovers(shared)


@pytest.mark.parametrize("step", ["write:3", "rename:3", "postmap", "rename:4", "reload"])
@pytest.mark.parametrize("after", ["resume", "undo"])
def test_a_place_that_was_being_made_is_made_or_taken_away(started, step, after):
    machine = started(only=("postfix",))
    before = machine.files()
    assert machine.bring_in(OF_NEWCOMER, "--sni", which=("postfix",), stop_at=step).returncode == -9
    # Whatever was written until then: everybody is shown something, under each name.
    assert machine.all_served() == {leaf(OLD)} and machine.all_served(NEWCOMER) <= {leaf(OLD), leaf(OF_NEWCOMER)}
    done = machine.certificate(after)
    assert done.returncode == 0, done.stderr
    assert machine.all_served(NEWCOMER) == {leaf(OF_NEWCOMER if after == "resume" else OLD)}
    if after == "resume":
        assert machine.certificate("undo").returncode == 0
    assert machine.files() == before and machine.all_served() == {leaf(OLD)} and not leftovers(machine)


def test_of_two_kinds_of_keys_none_is_shown_to_who_asks_for_the_name(started):
    settings = "ssl_alt_cert = <FOLDER/tls/ec.pem\nssl_alt_key = <FOLDER/tls/ec.key\n"
    machine = started(only=("dovecot",), dovecot=settings, files={"tls/ec.pem": EC[0], "tls/ec.key": EC[1]})
    assert machine.all_served() == {leaf(EC)}, "what is preferred of two kinds"
    done = machine.bring_in(OF_NEWCOMER, "--sni", which=("dovecot",))
    assert done.returncode == 0, done.stderr
    assert machine.all_served(NEWCOMER) == {leaf(OF_NEWCOMER)} and machine.all_served() == {leaf(EC)}


def test_a_certificate_for_several_names_has_one_place(started):
    names = [NEWCOMER, "newer.example.com"]
    pair = (chains.make_chain(names, "rsa2048-4")[0], OF_NEWCOMER[1])
    machine = started()
    assert machine.bring_in(pair, "--sni").returncode == 0
    assert [machine.all_served(name) for name in [*names, NAME]] == [{leaf(pair)}, {leaf(pair)}, {leaf(OLD)}]
    # One of them alone gets its own: the other keeps what it has.
    assert machine.bring_in(OF_NEWCOMER, "--sni").returncode == 0
    assert [machine.all_served(name) for name in names] == [{leaf(OF_NEWCOMER)}, {leaf(pair)}]


def test_a_star_and_capitals_are_written_as_the_servers_look_them_up(started):
    pair = (chains.make_chain(["*.Hosts.Example.com"], "rsa2048-4")[0], OF_NEWCOMER[1])
    machine = started()
    assert machine.bring_in(pair, "--sni").returncode == 0
    assert machine.all_served("a.hosts.example.com") == {leaf(pair)} and machine.all_served() == {leaf(OLD)}
    made = sorted(leftovers(machine))
    renewed = (chains.make_chain(["*.hosts.example.com"], "rsa2048-2")[0], NEW[1])
    assert machine.bring_in(renewed, "--sni").returncode == 0
    assert machine.all_served("a.hosts.example.com") == {leaf(renewed)} and sorted(leftovers(machine)) == made, "in the same place"


def test_a_text_of_a_table_is_enough_where_postfix_reads_it(started):
    machine = started(only=("postfix",), sni={SNI: OTHER}, postfix={"tls_server_sni_maps": "texthash:FOLDER/postfix/sni"})
    done = machine.bring_in(OF_NEWCOMER, "--sni", which=("postfix",))
    assert done.returncode == 0, done.stderr
    assert machine.all_served(NEWCOMER) == {leaf(OF_NEWCOMER)} and machine.all_served(SNI) == {leaf(OTHER)}


def test_a_service_that_shows_everybody_the_same_goes_on_with_it(started):
    machine = started(only=("postfix",))
    master = machine.servers.folder / "postfix/master.cf"
    master.write_text(master.read_text().replace("-o smtpd_tls_wrappermode=yes", "-o smtpd_tls_wrappermode=yes -o tls_server_sni_maps="))
    machine.servers.reload()
    done = machine.bring_in(OF_NEWCOMER, "--sni", which=("postfix",))
    assert done.returncode == 0, done.stderr
    assert machine.served("submissions", NEWCOMER) == leaf(OLD)
    assert machine.all_served(NEWCOMER, ("smtp", "submission")) == {leaf(OF_NEWCOMER)}


def test_names_are_not_lost_with_the_text_of_a_table(started):
    """postmap would make a copy with the new name alone."""
    machine = started(only=("postfix",), sni={SNI: OTHER})
    (machine.servers.folder / "postfix/sni").unlink()
    refused = machine.bring_in(OF_NEWCOMER, "--sni", which=("postfix",))
    assert refused.returncode == 65 and "its text is not there" in refused.stderr
    assert machine.all_served(SNI) == {leaf(OTHER)}


def open_table(machine):
    """As an administrator makes one who does not think of keys: everybody may read the text, and what postmap has made of it."""
    for path in (machine.servers.folder / "postfix/sni", machine.servers.folder / "postfix/sni.db"):
        path.chmod(0o644)
    return path


def test_keys_get_into_no_copy_that_others_can_read(started):
    machine = started(only=("postfix",), sni={SNI: OTHER})
    copy = open_table(machine)
    before = machine.files()
    assert machine.bring_in(OF_NEWCOMER, "--sni", which=("postfix",)).returncode == 0
    assert copy.stat().st_mode & 0o007 == 0, "private keys are in it"
    assert machine.all_served(NEWCOMER) == {leaf(OF_NEWCOMER)} and machine.all_served(SNI) == {leaf(OTHER)}
    undone = machine.certificate("undo")
    assert undone.returncode == 0, undone.stderr
    assert machine.files() == before and machine.all_served(SNI) == {leaf(OTHER)}


def test_a_neighbour_whose_files_are_gone_goes_on_with_what_is_served(started):
    """postmap would leave its name out of the copy, and the files could not bring it back."""
    machine = started(only=("postfix",), sni={SNI: OTHER})
    (machine.servers.folder / "tls/sni0-pair.pem").rename(machine.folder / "gone")
    done = machine.bring_in(OF_NEWCOMER, "--sni", which=("postfix",))
    assert done.returncode == 2 and "skipping this entry" in done.stderr
    assert machine.all_served(SNI) == {leaf(OTHER)} and machine.all_served(NEWCOMER) == {leaf(OLD)}
    assert not list(machine.servers.folder.glob("postfix/*.truename-new*"))


@pytest.mark.parametrize("which", BOTH)
def test_a_name_beside_a_star_takes_nothing_from_it(started, which):
    star = {"dovecot": "*.example.com", "postfix": ".example.com"}[which]
    of_star = (chains.make_chain(["*.example.com"], "rsa2048-3")[0], OTHER[1])
    machine = started(only=(which,), sni={star: of_star})
    assert machine.all_served(NAME) == {leaf(of_star)} and machine.all_served("example.net") == {leaf(OLD)}
    # The commonest name there is below a star.
    of_mail = (chains.make_chain([NAME], "rsa2048-4")[0], OF_NEWCOMER[1])
    done = machine.bring_in(of_mail, "--sni", which=(which,))
    assert done.returncode == 0, done.stderr
    assert machine.all_served(NAME) == {leaf(of_mail)} and machine.all_served("imap.example.com") == {leaf(of_star)}
    # Each is renewed where it is, also by the name alone.
    renewed, renewed_star = (chains.make_chain([name], "rsa2048-2")[0] for name in (NAME, "*.example.com"))
    assert machine.bring_in((renewed, NEW[1]), "--name", NAME, which=(which,)).returncode == 0
    assert machine.all_served(NAME) == {leaf((renewed,))} and machine.all_served("imap.example.com") == {leaf(of_star)}
    done = machine.bring_in((renewed_star, NEW[1]), which=(which,))
    assert done.returncode == 0, done.stderr
    assert machine.all_served("imap.example.com") == {leaf((renewed_star,))}


def test_what_an_authority_of_ones_own_issued_by_name_is_renewed_by_name(started, tmp_path):
    machine = started(only=("dovecot",))
    (tmp_path / "passphrase").write_text("correct horse\n")
    (tmp_path / "passphrase").chmod(0o600)
    access = ["--store", tmp_path / "ca", "--passphrase-file", tmp_path / "passphrase"]
    assert machine.servers.run(PROGRAM, "ca", "init", *access, "--name", "Example").returncode == 0
    done = machine.certificate("issue", *access, "--name", NEWCOMER, "--sni", *machine.where("dovecot"))
    assert done.returncode == 0, done.stderr
    first = machine.all_served(NEWCOMER)
    # Somebody takes the place away by hand: it is made again, and everybody goes on with theirs.
    configuration = machine.servers.folder / "dovecot.conf"
    configuration.write_text(configuration.read_text().split("local_name")[0])
    machine.servers.reload()
    done = machine.certificate("renew", *access, "--all")
    assert done.returncode == 0, done.stderr
    assert machine.all_served() == {leaf(OLD)} and machine.all_served(NEWCOMER) not in (first, {leaf(OLD)})


def test_where_every_service_shows_everybody_the_same_nothing_is_said_to_be_done(started):
    machine = started(only=("postfix",))
    master = machine.servers.folder / "postfix/master.cf"
    master.write_text(master.read_text().replace("- - smtpd", "- - smtpd -o tls_server_sni_maps="))
    machine.servers.reload()
    refused = machine.bring_in(OF_NEWCOMER, "--sni", which=("postfix",))
    assert refused.returncode == 65 and "every service show everybody the same" in refused.stderr, refused.stderr


def test_where_one_server_shows_nothing_yet_it_is_named(started):
    machine = started(postfix={"smtpd_tls_chain_files": "", "smtpd_tls_security_level": ""})
    refused = machine.bring_in(OF_NEWCOMER, "--sni")
    assert refused.returncode == 65 and "Postfix: it shows nobody a certificate yet" in refused.stderr, refused.stderr


def test_a_place_that_programs_would_say_more_to_is_refused(shared):
    """Whoever types the name sees a certificate that begins with it now, and would see one that does not."""
    before = shared.files()
    second = (chains.make_chain(["a.example.com", NAME], "rsa2048-2")[0], NEW[1])
    root = shared.write("root.pem", chains.make_chain([NAME])[1])
    refused = shared.bring_in(second, "--sni", "--name", NAME, "--trust", root, "--client", "outlook-2007,thunderbird")
    assert refused.returncode == 65 and "Outlook 2007 would say more" in refused.stderr
    assert shared.files() == before
