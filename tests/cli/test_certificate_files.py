"""What `truename certificate import` says to files that it cannot use, before it asks any server."""
import os
import subprocess

import pytest

from conftest import Issued


@pytest.fixture(name="files")
def pkcs12_files(tmp_path):
    """PKCS #12 files of one certificate, and passphrases."""
    issued = Issued(tmp_path, "mail.example.com")
    command = ["openssl", "pkcs12", "-export", "-in", issued.certificate, "-inkey", issued.key, "-passout", "pass:secret"]
    subprocess.run([*command, "-out", tmp_path / "aes.p12"], check=True, capture_output=True)
    old = ["-legacy", "-keypbe", "PBE-SHA1-RC2-40", "-certpbe", "PBE-SHA1-RC2-40"]
    subprocess.run([*command, *old, "-out", tmp_path / "rc2.p12"], check=True, capture_output=True)
    for name in ("secret", "wrong"):
        (tmp_path / name).write_text(name + "\n")
        (tmp_path / name).chmod(0o600)
    subprocess.run(["openssl", "pkcs8", "-topk8", "-in", issued.key, "-passout", "pass:secret", "-out", tmp_path / "locked.key"], check=True)
    (tmp_path / "damaged.key").write_text("-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n")
    whole = (tmp_path / "aes.p12").read_bytes()
    (tmp_path / "cut.p12").write_bytes(whole[:-100])
    (tmp_path / "text").write_text("hello\n")
    (tmp_path / "nothing").write_text("")
    return tmp_path


@pytest.mark.parametrize(
    "file,passphrase,code,words",
    [
        ("aes.p12", "wrong", 65, "the passphrase does not open it"),
        ("aes.p12", None, 65, "it is locked"),
        ("rc2.p12", "secret", 65, "locked by a cipher that this machine's library has put away"),
        ("rc2.p12", "wrong", 65, "the passphrase does not open it"),
        ("cut.p12", "secret", 65, "it is cut off"),
        ("locked.key", None, 65, "it is locked"),
        ("locked.key", "wrong", 65, "the passphrase does not open it"),
        ("damaged.key", None, 65, "it is damaged"),
        ("damaged.key", "secret", 65, "it is damaged"),
        ("text", None, 65, "there is no PEM block and no DER certificate in it"),
        ("nothing", None, 65, "the file is empty"),
        ("missing", None, 66, "no such file"),
        ("aes.p12", "missing", 66, "no such file"),
    ],
)
def test_a_file_that_is_no_use_is_told_with_the_reason(truename, files, file, passphrase, code, words):
    more = ["--passphrase-file", files / passphrase] if passphrase else []
    run = truename("certificate", "import", files / file, *more, "--server", "dovecot", "--config", files, "--state", files / "state")
    assert run.returncode == code, run.stderr
    named = "missing" if passphrase == "missing" else file
    assert words in run.stderr and named in run.stderr
    assert not (files / "state").exists(), "nothing was recorded"


def test_a_key_file_without_a_key_is_told(truename, files):
    run = truename("certificate", "import", files / "server.pem", "--key", files / "server.pem", "--server", "dovecot", "--state", files / "state")
    assert run.returncode == 65
    assert f"reading the key in {files / 'server.pem'}: there is none" in run.stderr


def test_a_server_that_is_not_there_is_said_to_be_missing(truename, files):
    run = truename("certificate", "import", files / "aes.p12", "--passphrase-file", files / "secret", "--server", "postfix", "--config", files / "nowhere",
                   "--state", files / "state")
    assert run.returncode == 66, run.stderr
    assert "nowhere" in run.stderr and "no such file" in run.stderr
    assert not (files / "state").exists()


def test_a_pipe_that_nobody_writes_to_is_refused_and_not_waited_for(truename, files):
    os.mkfifo(files / "pipe")
    for arguments in (["pipe"], ["aes.p12", "--passphrase-file", "pipe"], ["server.pem", "--key", "pipe"], ["/dev/zero"]):
        words = [word if word.startswith("--") else files / word for word in arguments]
        run = truename("certificate", "import", *words, "--server", "dovecot", "--config", files, "--state", files / "state")
        assert run.returncode == 65 and ", no file" in run.stderr, arguments


def test_what_a_shell_hands_over_is_read(truename, files):
    read_end, write_end = os.pipe()
    os.write(write_end, b"wrong\n")
    os.close(write_end)
    run = truename("certificate", "import", files / "aes.p12", "--passphrase-file", f"/dev/fd/{read_end}", "--server", "dovecot", "--config", files,
                   "--state", files / "state", pass_fds=[read_end])
    os.close(read_end)
    assert "the passphrase does not open it" in run.stderr
