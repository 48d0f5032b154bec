"""predict, show and replay: what they make of files, good, bad, huge and cut short."""

import base64
import json
import subprocess

import pytest


def test_predict_says_what_check_would_say(truename, issued):
    run = truename("predict", issued.certificate, "--name", "remote.example.com", "--trust", issued.root, "-o", "json")
    assert run.returncode == 1, run.stderr
    report = json.loads(run.stdout)
    assert report["endpoints"] == [] and report["connections"] == 0
    outcome = {verdict["client"]: verdict["outcome"] for verdict in report["verdicts"]}
    assert outcome["outlook-2007"] == "warns" and outcome["outlook-2003"] == "silent"
    assert {verdict["reaches"] for verdict in report["verdicts"]} <= {"not-asked", "not-judged"}
    assert truename("predict", issued.certificate, "--name", "sbs.example.local", "--trust", issued.root).returncode == 0


def test_predict_reads_a_request_and_what_an_authority_makes_of_it(truename, issued):
    chain = {}
    for as_ca in ("keeps", "sorts"):
        run = truename("predict", issued.request, "--name", "remote.example.com", "--as-ca", f"{as_ca},days=90,added", "-o", "json")
        assert run.returncode == 1, run.stderr
        chain[as_ca] = json.loads(run.stdout)["chains"][0]["certificates"][0]["names"]
    assert chain["keeps"] == ["sbs.example.local", "remote.example.com", "example.com"]
    assert chain["sorts"] == ["example.com", "remote.example.com", "sbs.example.local"]
    run = truename("predict", issued.request, "--name", "remote.example.com")
    assert run.returncode == 2 and "No public authority certifies sbs.example.local" in run.stdout


def test_what_predict_would_pass_over_is_65_and_says_what_to_do(truename, issued, must_staple):
    for files, names, says in (
        ([issued.request, issued.certificate], "request.pem", "Predict one at a time"),
        ([issued.certificate, must_staple / "server.pem"], "server.pem", "CN=mail.example.com is the certificate of another server"),
        ([issued.certificate, issued.key], "server.key", "only a private key"),
    ):
        run = truename("predict", *files, "--name", "remote.example.com")
        assert run.returncode == 65 and run.stdout == "", files
        assert names in run.stderr and says in run.stderr and run.stderr.count("\n") == 1


def test_all_clients_are_judged_when_all_are_named(truename, issued):
    run = truename("predict", issued.certificate, "--name", "remote.example.com", "--client", "all", "-o", "json")
    verdicts = json.loads(run.stdout)["verdicts"]
    assert "reference" in {verdict["client"] for verdict in verdicts}
    known = truename("clients", "--ids").stdout.split()
    assert len(verdicts) == len(known) and "outlook-2007/xp" in known


def test_a_dialog_that_is_not_known_in_the_language_is_said_to_be_english(truename, issued):
    run = ("predict", issued.certificate, "--name", "other.example.com", "--client", "thunderbird", "--client", "evolution")
    german = truename(*run, "--lang", "de")
    assert german.stderr.count("--lang de") == 1 and "shown in English" in german.stderr
    assert truename(*run, "--lang", "de", "--quiet").stderr == ""
    for without in (("--lang", "en"), ()):
        assert truename(*run, *without).stderr == ""
    none = truename("predict", issued.certificate, "--name", "other.example.com", "--client", "reference", "--lang", "de")
    assert none.stderr == "", "it has no dialog at all"


def test_no_two_clients_have_the_same_name(truename):
    rows = [line[2:].split(None, 1)[1] for line in truename("clients").stdout.splitlines() if line[:2] in ("* ", "  ") and "judged unless" not in line]
    names = [row.split("  ")[0] for row in rows]
    assert len(names) == len(set(names)) >= 11


@pytest.mark.parametrize(
    "arguments, says",
    [
        (["predict", "x.pem"], "--name is missing"),
        (["predict", "{certificate}", "--name", "a.example", "--as-ca", "shuffles"], "shuffles"),
        (["predict", "{request}", "--name", "a.example", "--as-ca", "keeps,sorts"], '"keeps" and "sorts" contradict each other'),
        (["predict", "{certificate}", "--name", "a.example", "--as-ca", "keeps"], "server.pem holds a certificate. Leave --as-ca out"),
        (["predict", "{request}", "--name", "a.example", "--trust", "none"], "request.pem is a request"),
        (["predict", "{certificate}", "--name", "a.example", "--at", "soon"], '"soon" is no time'),
        (["predict", "{certificate}", "--name", "a.example", "--client", "outlook-2042"], "outlook-2042"),
        (["predict", "--name", "a.example"], "FILE... is missing"),
        (["predict", "{certificate}", "--name", "two words"], '"two words" is no name of a server'),
        (["predict", "{certificate}", "--name", "a.example:993"], "is no name of a server"),
        (["predict", "{certificate}", "--name", "evil\x1b[2J"], "evil\\x1b[2J"),
        (["show"], "FILE... is missing"),
        (["replay"], "FILE is missing"),
    ],
)
def test_a_mistake_is_64(truename, issued, arguments, says):
    (issued.root.parent / "x.pem").write_text("")
    run = truename(*[argument.format(certificate=issued.certificate, request=issued.request) for argument in arguments], cwd=issued.root.parent)
    assert run.returncode == 64, run.stderr
    assert says in run.stderr and run.stdout == ""


@pytest.mark.parametrize("command", [["predict", "--name", "a.example"], ["show"]], ids=["predict", "show"])
class TestFilesThatAreNoCertificate:
    def test_a_missing_one_is_66(self, truename, command):
        run = truename(*command, "/nonexistent/file.pem")
        assert run.returncode == 66 and "/nonexistent/file.pem" in run.stderr and run.stdout == ""

    def test_a_folder_is_65(self, truename, command, tmp_path):
        run = truename(*command, tmp_path)
        assert run.returncode == 65 and "folder" in run.stderr

    def test_garbage_is_65(self, truename, command, tmp_path):
        for contents in (b"", b"\n", b"hello", bytes(range(256)) * 40, b"-----BEGIN CERTIFICATE-----\n", b"\x30\x82\xff\xff\x00"):
            (tmp_path / "file").write_bytes(contents)
            run = truename(*command, tmp_path / "file")
            assert run.returncode == 65, (contents[:20], run.stderr)
            assert run.stderr.startswith("truename: ") and run.stderr.count("\n") == 1

    def test_a_pem_of_keys_only_is_65_and_the_key_is_not_shown(self, truename, command, issued):
        run = truename(*command, issued.key)
        assert run.returncode == 65 and "key" in run.stderr
        for line in issued.key.read_text().splitlines()[1:-1]:
            assert line not in run.stderr + run.stdout

    def test_a_huge_file_is_65(self, truename, command, tmp_path):
        with open(tmp_path / "huge", "wb") as huge:
            huge.truncate(80 << 20)
        run = truename(*command, tmp_path / "huge")
        assert run.returncode == 65 and "larger" in run.stderr

    def test_a_certificate_that_is_cut_short_is_no_crash(self, truename, command, issued, tmp_path):
        lines = issued.certificate.read_text().splitlines()
        for size in range(1, len(lines), 3):
            (tmp_path / "cut.pem").write_text("\n".join(lines[:size]) + "\n")
            assert truename(*command, tmp_path / "cut.pem").returncode == 65
        (tmp_path / "cut.pem").write_text("\n".join(lines[:3] + lines[-1:]) + "\n")
        assert truename(*command, tmp_path / "cut.pem").returncode in (0, 1, 2, 3, 65)


def test_a_private_key_beside_the_certificate_is_not_shown(truename, issued, tmp_path):
    (tmp_path / "both.pem").write_text(issued.key.read_text() + issued.certificate.read_text())
    run = truename("show", tmp_path / "both.pem")
    assert run.returncode == 0 and "remote.example.com" in run.stdout
    for line in issued.key.read_text().splitlines()[1:-1]:
        assert line not in run.stderr + run.stdout


def test_show_numbers_the_names_in_their_order(truename, issued):
    run = truename("show", issued.certificate, "--at", "2026-12-01")
    names = [line.split()[-2:] for line in run.stdout.splitlines() if "example" in line and line.split()[-2:-1][0].isdigit()]
    assert names == [["1", "sbs.example.local"], ["2", "remote.example.com"], ["3", "example.com"]]


def test_show_says_from_when_on_a_certificate_is_valid(truename, issued):
    run = truename("show", issued.certificate, "--at", "2020-01-01")
    assert "(in " in run.stdout and " valid from " in run.stdout and " left" not in run.stdout


def test_show_tells_that_a_server_must_staple(truename, must_staple, issued):
    assert "Must staple     yes: its server has to send an OCSP response" in truename("show", must_staple / "server.pem").stdout
    assert "staple" not in truename("show", issued.certificate).stdout


def test_show_tells_for_which_names_an_authority_may_issue(truename, tmp_path):
    limits = "permitted;DNS:example.com,permitted;IP:192.0.2.0/255.255.255.0,excluded;DNS:secret.example.com"
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", tmp_path / "key",
                    "-out", tmp_path / "root.pem", "-subj", "/CN=root", "-addext", f"nameConstraints=critical,{limits}"],
                   check=True, capture_output=True)
    text = " ".join(truename("show", tmp_path / "root.pem").stdout.split())
    assert "Only for names under DNS:example.com, IP:192.0.2.0/24:" in text
    assert "Not for names under DNS:secret.example.com:" in text


def test_show_reads_standard_input(truename, issued):
    assert "remote.example.com" in truename("show", "-", stdin=issued.certificate.read_text()).stdout


@pytest.fixture
def evidence(truename, imaps, tmp_path):
    path = tmp_path / "evidence.json"
    truename("check", "remote.example.com", "--connect", "127.0.0.1", "--ports", f"imaps:{imaps.port}", "--save", path)
    return path


def test_evidence_that_is_cut_short_is_65(truename, evidence):
    whole = evidence.read_bytes()
    for size in [0, 1, 10, len(whole) // 2, len(whole) - 3]:
        evidence.write_bytes(whole[:size])
        run = truename("replay", evidence)
        assert run.returncode == 65, (size, run.stderr)
        assert str(evidence) in run.stderr and run.stdout == ""


def test_evidence_of_a_newer_version_says_so(truename, evidence):
    newer = json.loads(evidence.read_text())
    key = next(key for key in newer if "version" in key)
    newer[key] += 1
    evidence.write_text(json.dumps(newer))
    run = truename("replay", evidence)
    assert run.returncode == 65 and "newer" in run.stderr


def test_evidence_that_is_missing_or_none_at_all(truename, issued):
    assert truename("replay", "/nonexistent/evidence").returncode == 66
    assert truename("replay", issued.certificate).returncode == 65


def test_evidence_is_read_from_standard_input_too(truename, evidence, tmp_path):
    whole = evidence.read_text()
    assert truename("replay", "-", stdin=whole).stdout == truename("replay", evidence).stdout
    for text in ("", "\n", whole[:100], "hello"):
        run = truename("replay", "-", stdin=text)
        assert run.returncode == 65 and run.stdout == ""
        assert run.stderr.startswith("truename: reading the evidence in standard input: ") and run.stderr.count("\n") == 1
    for folder in (tmp_path, "/"):
        run = truename("replay", folder)
        assert run.returncode == 65 and run.stdout == ""
        assert run.stderr == f"truename: reading the evidence in {folder}: it is a folder. Name a file in it\n"


def test_evidence_of_several_targets_is_judged_target_by_target(truename, imaps, closed_port, issued, tmp_path):
    saved = tmp_path / "saved"
    check = truename("check", f"imaps://remote.example.com:{imaps.port}", f"imaps://b.example:{closed_port}", "--connect", "127.0.0.1",
                     "--trust", issued.root, "--save", saved, "-o", "jsonl")
    replay = truename("replay", saved, "--trust", issued.root, "-o", "jsonl")
    assert replay.returncode == check.returncode == 1
    assert [json.loads(line) for line in replay.stdout.splitlines()] == [json.loads(line) for line in check.stdout.splitlines()]


class TestOcsp:
    """predict --ocsp: the response that a server would staple."""

    def predict(self, truename, folder, *more):
        return truename("predict", folder / "server.pem", "--name", "mail.example.com", "--trust", folder / "root.pem",
                        "--client", "thunderbird", "-o", "json", *more)

    def test_the_staple_that_openssl_made_keeps_the_promise(self, truename, must_staple, tmp_path):
        without = self.predict(truename, must_staple)
        assert without.returncode == 2
        assert json.loads(without.stdout)["verdicts"][0]["findings"] == ["revocation.staple-missing"]
        der = must_staple / "response.der"
        pem = tmp_path / "response.pem"
        pem.write_text("-----BEGIN OCSP RESPONSE-----\n" + base64.encodebytes(der.read_bytes()).decode() + "-----END OCSP RESPONSE-----\n")
        for file in (der, pem):
            run = self.predict(truename, must_staple, "--ocsp", file)
            assert run.returncode == 0, run.stderr
            assert json.loads(run.stdout)["verdicts"][0]["outcome"] == "silent"

    def test_another_file_is_65_and_says_what_it_is(self, truename, must_staple, tmp_path):
        whole = (must_staple / "response.der").read_bytes()
        wrong = {
            b"": "the file is empty",
            whole[: len(whole) // 2]: "no OCSP response",
            (must_staple / "server.pem").read_bytes(): "there is CERTIFICATE in it, but no OCSP RESPONSE",
            b"hello": "reading the OCSP response in",
        }
        for contents, says in wrong.items():
            (tmp_path / "wrong").write_bytes(contents)
            run = self.predict(truename, must_staple, "--ocsp", tmp_path / "wrong")
            assert run.returncode == 65 and run.stdout == "", (contents[:9], run.stderr)
            assert says in run.stderr and str(tmp_path / "wrong") in run.stderr and run.stderr.count("\n") == 1
        assert self.predict(truename, must_staple, "--ocsp", "/nonexistent/response").returncode == 66

    def test_the_error_message_of_a_responder_is_a_finding_as_it_is_when_a_server_staples_it(self, truename, must_staple, tmp_path):
        (tmp_path / "error.der").write_bytes(b"\x30\x03\x0a\x01\x06")
        run = self.predict(truename, must_staple, "--ocsp", tmp_path / "error.der")
        report = json.loads(run.stdout)
        assert run.returncode == 2 and report["verdicts"][0]["findings"] == ["revocation.staple-error"]
        assert "unauthorized" in report["causes"][0]["text"]

    def test_a_request_has_no_response_yet(self, truename, must_staple):
        run = truename("predict", must_staple / "request.pem", "--name", "mail.example.com", "--ocsp", must_staple / "response.der")
        assert run.returncode == 64 and "is a request" in run.stderr


class TestCrl:
    """predict --crl: revocation lists that OpenSSL made."""

    @pytest.fixture(scope="class")
    def lists(self, must_staple, tmp_path_factory):
        folder = tmp_path_factory.mktemp("crl")
        made = {}
        for name, entry in {"clean": "", "revoked": "R\t491231000000Z\t261001000000Z,keyCompromise\t1234\tunknown\t/CN=mail.example.com\n"}.items():
            (folder / "index").write_text(entry)
            (folder / "ca.conf").write_text(f"[ca]\ndefault_ca = own\n[own]\ndatabase = {folder}/index\ndefault_md = sha256\n")
            made[name] = folder / f"{name}.pem"
            subprocess.run(["openssl", "ca", "-gencrl", "-config", folder / "ca.conf", "-keyfile", must_staple / "root.key",
                            "-cert", must_staple / "root.pem", "-crldays", "7", "-out", made[name]], check=True, capture_output=True)
        return made

    def predict(self, truename, folder, crl):
        return truename("predict", folder / "server.pem", "--name", "mail.example.com", "--trust", folder / "root.pem",
                        "--client", "reference", "--ocsp", folder / "response.der", "--crl", crl, "-o", "json")

    def test_a_certificate_that_is_not_on_the_list_is_as_good_as_before(self, truename, must_staple, lists):
        run = self.predict(truename, must_staple, lists["clean"])
        assert run.returncode == 0, run.stdout

    def test_a_revoked_certificate_is_refused_with_the_date_and_the_reason(self, truename, must_staple, lists):
        run = self.predict(truename, must_staple, lists["revoked"])
        assert run.returncode == 2
        report = json.loads(run.stdout)
        assert report["verdicts"][0]["findings"] == ["revocation.revoked"]
        assert "revoked on 2026-10-01 (keyCompromise) by the list of CN=root" in report["causes"][0]["text"]

    def test_a_list_of_last_month_says_nothing_and_that_is_told(self, truename, must_staple, lists):
        run = truename("predict", must_staple / "server.pem", "--name", "mail.example.com", "--trust", must_staple / "root.pem", "--client", "reference",
                       "--ocsp", must_staple / "response.der", "--crl", lists["clean"], "--at", "@4000000000", "-o", "json")
        found = {finding["id"] for finding in json.loads(run.stdout)["findings"]}
        assert {"revocation.crl-stale", "revocation.undetermined"} <= found

    def test_a_file_without_a_list_is_65(self, truename, must_staple):
        run = self.predict(truename, must_staple, must_staple / "server.pem")
        assert run.returncode == 65 and "no X509 CRL" in run.stderr
        run = self.predict(truename, must_staple, must_staple / "response.der")
        assert run.returncode == 65 and "it is no revocation list" in run.stderr
