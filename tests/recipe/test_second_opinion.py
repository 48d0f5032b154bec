"""What our builder makes, read by programs that are not ours: python3-cryptography and openssl."""
import os
import pathlib
import subprocess

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.x509.oid import ExtendedKeyUsageOID

ROOT = pathlib.Path(__file__).resolve().parents[2]
TOOL = pathlib.Path(os.environ.get("TRUENAME_BUILD") or ROOT / "build" / "dev").resolve() / "recipe_tool"

RECIPE = """
[[certificate]]
name = "root"
subject = "CN=Example Root,O=Example Ltd,C=AT"
ca = true
path_length = 1
key_usage = ["keyCertSign", "cRLSign"]
name_constraints = { permitted = ["DNS:example.com", "IP:192.0.2.0/24"], excluded = ["DNS:bad.example.com"] }
validity = ["2026-01-01", "2060-01-01"]
key = "rsa2048-1"

[[certificate]]
name = "server"
subject = "CN=mail.example.com"
issuer = "root"
names = ["DNS:mail.example.com", "IP:192.0.2.1", "IP:2001:db8::1", "email:a@example.com", "URI:https://example.com/"]
key_usage = ["digitalSignature", "keyEncipherment"]
extended_key_usage = ["serverAuth", "1.3.6.1.4.1.311.10.3.3"]
aia = { ocsp = ["http://ocsp.example.com/"], issuers = ["http://example.com/root.cer"] }
crl = ["http://example.com/root.crl"]
policies = ["2.23.140.1.2.1"]
must_staple = true
serial = "00 a1 b2"
critical = ["extKeyUsage"]
validity = ["2026-01-01T00:00:00Z", "2028-01-01T12:30:15Z"]
key = "p256-1"

[[certificate.extension]]
id = "1.2.3.4"
value = "05 00"

[[certificate]]
name = "wrongly-signed"
subject = "CN=mail.example.com"
issuer = "root"
signed_by = "rsa2048-2"
validity = ["2026-01-01", "2028-01-01"]
key = "p256-1"

[[request]]
name = "request"
subject = "CN=mail.example.com"
names = ["DNS:mail.example.com", "DNS:imap.example.com"]
key = "rsa2048-3"
"""

# A DSA key can be certified, but the program signs nothing with one.
KEYS = sorted(path.stem for path in (ROOT / "tests" / "keys").glob("*.pem") if not path.stem.startswith("dsa"))


def make(folder, text):
    (folder / "recipe.toml").write_text(text)
    subprocess.run([TOOL, folder / "recipe.toml", ROOT / "tests" / "keys", folder], check=True)


@pytest.fixture(name="folder", scope="module")
def made(tmp_path_factory):
    folder = tmp_path_factory.mktemp("recipe")
    make(folder, RECIPE)
    return folder


def read(folder, name):
    return x509.load_pem_x509_certificate((folder / f"{name}.pem").read_bytes())


def test_another_reader_sees_what_the_recipe_says(folder):
    server = read(folder, "server")
    names = server.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert [str(name.value) for name in names] == ["mail.example.com", "192.0.2.1", "2001:db8::1", "a@example.com", "https://example.com/"]
    usage = server.extensions.get_extension_for_class(x509.KeyUsage)
    assert usage.critical and usage.value.digital_signature and usage.value.key_encipherment and not usage.value.key_cert_sign
    purposes = server.extensions.get_extension_for_class(x509.ExtendedKeyUsage)
    assert purposes.critical and list(purposes.value) == [ExtendedKeyUsageOID.SERVER_AUTH, x509.ObjectIdentifier("1.3.6.1.4.1.311.10.3.3")]
    assert server.serial_number == 0xA1B2
    assert str(server.not_valid_after) == "2028-01-01 12:30:15"
    access = server.extensions.get_extension_for_class(x509.AuthorityInformationAccess).value
    assert [description.access_location.value for description in access] == ["http://ocsp.example.com/", "http://example.com/root.cer"]
    points = server.extensions.get_extension_for_class(x509.CRLDistributionPoints).value
    assert points[0].full_name[0].value == "http://example.com/root.crl"
    assert server.extensions.get_extension_for_class(x509.CertificatePolicies).value[0].policy_identifier.dotted_string == "2.23.140.1.2.1"
    assert server.extensions.get_extension_for_class(x509.TLSFeature).value == x509.TLSFeature([x509.TLSFeatureType.status_request])
    assert server.extensions.get_extension_for_oid(x509.ObjectIdentifier("1.2.3.4")).value.value == b"\x05\x00"


def test_another_reader_sees_a_ca(folder):
    root = read(folder, "root")
    assert root.subject.rfc4514_string() == "CN=Example Root,O=Example Ltd,C=AT"
    constraints = root.extensions.get_extension_for_class(x509.BasicConstraints)
    assert constraints.critical and constraints.value == x509.BasicConstraints(ca=True, path_length=1)
    subtrees = root.extensions.get_extension_for_class(x509.NameConstraints).value
    assert [str(name.value) for name in subtrees.permitted_subtrees] == ["example.com", "192.0.2.0/24"]
    assert [str(name.value) for name in subtrees.excluded_subtrees] == ["bad.example.com"]
    assert str(root.not_valid_after) == "2060-01-01 00:00:00"
    own = root.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value
    assert own == x509.SubjectKeyIdentifier.from_public_key(root.public_key())


def test_the_signature_is_right_unless_the_recipe_says_otherwise(folder):
    root = read(folder, "root")
    for name, right in (("root", True), ("server", True), ("wrongly-signed", False)):
        one = read(folder, name)
        try:
            root.public_key().verify(one.signature, one.tbs_certificate_bytes, padding.PKCS1v15(), one.signature_hash_algorithm)
            assert right
        except Exception as problem:
            assert not right, f"{name}: {problem!r}"


def test_openssl_builds_the_path_for_the_name(folder):
    def verify(host):
        command = ["openssl", "verify", "-CAfile", folder / "root.pem", "-verify_hostname", host, "-attime", "1780000000", "-purpose", "sslserver"]
        # A critical EKU and an unknown extension are fine for it; the addresses outside the constraints are not, so it looks at the leaf's names.
        return subprocess.run([*command, folder / "server.pem"], capture_output=True, text=True, check=False)

    assert "permitted subtree violation" in verify("mail.example.com").stderr


def test_openssl_reads_the_request(folder):
    text = subprocess.run(["openssl", "req", "-in", folder / "request.csr", "-noout", "-text", "-verify"], capture_output=True, text=True, check=True)
    assert "DNS:mail.example.com, DNS:imap.example.com" in text.stdout
    assert "self-signature verify OK" in text.stdout + text.stderr


@pytest.mark.parametrize("key", KEYS)
def test_every_kind_of_key_signs_what_openssl_accepts(tmp_path, key):
    make(tmp_path, f"[[certificate]]\nname = 'one'\nsubject = 'CN=one'\nca = true\nvalidity = ['2026-01-01', '2036-01-01']\nkey = '{key}'\n")
    command = ["openssl", "verify", "-auth_level", "0", "-check_ss_sig", "-attime", "1780000000", "-CAfile", tmp_path / "one.pem", tmp_path / "one.pem"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
