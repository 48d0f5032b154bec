"""The wizards as people meet them: in a real terminal, with back, Ctrl-C, and a terminal that goes away."""

import json
import time

import pytest

import dns
from terminal import Terminal

DOMAIN, NAME, ADDRESS = "What stands behind the @", "By which name shall they reach", "Which address shall"
RECORDS, FILES, CONFIRM = "Who makes the records", "Where does your web server", "This is what will be done"
NAMES, SOURCE = "By which name do your users reach", "Who shall make the certificate?"


@pytest.fixture(name="server")
def dns_server(tmp_path):
    server = dns.DnsServer(tmp_path / "dns", {"quantum.com": "", "127.in-addr.arpa": "1.0.0 PTR remote.quantum.com."}, updates=True)
    yield server
    server.stop()


@pytest.fixture(name="open_terminal")
def terminals(program, tmp_path):
    """A function that runs the program in a terminal; its home folder is the test's."""
    opened = []

    def run(*arguments):
        opened.append(Terminal(tmp_path, [program, *arguments]))
        return opened[-1]

    yield run
    for terminal in opened:
        terminal.close()


@pytest.fixture(name="address")
def address_command(server, imaps):
    return ["address", "--resolver", server.resolver, "--ports", f"imaps:{imaps.port}"]


def answers(tmp_path, wizard):
    file = tmp_path / ".local/state/truename" / f"wizard-{wizard}"
    return dict(line.split(" ", 1) for line in file.read_text().splitlines()[1:]) if file.exists() else {}


def test_the_address_from_the_first_question_to_records_in_the_zone(open_terminal, address, server, tmp_path):
    terminal = open_terminal(*address)
    terminal.answer(DOMAIN, "quantum.com")
    assert "remote.quantum.com" in terminal.wait_for(NAME)
    terminal.answer(NAME)
    terminal.answer(ADDRESS, "127.0.0.1")
    terminal.answer(RECORDS, "2")
    terminal.answer("Which name server takes changes?", server.resolver)
    terminal.answer("In which file is the key", str(server.update_key))
    terminal.answer(FILES)
    shown = terminal.wait_for(CONFIRM)
    assert f"$ truename address --domain quantum.com --prefix remote --resolver {server.resolver}" in terminal.wait_for(f"--update {server.resolver}")
    assert "Added" not in shown
    terminal.answer(CONFIRM)
    seen = terminal.wait_for("looks again")
    assert "Added remote.quantum.com. IN A 127.0.0.1" in seen and "there    remote.quantum.com." in seen
    terminal.answer("looks again", "q")
    assert terminal.exit_code() in (1, 2)
    assert answers(tmp_path, "address")["domain"] == "quantum.com"  # it is not done yet


def test_records_that_are_made_by_hand_are_looked_for_again(open_terminal, address, server, program, truename):
    terminal = open_terminal(*address)
    for question, text in ((DOMAIN, "quantum.com"), (NAME, ""), (ADDRESS, "127.0.0.1"), (RECORDS, ""), (FILES, ""), (CONFIRM, "")):
        terminal.answer(question, text)
    assert "remote.quantum.com. IN A 127.0.0.1" in terminal.wait_for("looks again")
    truename(*address, "--domain", "quantum.com", "--address", "127.0.0.1", "--update", server.resolver, "--update-key", server.update_key)
    terminal.answer("looks again")
    terminal.wait_for("there    remote.quantum.com.")
    terminal.wait_for_prompt()
    terminal.type("q")
    terminal.exit_code()


def test_back_shows_what_was_answered(open_terminal, address):
    terminal = open_terminal(*address)
    terminal.answer(DOMAIN, "wrong.example")
    terminal.answer(NAME, "<")
    terminal.wait_for("Enter takes wrong.example")
    terminal.wait_for_prompt()
    terminal.type("quantum.com")
    terminal.wait_for("1  remote.quantum.com")


def test_answers_that_make_no_sense_are_asked_again(open_terminal, address):
    terminal = open_terminal(*address)
    terminal.answer(DOMAIN, "localhost")
    terminal.wait_for('"localhost" has no dot')
    terminal.wait_for_prompt()
    terminal.type("quantum.com")
    terminal.answer(NAME, "9 9")
    terminal.wait_for('"9 9" is no first part of a name')


@pytest.mark.parametrize("end", ["C-c", "C-d", "q", "gone"])
def test_nothing_is_lost_whatever_ends_it(open_terminal, address, tmp_path, end):
    first = open_terminal(*address)
    first.answer(DOMAIN, "quantum.com")
    first.answer(NAME, "mail")
    first.wait_for(ADDRESS)
    first.wait_for_prompt()
    if end == "gone":
        first.close()
        time.sleep(0.3)
    else:
        first.press(end) if end != "q" else first.type("q")
        assert first.exit_code() == (0 if end == "q" else 130)
        first.close()
    assert answers(tmp_path, "address") == {"domain": "quantum.com", "prefix": "mail"}
    again = open_terminal(*address)
    seen = again.wait_for(ADDRESS)
    assert "You go on where you were" in seen and "mail.quantum.com" in seen and DOMAIN not in seen


def test_a_request_for_the_name_that_users_type(open_terminal, tmp_path):
    terminal = open_terminal("certificate", "--state", tmp_path / "state", "--server", "dovecot", "--config", tmp_path)
    terminal.answer(NAMES, "remote.quantum.com")
    terminal.answer(SOURCE, "3")
    terminal.wait_for("$ truename certificate request --name remote.quantum.com")
    assert not (tmp_path / "state").exists()
    terminal.answer(CONFIRM)
    assert terminal.exit_code() == 0
    assert "BEGIN CERTIFICATE REQUEST" in (tmp_path / "state/requests/remote.quantum.com/request.pem").read_text()


def test_where_names_would_be_put_in_order_one_certificate_for_each_is_proposed(open_terminal, tmp_path):
    """The first for everybody, the other one for who asks for it."""
    terminal = open_terminal("certificate", "--state", tmp_path / "state", "--server", "dovecot", "--config", tmp_path)
    terminal.answer(NAMES, "remote.quantum.com imap.quantum.com")
    terminal.answer(SOURCE)
    terminal.answer("Which authority?")
    assert "puts names in alphabetical order" in terminal.wait_for("Order one certificate for each name?")
    terminal.answer("Order one certificate for each name?")
    terminal.answer("How can the authority see")
    terminal.answer("On which port")
    terminal.wait_for(CONFIRM)
    terminal.wait_for_prompt()
    shown = terminal.seen().split(CONFIRM)[1]
    assert shown.count("$ truename certificate order") == 2 and shown.count("--sni") == 1
    assert shown.index("--name remote.quantum.com") < shown.index("--sni") < shown.index("--name imap.quantum.com")
    # There is no Dovecot, so that it would not go well: Enter alone does not do it.
    terminal.answer("It would not go well.")
    terminal.answer("<, q or yes.", "q")
    assert terminal.exit_code() == 0 and not (tmp_path / "state").exists()


def test_without_a_mail_server_only_a_request_is_offered(truename, tmp_path):
    asked = page_after(truename, tmp_path, "names=remote.quantum.com", command=("certificate",))
    assert [each["value"] for each in asked["page"]["choices"]] == ["request"] and "--server dovecot" in asked["page"]["text"][-1]


def page_after(truename, tmp_path, *answers, command=("address",), code=0):
    given = [word for answer in answers for word in ("--answer", answer)]
    done = truename(*command, "--page", *given, env={"HOME": str(tmp_path)})
    assert done.returncode == code, done.stderr
    return json.loads(done.stdout)


def test_a_program_is_given_the_same_pages(truename, tmp_path, server):
    """What a web page would do: answer each page by what it suggests, until there is something to do."""
    command = ("address", "--resolver", server.resolver)
    asked, answers = page_after(truename, tmp_path, command=command), ["domain=quantum.com"]
    assert asked["page"]["id"] == "domain" and asked["page"]["takes_text"] and asked["wrong"] is None and asked["steps"] == []
    while (asked := page_after(truename, tmp_path, *answers, command=command))["page"]:
        assert len(answers) < 12 and asked["page"]["title"]
        answers.append(asked["page"]["id"] + "=")
    assert asked["answers"]["domain"] == "quantum.com" and asked["answers"]["prefix"] == "remote"
    command = asked["steps"][-1]["command"]
    assert command[:5] == ["address", "--domain", "quantum.com", "--prefix", "remote"] and server.resolver in command
    assert not (tmp_path / ".local").exists()  # nothing is kept


def test_a_program_is_told_which_answer_is_wrong(truename, tmp_path):
    asked = page_after(truename, tmp_path, "names=mail.example.com", "source=tea", command=("certificate",), code=64)
    assert asked["page"]["id"] == "source" and "none of these" in asked["wrong"] and asked["answers"] == {"names": "mail.example.com"}
    asked = page_after(truename, tmp_path, "source=own", command=("certificate",), code=64)
    assert asked["page"]["id"] == "names" and '"names" is asked now' in asked["wrong"]
    done = truename("certificate", "--page", "--answer", "names")
    assert done.returncode == 64 and "has no =" in done.stderr


@pytest.mark.parametrize("command", ["address", "certificate"])
def test_without_a_terminal_nothing_is_asked(truename, command):
    done = truename(command, stdin="quantum.com\n")
    assert done.returncode == 64 and ">" not in done.stdout
