"""An authority of one's own, driven as an administrator would, and looked at with openssl."""

import hashlib
import itertools
import math
import os
import pathlib
import plistlib
import random
import resource
import shutil
import sqlite3
import stat
import subprocess
import time

import pytest

from ca import Authority, text_of, verified
from conftest import NEW_KEY, openssl
from killing import Killer, time_of

DATA = pathlib.Path(__file__).parents[2] / "data"


def test_a_certificate_has_its_names_in_the_given_order_and_openssl_accepts_it(authority, tmp_path):
    run = authority("issue", "--name", "mail.example.com", "--name", "imap.example.com", "--name", "example.com", "--out", tmp_path / "out")
    assert run.returncode == 0 and "Issued for mail.example.com, imap.example.com, example.com" in run.stdout
    assert "Outlook 2007" in run.stderr  # looks at the first name only
    assert "DNS:mail.example.com, DNS:imap.example.com, DNS:example.com" in text_of(tmp_path / "out")
    assert verified(tmp_path / "out", "-verify_hostname", "mail.example.com", "-purpose", "sslserver").returncode == 0
    assert (tmp_path / "out" / "privkey.pem").stat().st_mode & 0o777 == 0o600
    pair = [subprocess.run(["openssl", *each], capture_output=True, text=True).stdout for each in (
        ["x509", "-in", tmp_path / "out" / "fullchain.pem", "-noout", "-pubkey"], ["pkey", "-in", tmp_path / "out" / "privkey.pem", "-pubout"])]
    assert pair[0] == pair[1]


@pytest.mark.parametrize("kind", ["rsa2048", "p384", "ed25519"])
def test_other_kinds_of_keys_work(truename, tmp_path, kind):
    authority = Authority(truename, tmp_path, "--key", kind)
    run = authority("issue", "--name", "mail.example.com", "--key", kind, "--force", "--out", tmp_path / "out")
    assert run.returncode == 0, run.stderr
    assert verified(tmp_path / "out").returncode == 0


@pytest.mark.parametrize("form", ["PEM", "DER"])
def test_a_request_is_signed_with_its_names_and_its_key(authority, tmp_path, form):
    openssl("req", *NEW_KEY, "-subj", "/CN=other.example.com", "-addext", "subjectAltName=DNS:mail.example.com,DNS:smtp.example.com",
            "-keyout", tmp_path / "key", "-outform", form, "-out", tmp_path / "request")
    run = authority("sign", "--csr", tmp_path / "request", "--out", tmp_path / "out")
    assert run.returncode == 0, run.stderr
    assert "DNS:mail.example.com, DNS:smtp.example.com\n" in text_of(tmp_path / "out")
    assert not (tmp_path / "out" / "privkey.pem").exists()


def test_a_persons_certificate_is_for_mail(authority, tmp_path):
    assert authority("issue", "--person", "ada@example.com", "--out", tmp_path / "out").returncode == 0
    assert "email:ada@example.com" in text_of(tmp_path / "out")
    assert verified(tmp_path / "out", "-purpose", "smimesign").returncode == 0


def test_a_persons_key_is_never_written_over(authority, tmp_path):
    """It opens what was encrypted to it."""
    first = authority("issue", "--person", "ann@example.com", "--out", tmp_path / "ann")
    assert first.returncode == 0, first.stderr
    key = (tmp_path / "ann/privkey.pem").read_text()
    again = authority("issue", "--person", "ann@example.com", "--out", tmp_path / "ann")
    assert again.returncode == 73 and "there is a key already" in again.stderr and (tmp_path / "ann/privkey.pem").read_text() == key


def test_a_request_of_a_person_makes_a_certificate_for_mail(authority, tmp_path):
    openssl("req", *NEW_KEY, "-subj", "/CN=Ada", "-addext", "subjectAltName=email:ada@example.com", "-keyout", tmp_path / "key", "-out", tmp_path / "request")
    assert authority("sign", "--csr", tmp_path / "request", "--out", tmp_path / "out").returncode == 0
    assert verified(tmp_path / "out", "-purpose", "smimesign").returncode == 0
    assert authority.rows()[0]["profile"] == "person"


def test_what_a_program_would_refuse_is_not_issued_without_force(authority, tmp_path):
    long = ["issue", "--name", "mail.example.com", "--days", "1000", "--out", tmp_path / "out"]
    run = authority(*long)
    assert run.returncode in (1, 2) and "Apple Mail" in run.stdout and "Nothing was issued" in run.stderr
    assert authority.rows() == [] and not (tmp_path / "out" / "fullchain.pem").exists()
    assert authority(*long, "--force").returncode == 0
    assert len(authority.rows()) == 1


def roca_key(folder):
    """A key as the faulty chip made it, small: its primes are k * M + (65537^a mod M), M the product of the primes to 167."""
    product = math.prod(n for n in range(2, 168) if all(n % k for k in range(2, n)))
    p, q = (next(n for n in (k * product + pow(65537, k, product) for k in itertools.count(start)) if n >> 255 and pow(2, n - 1, n) == 1)
            for start in (2**255 // product + 1, 2**255 // product + 5000))
    d = pow(65537, -1, (p - 1) * (q - 1))
    numbers = {"version": 0, "n": p * q, "e": 65537, "d": d, "p": p, "q": q, "e1": d % (p - 1), "e2": d % (q - 1), "c": pow(q, -1, p)}
    (folder / "roca.cnf").write_text("asn1=SEQUENCE:key\n[key]\n" + "\n".join(f"{name}=INTEGER:{number}" for name, number in numbers.items()))
    openssl("asn1parse", "-genconf", folder / "roca.cnf", "-noout", "-out", folder / "roca.der")
    openssl("pkey", "-inform", "DER", "-in", folder / "roca.der", "-out", folder / "roca.key")
    return folder / "roca.key"


def bad_requests(folder):
    """What must be refused: the name of the file, the words that say why, and the file."""
    openssl("req", *NEW_KEY, "-subj", "/CN=mail.example.com", "-keyout", folder / "key", "-outform", "DER", "-out", folder / "good")
    broken = bytearray((folder / "good").read_bytes())
    broken[-1] ^= 1
    (folder / "signature").write_bytes(broken)
    openssl("req", "-newkey", "rsa:1024", "-nodes", "-subj", "/CN=mail.example.com", "-keyout", folder / "key", "-out", folder / "weak")
    for digest in ("md5", "sha1"):
        openssl("req", "-newkey", "rsa:2048", "-nodes", f"-{digest}", "-subj", "/CN=mail.example.com", "-keyout", folder / "key", "-out", folder / digest)
    openssl("req", "-newkey", "rsa:2048", "-pkeyopt", "rsa_keygen_pubexp:3", "-nodes", "-subj", "/CN=mail.example.com", "-keyout", folder / "key", "-out", folder / "three")
    openssl("req", "-new", "-key", roca_key(folder), "-subj", "/CN=mail.example.com", "-out", folder / "roca")
    (folder / "names.cnf").write_text(f"[req]\ndistinguished_name=d\nreq_extensions=e\n[d]\n[e]\nsubjectAltName=@n\n[n]\n" +
                                      "\n".join(f"DNS.{i}=h{i}.example.com" for i in range(10_000)))
    openssl("req", *NEW_KEY, "-config", folder / "names.cnf", "-subj", "/CN=mail.example.com", "-keyout", folder / "key", "-out", folder / "many")
    openssl("req", *NEW_KEY, "-subj", "/CN=server.local", "-keyout", folder / "key", "-out", folder / "internal")
    (folder / "garbage").write_bytes(b"-----BEGIN nothing")
    return [("signature", "not signed with its own key"), ("weak", "RSA"), ("md5", "signed with MD5"), ("sha1", "signed with SHA-1"),
            ("three", "exponent is smaller than 65537"), ("roca", "CVE-2017-15361"), ("many", "10000 names"), ("internal", "server.local"), ("garbage", "")]


def test_bad_requests_are_refused_with_nothing_half_done(authority, tmp_path):
    for name, words in bad_requests(tmp_path):
        run = authority("sign", "--csr", tmp_path / name, "--out", tmp_path / "out")
        assert run.returncode == 65 and words in run.stderr, (name, run.stderr)
        assert len(run.stderr.splitlines()) == 1
    assert authority("sign", "--csr", tmp_path / "none", "--out", tmp_path / "out").returncode == 66
    assert authority.rows() == []
    assert authority.run("ca", "audit", "--store", authority.store).returncode == 0


def test_internal_names_are_issued_when_they_are_meant(truename, tmp_path):
    authority = Authority(truename, tmp_path)
    assert authority("issue", "--name", "server.local", "--out", tmp_path / "out").returncode == 65
    assert authority("issue", "--name", "server.local", "--internal-names", "--out", tmp_path / "out").returncode == 0


def test_a_wrong_passphrase_opens_nothing(authority, tmp_path):
    authority.passphrase.write_text("wrong\n")
    run = authority("issue", "--name", "mail.example.com", "--out", tmp_path / "out")
    assert run.returncode == 64 and "the passphrase does not open it" in run.stderr
    assert not (tmp_path / "out").exists()


def test_an_authority_where_nobody_can_write_can_be_looked_at(program, authority, tmp_path):
    authority("issue", "--name", "mail.example.com", "--out", tmp_path / "out")
    readonly = ["unshare", "-rm", "sh", "-c", 'mount --bind "$1" "$1" && mount -o remount,ro,bind "$1" && shift && exec "$@"', "sh", authority.store]
    if subprocess.run([*readonly, "true"], capture_output=True).returncode != 0:
        pytest.skip("mounting is not permitted here")
    run = lambda command, *more: subprocess.run([*readonly, program, "ca", command, "--store", authority.store, *more], capture_output=True, text=True)
    assert run("audit").returncode == 0
    assert "mail.example.com" in run("list").stdout and "certificates  1" in run("show").stdout
    assert run("export", "--for", "debian", "--out", tmp_path / "export").returncode == 0
    refused = run("issue", "--passphrase-file", authority.passphrase, "--name", "mail.example.com", "--out", tmp_path / "new")
    assert refused.returncode == 66 and "readonly database" in refused.stderr
    assert len(authority.rows()) == 1
    (authority.store / "authority.db-wal").write_bytes(b"x")
    unclean = run("list")
    assert unclean.returncode == 66 and "copy the folder" in unclean.stderr


def test_a_passphrase_that_others_can_read_is_told(authority, tmp_path):
    issue = ["issue", "--name", "mail.example.com", "--out", tmp_path / "out"]
    assert "chmod" not in authority(*issue).stderr
    authority.passphrase.chmod(0o640)
    run = authority(*issue)
    assert run.returncode == 0 and f"chmod 600 {authority.passphrase}" in run.stderr


def test_a_process_that_holds_keys_dumps_no_core(program, authority, tmp_path):
    read_end, write_end = os.pipe()
    command = [program, "ca", "crl", "--store", authority.store, "--passphrase-file", f"/dev/fd/{read_end}"]
    core = lambda: resource.setrlimit(resource.RLIMIT_CORE, (1 << 20, 1 << 20))
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, pass_fds=[read_end], preexec_fn=core)
    os.close(read_end)
    wanted, end = [["0", "0"]], time.monotonic() + 20
    with open(write_end, "w") as pipe:  # it waits for the passphrase
        limits = None
        while limits != wanted and time.monotonic() < end:
            lines = pathlib.Path(f"/proc/{process.pid}/limits").read_text().splitlines()
            limits = [line.split()[4:6] for line in lines if line.startswith("Max core file size")]
        pipe.write("correct horse\n")
    assert process.wait() == 0
    assert limits == wanted


def test_one_changed_byte_is_found(authority, tmp_path):
    authority("issue", "--name", "mail.example.com", "--out", tmp_path / "out")
    good = authority.run("ca", "audit", "--store", authority.store)
    assert good.returncode == 0
    head = good.stdout.split()[-1]
    authority("crl")
    assert authority.run("ca", "audit", "--store", authority.store, "--head", head).returncode == 0
    assert authority.run("ca", "audit", "--store", authority.store, "--head", "00" * 32).returncode == 2
    database = authority.store / "authority.db"
    whole = database.read_bytes()
    for name in (b"mail.example.com", b"recorded", b"intermediate"):
        at = whole.index(name)
        database.write_bytes(whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :])
        run = authority.run("ca", "audit", "--store", authority.store)
        assert run.returncode == 2 and "Something was changed" in run.stdout, name
        database.write_bytes(whole)
    assert authority.run("ca", "audit", "--store", authority.store).returncode == 0


def test_keys_and_passphrase_are_told_to_nobody(authority, tmp_path):
    run = authority("issue", "--name", "mail.example.com", "--out", tmp_path / "out", "--verbose")
    assert "PRIVATE KEY" not in run.stdout + run.stderr and "correct horse" not in run.stdout + run.stderr
    for file in authority.store.iterdir():
        assert b"correct horse" not in file.read_bytes() and b"BEGIN PRIVATE KEY" not in file.read_bytes()
        if "key" in file.name or ".db" in file.name:
            assert file.stat().st_mode & 0o077 == 0, file.name


def test_kill_at_any_instant_loses_nothing_that_was_acknowledged(program, authority, tmp_path):
    random.seed(1)
    issue = ["issue", *authority.access, "--name", "mail.example.com", "--out", tmp_path / "out"]
    killer = Killer(time_of(lambda: authority.run("ca", *issue)), earliest=0)
    acknowledged, numbers = 1, []
    for _ in range(200):
        acknowledged += killer.run([program, "ca", *issue], "Issued for")
        database = sqlite3.connect(authority.store / "authority.db")
        numbers.append(database.execute("SELECT max(number) FROM lists").fetchone()[0])
        serial = subprocess.run(["openssl", "x509", "-in", tmp_path / "out" / "fullchain.pem", "-noout", "-serial"], capture_output=True, text=True).stdout
        recorded = database.execute("SELECT count(*) FROM certificates WHERE serial = ?", (bytes.fromhex(serial.split("=")[1].strip()),)).fetchone()[0]
        assert recorded == 1, "a certificate without its record"
        database.close()
    rows = authority.rows()
    assert len({row["serial"] for row in rows}) == len(rows)
    assert sum(row["state"] == "valid" for row in rows) >= acknowledged > 5
    assert numbers == sorted(numbers)
    assert authority.run("ca", "audit", "--store", authority.store).returncode == 0


def test_the_folders_above_are_made_and_a_copy_has_them_too(truename, tmp_path):
    (tmp_path / "passphrase").write_text("secret\n")
    (tmp_path / "passphrase").chmod(0o600)
    for store in ("var/lib/truename/ca", "srv/ca/"):
        made = truename("ca", "init", "--store", f"{tmp_path}/{store}", "--name", "Example", "--domain", "example.com", "--passphrase-file", tmp_path / "passphrase")
        assert made.returncode == 0, made.stderr
    copied = truename("ca", "backup", "--store", tmp_path / "srv/ca", "--out", tmp_path / "copies/today")
    assert copied.returncode == 0, copied.stderr
    assert stat.S_IMODE((tmp_path / "copies/today").stat().st_mode) == stat.S_IMODE((tmp_path / "srv/ca").stat().st_mode) == 0o700


def test_an_empty_domain_makes_no_authority_without_limits(truename, tmp_path):
    made = Authority(truename, tmp_path, "--domain", "")
    assert made.made.returncode == 64 and "no domain follows" in made.made.stderr
    assert not made.store.exists()


def test_domains_outside_ascii_hold_in_both_forms(truename, tmp_path):
    authority = Authority(truename, tmp_path, "--domain", "M\u00fcnchen.example")
    for name in ("mail.m\u00fcnchen.example", "mail.xn--mnchen-3ya.example"):
        assert authority("issue", "--name", name, "--out", tmp_path / "out").returncode == 0, name


def test_what_fails_on_the_way_leaves_nothing_in_the_way(truename, tmp_path):
    made = Authority(truename, tmp_path, "--domain", "*.example.com")
    assert made.made.returncode == 64
    assert [path.name for path in tmp_path.iterdir()] == ["passphrase"]


def test_a_folder_gets_no_certificate_for_another_key(authority, tmp_path):
    authority("issue", "--name", "mail.example.com", "--out", tmp_path / "pair")
    openssl("req", *NEW_KEY, "-subj", "/CN=mail.example.com", "-keyout", tmp_path / "key", "-out", tmp_path / "request")
    before = (tmp_path / "pair" / "fullchain.pem").read_bytes()
    run = authority("sign", "--csr", tmp_path / "request", "--out", tmp_path / "pair")
    assert run.returncode == 73 and "the key of another certificate" in run.stderr
    assert (tmp_path / "pair" / "fullchain.pem").read_bytes() == before
    assert authority("renew", tmp_path / "pair" / "fullchain.pem", "--out", tmp_path / "pair").returncode == 0
    assert authority("issue", "--name", "mail.example.com", "--out", authority.store).returncode == 64
    assert authority("issue", "--name", "mail.example.com", "--out", authority.passphrase).returncode == 73
    assert len(authority.rows()) == 2


def test_a_store_that_is_none_is_said_so(truename, tmp_path):
    run = truename("ca", "list", "--store", tmp_path)
    assert run.returncode == 64 and "there is none" in run.stderr
    (tmp_path / "authority.db").write_bytes(b"x" * 4096)
    run = truename("ca", "list", "--store", tmp_path)
    assert run.returncode == 66 and "not a database" in run.stderr
    assert os.path.exists(tmp_path / "authority.db") and pathlib.Path(tmp_path / "authority.db").read_bytes() == b"x" * 4096


def test_a_certificate_is_renewed_with_its_names_and_its_key(authority, tmp_path):
    authority("issue", "--name", "mail.example.com", "--name", "imap.example.com", "--out", tmp_path / "old")
    run = authority("renew", tmp_path / "old" / "fullchain.pem", "--out", tmp_path / "new")
    assert run.returncode == 0, run.stderr
    old, new = (subprocess.run(["openssl", "x509", "-in", tmp_path / each / "fullchain.pem", "-noout", "-pubkey", "-serial", "-ext", "subjectAltName"],
                               capture_output=True, text=True).stdout for each in ("old", "new"))
    assert [line for line in old.splitlines() if "serial" not in line] == [line for line in new.splitlines() if "serial" not in line]
    assert old != new
    assert verified(tmp_path / "new").returncode == 0
    assert authority("renew", "00:11", "--out", tmp_path / "none").returncode == 64


def test_who_holds_the_authority_to_its_domains_is_judged(authority, truename, tmp_path):
    show = ["ca", "show", "--store", authority.store, "--client", "thunderbird,evolution,outlook-2007"]
    shown = truename(*show)
    assert shown.returncode == 0, shown.stderr
    assert "for mail.example.org, outside of its domains:\n  stopped by    Evolution 3.46, Thunderbird 153\n  not known of  Outlook 2007\n" in shown.stdout
    # It is the data that tells: with one reaction less the program takes what it should stop.
    shutil.copytree(DATA, tmp_path / "data")
    profile = tmp_path / "data" / "clients" / "bases" / "nss@3.125.toml"
    text = profile.read_text()
    at = text.index('finding = ["constraint.violated", ')
    refuses = 'action = "refuses"\nkind = "fatal"\ncode = "SEC_ERROR_CERT_NOT_IN_NAME_SPACE"'
    profile.write_text(text[:at] + text[at:].replace(refuses, 'action = "silent"', 1))
    assert "  taken by      Thunderbird 153\n" in truename(*show, "--data", tmp_path / "data").stdout
    (tmp_path / "free").mkdir()
    unlimited = Authority(truename, tmp_path / "free")
    assert "outside of its domains" not in truename("ca", "show", "--store", unlimited.store).stdout


@pytest.mark.parametrize("kind", ["windows", "macos", "ios", "thunderbird", "debian", "android"])
def test_the_root_is_handed_out_with_its_steps(authority, tmp_path, kind):
    run = authority.run("ca", "export", "--store", authority.store, "--for", kind, "--out", tmp_path / kind)
    assert run.returncode == 0 and "To trust it" in run.stdout and "To take it away again" in run.stdout
    assert (tmp_path / kind / "README.txt").read_text() == run.stdout
    assert len(list((tmp_path / kind).iterdir())) >= 2


def test_the_handouts_hold_the_root(authority, tmp_path):
    root = subprocess.run(["openssl", "x509", "-in", authority.store / "root.pem", "-outform", "DER"], capture_output=True).stdout
    for kind in ("windows", "ios", "page"):
        assert authority.run("ca", "export", "--store", authority.store, "--for", kind, "--out", tmp_path / kind).returncode == 0
    assert (tmp_path / "windows" / "root.cer").read_bytes() == root
    profile = plistlib.loads((tmp_path / "ios" / "root.mobileconfig").read_bytes())
    assert profile["PayloadContent"][0]["PayloadContent"] == root
    fingerprint = hashlib.sha256(root).hexdigest()
    assert ":".join(fingerprint[i : i + 2] for i in range(0, 64, 2)) in (tmp_path / "page" / "index.html").read_text()
