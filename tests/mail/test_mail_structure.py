"""What `mail show` finds in a message, and what Python's own parser finds in it."""

import email
import email.policy
import random

import pytest
from mail_fixtures import mail, people, program  # noqa: F401 (fixtures)


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
