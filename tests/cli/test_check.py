"""truename check: what goes in, what comes out, and what happens when something is wrong."""

import json
import os
import re
import signal
import socket
import ssl
import subprocess
import sys

import pytest

from conftest import ImapsServer
from waiting import wait_until

MENDED = "127.0.0.1"


@pytest.fixture
def check(truename, imaps, issued):
    """Checks the server of the story under its public name."""

    def run(*arguments, **more):
        return truename("check", "remote.example.com", "--connect", MENDED, "--ports", f"imaps:{imaps.port}", *arguments, **more)

    return run


def verdicts(report):
    return {verdict["client"]: verdict["outcome"] for verdict in report["verdicts"]}


def test_the_story_of_2008(check, issued):
    run = check("--trust", issued.root, "-o", "json")
    assert run.returncode == 1, run.stderr
    report = json.loads(run.stdout)
    assert report["exit"] == 1
    outcome = verdicts(report)
    assert outcome["outlook-2007"] == "warns"
    assert outcome["outlook-2003"] == "silent"
    assert outcome["thunderbird"] == "silent"
    dialog = next(verdict["dialog"] for verdict in report["verdicts"] if verdict["client"] == "outlook-2007")
    assert "The target principal name is incorrect." in dialog["lines"]


def test_text_says_who_has_to_act_first_and_the_words_of_the_dialog(check, issued):
    run = check("--trust", issued.root)
    assert run.returncode == 1
    assert "The target principal name is incorrect." in run.stdout
    assert run.stdout.split("\n")[0].endswith(".")
    assert "\x1b" not in run.stdout
    assert run.stderr == ""


def test_only_the_clients_that_are_named_are_judged(check, issued):
    run = check("--trust", issued.root, "--client", "outlook-2003, thunderbird", "-o", "json")
    assert run.returncode == 0
    assert set(verdicts(json.loads(run.stdout))) == {"outlook-2003", "thunderbird"}


def test_without_the_root_somebody_minds(check):
    run = check("--trust", "none", "-o", "json")
    assert run.returncode in (1, 2)
    assert run.returncode == json.loads(run.stdout)["exit"]


def test_a_time_in_the_future_is_judged(check, issued):
    run = check("--trust", issued.root, "--at", "2031-01-01", "-o", "json")
    assert run.returncode in (1, 2)
    report = json.loads(run.stdout)
    assert report["at"] == "2031-01-01T00:00:00Z"
    assert any(finding["id"] == "validity.expired" for finding in report["findings"])


def test_a_folder_of_roots_is_trusted_as_its_files_are(check, issued, tmp_path):
    (tmp_path / "root.pem").write_bytes(issued.root.read_bytes())
    assert check("--trust", tmp_path).returncode == 1


def test_several_outputs_at_once_say_the_same(check, issued, tmp_path):
    page, line, status = tmp_path / "page.html", tmp_path / "line.jsonl", tmp_path / "status"
    run = check("--trust", issued.root, "-o", "text", "-o", f"html={page}", "-o", f"jsonl={line}", "-o", f"nagios={status}")
    assert run.returncode == 1
    assert "target principal name" in run.stdout
    assert "target principal name" in page.read_text() and "<script" not in page.read_text()
    assert json.loads(line.read_text())["exit"] == 1
    assert status.read_text().count("\n") == 1 and "WARNING" in status.read_text()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["line.jsonl", "page.html", "status"]


def test_saved_evidence_gives_the_same_report_without_a_network(check, truename, issued, imaps, tmp_path):
    saved = tmp_path / "evidence.json"
    first = check("--trust", issued.root, "-o", "json", "--save", saved)
    connections = imaps.connections
    again = truename("replay", saved, "--trust", issued.root, "-o", "json")
    assert imaps.connections == connections
    assert again.returncode == first.returncode == 1
    assert json.loads(again.stdout) == json.loads(first.stdout)


def test_one_connection_for_one_endpoint(check, issued, imaps):
    before = imaps.connections
    report = json.loads(check("--trust", issued.root, "-o", "json").stdout)
    assert imaps.connections - before == 1
    assert report["connections"] == 1


# ---- bad input

@pytest.mark.parametrize(
    "arguments, says",
    [
        (["check"], "HOST|URL is missing"),
        (["check", "host.example", "--at", "yesterday"], '"yesterday" is no time'),
        (["check", "host.example", "--at", "2026-13-01"], '"2026-13-01" is no time'),
        (["check", "host.example", "--ports", "imapz"], "imapz"),
        (["check", "host.example", "--ports", "imaps:99999"], "99999"),
        (["check", "host.example", "--starttls", "imap"], "names none"),
        (["check", "imap://host.example", "--ports", "imaps:10993"], "imap://host.example names its own"),
        (["check", "host.example:993", "--ports", "submission"], "Write the name alone: host.example"),
        (["check", "host.example", "--connect", "nowhere"], "nowhere"),
        (["check", "host.example", "--resolve", "a"], "--resolve"),
        (["check", "host.example", "--fetch", "always"], "always"),
        (["check", "host.example", "--timeout", "soon"], '"soon" is no number of seconds'),
        (["check", "host.example", "--timeout", "nan"], "is no number of seconds"),
        (["check", "host.example", "--require", "impas"], "Did you mean imaps?"),
        (["check", "host.example", "-o", "jsn"], "Did you mean json?"),
        (["check", "host.example", "-o", "html="], "file's name is missing"),
        (["check", "host.example", "-o", "text", "-o", "json"], "two formats would go to standard output"),
        (["check", "a.example", "b.example", "-o", "json"], "Use -o jsonl"),
        (["check", "host.example", "--client", "outlok-2007"], "outlook-2007"),
        (["check", "gopher://host.example"], "gopher"),
        (["check", "a b.example"], "a b.example"),
        (["check", "host.example:0"], "0"),
    ],
)
def test_a_mistake_is_64_and_asks_nobody(truename, arguments, says):
    run = truename(*arguments)
    assert run.returncode == 64, run.stderr
    assert run.stdout == ""
    assert says in run.stderr


def test_a_root_file_that_is_missing_is_66(truename):
    run = truename("check", "host.example", "--trust", "/nonexistent/root.pem")
    assert run.returncode == 66
    assert "/nonexistent/root.pem" in run.stderr


def test_a_pem_of_keys_only_is_no_root_and_the_key_is_not_shown(truename, issued):
    run = truename("check", "host.example", "--trust", issued.key)
    assert run.returncode == 65
    assert "key" in run.stderr
    body = issued.key.read_text().splitlines()[1]
    assert body not in run.stderr


def test_a_name_that_does_not_resolve_is_not_judged(truename):
    run = truename("check", "no-such-host.invalid", "-o", "json", "--timeout", "10")
    assert run.returncode == 3, run.stderr
    report = json.loads(run.stdout)
    assert report["exit"] == 3 and report["endpoints"] == []
    assert "no-such-host.invalid" in truename("check", "no-such-host.invalid", "--timeout", "10").stdout


def test_a_closed_port_is_not_judged_unless_it_is_required(truename, closed_port):
    arguments = ["check", "mail.example", "--connect", "127.0.0.1", "--ports", f"imaps:{closed_port}", "-o", "json"]
    run = truename(*arguments)
    assert run.returncode == 3, run.stderr
    assert [endpoint["state"] for endpoint in json.loads(run.stdout)["endpoints"]] == ["refused"]
    assert truename(*arguments, "--require", "imaps").returncode == 2


def test_a_required_service_that_is_missing_is_named_in_the_first_line(truename, issued, closed_port, imaps):
    one = f"imaps:{imaps.port}"
    words = ["check", "remote.example.com", "--connect", MENDED, "--trust", issued.root, "--client", "thunderbird", "--ports"]
    assert truename(*words, one, "--require", "imaps").returncode == 0
    for ports, says in ((f"{one},submission:{closed_port}", "submission is required and nothing listens there"),
                        (one, "submission is required and was not asked")):
        run = truename(*words, ports, "--require", "imaps,submission", "-o", "nagios")
        assert run.returncode == 2
        assert run.stdout.startswith("TRUENAME CRITICAL") and says in run.stdout and "Nobody" not in run.stdout


@pytest.mark.parametrize("beside_a_good_one", [False, True])
def test_a_port_that_insists_on_client_certificates_is_critical_though_its_own_is_good(truename, issued, imaps, beside_a_good_one):
    server = ImapsServer(issued.certificate, issued.key)
    server.context.verify_mode = ssl.CERT_REQUIRED
    server.context.load_verify_locations(issued.root)
    ports = f"imaps:{server.port}" + (f",imaps:{imaps.port}" if beside_a_good_one else "")
    try:
        run = truename("check", "remote.example.com", "--connect", MENDED, "--trust", issued.root, "--client", "thunderbird,outlook-365",
                       "--ports", ports, "-o", "nagios")
    finally:
        server.stop()
    assert run.returncode == 2
    assert run.stdout.startswith("TRUENAME CRITICAL") and "has to act" in run.stdout


def test_verbose_says_what_is_asked_and_answered(check, imaps, issued):
    run = check("--trust", issued.root, "-o", "json", "-v")
    json.loads(run.stdout)
    endpoint = f"imaps:{imaps.port}@{MENDED}"
    lines = run.stderr.splitlines()
    at = [next((i for i, line in enumerate(lines) if text in line), None) for text in (
        f"remote.example.com: address {MENDED}", f"asking {endpoint}", f"{endpoint}: judged, 1 certificate", "done, 1 connection", "judged 1 chain with")]
    assert None not in at and at == sorted(at), run.stderr
    assert check("--trust", issued.root).stderr == ""


def test_a_server_that_says_nothing_ends_with_the_deadline(truename, silent_port):
    run = truename("check", "mail.example", "--connect", "127.0.0.1", "--ports", f"imap:{silent_port}", "--timeout", "0.5", "-o", "json")
    assert run.returncode == 3, run.stderr
    assert json.loads(run.stdout)["endpoints"][0]["state"] in ("timeout", "limited")


def test_an_output_that_cannot_be_written_is_73_before_anybody_is_asked(check, imaps):
    before = imaps.connections
    for option in (["-o", "html=/nonexistent/page.html"], ["--save", "/nonexistent/evidence"], ["-o", "json=/proc/version"]):
        run = check(*option)
        assert run.returncode == 73, run.stderr
        assert option[1].split("=")[-1] in run.stderr
    assert imaps.connections == before


def test_a_full_disk_is_73(check):
    run = check("-o", "html=/dev/full")
    assert run.returncode == 73
    assert "No space left" in run.stderr or "no space left" in run.stderr


# ---- lists

def test_a_list_gives_one_line_a_target_and_the_worst_code(truename, imaps, closed_port, issued, tmp_path):
    targets = tmp_path / "targets"
    targets.write_bytes(
        b"\xef\xbb\xbf# my servers\r\n\r\n"
        + f"imaps://remote.example.com:{imaps.port}\r\n".encode()
        + f"imaps://other.example:{closed_port}  # down\n".encode()
        + f"imaps://remote.example.com:{imaps.port}\n".encode()
        + "imaps://münchen.example:1\n".encode()
        + b"not a host!\n"
    )
    run = truename("check", "--targets", targets, "--connect", "127.0.0.1", "--trust", issued.root)
    assert run.returncode == 1, run.stderr
    reports = [json.loads(line) for line in run.stdout.splitlines()]
    exits = {report["target"]["name"]: report["exit"] for report in reports}
    assert exits == {"remote.example.com": 1, "other.example": 3, "xn--mnchen-3ya.example": 3, "not a host!": 3}
    assert len(reports) == 4
    assert "1 line names a target that came before" in run.stderr
    assert all(len(line) < 4096 for line in run.stdout.splitlines())


def test_a_server_is_asked_once_however_its_name_is_written(truename, imaps, tmp_path):
    spellings = [f"imaps://{name}:{imaps.port}" for name in ("Remote.Example.com", "remote.example.com", "REMOTE.example.COM.")]
    targets = tmp_path / "targets"
    targets.write_text("\n".join(spellings) + "\n")
    for words, said in ((spellings, ""), (["--targets", targets], "2 lines"), ([spellings[0], "--targets", targets], "3 lines")):
        before = imaps.connections
        run = truename("check", *words, "--connect", "127.0.0.1", "-o", "jsonl")
        assert imaps.connections - before == 1 and run.stdout.count("\n") == 1, words
        assert json.loads(run.stdout)["target"]["name"] == "remote.example.com"
        assert run.stderr.startswith(said) and bool(run.stderr) == bool(said), run.stderr


def test_a_list_from_standard_input_in_full(truename, imaps, issued):
    run = truename("check", "--targets", "-", "--connect", "127.0.0.1", "--trust", issued.root, "--detail", "full",
                   stdin=f"imaps://remote.example.com:{imaps.port}\n")
    assert run.returncode == 1
    assert verdicts(json.loads(run.stdout))["outlook-2007"] == "warns"


def test_an_empty_list_judges_nothing(truename):
    run = truename("check", "--targets", "-", stdin="\n# nothing\n")
    assert (run.returncode, run.stdout) == (3, "")


def test_a_list_that_is_missing_is_66(truename):
    run = truename("check", "--targets", "/nonexistent/list")
    assert run.returncode == 66


def test_a_reader_that_leaves_ends_a_long_list_quietly(program, closed_port):
    # The list has no end: only the closed pipe ends this.
    feeder = subprocess.Popen(
        [sys.executable, "-c", f"i=0\nwhile True:\n print(f'imaps://h{{i}}.example:{closed_port}'); i+=1"],
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    run = subprocess.Popen([program, "check", "--targets", "-", "--connect", "127.0.0.1"], stdin=feeder.stdout, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    feeder.stdout.close()
    assert run.stdout.readline().startswith(b"{")
    run.stdout.close()
    assert run.wait(timeout=60) == 3
    assert run.stderr.read() == b""
    feeder.wait(timeout=60)


def test_targets_of_the_command_line_are_reported_in_their_order(truename, imaps, closed_port, issued):
    run = truename("check", f"imaps://remote.example.com:{imaps.port}", f"imaps://b.example:{closed_port}", f"imaps://a.example:{closed_port}",
                   "--connect", "127.0.0.1", "--trust", issued.root, "-o", "jsonl")
    assert [json.loads(line)["target"]["name"] for line in run.stdout.splitlines()] == ["remote.example.com", "b.example", "a.example"]
    assert run.returncode == 1


# ---- Ctrl-C

def interrupted(program, arguments, signal_number):
    run = subprocess.Popen([program, *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    yield run
    run.send_signal(signal_number)
    out, err = run.communicate(timeout=30)
    yield run.returncode, out, err


@pytest.mark.parametrize("signal_number", [signal.SIGINT, signal.SIGTERM])
def test_ctrl_c_says_the_state_and_is_130(program, silent_port, signal_number, tmp_path):
    page = tmp_path / "page.html"
    steps = interrupted(program, ["check", "mail.example", "--connect", "127.0.0.1", "--ports", f"imaps:{silent_port}", "-o", f"html={page}"], signal_number)
    next(steps)
    wait_until(lambda: any(tmp_path.iterdir()))
    wait_until_connected(silent_port)
    code, out, err = next(steps)
    assert code == 130
    assert out == ""
    assert "interrupted while asking mail.example" in err
    assert list(tmp_path.iterdir()) == [], "a half-written file is left"


def test_ctrl_c_in_a_list_keeps_the_lines_that_are_done(program, imaps, silent_port, tmp_path):
    lines, targets = tmp_path / "lines", tmp_path / "targets"
    targets.write_text(f"imaps://a.example:{imaps.port}\nimaps://b.example:{silent_port}\n")
    steps = interrupted(program, ["check", "--targets", str(targets), "--connect", "127.0.0.1", "-o", f"jsonl={lines}"], signal.SIGINT)
    next(steps)
    wait_until(lambda: any(path.stat().st_size for path in tmp_path.iterdir() if path.name.startswith(".truename")))
    code, _, err = next(steps)
    assert code == 130
    assert "1 done" in err and "lines.partial" in err
    assert not lines.exists()
    assert json.loads((tmp_path / "lines.partial").read_text())["target"]["name"] == "a.example"


def wait_until_connected(port):
    def connected():
        with open("/proc/net/tcp") as table:
            return any(re.search(rf":{port:04X} [0-9A-F:]+ 01 ", line) for line in table)

    wait_until(connected)


def test_no_core_file_can_be_left(program, silent_port):
    steps = interrupted(program, ["check", "mail.example", "--connect", "127.0.0.1", "--ports", f"imaps:{silent_port}"], signal.SIGINT)
    run = next(steps)
    wait_until_connected(silent_port)
    with open(f"/proc/{run.pid}/limits") as limits:
        assert re.search(r"Max core file size +0 +0 ", limits.read())
    next(steps)
