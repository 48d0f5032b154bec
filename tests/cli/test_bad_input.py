"""Input that somebody got wrong, or made to do harm: what the user sees of it, and the exit code."""

import json
import os
import signal
import subprocess
import sys

import pytest
from waiting import wait_until

NAME = ["--name", "mail.example.com"]
EC_KEY = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]


def openssl(*arguments):
    subprocess.run(["openssl", *map(str, arguments)], check=True, capture_output=True)


def self_signed(folder, name, *more):
    path = folder / f"{name}.pem"
    openssl("req", "-x509", *EC_KEY, "-days", 300, "-subj", f"/CN={name}", *more, "-keyout", folder / f"{name}.key", "-out", path)
    return path


def der_of_names(*names):
    """A subjectAltName of dNSNames as hexadecimal, whatever bytes they are."""
    body = b"".join(bytes([0x82, len(name)]) + name for name in names)
    assert len(body) < 128
    return "DER:" + (bytes([0x30, len(body)]) + body).hex()


# ---- certificates that mean harm

def test_a_nul_in_a_name_ends_no_comparison_and_is_shown_as_such(truename, tmp_path):
    evil = self_signed(tmp_path, "evil", "-addext", "2.5.29.17=" + der_of_names(b"mail.example.com\0.evil.example"))
    run = truename("predict", evil, *NAME, "--trust", evil, "--client", "reference,evolution", "-o", "json")
    report = json.loads(run.stdout)
    assert run.returncode == 2
    assert {"name.malformed", "name.mismatch"} <= {finding["id"] for finding in report["findings"]}
    assert all(verdict["outcome"] in ("warns", "refuses") for verdict in report["verdicts"])
    for command in (["predict", evil, *NAME], ["show", evil]):
        run = truename(*command)
        assert "mail.example.com\\x00.evil.example" in run.stdout and "\0" not in run.stdout + run.stderr


def test_control_characters_in_a_subject_never_reach_the_terminal(truename, tmp_path):
    evil = self_signed(tmp_path, "evil", "-subj", "/O=\x1b]0;owned\x07/CN=\x1b[2Jmail.example.com", "-addext", "subjectAltName=DNS:mail.example.com")
    for command in (["predict", evil, *NAME], ["predict", evil, *NAME, "-o", "html"], ["show", evil]):
        run = truename(*command)
        assert "\\1b[2Jmail.example.com" in run.stdout and "\x1b" not in run.stdout and "\x07" not in run.stdout, command
    assert "\x1b" not in truename("predict", evil, *NAME, "-o", "nagios").stdout


@pytest.fixture
def cycle(tmp_path):
    """A certificate under two authorities that certify each other, and neither is a root."""
    (tmp_path / "ca").write_text("basicConstraints=critical,CA:TRUE\nkeyUsage=keyCertSign\n")
    (tmp_path / "leaf").write_text("subjectAltName=DNS:mail.example.com\n")
    roots = {name: self_signed(tmp_path, name) for name in ("one", "two")}

    def issue(name, issuer, extensions):
        key = tmp_path / f"{name}.key"
        new = [] if key.exists() else EC_KEY
        openssl("req", "-new", *new, "-subj", f"/CN={name}", *(["-key", key] if not new else ["-keyout", key]), "-out", tmp_path / "request")
        openssl("x509", "-req", "-in", tmp_path / "request", "-CA", roots[issuer], "-CAkey", tmp_path / f"{issuer}.key", "-days", 100,
                "-extfile", tmp_path / extensions, "-out", tmp_path / "issued")
        return (tmp_path / "issued").read_text()

    chain = tmp_path / "chain.pem"
    chain.write_text(issue("server", "one", "leaf") + issue("one", "two", "ca") + issue("two", "one", "ca"))
    return chain


def test_authorities_that_certify_each_other_end_nowhere_and_that_is_said(truename, cycle):
    run = truename("predict", cycle, *NAME, "--trust", "none", "--client", "all", "-o", "json")
    report = json.loads(run.stdout)
    assert run.returncode == 2 and report["acts"]["text"].endswith("its certificate comes from an authority that cannot be found.")
    for path in report["paths"]:
        assert len(path["certificates"]) == len(set(path["certificates"])), "a path goes round"
    judged = [verdict for verdict in report["verdicts"] if verdict["outcome"] != "not-judged"]
    assert judged and all("path.unknown-issuer" in verdict["findings"] for verdict in judged)


def test_fifty_certificates_that_do_not_belong_there_are_counted_and_do_no_harm(truename, issued, tmp_path):
    strangers = "".join(self_signed(tmp_path, f"stranger-{i}").read_text() for i in range(50))
    chain = tmp_path / "chain.pem"
    chain.write_text(issued.certificate.read_text() + strangers)
    run = truename("predict", chain, "--name", "remote.example.com", "--trust", issued.root, "-o", "json")
    report = json.loads(run.stdout)
    assert run.returncode == 1, "what Outlook 2007 minds is still the name"
    assert len(report["chains"][0]["certificates"]) == 51
    assert "path.extra-certificate" in {finding["id"] for finding in report["findings"]}


def test_a_hundred_kilobytes_of_names_are_read_and_shown_in_part(truename, tmp_path):
    (tmp_path / "config").write_text("[req]\ndistinguished_name=dn\n[dn]\n[names]\nsubjectAltName=@list\n[list]\n" +
                                     "".join(f"DNS.{i}=host-number-{i}.some-customer.example.com\n" for i in range(2600)))
    many = self_signed(tmp_path, "many", "-config", tmp_path / "config", "-extensions", "names")
    name = "host-number-2599.some-customer.example.com"
    run = truename("predict", many, "--name", name, "--trust", many, "-o", "json")
    report = json.loads(run.stdout)
    assert len(report["chains"][0]["certificates"][0]["names"]) == 2600 and report["chains"][0]["certificates"][0]["names"][-1] == name
    outcome = {verdict["client"]: verdict["outcome"] for verdict in report["verdicts"]}
    assert outcome["evolution"] == "silent" and outcome["outlook-2007"] == "warns"
    text = truename("predict", many, "--name", name, "--trust", many).stdout
    assert "and 2588 more" in text and len(text) < 10000
    page = truename("predict", many, "--name", name, "--trust", many, "-o", "html").stdout
    assert len(page.encode()) < 300 << 10


# ---- files

def test_a_huge_file_is_65_wherever_it_is_given(truename, issued, tmp_path):
    huge = tmp_path / "huge"
    with open(huge, "wb") as file:
        file.truncate(80 << 20)
    for arguments in (
        ["replay", huge],
        ["check", "host.example", "--trust", huge],
        ["predict", issued.certificate, *NAME, "--issuer", huge],
        ["predict", issued.certificate, *NAME, "--ocsp", huge],
    ):
        run = truename(*arguments)
        assert run.returncode == 65 and run.stdout == "", arguments
        assert str(huge) in run.stderr and "larger" in run.stderr and run.stderr.count("\n") == 1


@pytest.mark.parametrize("contents", [b"", b"\n\n", b"# only a comment\n"])
def test_a_chain_of_nothing_is_65_and_says_so(truename, tmp_path, contents):
    (tmp_path / "nothing.pem").write_bytes(contents)
    for command in (["predict", *NAME], ["show"], ["check", "host.example", "--trust"]):
        run = truename(*command, tmp_path / "nothing.pem")
        assert run.returncode == 65 and run.stdout == "", command
        assert "nothing.pem" in run.stderr and ("empty" in run.stderr or "no " in run.stderr)


@pytest.fixture
def evidence(truename, imaps, tmp_path):
    path = tmp_path / "evidence.json"
    truename("check", "remote.example.com", "--connect", "127.0.0.1", "--ports", f"imaps:{imaps.port}", "--save", path)
    return path


def test_a_server_that_sent_no_certificate_is_not_judged(truename, evidence):
    seen = json.loads(evidence.read_text())
    seen["endpoints"][0]["tls"]["chain"] = []
    evidence.write_text(json.dumps(seen))
    run = truename("replay", evidence, "-o", "json")
    report = json.loads(run.stdout)
    assert run.returncode == 3 and report["chains"] == [] and report["verdicts"] == []
    assert "no certificate" in truename("replay", evidence).stdout


def test_evidence_says_what_is_wrong_with_it(truename, evidence):
    whole = json.loads(evidence.read_text())
    version = next(key for key in whole if "version" in key)
    for change, says in (
        (lambda e: e.update({version: e[version] + 1}), "newer"),
        (lambda e: e.update({version: "one"}), version),
        (lambda e: e["endpoints"][0].update({"port": "many"}), "port"),
        (lambda e: e["endpoints"][0]["tls"].update({"chain": ["%%%"]}), "chain"),
        (lambda e: e.pop("endpoints"), "endpoints"),
    ):
        broken = json.loads(json.dumps(whole))
        change(broken)
        evidence.write_text(json.dumps(broken))
        run = truename("replay", evidence)
        assert run.returncode == 65 and run.stdout == "", run.stdout
        assert says in run.stderr and str(evidence) in run.stderr and run.stderr.count("\n") == 1


# ---- the command line

@pytest.mark.parametrize("nonsense", ["", "soon", "2026-02-30", "2026-13-01", "25:00", "1e99", "@", "@x", "-1", "2026-11-24T99:00", "now; rm", "٢٠٢٦-01-01"])
@pytest.mark.parametrize("command", [["check", "host.example"], ["predict", "{certificate}", *NAME], ["show", "{certificate}"]], ids=lambda c: c[0])
def test_a_time_that_is_none_is_64(truename, issued, command, nonsense):
    run = truename(*[word.format(certificate=issued.certificate) for word in command], f"--at={nonsense}")
    assert run.returncode == 64 and run.stdout == ""
    assert "--at" in run.stderr and "2027-03-01T08:00" in run.stderr and run.stderr.count("\n") == 1


# ---- where it cannot write

@pytest.mark.parametrize("output", ["text", "json", "jsonl", "html", "nagios"])
def test_standard_output_that_is_full_is_73_and_said_once(program, issued, output):
    command = [program, "predict", str(issued.certificate), *NAME, "-o", output]
    with open("/dev/full", "w") as full:
        run = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, text=True)
    assert run.returncode == 73
    assert run.stderr == "truename: writing standard output: No space left on device\n"


def test_a_file_that_cannot_be_written_is_73_and_names_it(truename, issued, imaps, tmp_path):
    predict = ["predict", issued.certificate, *NAME]
    check = ["check", "remote.example.com", "--connect", "127.0.0.1", "--ports", f"imaps:{imaps.port}"]
    for command, place, says in (
        (predict + ["-o"], "html=/nonexistent/page.html", "no such file or directory"),
        (predict + ["-o"], f"json={tmp_path}", "is a directory"),
        (predict + ["-o"], "json=/dev/full", "no space left"),
        (check + ["--save"], "/dev/full", "no space left"),
        (check + ["--save"], "/nonexistent/evidence", "no such file or directory"),
    ):
        run = truename(*command, place)
        assert run.returncode == 73, (place, run.stderr)
        assert place.split("=")[-1] in run.stderr and says in run.stderr.lower() and run.stderr.count("\n") == 1
    assert list(tmp_path.iterdir()) == [], "a half-written file is left"


@pytest.mark.parametrize("command", [["predict", "{certificate}", *NAME], ["show", "{certificate}"], ["clients"], ["explain", "0x80090322"]], ids=lambda c: c[0])
def test_a_reader_that_leaves_is_no_error(program, issued, command):
    words = [word.format(certificate=issued.certificate) for word in command]
    expected = subprocess.run([program, *words], capture_output=True).returncode
    read, write = os.pipe()
    os.close(read)
    run = subprocess.run([program, *words], stdout=write, stderr=subprocess.PIPE)
    os.close(write)
    assert run.returncode == expected and run.stderr == b""


# ---- Ctrl-C

@pytest.mark.parametrize("command", [["check", "--targets", "-"], ["predict", "-", *NAME], ["show", "-"], ["replay", "-"], ["explain", "-"]], ids=lambda c: c[0])
def test_ctrl_c_while_it_waits_for_input_is_130(program, command):
    run = subprocess.Popen([program, *command], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    wait_until(lambda: is_blocked_on_standard_input(run.pid))
    run.send_signal(signal.SIGINT)
    run.wait(timeout=30)  # with its input still open, as on a terminal
    out, err = run.communicate()
    assert run.returncode == 130 and out == ""
    assert err.startswith("truename: interrupted") and err.count("\n") == 1


def is_blocked_on_standard_input(pid):
    try:
        call = open(f"/proc/{pid}/syscall").read().split()
    except OSError:
        return False
    return call[:2] == ["0", "0x0"]  # read(0, ...) on x86-64


# ---- lists

# In a process of its own: Linux counts what a process was before exec into its peak, and this one has grown.
PEAK_OF_CHILD = """
import resource, subprocess, sys
code = subprocess.run(sys.argv[1:]).returncode
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
sys.exit(code)
"""


def test_a_million_lines_are_read_in_memory_that_does_not_grow(program, tmp_path):
    targets, lines = tmp_path / "targets", tmp_path / "lines"
    with open(targets, "w") as file:
        for i in range(250_000):
            file.write(f"no host {i % 2000}!\r\n\n# comment {i}\n  no host {i % 2000}!  # again\n")
    run = subprocess.run([sys.executable, "-c", PEAK_OF_CHILD, program, "check", "--targets", targets, "-o", f"jsonl={lines}"], capture_output=True, text=True)
    assert run.returncode == 3
    assert "498000 lines name a target that came before" in run.stderr
    names = [json.loads(line)["target"]["name"] for line in lines.read_text().splitlines()]
    assert sorted(names) == sorted(f"no host {i}!" for i in range(2000))
    assert int(run.stdout) < 40 << 10, "kilobytes"


def test_what_is_no_target_is_said_with_its_line_and_the_rest_goes_on(truename, closed_port):
    run = truename("check", "--targets", "-", "--connect", "127.0.0.1",
                   stdin=f"\ufeff# mine\r\n\0\0\r\n{'x' * 5000}\nimaps://\u00fc.example:{closed_port}\nimap://[::1\n")
    reports = [json.loads(line) for line in run.stdout.splitlines()]
    assert run.returncode == 3 and len(reports) == 4
    said = "\n".join(report["acts"]["text"] for report in reports)
    for line in (2, 3, 5):
        assert f"(line {line})" in said
    assert "xn--tda.example" in {report["target"]["name"] for report in reports}
