"""data/errors: what `truename explain` answers from, asked through the reference matcher."""
import os
import pathlib
import re
import sys
import tomllib
from importlib.machinery import SourceFileLoader
from importlib.util import module_from_spec, spec_from_loader

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "script/errors"))
import matcher  # noqa: E402


@pytest.fixture(scope="module")
def data():
    return matcher.load()


@pytest.fixture(scope="module")
def words():
    return tomllib.loads((ROOT / "data/errors/meanings.toml").read_text(encoding="utf-8"))


def test_every_meaning_that_can_be_found_is_explained_and_no_other(data, words):
    index, codes = data
    found = set(index.meanings) | {c.means for known in codes.values() for c in known}
    explained = [m["id"] for m in words["meaning"]]
    assert sorted(explained) == sorted(set(explained))
    assert found - {matcher.OTHER} == set(explained)


def test_every_family_has_a_name(data, words):
    index, codes = data
    found = set(index.families) | {c.family for known in codes.values() for c in known}
    assert found - {matcher.OTHER} == {f["id"] for f in words["family"]}


def test_a_meaning_says_what_it_is_and_is_not_with_causes_and_steps(words):
    for meaning in words["meaning"]:
        assert set(meaning) <= {"id", "side", "general", "says", "not", "causes", "next"}, meaning["id"]
        assert meaning["says"].endswith(".") and meaning["not"].endswith((".", ":")), meaning["id"]
        assert meaning["causes"] and meaning["next"], meaning["id"]
        assert meaning.get("side", "server") in {"server", "user", "network", "authority"}, meaning["id"]


def test_the_matcher_and_the_page_of_meanings_agree_on_which_are_general(words):
    assert matcher.GENERAL == {m["id"] for m in words["meaning"] if m.get("general")}


def test_the_files_stay_small():
    assert sum(p.stat().st_size for p in (ROOT / "data/errors").glob("[ct]*")) < 400_000


@pytest.mark.parametrize("code, means", [
    ("0x80090322", "name.mismatch"),
    ("SEC_E_WRONG_PRINCIPAL", "name.mismatch"),
    ("80090322", "name.mismatch"),
    ("(0x800b0109)", "path.untrusted-root"),
    ("-2146762487", "path.untrusted-root"),
    ("0x800CCC1A", "tls.handshake"),
    ("80072F06", "name.mismatch"),
    ("0x80072f0d,", "path.unknown-issuer"),
    ("Error code: sec_error_unknown_issuer", "path.unknown-issuer"),
    ("-8179", "path.unknown-issuer"),
    ("0xFFFFE00D", "path.unknown-issuer"),
    ("MOZILLA_PKIX_ERROR_SELF_SIGNED_CERT", "path.self-signed"),
    ("-16370", "path.self-signed"),
    ("-12276", "name.mismatch"),
    ("errSecHostNameMismatch", "name.mismatch"),
    ("-9807", "path.failed"),
    ("SSL alert number 46", "cert.rejected-by-peer"),
    ("unknown_ca", "cert.rejected-by-peer"),
    ("error:14094416:SSL routines", "cert.rejected-by-peer"),
    ("error:0A000418:SSL routines", "cert.rejected-by-peer"),
    ("GNUTLS_E_UNEXPECTED_PACKET_LENGTH", "tls.plaintext"),
])
def test_a_code_is_found_in_every_spelling(data, code, means):
    assert means in {c.means for c in matcher.codes_in(code, data[1])}


@pytest.mark.parametrize("text", ["18", "46", "outlook 2007", "port 993", "0x12345678", "a-8179b", "busy", "timeout"])
def test_a_number_or_word_of_every_day_is_no_code(data, text):
    assert matcher.codes_in(text, data[1]) == []


OUTLOOK = "The server you are connected to is using a security certificate that cannot be verified.\n{}\nDo you want to continue using this server?"


@pytest.mark.parametrize("text, means", [
    (OUTLOOK.format("The target principal name is incorrect."), "name.mismatch"),
    (OUTLOOK.format("A certificate chain processed, but terminated in a root certificate which is not trusted by the trust provider."),
     "path.untrusted-root"),
    ("the target principle name is incorect", "name.mismatch"),
    ("Der Zielprinzipalname ist falsch", "name.mismatch"),
    ("対象のプリンシパル名が間違っています", "name.mismatch"),
    ("The certificate for mail.example.com does not come from a trusted source.", "path.untrusted"),
    ("The certificate for mail.example.com is not valid for that server. Someone could be trying to impersonate the server", "name.mismatch"),
    ("signing certificate authority is not known", "path.unknown-issuer"),
    ("Cannot Verify Server Identity", "cert.rejected"),
    ("Trust anchor for certification path not found", "path.unknown-issuer"),
    ("Certificate not valid", "cert.rejected"),
    ("The certificate has expired.", "validity.expired"),
    ("imap-login: SSL_accept() failed: error:0A000418:SSL routines::tlsv1 alert unknown ca", "cert.rejected-by-peer"),
])
def test_a_dialog_or_a_piece_of_it_is_recognised(data, text, means):
    _, found = matcher.explain(text, *data)
    assert found and found[0].means == means


@pytest.mark.parametrize("text", [
    "The weather is nice today and we will have lunch in the garden.",
    "Please find attached the invoice for October.",
    "Die Sitzung beginnt morgen um neun Uhr im grossen Saal.",
    "", "....", "certificate", "banana", "hello world", "untrusted", "Cancel",
])
def test_what_is_no_error_text_is_not_explained(data, text):
    assert matcher.explain(text, *data) == ([], [])


@pytest.mark.parametrize("text", ["Certificate not valid", "Unacceptable TLS certificate", "The certificate has expired."])
def test_a_whole_text_wins_over_those_that_it_is_a_piece_of(data, text):
    _, found = matcher.explain(text, *data)
    assert found and all(match.fit >= 0.95 for match in found)


@pytest.mark.parametrize("text", [
    "535 5.7.8 authentication failed",
    "535 5.7.8 Error: authentication failed: UGFzc3dvcmQ6",
    "535 Incorrect authentication data",
    "454 4.7.1 Relay access denied",
    "554 5.7.1 <user@mail.example.com>: Relay access denied",
    "530 5.7.0 Authentication required",
    "Host key verification failed.",
    "Permission denied (publickey,password).",
    "421 4.7.0 Too many connections",
    "Login failed",
])
def test_a_text_about_passwords_or_relaying_is_no_text_about_certificates(data, text):
    assert matcher.explain(text, *data) == ([], [])


@pytest.mark.parametrize("text", [
    "dovecot: imap-login: Disconnected: TLS handshaking: SSL_accept() failed: error:0A000418:SSL routines::tlsv1 alert unknown ca: SSL alert number 48",
    "dovecot: imap-login: Disconnected: Connection closed: SSL_read failed: tlsv1 alert unknown ca",
])
def test_a_reason_in_a_log_is_not_contradicted_by_the_words_around_it(data, words, text):
    general = {m["id"] for m in words["meaning"] if m.get("general")}
    assert {m.means for m in matcher.explain(text, *data)[1]} - general == {"cert.rejected-by-peer"}


@pytest.mark.parametrize("text, means", [
    ("x509: certificate signed by unknown authority", "path.unknown-issuer"),
    ("tls: failed to verify certificate: x509: certificate is valid for www.example.com, not mail.example.com", "name.mismatch"),
])
def test_texts_of_go_are_told_as_such(data, text, means):
    _, found = matcher.explain(text, *data)
    assert (found[0].means, found[0].family) == (means, "go")


# What a client tells apart, and what its texts may be explained as; a text may always be one that names no reason.
AREAS = {"name": "name.", "bad-identity": "name.", "trust": "path.", "untrusted": "path.", "chaining": "path.", "unknown-ca": "path.",
         "expired": "validity.", "not-yet": "validity.", "not-activated": "validity.", "time": "validity.", "insecure": "signature."}
VALUES = {"HOST": "mail.example.com", "PORT": "993", "ACCOUNT": "Work", "SUBJECT": "mail.example.com", "DATE": "11/25/2026"}


def texts_of_dialogs():
    """Client, kind of problem, and each text that the program shows for it: whole, and its first sentence alone."""
    for path in sorted((ROOT / "data/clients").glob("*.toml")):
        for answer in tomllib.loads(path.read_text(encoding="utf-8")).get("answer", []):
            if "dialog" not in answer:
                continue
            dialog = tomllib.loads((ROOT / "data/dialogs" / (answer["dialog"] + ".toml")).read_text(encoding="utf-8"))
            shown = {line for step in dialog["step"] for line in step["lines"]} - {"*"} | {answer.get("line", "unknown")}
            for name in sorted(shown & dialog["texts"].keys()):
                for text in dialog["texts"][name].values():
                    text = text["value"] if isinstance(text, dict) else text
                    text = re.sub(r"\{(\w+)[^}]*\}", lambda found: VALUES[found[1]], text)
                    for piece in dict.fromkeys([text, re.split(r"(?<=[.?!])\s+", text)[0]]):
                        if len(matcher.texts.words(piece)) > 1 and text != "unknown":
                            yield path.stem, answer["kind"], piece


def test_what_dialogs_print_is_explained_as_what_they_are_printed_for(data, words):
    general = {m["id"] for m in words["meaning"] if m.get("general")}
    shown = list(texts_of_dialogs())
    assert len(shown) > 50
    for client, kind, text in shown:
        _, found = matcher.explain(text, *data)
        assert found, (client, text)
        means = found[0].means
        assert means in general or means.startswith(AREAS.get(kind, "?")), (client, kind, text, means)


@pytest.mark.parametrize("code, meant", [
    ("SEC_ERROR_UNKNOWN_ISSUR", "SEC_ERROR_UNKNOWN_ISSUER"),
    ("SEC_ERORR_UNKNOWN_ISSUER", "SEC_ERROR_UNKNOWN_ISSUER"),
    ("sec_error_unknown_isssuer", "SEC_ERROR_UNKNOWN_ISSUER"),
    ("0x8009032G", "0x80090322"),
])
def test_a_code_with_a_slip_is_suggested(data, code, meant):
    assert matcher.codes_in(code, data[1]) == []
    (written, near), = matcher.suggestions(f"it says {code}.", data[1])
    assert written == code and meant in near


@pytest.mark.parametrize("text", ["SEC_ERROR_UNKNOWN_ISSUER", "0x12345678", "my_own_variable", "hello world"])
def test_known_codes_and_other_words_suggest_nothing(data, text):
    assert matcher.suggestions(text, data[1]) == []


def test_a_truncated_index_is_refused(data):
    with pytest.raises(Exception):
        matcher.Index((ROOT / "data/errors/texts.idx").read_bytes()[:1000])


def test_nine_of_ten_fragments_with_a_slip_are_understood():
    if "TRUENAME_SUITES" not in os.environ:
        pytest.skip("TRUENAME_SUITES is not set: the table of error texts lies beside it")
    table = pathlib.Path(os.environ["TRUENAME_SUITES"]).parent / "client-facts/error-texts.tsv"
    assert table.exists()
    loader = SourceFileLoader("evaluate", str(ROOT / "script/errors/evaluate"))
    evaluate = module_from_spec(spec_from_loader("evaluate", loader))
    loader.exec_module(evaluate)
    misses = evaluate.measure(table, 1000, seed=2026)
    assert len(misses) <= 100, misses
