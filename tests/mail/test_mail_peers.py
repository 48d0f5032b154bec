"""The same with NSS's cmsutil (the engine of Thunderbird) and with gpgsm (that of KMail, Claws and GpgOL)."""

import base64

import pytest
from mail_fixtures import mail, people, program  # noqa: F401 (fixtures)
from mail_peers import OPENS_KEY, Gpgsm, Nss, der_of
from mail_people import TEXT, body, entity, message

def as_mail(structure, kind, sender="ann"):
    """A message around a CMS structure."""
    text = base64.encodebytes(structure).decode()
    return (f"From: {sender}@example.com\nMIME-Version: 1.0\nContent-Type: application/pkcs7-mime; smime-type={kind}\n"
            f"Content-Transfer-Encoding: base64\n\n{text}")


@pytest.fixture(scope="module")
def nss(people, tmp_path_factory):
    return Nss(people, tmp_path_factory.mktemp("nss"))


@pytest.mark.parametrize("name", ["ann", "bob"])
def test_nss_verifies_what_we_sign(mail, people, nss, tmp_path, name):
    signed = mail("sign", message(name), *people.own(name))
    (tmp_path / "entity").write_bytes(entity())
    said = nss.run("cmsutil", "-D", "-h", "1", "-c", tmp_path / "entity", "-i", der_of(signed.out, tmp_path))
    assert b"GoodSignature" in said, said


def test_nss_decrypts_what_we_encrypt(mail, people, nss, tmp_path):
    """To RSA: with the keys on curves that pk12util brings in, cmsutil 3.87 opens neither our messages nor OpenSSL's."""
    encrypted = mail("encrypt", message(), "--to", people.certificate("ann"))
    nss.run("cmsutil", "-D", "-i", der_of(encrypted.out, tmp_path), "-o", tmp_path / "plain")
    assert (tmp_path / "plain").read_bytes() == entity()


def test_we_verify_what_nss_signs(mail, people, nss, tmp_path):
    (tmp_path / "entity").write_bytes(entity())
    nss.run("cmsutil", "-S", "-N", "ann", "-G", "-P", "-H", "SHA256", "-i", tmp_path / "entity", "-o", tmp_path / "signed")
    run = mail("verify", as_mail((tmp_path / "signed").read_bytes(), "signed-data"), "--trust", people.root)
    assert run.code == 0, run.err
    assert body(run.out.read_bytes()) == TEXT


def test_we_decrypt_what_nss_encrypts(mail, people, nss, tmp_path):
    (tmp_path / "entity").write_bytes(entity())
    nss.run("cmsutil", "-E", "-r", "ann@example.com", "-i", tmp_path / "entity", "-o", tmp_path / "encrypted")
    run = mail("decrypt", as_mail((tmp_path / "encrypted").read_bytes(), "enveloped-data"), *people.own("ann"))
    assert run.code == 1, run.err
    assert body(run.out.read_bytes()) == TEXT


@pytest.fixture(scope="module")
def gpgsm(people, tmp_path_factory):
    # Its socket lies in the home, and a path of a socket must be short.
    made = Gpgsm(people, tmp_path_factory.mktemp("g"))
    yield made
    made.end()


def test_gpgsm_verifies_what_we_sign(mail, people, gpgsm, tmp_path):
    signed = mail("sign", message("ann"), *people.own("ann"))
    (tmp_path / "entity").write_bytes(entity())
    said = gpgsm.run("--status-fd", "1", "--verify", der_of(signed.out, tmp_path), tmp_path / "entity").stdout
    assert b"GOODSIG" in said and b"TRUST_FULLY" in said, said


def test_gpgsm_decrypts_what_we_encrypt(mail, people, gpgsm, tmp_path):
    encrypted = mail("encrypt", message(), "--to", people.certificate("ann"))
    run = gpgsm.run(*OPENS_KEY, "--decrypt", der_of(encrypted.out, tmp_path))
    assert run.stdout == entity()


def test_we_verify_what_gpgsm_signs(mail, people, gpgsm, tmp_path):
    (tmp_path / "entity").write_bytes(entity())
    signed = gpgsm.run(*OPENS_KEY, "--sign", tmp_path / "entity").stdout
    run = mail("verify", as_mail(signed, "signed-data"), "--trust", people.root)
    assert run.code == 0, run.err
    assert body(run.out.read_bytes()) == TEXT


def test_we_decrypt_what_gpgsm_encrypts(mail, people, gpgsm, tmp_path):
    (tmp_path / "entity").write_bytes(entity())
    encrypted = gpgsm.run("--encrypt", "--recipient", "ann@example.com", tmp_path / "entity").stdout
    run = mail("decrypt", as_mail(encrypted, "enveloped-data"), *people.own("ann"))
    assert run.code == 1, run.err
    assert body(run.out.read_bytes()) == TEXT
