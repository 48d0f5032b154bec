"""Small chains made with python3-cryptography from the public keys of tests/keys: bytes that our own builder had no hand in."""
import datetime
import pathlib

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization

KEYS = pathlib.Path(__file__).resolve().parents[1] / "keys"
NOT_BEFORE = datetime.datetime(2026, 1, 1)
NOT_AFTER = datetime.datetime(2028, 1, 1)


def key_pem(name):
    """The text of a key of tests/keys."""
    return (KEYS / f"{name}.pem").read_text()


def _certificate(subject, issuer, key, issuer_key, extensions, not_after=NOT_AFTER):
    name = lambda text: x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, text)])
    private = serialization.load_pem_private_key(key_pem(key).encode(), None)
    signer = serialization.load_pem_private_key(key_pem(issuer_key).encode(), None)
    builder = x509.CertificateBuilder().subject_name(name(subject)).issuer_name(name(issuer)).public_key(private.public_key())
    builder = builder.serial_number(4711).not_valid_before(NOT_BEFORE).not_valid_after(not_after)
    for extension, critical in extensions:
        builder = builder.add_extension(extension, critical)
    return builder.sign(signer, hashes.SHA256()).public_bytes(serialization.Encoding.PEM).decode()


def make_chain(names, key="rsa2048-1", not_after=NOT_AFTER, issuer_url=None):
    """(chain, root): a leaf for `names` and its intermediate as one PEM text, leaf first, and the root that signed the intermediate.

    With `issuer_url` the leaf says that its issuer can be fetched there.
    """
    ca = [(x509.BasicConstraints(ca=True, path_length=None), True)]
    root = _certificate("Example Root", "Example Root", "rsa2048-5", "rsa2048-5", ca)
    intermediate = _certificate("Example Intermediate", "Example Root", "rsa2048-6", "rsa2048-5", ca)
    san = [(x509.SubjectAlternativeName([x509.DNSName(name) for name in names]), False)]
    if issuer_url:
        place = x509.AccessDescription(x509.AuthorityInformationAccessOID.CA_ISSUERS, x509.UniformResourceIdentifier(issuer_url))
        san.append((x509.AuthorityInformationAccess([place]), False))
    leaf = _certificate(names[0], "Example Intermediate", key, "rsa2048-6", san, not_after)
    return leaf + intermediate, root
