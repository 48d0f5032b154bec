"""truename explain: the program's matcher and the reference in script/errors give the same answers."""

import json
import pathlib
import random
import sys

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "script/errors"))
sys.dont_write_bytecode = True
import matcher  # noqa: E402

OUTLOOK = (
    "The server you are connected to is using a security certificate that cannot be verified.\n"
    "The target principal name is incorrect.\nDo you want to continue using this server?"
)


@pytest.fixture(scope="module")
def reference():
    return matcher.load()


def test_the_text_of_the_story_says_what_it_means_and_what_not(truename):
    run = truename("explain", OUTLOOK)
    assert run.returncode == 0 and run.stderr == ""
    for expected in ("Does not say", "Likely causes", "compares only the first DNS name", "The administrator of the server has to act", "name.mismatch"):
        assert expected in " ".join(run.stdout.split())


def test_a_code_is_found_in_every_spelling(truename):
    for code in ("0x80090322", "SEC_E_WRONG_PRINCIPAL", "80090322", "-2146893022", "(0x80090322)."):
        for words in ([code], ["--", code]):
            assert "name.mismatch" in truename("explain", *words).stdout, words


def test_what_nobody_says_is_not_explained(truename):
    run = truename("explain", "The weather is nice today and we will have lunch in the garden.")
    assert run.returncode == 3
    assert run.stdout == "" and run.stderr.startswith("No text about certificates or TLS")


def test_a_code_with_a_slip_brings_the_one_that_was_meant(truename):
    run = truename("explain", "SEC_ERROR_UNKNOWN_ISSUR")
    assert run.returncode == 3 and run.stdout == ""
    assert "Did you mean SEC_ERROR_UNKNOWN_ISSUER?" in run.stderr
    assert json.loads(truename("explain", "0x800B010G", "-o", "json").stdout)["suggestions"][0]["code"] == "0x800B010G"


def test_the_text_of_gmail_is_known(truename):
    run = truename("explain", "Certificate not valid")
    assert run.returncode == 0 and run.stdout.startswith("A text of Gmail") and "Perhaps" not in run.stdout


def test_words_of_a_login_are_not_explained(truename):
    for text in ("535 5.7.8 authentication failed", "454 4.7.1 Relay access denied", "Host key verification failed."):
        run = truename("explain", text)
        assert (run.returncode, run.stdout) == (3, ""), text


def test_a_few_words_that_fit_do_not_tell_whose_text_it_is(truename):
    run = truename("explain", "certificate presented by the server was refused because its issuer is not trusted")
    assert run.returncode == 0 and run.stdout.startswith("Perhaps a text of")


def test_standard_input_is_read(truename):
    assert "name.mismatch" in truename("explain", "-", stdin=OUTLOOK).stdout
    assert truename("explain", "-", stdin=" \n").returncode == 64


def test_a_megabyte_of_anything_is_answered_soon(truename):
    run = truename("explain", "-", stdin="certificate xqzvw " * 60_000)
    assert run.returncode in (0, 3)


def test_another_folder_of_data_is_read_and_its_faults_are_named(truename, tmp_path):
    (tmp_path / "errors").mkdir()
    for name in ("texts.idx", "codes.tsv", "meanings.toml"):
        (tmp_path / "errors" / name).write_bytes((ROOT / "data/errors" / name).read_bytes())
    assert truename("explain", "0x80090322", "--data", tmp_path).returncode == 0

    meanings = tmp_path / "errors/meanings.toml"
    whole = meanings.read_text()
    meanings.write_text("[[meaning]]\nid = \n")
    run = truename("explain", "0x80090322", "--data", tmp_path)
    assert run.returncode == 65 and "meanings.toml line 2" in run.stderr

    meanings.write_text(whole)
    index = (tmp_path / "errors/texts.idx").read_bytes()
    for cut in (0, 4, 100, 5000, len(index) - 1):
        (tmp_path / "errors/texts.idx").write_bytes(index[:cut])
        run = truename("explain", "0x80090322", "--data", tmp_path)
        assert run.returncode == 65 and "texts.idx" in run.stderr, cut

    assert truename("explain", "x", "--data", "/nonexistent").returncode == 66


def questions():
    chance = random.Random(3)
    codes = [line.split("\t")[0] for line in (ROOT / "data/errors/codes.tsv").read_text().splitlines() if not line.startswith("#")]
    yield from chance.sample(codes, 25)
    yield from ["SEC_ERROR_UNKNOWN_ISSUR", "0x800B010G", "sec_eror_unknown_issuer -8179 0xFFFFE00", "Certificate not valid", "Cancel", "hello world"]
    yield from ["", "18", "port 993", "alert number 46", "xalert 46", "alert code 1234", "error:14094416:SSL", "0xFFFFE00D", "\u22128179", "certificate"]
    texts = [
        OUTLOOK,
        "the target principle name is incorect",
        "Der Zielprinzipalname ist falsch.",
        "対象のプリンシパル名が間違っています",
        "Le nom principal de la cible est incorrect",
        "ЦЕЛЕВОЕ ОСНОВНОЕ ИМЯ НЕВЕРНО",
        "imap-login: SSL_accept() failed: error:0A000418:SSL routines::tlsv1 alert unknown ca",
        "The certificate for mail.example.com does not come from a trusted source. user@example.com {HOST} 12.5.2026",
        "Cannot Verify Server Identity\r\nThe identity of \u201cmail.example.com\u201d cannot be verified by Mail.",
        "Trust anchor for certification path not found.\u00a0Chain validation failed! certifi cate \ud7ff\U0001f512",
        "The certificate for mail.example.com is not valid for that server.",
        "x509: certificate signed by unknown authority",
        "535 5.7.8 Error: authentication failed: UGFzc3dvcmQ6",
        "Connection closed: SSL_read failed: tlsv1 alert unknown ca",
        "signing certificate authority is not known; peer's certificate issuer has been marked as not trusted by the user",
    ]
    yield from texts
    for text in texts:
        for _ in range(4):
            begin, size = chance.randrange(len(text)), chance.randrange(10, 60)
            cut = text[begin:begin + size]
            slip = chance.randrange(max(1, len(cut)))
            yield cut[:slip] + cut[slip + 1:]
            letters = list(cut)
            chance.shuffle(letters)
            yield "".join(letters)


def test_the_program_and_the_reference_agree(truename, reference):
    index, table = reference
    asked = 0
    for question in questions():
        if not question.strip():
            continue
        codes, texts = matcher.explain(question, index, table)
        got = json.loads(truename("explain", "-o", "json", "-", stdin=question).stdout)
        assert [(c["spellings"], c["family"], c["meaning"]) for c in got["codes"]] == [(c.spellings, c.family, c.means) for c in codes], question
        assert [(t["meaning"], t["family"]) for t in got["texts"]] == [(t.means, t.family) for t in texts], question
        assert [t["score"] for t in got["texts"]] == pytest.approx([t.score for t in texts]), question
        near = [(s["code"], s["spellings"]) for s in got["suggestions"]]
        assert near == matcher.suggestions(question, table), question
        asked += 1
    assert asked > 100
