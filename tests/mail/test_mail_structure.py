"""What `mail show` finds in a message, and what Python's own parser finds in it."""

import base64
import email
import email.policy
import random

import pytest
from mail_fixtures import mail, people, program  # noqa: F401 (fixtures)
from mail_people import openssl
from test_mail_memory import LIMIT


def entity(chooser, depth, number):
    """A random entity, with preambles, epilogues, empty parts and lines that nearly are delimiters."""
    end = chooser.choice(["\n", "\r\n"]) if depth == 0 else "\n"
    kinds = ["text/plain", "text/html", "application/octet-stream"] + ["multipart/mixed", "multipart/alternative"] * (depth < 4) + ["message/rfc822"] * (depth < 3)
    kind = chooser.choice(kinds)
    if kind.startswith("multipart"):
        number[0] += 1
        boundary = f"b{number[0]}" + "'()+_,-./:=?"[:chooser.randrange(12)] + "x"
        parts = [entity(chooser, depth + 1, number) for _ in range(chooser.randrange(1, 4))]
        body = chooser.choice(["", "preamble\n", f"--{boundary[:-1]}\n", f" --{boundary}\n"]) + "".join(f"--{boundary}\n{part}\n" for part in parts)
        text = f'Content-Type: {kind}; boundary="{boundary}"\n\n{body}--{boundary}--\n' + chooser.choice(["", "epilogue\n"])
    elif kind == "message/rfc822":
        text = f"Content-Type: {kind}\n\nSubject: inside\n{entity(chooser, depth + 1, number)}"
    else:
        text = f"Content-Type: {kind}\n\n" + "".join(chooser.choice(["a line\n", "\n", "--\n", "--b1\t x\n", "-- \n"]) for _ in range(chooser.randrange(5)))
    return text.replace("\n", end) if end != "\n" else text


@pytest.mark.parametrize("seed", range(40))
def test_both_find_the_same_parts(mail, seed):
    text = "From: ann@example.com\nMIME-Version: 1.0\n" + entity(random.Random(seed), 0, [0])
    shown = mail("show", text)
    assert shown.code == 0, (shown.err, text)
    ours = [line.strip().split(",")[0] for line in shown.text.splitlines()[1:]]
    theirs = [part.get_content_type() for part in email.message_from_string(text, policy=email.policy.default).walk()]
    assert ours == theirs, text


def test_a_message_that_was_encoded_whole_does_not_hide_the_others(mail):
    """RFC 2046 5.2.1 forbids that, and gateways do it all the same."""
    inner = base64.b64encode(b"Subject: inside\n\nx\n").decode()
    shown = mail("show", "From: ann@example.com\nContent-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: message/rfc822\n"
                 f"Content-Transfer-Encoding: base64\n\n{inner}\n--b\nContent-Type: text/html\n\nx\n--b--\n")
    assert shown.code == 0 and "message/rfc822" in shown.text and "text/html" in shown.text, shown.err


@pytest.mark.parametrize("header", ["no field at all", "Content-Type: text", "Content-Type: text/plain; charset=\"open"])
def test_a_part_whose_header_cannot_be_read_does_not_hide_the_others(mail, header):
    shown = mail("show", f"From: ann@example.com\nContent-Type: multipart/mixed; boundary=b\n\n--b\n{header}\n\nx\n--b\nContent-Type: text/html\n\nx\n--b--\n")
    assert shown.code == 65 and "cannot be read: its" in shown.text and "text/html" in shown.text, shown.err


def test_signers_without_number_are_shown_in_little_memory(mail, people, tmp_path):
    (tmp_path / "entity").write_bytes(b"x")
    signers = [word for _ in range(20) for word in ("-signer", people.certificate("bob"), "-inkey", people.key("bob"))]
    made = openssl("cms", "-sign", "-in", tmp_path / "entity", "-nodetach", "-outform", "DER", "-nocerts", "-keyid", "-noattr", *signers)
    assert made.returncode == 0, made.stderr
    part = f"--b\nContent-Type: application/pkcs7-mime\nContent-Transfer-Encoding: base64\n\n{base64.encodebytes(made.stdout).decode()}\n"
    message = tmp_path / "message"
    message.write_text("From: ann@example.com\nContent-Type: multipart/mixed; boundary=b\n\n" + part * 9_000 + "--b--\n")
    shown = mail("show", message)
    assert shown.code == 0 and "more is left out" in shown.text and shown.megabytes <= LIMIT, (shown.megabytes, shown.err)
