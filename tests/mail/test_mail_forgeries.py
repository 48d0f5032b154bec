"""Mail from somebody who is not who he says: whatever he puts around it, it is not believed, and no key of his is used."""

import base64
import json
import subprocess
import time

import pytest
from mail_fixtures import mail, people, program  # noqa: F401
from mail_people import message, openssl

P256 = ["ec", "-pkeyopt", "ec_paramgen_curve:prime256v1"]


def made(*arguments, **more):
    done = openssl(*arguments, **more)
    assert done.returncode == 0, done.stderr
    return done.stdout


class Forger:
    """Makes authorities and people with OpenSSL, as nobody else would."""

    def __init__(self, folder):
        self.folder = folder

    def root(self, name, *more, key=P256, subject="Example Root", days=3000):
        made("req", "-x509", "-newkey", *key, "-nodes", "-subj", f"/CN={subject}", "-days", days, *more, "-keyout", self.folder / f"{name}.key", "-out",
             self.folder / f"{name}.pem")
        return self.folder / f"{name}.pem"

    def person(self, name, issuer, address="ann@example.com", key=P256, subject="/CN=Ann", days=300, digest="-sha256", extensions=()):
        out = self.folder / name
        lines = [f"subjectAltName=email:{address}", "keyUsage=digitalSignature,keyEncipherment,keyAgreement", *extensions]
        (self.folder / "extensions").write_text("\n".join(lines) + "\n")
        made("req", "-newkey", *key, "-nodes", "-subj", subject, "-keyout", f"{out}.key", "-out", f"{out}.csr")
        made("x509", "-req", "-in", f"{out}.csr", "-CA", self.folder / f"{issuer}.pem", "-CAkey", self.folder / f"{issuer}.key", "-days", days, digest,
             "-extfile", self.folder / "extensions", "-out", f"{out}.pem")
        return self.folder / f"{name}.pem"

    def signed(self, name, *more, sender="ann@example.com", content=b"Content-Type: text/plain\r\n\r\nPlease pay.\r\n"):
        return made("cms", "-sign", "-signer", self.folder / f"{name}.pem", "-inkey", self.folder / f"{name}.key", "-from", sender, "-subject", "Pay", *more,
                    data=content)


@pytest.fixture(name="forger")
def forger_with_a_root(tmp_path):
    forger = Forger(tmp_path)
    forger.root("root")
    return forger


def test_what_is_right_is_believed(mail, forger):  # noqa: F811
    """The measure of what follows."""
    forger.person("ann", "root")
    run = mail("verify", forger.signed("ann"), "--trust", forger.folder / "root.pem")
    assert run.code == 0 and "vouches for the key" in run.err, run.err


@pytest.fixture(name="twins")
def certificates_of_one_key(forger):
    """`ann`, and `twin` for the same key, which is newer and not hers; and what names ann's as the signer's own (RFC 5035)."""
    identifier = ("subjectKeyIdentifier=hash",)
    forger.person("ann", "root", extensions=identifier)
    forger.person("twin", "root", address="anna@example.com", extensions=identifier)
    time.sleep(1.1)  # dates of certificates count seconds
    made("req", "-new", "-key", forger.folder / "ann.key", "-subj", "/CN=Anna", "-out", forger.folder / "twin.csr")
    made("x509", "-req", "-in", forger.folder / "twin.csr", "-CA", forger.folder / "root.pem", "-CAkey", forger.folder / "root.key", "-days", 300,
         "-extfile", forger.folder / "extensions", "-out", forger.folder / "twin.pem")
    return forger, ["-cades", "-keyid", "-certfile", forger.folder / "twin.pem"]


@pytest.mark.parametrize("digest", ["sha1", "sha256", "sha512"])
def test_of_two_certificates_for_one_key_the_one_counts_that_the_signer_names(mail, twins, digest):  # noqa: F811
    """A key identifier means both, and the signature fits both."""
    forger, named = twins
    root = forger.folder / "root.pem"
    right, wrong = (forger.signed("ann", *named, "-md", digest, *more) for more in ((), ("-nocerts",)))
    run = mail("verify", right, "--trust", root)
    good = digest != "sha1"
    assert run.code == (0 if good else 2) and ("ann@example.com" if good else "MD5 or SHA-1") in run.err and "anna@" not in run.err, run.err
    run = mail("verify", wrong, "--trust", root)
    assert run.code == 2 and "the certificate of the signer is not in the message" in run.err, run.err
    # OpenSSL takes it for good, unless it is told to look.
    told = [openssl("cms", "-verify", "-CAfile", root, *look, data=wrong).returncode for look in ((), ("-cades",))]
    assert told[0] == 0 != told[1]


@pytest.fixture(name="namesakes")
def junk_authorities(forger):
    """So many that checking whether one of them signed uses up the work that is allowed for one message."""
    pems = [forger.root("junk", key=["ec", "-pkeyopt", "ec_paramgen_curve:secp521r1"]).read_text() for _ in range(120)]
    (forger.folder / "junk.pem").write_text("".join(pems))
    return forger.folder / "junk.pem"


def test_namesakes_of_an_authority_do_not_tire_out_the_check(mail, forger, namesakes):  # noqa: F811
    forger.root("other")
    forger.person("mallory", "other")
    run = mail("verify", forger.signed("mallory", "-certfile", namesakes), "--trust", forger.folder / "root.pem")
    assert run.code == 2 and run.text == "" and "Root vouches" not in run.err, run.err


def test_namesakes_bring_no_key_into_the_store(forger, namesakes, program):  # noqa: F811
    forger.root("other")
    store = ["--store", forger.folder / "keys"]

    def keys(*arguments):
        return subprocess.run([program, "keys", *map(str, arguments), *map(str, store)], capture_output=True, text=True, check=False, timeout=60)

    assert keys("add", forger.folder / "root.pem", "--as-authority").returncode == 0
    forger.person("ann", "root")
    (forger.folder / "ann.eml").write_bytes(forger.signed("ann"))
    assert keys("add", forger.folder / "ann.eml").returncode == 0
    forger.person("mallory", "other", days=400)
    (forger.folder / "mallory.eml").write_bytes(forger.signed("mallory", "-certfile", namesakes))
    assert keys("add", forger.folder / "mallory.eml").returncode == 1
    states = [key["state"] for key in json.loads(keys("find", "ann@example.com", "--json").stdout)["keys"]]
    assert sorted(states) == ["not-vouched", "usable"]
    assert len(keys("list", "--authorities", "--json").stdout.splitlines()) == 1  # the junk is not kept


def test_names_without_number_do_not_tire_out_the_limits_of_an_issuer(mail, forger, tmp_path):  # noqa: F811
    """An authority for another domain alone: so many names and subtrees that comparing them uses up the work."""
    limits = ["permitted;email.0=evil.example"] + [f"excluded;DNS.{number}=x{number}.example" for number in range(5000)]
    (tmp_path / "limits").write_text("basicConstraints=critical,CA:TRUE\nnameConstraints=@limits\n[limits]\n" + "\n".join(limits) + "\n")
    made("req", "-newkey", *P256, "-nodes", "-subj", "/CN=Limited", "-keyout", tmp_path / "limited.key", "-out", tmp_path / "limited.csr")
    made("x509", "-req", "-in", tmp_path / "limited.csr", "-CA", tmp_path / "root.pem", "-CAkey", tmp_path / "root.key", "-days", 1000, "-extfile",
         tmp_path / "limits", "-out", tmp_path / "limited.pem")
    forger.person("ann", "limited", address=",".join(["ann@example.com"] + [f"DNS:a{number}.example" for number in range(30)]))
    run = mail("verify", forger.signed("ann", "-certfile", tmp_path / "limited.pem"), "--trust", tmp_path / "root.pem")
    assert run.code == 2 and run.text == "" and "Root vouches" not in run.err, run.err


FORGERIES = {
    "a root whose kind of key is not known": {"root": {"key": ["ec", "-pkeyopt", "ec_paramgen_curve:secp112r1"]}, "other": True},
    "a root for another domain": {"root": {"more": ["-addext", "nameConstraints=critical,permitted;email:dom.example"]}},
    "a root that is not for mail": {"root": {"more": ["-addext", "extendedKeyUsage=serverAuth"]}},
    "a root that is no authority": {"root": {"more": ["-addext", "basicConstraints=critical,CA:FALSE"]}},
    "a root that may not sign certificates": {"root": {"more": ["-addext", "keyUsage=critical,cRLSign"]}},
    "a root with a short key": {"root": {"key": ["rsa:1024"]}},
    "a person with a short key": {"person": {"key": ["rsa:1024"]}},
    "a certificate signed with SHA-1": {"person": {"digest": "-sha1"}},
}


@pytest.mark.parametrize("forgery", FORGERIES)
def test_who_may_not_vouch_does_not(mail, tmp_path, forgery):  # noqa: F811
    forger, how = Forger(tmp_path), FORGERIES[forgery]
    root = dict(how.get("root", {}))
    forger.root("root", *root.pop("more", []), **root)
    if how.get("other"):  # the signature is nobody's who is trusted
        forger.root("other", **root)
    forger.person("ann", "other" if how.get("other") else "root", **how.get("person", {}))
    run = mail("verify", forger.signed("ann"), "--trust", tmp_path / "root.pem")
    assert run.code == 2 and run.text == "", run.err


def test_a_root_that_has_ended_vouches_for_nobody_any_more(mail, tmp_path):  # noqa: F811
    forger = Forger(tmp_path)
    root = forger.root("root", days=30)
    forger.person("ann", "root")
    later = int(made("x509", "-in", root, "-noout", "-enddate", "-dateopt", "iso_8601").decode().split("=")[1][:4]) + 1
    signed = forger.signed("ann")
    assert mail("verify", signed, "--trust", root).code == 0
    run = mail("verify", signed, "--trust", root, "--at", f"{later}-01-01")
    assert run.code == 2 and "expired" in run.err


@pytest.mark.parametrize("content", ids=["a-lone-cr", "longer-than-the-limit"], argvalues=[b"\rX: y\r\nFrom: boss@example.com\r\nTo: you@example.com\r\n\r\nPlease pay.\r\n",
                         b"X: " + b"y" * (256 * 1024 - 25) + b"\r\nFrom: boss@example.com\r\n\r\nPlease pay.\r\n"])
def test_what_is_written_is_from_whom_was_checked(mail, forger, content):  # noqa: F811
    """Headers inside of what is signed that one reader sees and another does not."""
    forger.person("ann", "root")
    opaque = made("cms", "-sign", "-nodetach", "-binary", "-signer", forger.folder / "ann.pem", "-inkey", forger.folder / "ann.key", "-outform", "DER", data=content)
    head = "Subject: x\nMIME-Version: 1.0\nContent-Type: application/pkcs7-mime; smime-type=signed-data\nContent-Transfer-Encoding: base64\n\n"
    run = mail("verify", head + base64.encodebytes(opaque).decode(), "--trust", forger.folder / "root.pem", "--from", "ann@example.com")
    head = run.out.read_bytes().replace(b"\r", b"\n").split(b"\n\n")[0]
    assert b"From: boss" not in head, (run.code, run.err)


def test_with_more_signers_than_anybody_has_it_is_not_sure(mail, forger):  # noqa: F811
    more = []
    for number in range(12):
        forger.person(f"p{number}", "root")
        more += ["-signer", forger.folder / f"p{number}.pem", "-inkey", forger.folder / f"p{number}.key"]
    run = mail("verify", forger.signed("p0", *more[4:]), "--trust", forger.folder / "root.pem")
    assert run.code == 2 and "of whom only 10 were looked at" in run.err, run.err


@pytest.mark.parametrize("inner", ["certs-only", "unreadable"])
def test_what_is_encrypted_and_not_signed_is_written_as_such(mail, people, forger, inner):  # noqa: F811
    """Certificates alone, or a type that nobody can read: it was not changed on the way."""
    kind = "application/pkcs7-mime; smime-type=certs-only" if inner == "certs-only" else "text/plain; a=b; a=c"
    content = f"Content-Type: {kind}\r\nContent-Transfer-Encoding: base64\r\n\r\nTUlJ\r\n".encode()
    encrypted = made("cms", "-encrypt", "-aes256", "-from", "ann@example.com", people.certificate("ann"), data=content)
    run = mail("decrypt", encrypted, *people.own("ann"))
    assert run.code == 1 and "TUlJ" in run.text, run.err
