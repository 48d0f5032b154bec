"""Whose key is it? People's certificates by address: who vouches for each, and which one mail is encrypted to."""

import email
import email.policy
import functools
import json
import re
import subprocess
import time

import pytest

MAIL = b"From: bob@example.com\r\nTo: ann@example.com\r\nSubject: Lunch\r\n\r\nAt noon.\r\n"


@pytest.fixture(name="people")
def folders_of_people(truename, tmp_path):
    """A function that makes an authority and has it issue: name of the authority, address, folder."""
    passphrase = tmp_path / "passphrase"
    passphrase.write_text("correct horse\n")
    passphrase.chmod(0o600)

    def issue(authority, address, folder):
        access = ["--store", tmp_path / authority, "--passphrase-file", passphrase]
        if not (tmp_path / authority).exists():
            assert truename("ca", "init", *access, "--name", authority).returncode == 0
        people = [word for each in ([address] if isinstance(address, str) else address) for word in ("--person", each)]
        done = truename("ca", "issue", *access, *people, "--out", tmp_path / folder)
        assert done.returncode == 0, done.stderr
        return tmp_path / folder

    return issue


@pytest.fixture(name="keys")
def keys_command(truename, tmp_path):
    def run(command, *arguments, stdin=""):
        return truename("keys", command, *arguments, "--store", tmp_path / "keys", stdin=stdin)

    return run


def found(keys, address, *more):
    done = keys("find", address, "--json", *more)
    return done.returncode, json.loads(done.stdout)


def fingerprint(folder):
    text = subprocess.run(["openssl", "x509", "-in", folder / "fullchain.pem", "-noout", "-fingerprint", "-sha256"], capture_output=True, text=True, check=True).stdout
    return text.split("=")[1].strip().lower()


def test_a_key_is_used_once_somebody_vouches_for_it(keys, people, truename, tmp_path):
    ann = people("Example", "ann@example.com", "ann")
    added = keys("add", ann / "fullchain.pem")
    assert added.returncode == 1 and "NOT USED" in added.stdout and "Nobody that is trusted here vouches" in added.stdout
    code, nobody = found(keys, "ann@example.com")
    assert code == 1 and nobody["use"] is None and nobody["keys"][0]["state"] == "not-vouched"
    encrypt = functools.partial(truename, "mail", "encrypt", "--to", "ann@example.com", "--store", tmp_path / "keys", stdin=MAIL.decode())
    refused = encrypt()
    assert refused.returncode == 2 and refused.stdout == "" and "vouches" in refused.stderr
    trusted = keys("add", ann / "root.pem", "--as-authority")
    assert trusted.returncode == 0 and "1 certificate of authorities added, whose word counts" in trusted.stdout
    code, known = found(keys, "ann@EXAMPLE.com")
    assert code == 0 and known["use"] == fingerprint(ann) == known["keys"][0]["fingerprint"]
    assert "CN=Example" in known["keys"][0]["vouched_by"] and "added on 20" in known["keys"][0]["vouched_by"]
    done = encrypt()
    assert done.returncode == 0 and "vouched for by CN=Example Root CA" in done.stderr
    opened = truename("mail", "decrypt", "--key", ann / "privkey.pem", "--cert", ann / "fullchain.pem", stdin=done.stdout)
    assert "At noon." in opened.stdout
    assert encrypt("--to", "bob@example.com").returncode == 2


def test_the_case_of_an_address_counts_before_its_at(keys, people):
    ann = people("Example", "ann@example.com", "ann")
    keys("add", ann / "root.pem", "--as-authority")
    keys("add", ann / "fullchain.pem")
    assert found(keys, "Ann@example.com")[1]["keys"] == []
    assert keys("find", "ann").returncode == 64


def test_a_key_of_another_issuer_is_held_until_it_is_confirmed(keys, people):
    """Another person who calls himself ann, or a new authority: who can tell?"""
    first, other = people("Example", "ann@example.com", "ann"), people("Elsewhere", "ann@example.com", "other")
    keys("add", first / "root.pem", other / "root.pem", "--as-authority")
    assert keys("add", first / "fullchain.pem").returncode == 0
    held = keys("add", other / "fullchain.pem")
    assert held.returncode == 1 and "known before" in held.stdout
    code, both = found(keys, "ann@example.com")
    assert code == 0 and both["use"] == fingerprint(first)
    assert sorted(key["state"] for key in both["keys"]) == ["held", "usable"]
    again = keys("add", other / "fullchain.pem")
    assert again.returncode == 1 and again.stderr == "1 key had been known before.\n"
    assert found(keys, "ann@example.com")[1]["use"] == fingerprint(first)
    assert keys("add", other / "fullchain.pem", "--confirm").returncode == 0
    code, confirmed = found(keys, "ann@example.com")
    assert {key["fingerprint"]: key["state"] for key in confirmed["keys"]} == {fingerprint(first): "held", fingerprint(other): "usable"}
    assert any("compared the fingerprint" in key["vouched_by"] for key in confirmed["keys"])


def test_a_key_for_which_nobody_vouches_keeps_no_other_out(keys, people):
    """Anybody can send one."""
    unknown, known = people("Elsewhere", "ann@example.com", "other"), people("Example", "ann@example.com", "ann")
    keys("add", known / "root.pem", "--as-authority")
    assert keys("add", unknown / "fullchain.pem").returncode == 1
    assert keys("add", known / "fullchain.pem").returncode == 0
    assert found(keys, "ann@example.com")[1]["use"] == fingerprint(known)


def test_an_authority_of_the_same_name_is_another_one(keys, people, tmp_path):
    first = people("Example", "ann@example.com", "ann")
    (tmp_path / "Example").rename(tmp_path / "away")
    other = people("Example", "ann@example.com", "other")
    keys("add", first / "root.pem", "--as-authority")
    assert keys("add", first / "fullchain.pem").returncode == 0
    assert keys("add", other / "fullchain.pem").returncode == 1
    _, both = found(keys, "ann@example.com")
    assert both["use"] == fingerprint(first)
    assert sorted(key["state"] for key in both["keys"]) == ["not-vouched", "usable"]


@pytest.mark.parametrize("order", ["before", "after"])
def test_it_does_not_matter_when_the_word_of_an_authority_begins_to_count(keys, people, order):
    first, other = people("Example", "ann@example.com", "ann"), people("Elsewhere", "ann@example.com", "other")
    keys("add", first / "root.pem", "--as-authority")
    for folder in (other, first) if order == "before" else (first, other):
        keys("add", folder / "fullchain.pem")
    time.sleep(1.1)  # the record counts seconds
    keys("add", other / "root.pem", "--as-authority")
    code, both = found(keys, "ann@example.com")
    assert code == 0 and both["use"] == fingerprint(first)
    assert sorted(key["state"] for key in both["keys"]) == ["held", "usable"]


def test_a_second_address_lets_no_key_in(keys, people):
    ann, mallory = people("Example", "ann@example.com", "ann"), people("Elsewhere", "mallory@example.com", "mallory")
    both = people("Elsewhere", ("mallory@example.com", "ann@example.com"), "both")
    keys("add", ann / "root.pem", mallory / "root.pem", "--as-authority")
    for folder in (ann, mallory, both):
        keys("add", folder / "fullchain.pem")
    assert found(keys, "ann@example.com")[1]["use"] == fingerprint(ann)
    assert keys("list", "--json").stdout.count('"state":"held"') == 1


def test_a_renewed_key_of_the_same_authority_is_used_and_the_old_one_kept(keys, people):
    first, second = people("Example", "ann@example.com", "ann"), people("Example", "ann@example.com", "ann2")
    keys("add", first / "root.pem", "--as-authority")
    assert keys("add", first / "fullchain.pem").returncode == 0
    assert keys("add", second / "fullchain.pem").returncode == 0
    _, both = found(keys, "ann@example.com")
    assert {key["fingerprint"] for key in both["keys"]} == {fingerprint(first), fingerprint(second)}
    assert {key["state"] for key in both["keys"]} == {"usable"}


def test_keys_come_out_of_mail_that_was_signed(keys, people, truename, tmp_path):
    bob = people("Example", "bob@example.com", "bob")
    keys("add", bob / "root.pem", "--as-authority")
    signed = truename("mail", "sign", "--key", bob / "privkey.pem", "--cert", bob / "fullchain.pem", stdin=MAIL.decode())
    assert signed.returncode == 0, signed.stderr
    (tmp_path / "signed.eml").write_text(signed.stdout)
    added = keys("add", tmp_path / "signed.eml")
    assert added.returncode == 0 and "a mail that bob@example.com signed" in added.stdout
    assert found(keys, "bob@example.com")[1]["use"] == fingerprint(bob)
    (tmp_path / "changed.eml").write_text(signed.stdout.replace("At noon", "At nine"))
    assert keys("add", tmp_path / "changed.eml").returncode == 2
    (tmp_path / "another.eml").write_text(signed.stdout.replace("From: bob@", "From: eve@"))
    another = keys("add", tmp_path / "another.eml")
    assert another.returncode == 2 and "eve@example.com" in another.stderr
    (tmp_path / "plain.eml").write_bytes(MAIL)
    assert "not signed" in keys("add", tmp_path / "plain.eml").stderr


def test_everybody_of_ones_own_authority_is_added_but_who_was_taken_back(keys, people, truename, tmp_path):
    ann, bob, eve = (people("Example", f"{name}@example.com", name) for name in ("ann", "bob", "eve"))
    revoked = truename("ca", "revoke", eve / "fullchain.pem", "--store", tmp_path / "Example", "--passphrase-file", tmp_path / "passphrase")
    assert revoked.returncode == 0, revoked.stderr
    done = keys("add", "--from-authority", tmp_path / "Example")
    assert done.returncode == 0, done.stderr
    assert found(keys, "ann@example.com")[1]["use"] == fingerprint(ann)
    assert found(keys, "bob@example.com")[1]["use"] == fingerprint(bob)
    assert found(keys, "eve@example.com")[1]["keys"] == []


def test_what_one_hands_to_others(keys, people, tmp_path):
    ann = people("Example", "ann@example.com", "ann")
    keys("add", ann / "root.pem", "--as-authority")
    keys("add", ann / "fullchain.pem")
    assert keys("export", "ann@example.com").stdout == (ann / "fullchain.pem").read_text()
    record = keys("export", "ann@example.com", "--smimea").stdout.split()
    # The digest was computed with coreutils: printf ann | sha256sum, the first 56 digits.
    local = subprocess.run("printf ann | sha256sum", shell=True, capture_output=True, text=True, check=True).stdout[:56]
    assert record[0] == f"{local}._smimecert.example.com." and record[1:6] == ["IN", "SMIMEA", "3", "0", "0"]
    der = subprocess.run(["openssl", "x509", "-in", ann / "fullchain.pem", "-outform", "DER"], capture_output=True, check=True).stdout
    assert bytes.fromhex(record[6]) == der
    assert keys("export", "ann@example.com", "--smimea", "--message").returncode == 64
    assert keys("forget", fingerprint(ann)[:11]).returncode == 0
    assert keys("list").stdout == "No keys are known.\n"
    assert keys("export", "ann@example.com").returncode == 64 and keys("forget", "ann@example.com").returncode == 64


def certificates_in(pem):
    return sorted(re.findall("-----BEGIN.*?-----END", pem, re.S))


def test_a_message_that_hands_out_a_key(keys, people, truename, tmp_path):
    """Python reads the message, OpenSSL the certificates; signed by the owner it brings the key to somebody else."""
    ann = people("Example", "ann@example.com", "ann")
    keys("add", ann / "root.pem", "--as-authority")
    keys("add", ann / "fullchain.pem")
    text = keys("export", "ann@example.com", "--message").stdout
    message = email.message_from_string(text, policy=email.policy.default)
    assert message["From"] == "ann@example.com" and not message.defects
    words, file = message.iter_parts()
    assert fingerprint(ann) in words.get_content().replace("\n  ", "")
    read = subprocess.run(["openssl", "pkcs7", "-inform", "DER", "-print_certs"], input=file.get_content(), capture_output=True, check=True).stdout.decode()
    assert certificates_in(read) == certificates_in((ann / "fullchain.pem").read_text()) != []
    signed = truename("mail", "sign", "--key", ann / "privkey.pem", "--cert", ann / "fullchain.pem", stdin=text)
    (tmp_path / "signed.eml").write_text(signed.stdout)
    other = ["--store", tmp_path / "other"]
    assert truename("keys", "add", ann / "root.pem", "--as-authority", *other).returncode == 0
    added = truename("keys", "add", tmp_path / "signed.eml", *other)
    assert added.returncode == 0, added.stderr
    assert json.loads(truename("keys", "find", "ann@example.com", "--json", *other).stdout)["use"] == fingerprint(ann)


def test_what_is_no_key_is_told(keys, issued_server, tmp_path):
    (tmp_path / "text").write_text("hello\n")
    assert keys("add", tmp_path / "text").returncode in (2, 65)
    assert keys("add", tmp_path / "absent").returncode == 66
    assert keys("add").returncode == 64
    server = keys("add", issued_server)
    assert server.returncode == 65 and "with an address" in server.stderr


@pytest.fixture(name="issued_server")
def certificate_of_a_server(tmp_path):
    path = tmp_path / "server.pem"
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-subj", "/CN=mail.example.com",
                    "-addext", "basicConstraints=critical,CA:FALSE", "-keyout", tmp_path / "server.key", "-out", path], check=True, capture_output=True)
    return path


def self_signed(folder, address, *more, key="ec", address_in_subject=None):
    """What people make for themselves with OpenSSL: it says that it is an authority's."""
    kind = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1"] if key == "ec" else ["-newkey", key]
    folder.mkdir()
    subprocess.run(["openssl", "req", "-x509", *kind, "-nodes", "-days", "300", "-subj", f"/CN={address}" + (f"/emailAddress={address_in_subject}" if address_in_subject else ""), "-addext", f"subjectAltName=email:{address}",
                    *more, "-keyout", folder / "privkey.pem", "-out", folder / "fullchain.pem"], check=True, capture_output=True)
    return folder


def test_a_certificate_that_somebody_made_for_himself_is_a_key_and_no_authority(keys, tmp_path):
    ann = self_signed(tmp_path / "ann", "ann@example.com")
    assert keys("add", ann / "fullchain.pem").returncode == 1
    _, known = found(keys, "ann@example.com")
    assert [key["state"] for key in known["keys"]] == ["not-vouched"] and keys("list", "--authorities").stdout == ""
    assert keys("confirm", fingerprint(ann)[:23]).returncode == 64  # so few digits can be made to fit
    confirmed = keys("confirm", fingerprint(ann)[:47])
    assert confirmed.returncode == 0 and "compared the fingerprint" in confirmed.stdout
    assert found(keys, "ann@example.com")[1]["use"] == fingerprint(ann)


def test_a_root_with_an_address_in_it_stays_an_authority(keys, tmp_path):
    root = self_signed(tmp_path / "root", "ca@example.com", "-addext", "keyUsage=critical,keyCertSign,cRLSign")
    assert keys("add", root / "fullchain.pem").returncode == 0
    assert found(keys, "ca@example.com")[1]["keys"] == [] and "its word does not count" in keys("list", "--authorities").stdout


def test_one_key_is_confirmed_by_its_fingerprint(keys, people, tmp_path):
    ann, bob = people("Example", "ann@example.com", "ann"), people("Example", "bob@example.com", "bob")
    (tmp_path / "both.pem").write_text((ann / "fullchain.pem").read_text() + (bob / "fullchain.pem").read_text())
    refused = keys("add", tmp_path / "both.pem", "--confirm")
    assert refused.returncode == 64 and "2 persons" in refused.stderr and "keys confirm" in refused.stderr
    keys("add", tmp_path / "both.pem")
    assert keys("confirm", fingerprint(bob)).returncode == 0
    assert found(keys, "bob@example.com")[1]["use"] == fingerprint(bob) and found(keys, "ann@example.com")[1]["use"] is None
    for wrong in ("ann@example.com", fingerprint(ann)[:5], "00" * 32):
        assert keys("confirm", wrong).returncode == 64


def test_a_confirmed_key_comes_before_all_others(keys, people):
    """Somebody whom an authority believes was there first; then ann reads her fingerprint over the telephone."""
    mallory, ann = people("Elsewhere", "ann@example.com", "mallory"), people("Example", "ann@example.com", "ann")
    keys("add", mallory / "root.pem", ann / "root.pem", "--as-authority")
    keys("add", mallory / "fullchain.pem")
    assert keys("add", ann / "fullchain.pem").returncode == 1
    assert keys("confirm", fingerprint(ann)).returncode == 0
    assert found(keys, "ann@example.com")[1]["use"] == fingerprint(ann)


def test_who_was_believed_first_stays_first(keys, people, tmp_path):
    """A key that nobody vouched for when it was added does not become the older one once an authority is named with --trust."""
    mallory, ann = people("Elsewhere", "ann@example.com", "mallory"), people("Example", "ann@example.com", "ann")
    trust = ["--trust", ann / "root.pem"]
    assert keys("add", mallory / "fullchain.pem", *trust).returncode == 1
    assert keys("add", ann / "fullchain.pem", *trust).returncode == 0
    assert found(keys, "ann@example.com", *trust, "--trust", mallory / "root.pem")[1]["use"] == fingerprint(ann)


def test_an_address_in_the_subject_beside_another_one_counts_for_nothing(keys, tmp_path):
    made = self_signed(tmp_path / "mallory", "mallory@evil.example", "-addext", "keyUsage=digitalSignature,keyEncipherment,keyAgreement", address_in_subject="ann@example.com")
    keys("add", made / "fullchain.pem", "--confirm")
    assert found(keys, "ann@example.com")[1]["keys"] == [] and found(keys, "mallory@evil.example")[1]["use"] == fingerprint(made)


def test_of_mail_only_what_is_signed_counts(keys, people, tmp_path):
    ann = people("Example", "ann@example.com", "ann")
    (tmp_path / "unsigned.eml").write_text(f"From: ann@example.com\nSubject: My key\n\n{(ann / 'fullchain.pem').read_text()}")
    assert keys("add", tmp_path / "unsigned.eml").returncode == 2 and keys("list").returncode == 66


def test_one_file_is_confirmed_at_a_time(keys, people):
    ann, bob = people("Example", "ann@example.com", "ann"), people("Example", "bob@example.com", "bob")
    assert keys("add", ann / "fullchain.pem", bob / "fullchain.pem", "--confirm").returncode == 64


def test_an_authority_whose_word_is_to_count_no_more(keys, people):
    ann = people("Example", "ann@example.com", "ann")
    keys("add", ann / "root.pem", "--as-authority")
    keys("add", ann / "fullchain.pem")
    assert found(keys, "ann@example.com")[0] == 0
    listed = [json.loads(line) for line in keys("list", "--authorities", "--json").stdout.splitlines()]
    root = next(each["fingerprint"] for each in listed if each["trusted"] and each["name"].startswith("CN=Example"))
    gone = keys("forget", root)
    assert gone.returncode == 0 and "the authority CN=Example" in gone.stdout and "The key of ann@example.com is not used any more." in gone.stderr
    code, known = found(keys, "ann@example.com")
    assert code == 1 and known["use"] is None and known["keys"][0]["state"] == "not-vouched"


def test_who_was_revoked_since_is_taken_away(keys, people, truename, tmp_path):
    eve = people("Example", "eve@example.com", "eve")
    keys("add", "--from-authority", tmp_path / "Example")
    assert found(keys, "eve@example.com")[0] == 0
    truename("ca", "revoke", eve / "fullchain.pem", "--store", tmp_path / "Example", "--passphrase-file", tmp_path / "passphrase")
    again = keys("add", "--from-authority", tmp_path / "Example")
    assert "1 key taken away" in again.stderr and found(keys, "eve@example.com")[1]["keys"] == []


def test_a_key_that_can_only_sign_is_not_encrypted_to(keys, tmp_path):
    ann = self_signed(tmp_path / "ann", "ann@example.com", key="ed25519")
    keys("add", ann / "fullchain.pem", "--confirm")
    code, known = found(keys, "ann@example.com")
    assert code == 1 and known["use"] is None and any("only signs" in reason for reason in known["keys"][0]["reasons"])


def test_a_file_without_a_certificate_is_named(keys, tmp_path):
    (tmp_path / "notes.txt").write_text("hello\n")
    done = keys("add", tmp_path / "notes.txt")
    assert done.returncode == 65 and "notes.txt" in done.stderr and "no certificate" in done.stderr


def test_a_store_that_is_not_there_is_not_made_by_looking(truename, tmp_path):
    for command in (["list"], ["find", "ann@example.com"], ["export", "ann@example.com"], ["forget", "ann@example.com"], ["confirm", "00" * 8]):
        done = truename("keys", *command, "--store", tmp_path / "mistyped")
        assert done.returncode == 66 and "mistyped" in done.stderr and not (tmp_path / "mistyped").exists(), done


def test_a_store_that_nobody_can_write_to_is_read(keys, people, program, tmp_path):
    ann = people("Example", "ann@example.com", "ann")
    keys("add", ann / "root.pem", "--as-authority")
    keys("add", ann / "fullchain.pem")
    store = str(tmp_path / "keys")
    readonly = ["unshare", "-rm", "sh", "-c", 'mount --bind "$1" "$1" && mount -o remount,ro,bind "$1" && shift && exec "$@"', "sh", store]
    done = subprocess.run([*readonly, program, "keys", "find", "ann@example.com", "--store", store, "--json"], capture_output=True, text=True, timeout=60,
                          check=False)
    assert done.returncode == 0 and json.loads(done.stdout)["use"] == fingerprint(ann), done.stderr
