"""What an authority takes back, the intermediates and lists by which it does, and its backups."""

import json
import subprocess

import pytest

from ca import Authority, text_of, verified
from conftest import NEW_KEY, openssl


def test_only_the_certificate_itself_is_revoked_by_its_file(authority, tmp_path):
    authority("issue", "--name", "mail.example.com", "--out", tmp_path / "out")
    issued = tmp_path / "out" / "fullchain.pem"
    serial = authority.rows()[0]["serial"].replace(":", "")
    openssl("req", "-x509", *NEW_KEY, "-subj", "/CN=mail.example.com", "-set_serial", f"0x{serial}", "-keyout", tmp_path / "key", "-out", tmp_path / "other.pem")
    for command in (["revoke", tmp_path / "other.pem"], ["renew", tmp_path / "other.pem", "--out", tmp_path / "new"]):
        run = authority(*command)
        assert run.returncode == 65 and "another certificate than the one that this authority has issued" in run.stderr
    assert [row["state"] for row in authority.rows()] == ["valid"]
    assert authority("revoke", issued).returncode == 0


def test_a_revoked_certificate_is_on_the_list(authority, tmp_path):
    authority("issue", "--name", "mail.example.com", "--out", tmp_path / "out")
    assert verified(tmp_path / "out").returncode == 0
    run = authority("revoke", "--reason", "keyCompromise", tmp_path / "out" / "fullchain.pem")
    assert run.returncode == 0 and "revocation list 2 with 1 entry" in run.stdout
    crl = subprocess.run(["openssl", "crl", "-inform", "DER", "-in", authority.store / "list-2-0.crl", "-CAfile", authority.store / "intermediate.pem",
                          "-noout", "-text"], capture_output=True, text=True)
    assert "verify OK" in crl.stderr and "Key Compromise" in crl.stdout
    assert [row["state"] for row in authority.rows()] == ["revoked"]
    anew = authority("renew", tmp_path / "out" / "fullchain.pem", "--out", tmp_path / "new")
    assert anew.returncode == 65 and "its key was given up" in anew.stderr and "Make a new key" in anew.stderr
    assert not (tmp_path / "new" / "fullchain.pem").exists()
    again = authority("revoke", tmp_path / "out" / "fullchain.pem")
    assert again.returncode == 64 and "it was revoked on" in again.stderr


@pytest.mark.parametrize("url, files", [("http://pki.example.com/lists/{shard}.crl", ["0.crl", "1.crl"]), ("http://pki.example.com/ca.crl", ["ca-1.crl", "ca.crl"]),
                                        (None, ["list-2-0.crl", "list-3-1.crl"])])
def test_lists_are_copied_to_where_certificates_say_they_are(truename, tmp_path, url, files):
    authority = Authority(truename, tmp_path, *(["--crl-url", url] if url else []))
    authority("issue", "--name", "mail.example.com", "--out", tmp_path / "old")
    authority("renew", "--issuer")
    authority("issue", "--name", "mail.example.com", "--out", tmp_path / "new")
    run = authority("crl", "--due", "--out", tmp_path / "served")
    assert run.returncode == 0 and "No revocation list is due" in run.stdout, run.stderr
    assert sorted(path.name for path in (tmp_path / "served").iterdir()) == files
    assert authority("revoke", tmp_path / "old" / "fullchain.pem", "--out", tmp_path / "served").returncode == 0
    for folder, is_good in (("old", False), ("new", True)):
        named = [line.split("/")[-1] for line in text_of(tmp_path / folder).splitlines() if "URI:" in line]
        assert named == [] if url is None else named[0] in files
        for name in named or files:
            subprocess.run(["openssl", "crl", "-inform", "DER", "-in", tmp_path / "served" / name, "-out", tmp_path / f"{name}.pem"], check=True)
        lists = [option for name in named or files for option in ("-CRLfile", tmp_path / f"{name}.pem")]
        assert (verified(tmp_path / folder, "-crl_check", *lists).returncode == 0) == is_good


@pytest.mark.parametrize("url", ["https://pki.example.com/a.crl", "http://pki.example.com", "http://pki.example.com/", "http://pki.example.com/{shard}/a.crl",
                                 "http:///a.crl", "http://pki example.com/a.crl", "http://pki.example.com/a.crl?x=1", "http://pki.example.com/{shard}{shard}.crl",
                                 "http://pki..example.com/a.crl", "http://pki.example.com/a.crl#x", "http://pki.example.com/..", ""])
def test_an_address_of_lists_that_is_none_is_refused(truename, tmp_path, url):
    made = Authority(truename, tmp_path, "--crl-url", url)
    assert made.made.returncode == 64 and "--crl-url" in made.made.stderr
    assert not made.store.exists()


def test_an_intermediate_is_revoked_by_the_root(truename, tmp_path):
    authority = Authority(truename, tmp_path, "--crl-url", "http://pki.example.com/ca.crl")
    authority("issue", "--name", "mail.example.com", "--out", tmp_path / "out")
    (authority.store / "root.key.pem").rename(tmp_path / "drawer")
    assert authority("revoke", tmp_path / "out" / "fullchain.pem", "--out", tmp_path / "passphrase").returncode == 73
    revoke = ["revoke", "--reason", "keyCompromise", authority.store / "intermediate.pem"]
    assert authority(*revoke).returncode == 66 and authority.rows()[-1]["state"] == "valid"
    run = authority(*revoke, "--root-key", tmp_path / "drawer")
    assert run.returncode == 0 and "revocation list 1 with 1 entry" in run.stdout, run.stderr
    assert "revoked: make another" in authority.run("ca", "show", "--store", authority.store).stdout
    again = authority("issue", "--name", "mail.example.com", "--out", tmp_path / "more")
    assert again.returncode == 64 and "its intermediate was revoked" in again.stderr
    assert f"truename ca renew --store {authority.store} --issuer" in again.stderr, "as it can be pasted"
    assert authority("crl", "--out", tmp_path / "served").returncode == 0
    assert sorted(path.name for path in (tmp_path / "served").iterdir()) == ["ca-root.crl", "ca.crl"]
    for name in ("ca-root", "ca"):
        openssl("crl", "-inform", "DER", "-in", tmp_path / "served" / f"{name}.crl", "-out", tmp_path / f"{name}.pem")
    lists = ["-CRLfile", tmp_path / "ca-root.pem", "-CRLfile", tmp_path / "ca.pem"]
    run = verified(tmp_path / "out", "-crl_check_all", *lists)
    assert run.returncode != 0 and "certificate revoked" in run.stderr and "error 23 at 1 depth" in run.stderr
    assert authority("renew", "--issuer", "--root-key", tmp_path / "drawer").returncode == 0
    assert authority("issue", "--name", "mail.example.com", "--out", tmp_path / "more").returncode == 0
    assert authority.run("ca", "audit", "--store", authority.store).returncode == 0


def test_a_new_intermediate_issues_and_the_old_one_goes_on(authority, tmp_path):
    authority("issue", "--name", "mail.example.com", "--out", tmp_path / "old")
    (authority.store / "root.key.pem").rename(tmp_path / "drawer")
    assert authority("renew", "--issuer").returncode == 66
    run = authority("renew", "--issuer", "--root-key", tmp_path / "drawer")
    assert run.returncode == 0 and "from CN=Example Mail Issuing CA 2 from now on" in run.stdout, run.stderr
    authority("issue", "--name", "imap.example.com", "--out", tmp_path / "new")
    for folder, issuer in (("old", "Issuing CA"), ("new", "Issuing CA 2")):
        assert verified(tmp_path / folder).returncode == 0
        assert f"Issuer: CN = Example Mail {issuer}\n" in text_of(tmp_path / folder)
    for folder, list_file, issuer in (("old", "list-2-0.crl", "intermediate.pem"), ("new", "list-3-1.crl", "intermediate-3.pem")):
        assert authority("revoke", tmp_path / folder / "fullchain.pem").returncode == 0
        crl = subprocess.run(["openssl", "crl", "-inform", "DER", "-in", authority.store / list_file, "-CAfile", authority.store / issuer, "-noout", "-text"],
                             capture_output=True, text=True)
        assert "verify OK" in crl.stderr and crl.stdout.count("Serial Number") == 1
    shown = authority.run("ca", "show", "--store", authority.store).stdout
    assert "intermediate  CN=Example Mail Issuing CA 2," in shown and "before it     CN=Example Mail Issuing CA," in shown
    assert "list-2-0.crl: number 2, 1 entry" in shown and "list-3-1.crl: number 2, 1 entry" in shown
    assert authority("crl").stdout.count("Made revocation list") == 2
    assert authority.run("ca", "audit", "--store", authority.store).returncode == 0
    assert authority.run("ca", "backup", "--store", authority.store, "--out", tmp_path / "backup").returncode == 0
    again = ["--store", tmp_path / "again", "--passphrase-file", authority.passphrase]
    assert authority.run("ca", "restore", *again, "--from", tmp_path / "backup").returncode == 0
    assert authority.run("ca", "issue", *again, "--name", "imap.example.com", "--out", tmp_path / "more").returncode == 0
    assert "Issuing CA 2" in text_of(tmp_path / "more")


def test_a_backup_becomes_an_authority_again_whose_lists_go_on(authority, tmp_path):
    authority("issue", "--name", "mail.example.com", "--out", tmp_path / "out")
    assert authority.run("ca", "backup", "--store", authority.store, "--out", tmp_path / "backup").returncode == 0
    authority("revoke", tmp_path / "out" / "fullchain.pem")
    again = ["--store", tmp_path / "again", "--passphrase-file", authority.passphrase]
    assert authority.run("ca", "restore", *again, "--from", tmp_path / "backup").returncode == 0
    rows = [json.loads(line) for line in authority.run("ca", "list", "--store", tmp_path / "again", "--json").stdout.splitlines()]
    assert [row["state"] for row in rows] == ["valid"]
    numbers = [subprocess.run(["openssl", "crl", "-inform", "DER", "-in", each / "list-2-0.crl", "-noout", "-crlnumber"], capture_output=True, text=True)
               .stdout.strip().split("=")[1] for each in (authority.store, tmp_path / "again")]
    assert int(numbers[0], 16) < int(numbers[1], 16)
    assert authority.run("ca", "issue", *again, "--name", "imap.example.com", "--out", tmp_path / "out").returncode == 0
    assert authority.run("ca", "audit", "--store", tmp_path / "again").returncode == 0
    assert authority.run("ca", "restore", *again, "--from", tmp_path / "backup").returncode == 64


def test_a_changed_backup_is_not_restored(authority, tmp_path):
    authority("issue", "--name", "mail.example.com", "--out", tmp_path / "out")
    authority.run("ca", "backup", "--store", authority.store, "--out", tmp_path / "backup")
    database = tmp_path / "backup" / "authority.db"
    whole = database.read_bytes()
    at = whole.index(b"mail.example.com")
    database.write_bytes(whole[:at] + b"M" + whole[at + 1 :])
    run = authority.run("ca", "restore", "--store", tmp_path / "again", "--passphrase-file", authority.passphrase, "--from", tmp_path / "backup")
    assert run.returncode == 65 and "was changed" in run.stderr
    assert not (tmp_path / "again").exists()


def test_a_wrong_passphrase_restores_nothing(authority, tmp_path):
    assert authority.run("ca", "backup", "--store", authority.store, "--out", tmp_path / "backup").returncode == 0
    (tmp_path / "wrong").write_text("wrong\n")
    run = authority.run("ca", "restore", "--store", tmp_path / "again", "--passphrase-file", tmp_path / "wrong", "--from", tmp_path / "backup")
    assert run.returncode == 64 and "the passphrase does not open it" in run.stderr
    assert not (tmp_path / "again").exists()
