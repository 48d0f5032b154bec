"""What we write, OpenSSL reads, and the other way round: every algorithm that mail programs use."""

import pytest
from mail_fixtures import mail, people, program  # noqa: F401 (fixtures)
from mail_people import TEXT, body, entity, message, openssl

SIGNERS = ["ann", "bob", "carl"]


@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
@pytest.mark.parametrize("name", SIGNERS)
def test_openssl_verifies_what_we_sign(mail, people, name, line_end):
    signed = mail("sign", message(name, line_end=line_end), *people.own(name))
    assert signed.code == 0 and signed.err == ""
    read = openssl("cms", "-verify", "-in", signed.out, "-CAfile", people.root, "-purpose", "smimesign", "-verify_email", f"{name}@example.com")
    assert read.returncode == 0, read.stderr
    assert body(read.stdout) == TEXT


def test_the_older_interface_of_openssl_verifies_what_we_sign(mail, people):
    signed = mail("sign", message("ann"), *people.own("ann"))
    assert openssl("smime", "-verify", "-in", signed.out, "-CAfile", people.root).returncode == 0


@pytest.mark.parametrize("signer", [None, "bob"])
@pytest.mark.parametrize("cipher", [[], ["--gcm"]])
@pytest.mark.parametrize("name", SIGNERS)
def test_openssl_decrypts_what_we_encrypt(mail, people, name, cipher, signer):
    own = people.own(signer) if signer else []
    encrypted = mail("encrypt", message("bob"), "--to", people.certificate(name), *cipher, *own)
    assert encrypted.code == 0, encrypted.err
    assert ("does not say from whom" in encrypted.err) == (signer is None)
    for reader in {name, signer} - {None}:
        read = openssl("cms", "-decrypt", "-in", encrypted.out, "-inkey", people.key(reader), "-recip", people.certificate(reader))
        assert read.returncode == 0, read.stderr
        if signer:
            inner = openssl("cms", "-verify", "-CAfile", people.root, "-purpose", "smimesign", data=read.stdout)
            assert inner.returncode == 0 and body(inner.stdout) == TEXT, inner.stderr
        else:
            assert body(read.stdout) == TEXT


def signed_by_openssl(people, name, folder, *options):
    (folder / "entity").write_bytes(entity())
    run = openssl("cms", "-sign", "-in", folder / "entity", "-signer", people.certificate(name), "-inkey", people.key(name), "-certfile", people.issuer, "-from", f"{name}@example.com", "-to", "bob@example.com", "-out", folder / "signed", *options)
    assert run.returncode == 0, run.stderr
    return folder / "signed"


PSS = ["-keyopt", "rsa_padding_mode:pss", "-keyopt"]
SIGNATURES = {
    "sha256": ["-md", "sha256"],
    "sha384": ["-md", "sha384"],
    "sha512": ["-md", "sha512"],
    "opaque": ["-nodetach"],
    "opaque by stream": ["-nodetach", "-stream"],
    "detached by stream": ["-stream"],
    "as octets": ["-binary"],
    "named by key identifier": ["-keyid"],
    "without attributes": ["-noattr"],
    "PSS": [*PSS, "rsa_pss_saltlen:digest"],
    "PSS with the longest salt": [*PSS, "rsa_pss_saltlen:max"],
    "CRLF": ["-crlfeol"],
}


@pytest.mark.parametrize("way", SIGNATURES)
@pytest.mark.parametrize("name", ["ann", "bob"])
def test_we_verify_what_openssl_signs(mail, people, tmp_path, name, way):
    if name != "ann" and "PSS" in way:
        name = "dan"  # PSS is of RSA alone
    signed = signed_by_openssl(people, name, tmp_path, *SIGNATURES[way])
    run = mail("verify", signed, "--trust", people.root)
    assert run.code == 0, run.err
    assert body(run.out.read_bytes()) == TEXT
    assert f"Signed by {name}@example.com" in run.err
    changed = signed.read_bytes().replace(b"you alone", b"all of us")
    if "opaque" not in way:
        run = mail("verify", changed, "--trust", people.root)
        assert run.code == 2 and "was changed" in run.err and run.text == ""


@pytest.mark.parametrize("digest", ["sha1", "md5"])
def test_signatures_that_can_be_forged_are_refused(mail, people, tmp_path, digest):
    signed = signed_by_openssl(people, "ann", tmp_path, "-md", digest)
    run = mail("verify", signed, "--trust", people.root)
    assert run.code == 2 and run.text == ""
    assert "MD5 or SHA-1" in run.err or "does not know" in run.err


def test_two_signers_must_both_be_right(mail, people, tmp_path):
    signed = signed_by_openssl(people, "ann", tmp_path, "-signer", people.certificate("bob"), "-inkey", people.key("bob"))
    assert mail("verify", signed, "--trust", people.root).code == 0


def test_a_signature_without_its_certificate_is_refused(mail, people, tmp_path):
    (tmp_path / "entity").write_bytes(entity())
    run = openssl("cms", "-sign", "-nocerts", "-in", tmp_path / "entity", "-signer", people.certificate("ann"), "-inkey", people.key("ann"), "-from",
                  "ann@example.com", "-out", tmp_path / "signed")
    assert run.returncode == 0
    run = mail("verify", tmp_path / "signed", "--trust", people.root)
    assert run.code == 2 and "certificate of the signer is not in the message" in run.err


@pytest.mark.parametrize("option", [["-nocerts"], ["-md", "sha1"]], ids=["its-certificate-is-missing", "of-sha-1"])
def test_what_is_encrypted_with_a_signature_that_cannot_be_checked_is_read_as_if_it_had_none(mail, people, tmp_path, option):
    """It is worth no more than no signature, and no less: the reader would never get to see it."""
    signed = signed_by_openssl(people, "bob", tmp_path, *option).read_bytes()
    (tmp_path / "inner").write_bytes(signed[signed.index(b"MIME-Version"):])
    run = openssl("cms", "-encrypt", "-aes256", "-in", tmp_path / "inner", "-from", "bob@example.com", "-out", tmp_path / "encrypted", people.certificate("ann"))
    assert run.returncode == 0, run.stderr
    read = mail("decrypt", tmp_path / "encrypted", *people.own("ann"), "--trust", people.root)
    assert read.code == 1 and body(read.out.read_bytes()) == TEXT, read.err
    assert "checking the signature" in read.err and "is unchanged since" not in read.err
    wanted = mail("decrypt", tmp_path / "encrypted", *people.own("ann"), "--trust", people.root, "--from", "bob@example.com")
    assert wanted.code == 2 and wanted.text == ""


def encrypted_by_openssl(people, names, folder, *options):
    (folder / "entity").write_bytes(entity())
    recipients = [word for name in names for word in ("-recip", people.certificate(name))]
    run = openssl("cms", "-encrypt", "-in", folder / "entity", "-from", "bob@example.com", "-out", folder / "encrypted", *options, *recipients)
    assert run.returncode == 0, run.stderr
    return folder / "encrypted"


CIPHERS = ["-des3", "-aes128", "-aes192", "-aes256", "-aes-128-gcm", "-aes-192-gcm", "-aes-256-gcm"]
OAEP = ["-keyopt", "rsa_padding_mode:oaep"]
KEYS = {"plain": [], "by stream": ["-stream"], "named by key identifier": ["-keyid"]}


@pytest.mark.parametrize("keys", KEYS)
@pytest.mark.parametrize("cipher", CIPHERS)
def test_we_decrypt_what_openssl_encrypts(mail, people, tmp_path, cipher, keys):
    names = ["ann", "bob", "carl"] if cipher != "-des3" else ["ann"]  # with a key on a curve it would be wrapped by 3DES
    encrypted = encrypted_by_openssl(people, names, tmp_path, cipher, *KEYS[keys])
    for name in names:
        run = mail("decrypt", encrypted, *people.own(name))
        assert run.code == (0 if "gcm" in cipher else 1), run.err
        assert ("not protected against change" in run.err) == ("gcm" not in cipher)
        assert body(run.out.read_bytes()) == TEXT


@pytest.mark.parametrize("options", [OAEP, [*OAEP, "-keyopt", "rsa_oaep_md:sha256"], [*OAEP, "-keyopt", "rsa_oaep_md:sha384", "-keyopt", "rsa_mgf1_md:sha1"]])
def test_we_open_keys_in_oaep(mail, people, tmp_path, options):
    (tmp_path / "entity").write_bytes(entity())
    run = openssl("cms", "-encrypt", "-aes256", "-in", tmp_path / "entity", "-out", tmp_path / "encrypted", "-recip", people.certificate("dan"), *options)
    assert run.returncode == 0, run.stderr
    run = mail("decrypt", tmp_path / "encrypted", *people.own("dan"))
    assert run.code == 1 and body(run.out.read_bytes()) == TEXT


@pytest.mark.parametrize("digest", ["sha1", "sha224", "sha384", "sha512"])
def test_we_agree_on_keys_by_other_digests(mail, people, tmp_path, digest):
    (tmp_path / "entity").write_bytes(entity())
    run = openssl("cms", "-encrypt", "-aes128", "-in", tmp_path / "entity", "-out", tmp_path / "encrypted", "-recip", people.certificate("bob"), "-keyopt",
                  f"ecdh_kdf_md:{digest}")
    assert run.returncode == 0, run.stderr
    assert mail("decrypt", tmp_path / "encrypted", *people.own("bob")).code == 1


def test_a_text_without_a_header_is_written_as_it_is(mail, people, tmp_path):
    (tmp_path / "text").write_text("no header here\n\nand a second paragraph\n")
    run = openssl("cms", "-encrypt", "-aes256", "-in", tmp_path / "text", "-out", tmp_path / "encrypted", "-recip", people.certificate("ann"))
    assert run.returncode == 0, run.stderr
    run = mail("decrypt", tmp_path / "encrypted", *people.own("ann"))
    assert run.code == 1 and run.text.replace("\r", "").endswith("\n\nno header here\n\nand a second paragraph\n")


def test_another_reader_learns_nothing(mail, people, tmp_path):
    encrypted = encrypted_by_openssl(people, ["ann"], tmp_path, "-aes256")
    run = mail("decrypt", encrypted, *people.own("dan"))
    assert run.code == 2 and run.text == "" and "not encrypted to this key" in run.err


@pytest.mark.parametrize("cipher", ["-aes256", "-aes-256-gcm"])
def test_a_flipped_bit_of_a_key_or_a_text_is_never_good(mail, people, tmp_path, cipher):
    lines = encrypted_by_openssl(people, ["ann"], tmp_path, cipher).read_text().split("\n")
    first = lines.index("") + 1
    for at in range(first, len(lines) - 2, 2):
        line = lines[at]
        changed = lines[:at] + [("B" if line[20] == "A" else "A").join([line[:20], line[21:]])] + lines[at + 1:]
        run = mail("decrypt", "\n".join(changed), *people.own("ann"))
        assert run.code != 0, at
        assert run.code == 1 or run.text == ""
