"""bad_files.py FOLDER: writes hostile files of up to 16 MB, and of 1 MB, which is the most that one certificate may have.

Each is made so that some step of reading, verifying, judging or telling would be slow or large if its work were not bounded.
"""
import base64
import pathlib
import random
import sys

SHA256_ECDSA = bytes.fromhex("300a06082a8648ce3d040302")
COMMON_NAME = bytes.fromhex("0603550403")
KEY = bytes.fromhex(  # the base point of P-256
    "3059301306072a8648ce3d020106082a8648ce3d03010703420004"
    "6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296"
    "4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5"
)


def length(size):
    if size < 128:
        return bytes([size])
    digits = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes([0x80 | len(digits)]) + digits


def tlv(tag, *parts):
    content = b"".join(parts)
    return bytes([tag]) + length(len(content)) + content


def sequence(*parts):
    return tlv(0x30, *parts)


def integer(number, size=9):
    return tlv(2, b"\x01" + number.to_bytes(size - 1, "big"))


SIGNATURE = tlv(3, b"\0", sequence(tlv(2, b"\x01" * 32), tlv(2, b"\x01" * 32)))
VALIDITY = sequence(tlv(0x17, b"260101000000Z"), tlv(0x17, b"281231235959Z"))


def rdn(text, tag=0x0C):
    return tlv(0x31, sequence(COMMON_NAME, tlv(tag, text)))


def name(text, tag=0x0C):
    return sequence(rdn(text.encode(), tag))


def dns(text):
    return tlv(0x82, text.encode())


def oid(number):
    return tlv(6, b"\x2a", bytes([0x81 + (number >> 14 & 0x7E), 0x80 | number >> 7 & 0x7F, number & 0x7F]))


def extension(digits, *parts, critical=False):
    return sequence(tlv(6, bytes.fromhex(digits)), b"\x01\x01\xff" if critical else b"", tlv(4, *parts))


def alternatives(names):
    return extension("551d11", sequence(*names))


def constraints(permitted=(), excluded=()):
    lists = [tlv(tag, *(sequence(base) for base in bases)) for tag, bases in ((0xA0, permitted), (0xA1, excluded)) if bases]
    return extension("551d1e", sequence(*lists))


AUTHORITY = extension("551d13", sequence(b"\x01\x01\xff"), critical=True)


def certificate(serial, issuer, subject, *extensions):
    more = tlv(0xA3, sequence(*extensions)) if extensions else b""
    tbs = sequence(b"\xa0\x03\x02\x01\x02", integer(serial), SHA256_ECDSA, issuer, VALIDITY, subject, KEY, more)
    return sequence(tbs, SHA256_ECDSA, SIGNATURE)


def server(*extensions, issuer=name("i"), subject=name("s")):
    return certificate(1, issuer, subject, *extensions)


def crl(entries):
    body = sequence(b"\x02\x01\x01", SHA256_ECDSA, name("i"), VALIDITY[2:], sequence(*entries), tlv(0xA0, sequence()))
    return sequence(body, SHA256_ECDSA, SIGNATURE)


def pem(label, der):
    text = base64.b64encode(der).decode()
    lines = "\n".join(text[at : at + 64] for at in range(0, len(text), 64))
    return f"-----BEGIN {label}-----\n{lines}\n-----END {label}-----\n".encode()


def bundle(certificates):
    return b"".join(pem("CERTIFICATE", der) for der in certificates)


def nested(depth):
    """That many SEQUENCEs, each in the other."""
    heads, size = [], 0
    for _ in range(depth):
        heads.append(b"\x30" + length(size))
        size += len(heads[-1])
    return b"".join(reversed(heads))


def texts(size):
    """What looks like PEM, or like nothing."""
    yield "random", random.Random(1).randbytes(size)
    yield "zeros", bytes(size)
    yield "garbage.pem", b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n" * (size // 59)
    yield "begins.pem", b"-----BEGIN CERTIFICATE-----\n" * (size // 28)
    yield "no-end.pem", b"-----BEGIN CERTIFICATE-----\n" + (b"A" * 64 + b"\n") * (size // 65 - 1)
    yield "long-line.pem", b"-----BEGIN CERTIFICATE-----\n" + b"A" * (size // 4 * 4 - 100) + b"\n-----END CERTIFICATE-----\n"
    yield "long-label.pem", b"-----BEGIN " + b"A" * (size - 100) + b"-----\n"
    yield "empty-lines.pem", b"-----BEGIN CERTIFICATE-----\n" + b"\n" * (size - 100)
    yield "short-lines.pem", b"-----BEGIN CERTIFICATE-----\n" + b"A\n" * (size // 2 - 100) + b"-----END CERTIFICATE-----\n"
    yield "nested", nested(1_000_000)[: size]
    yield "endless", b"\x30\x80" * (size // 2)


def large_parts(size):
    """One certificate, one part of which is large."""
    yield "names-dns", server(alternatives(dns(f"h{i}.example.com") for i in range(size // 25)))
    yield "names-empty", server(alternatives([dns("")] * (size // 2 - 1000)))
    yield "names-address", server(alternatives(tlv(0x87, i.to_bytes(4, "big")) for i in range(size // 7)))
    yield "names-directory", server(alternatives(tlv(0xA4, name(f"x{i}")) for i in range(size // 25)))
    yield "name-one", server(alternatives([dns("a." * (size // 2 - 500))]))
    yield "subject-many", server(AUTHORITY, subject=sequence(rdn(b"a") * (size // 14)))
    yield "subject-long", server(AUTHORITY, subject=name("ä" * (size // 2 - 500)))
    values = (sequence(COMMON_NAME, tlv(0x0C, b"%07d" % i)) for i in range(size // 25))
    yield "subject-set", server(AUTHORITY, subject=sequence(tlv(0x31, *values)))
    yield "extensions", server(*(sequence(oid(i), tlv(4)) for i in range(size // 10)))
    yield "policies", server(extension("551d20", sequence(*(sequence(oid(i)) for i in range(size // 9)))))
    yield "purposes", server(extension("551d25", sequence(*(oid(i) for i in range(size // 7)))))
    points = (sequence(tlv(0xA0, tlv(0xA0, tlv(0x86, b"http://a/%d" % i)))) for i in range(size // 24))
    yield "points", server(extension("551d1f", sequence(*points)))


def chains(size):
    """Many certificates, or a few that cost much together."""
    one = server(alternatives([dns("a.example")]))
    count = min(size // 470, 16_000)
    yield "same.pem", bundle([one]) * count
    yield "distinct.pem", bundle([one] + [certificate(i + 2, name(f"c{i + 1}"), name(f"c{i}"), AUTHORITY) for i in range(count)])
    yield "namesakes.pem", bundle([one] + [certificate(i + 2, name("i"), name("i"), AUTHORITY) for i in range(count)])
    names = ["i", *(str(number) for number in range(50))]
    crossed = [certificate(a * 99 + b, name(names[b]), name(names[a]), AUTHORITY) for a in range(51) for b in range(51)]
    yield "clique.pem", bundle([one, *crossed])
    long_names = [name("i" * 30_000, tag) for tag in (0x0C, 0x13)] + [name("I" * 30_000)]
    others = [certificate(i, long_names[i % 3], long_names[(i + 1) % 3], AUTHORITY) for i in range(2, size // 85_000)]
    yield "long-names.pem", bundle([server(issuer=long_names[0]), *others])
    for kind, bases in (("dns", dns), ("mail", lambda text: tlv(0x81, text.encode())), ("directory", lambda text: tlv(0xA4, name(text)))):
        names = alternatives(bases(f"h{i}.x") for i in range(size // 60))
        limits = [bases(f"y{i}.y") for i in range(size // 60)]
        for form in ("permitted", "excluded"):
            issuer = certificate(2, name("r"), name("i"), AUTHORITY, constraints(**{form: limits}))
            yield f"constraints-{kind}-{form}.pem", bundle([server(names), issuer])


def lists(size):
    date = tlv(0x17, b"260101000000Z")
    yield "entries.crl", crl(sequence(integer(i, 5), date) for i in range(size // 24))
    yield "lists.crl", b"".join(pem("X509 CRL", crl([sequence(integer(i, 5), date)])) for i in range(min(size // 300, 16_000)))


def write(folder, files):
    folder.mkdir(parents=True)
    for file_name, content in files:
        (folder / file_name).write_bytes(content)


if __name__ == "__main__":
    root = pathlib.Path(sys.argv[1])
    most = (16 << 20) - 4096
    write(root / "large", [*texts(most), *large_parts(most), *chains(most)])
    write(root / "small", [*large_parts((1 << 20) - 2048), *chains((1 << 20) - 2048)])
    write(root / "lists", lists(most))
    (root / "server.pem").write_bytes(pem("CERTIFICATE", server(alternatives([dns("a.example")]))))
