"""16 MB of memory whatever the size of the message."""

import pytest
from mail_fixtures import mail, people, program  # noqa: F401 (fixtures)

SIZE = 300  # MB
LIMIT = 16
LINES = "out.write(b'From: ann@example.com\\nMIME-Version: 1.0\\nContent-Type: application/octet-stream\\nContent-Transfer-Encoding: base64\\n\\n')\n" \
        "line = (b'QUFB' * 19 + b'\\n') * 1000\n" \
        "for _ in range({size} * 1_000_000 // len(line)): out.write(line)\n"


@pytest.fixture(scope="module")
def large(tmp_path_factory):
    path = tmp_path_factory.mktemp("large") / "message"
    with open(path, "wb") as out:
        exec(LINES.format(size=SIZE), {"out": out})  # noqa: S102
    yield path
    path.unlink()


@pytest.mark.parametrize("cipher", [[], ["--gcm"]])
def test_encrypting_and_decrypting_take_little_memory(mail, people, large, cipher):
    encrypted = mail("encrypt", large, "--to", people.certificate("bob"), *people.own("ann"), *cipher)
    assert encrypted.code == 0 and encrypted.megabytes <= LIMIT, (encrypted.megabytes, encrypted.err)
    run = mail("decrypt", encrypted.out, "--trust", people.root, *people.own("bob"))
    encrypted.out.unlink()
    assert run.code == 0 and run.megabytes <= LIMIT, (run.megabytes, run.err)
    assert run.out.stat().st_size == large.stat().st_size
    run.out.unlink()


def test_signing_and_verifying_take_little_memory(mail, people, large):
    signed = mail("sign", large, *people.own("ann"))
    assert signed.code == 0 and signed.megabytes <= LIMIT, signed.megabytes
    for command, options in (("show", []), ("verify", ["--trust", people.root])):
        run = mail(command, signed.out, *options)
        assert run.code == 0 and run.megabytes <= LIMIT, (command, run.megabytes, run.err)
    signed.out.unlink()
    assert run.out.stat().st_size == large.stat().st_size
    run.out.unlink()
