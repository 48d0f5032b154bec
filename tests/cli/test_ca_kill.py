"""What an authority has told is so, whenever the program is killed."""

import os
import random
import subprocess
import time

from killing import Killer, time_of


def list_of(path):
    """The number of a revocation list, and the serial numbers on it."""
    text = subprocess.run(["openssl", "crl", "-inform", "DER", "-in", path, "-noout", "-text"], capture_output=True, text=True, check=True).stdout
    number = text.split("X509v3 CRL Number:")[1].split()[0]
    serials = [line.split(":")[1].strip().lower() for line in text.splitlines() if "Serial Number:" in line]
    return int(number, 0), serials


def serial_of(certificate):
    text = subprocess.run(["openssl", "x509", "-in", certificate, "-noout", "-serial"], capture_output=True, text=True, check=True).stdout
    return text.split("=")[1].strip().lower()


def leftovers(folder):
    return sorted(path.name for path in folder.iterdir() if path.name.count(".") > 1 and path.suffix not in (".pem", ".uri", ".crl"))


def test_a_revocation_that_was_told_is_never_lost(program, authority, tmp_path):
    random.seed(2)
    issue = lambda: authority("issue", "--name", "mail.example.com", "--out", tmp_path / "out")
    issue()
    certificate = tmp_path / "out" / "fullchain.pem"
    killer = Killer(time_of(lambda: authority("revoke", certificate)))
    acknowledged, numbers = {serial_of(certificate)}, []
    issue()
    for _ in range(60):
        told = killer.run([program, "ca", "revoke", *authority.access, certificate], "Revoked.")
        number, serials = list_of(authority.store / "list-2-0.crl")
        numbers.append(number)
        if told:
            acknowledged.add(serial_of(certificate))
            issue()
        assert acknowledged <= set(serials)
    assert len(acknowledged) > 5 and numbers == sorted(numbers)
    assert authority("crl", "--due").returncode == 0
    number, serials = list_of(authority.store / "list-2-0.crl")
    assert number >= numbers[-1] and len(serials) == len(set(serials))
    assert set(serials) == {row["serial"].replace(":", "") for row in authority.rows() if row["state"] == "revoked"}
    assert leftovers(authority.store) == []
    assert authority.run("ca", "audit", "--store", authority.store).returncode == 0


def test_the_numbers_of_lists_never_run_backwards(program, authority, tmp_path):
    random.seed(3)
    authority("issue", "--name", "mail.example.com", "--out", tmp_path / "out")
    authority("revoke", tmp_path / "out" / "fullchain.pem")
    served = tmp_path / "served"
    killer = Killer(time_of(lambda: authority("crl", "--out", served)))
    numbers = []
    for _ in range(60):
        killer.run([program, "ca", "crl", *authority.access, "--out", served], "Made revocation list")
        made, copied = list_of(authority.store / "list-2-0.crl"), list_of(served / "list-2-0.crl")
        assert made[1] == copied[1] == [serial_of(tmp_path / "out" / "fullchain.pem")] and copied[0] <= made[0]
        numbers.append((made[0], copied[0]))
    assert numbers == sorted(numbers) and sorted(copied for _, copied in numbers) == [copied for _, copied in numbers]
    assert numbers[-1][0] > numbers[0][0]
    assert authority("crl").returncode == 0 and leftovers(authority.store) == []
    assert authority.run("ca", "audit", "--store", authority.store).returncode == 0


def test_a_new_intermediate_is_there_whole_or_not_at_all(program, authority, tmp_path):
    random.seed(4)
    authority("issue", "--name", "mail.example.com", "--out", tmp_path / "out")
    killer = Killer(time_of(lambda: authority("renew", "--issuer")))
    shown = lambda: authority.run("ca", "show", "--store", authority.store).stdout.count("Issuing CA")
    audit = lambda: authority.run("ca", "audit", "--store", authority.store)
    there = [shown()]
    for _ in range(25):
        killer.run([program, "ca", "renew", *authority.access, "--issuer"], "Certificates come from")
        there.append(shown())
        # A list may be recorded and not written yet; that is told, and what the timer does mends it.
        told = audit()
        _, *faults = told.stdout.splitlines()
        assert told.returncode == 0 or (faults and all("is not revocation list" in line for line in faults)), told.stdout
        assert authority("crl", "--due").returncode == 0
        assert audit().returncode == 0
    assert there == sorted(there) and there[-1] > there[0]
    assert authority("crl").stdout.count("Made revocation list") == there[-1]
    assert authority("issue", "--name", "mail.example.com", "--out", tmp_path / "new").returncode == 0
    assert authority("revoke", tmp_path / "out" / "fullchain.pem").returncode == 0
    assert authority("revoke", tmp_path / "new" / "fullchain.pem").returncode == 0


def test_what_killed_programs_leave_is_removed(authority, tmp_path):
    for name in ("list-2-0.crl.Ab12Cd", "intermediate.key.pem.000000"):
        (authority.store / name).write_text("half")
    (authority.store / "notes.backup").write_text("of somebody else")
    (tmp_path / "out").mkdir()
    for name, hours in (("privkey.pem.Ab12Cd", 2), ("privkey.pem.young1", 0), ("other.pem.Ab12Cd", 2)):
        (tmp_path / "out" / name).write_text("half")
        os.utime(tmp_path / "out" / name, (time.time() - 3600 * hours,) * 2)
    assert authority("issue", "--name", "mail.example.com", "--out", tmp_path / "out").returncode == 0
    assert leftovers(tmp_path / "out") == ["other.pem.Ab12Cd", "privkey.pem.young1"]
    assert authority.run("ca", "list", "--store", authority.store).returncode == 0
    assert leftovers(authority.store) == []
    assert (authority.store / "notes.backup").exists()
    for name, hours in (("ca2.new-Ab12Cd", 2), ("ca2.new-young1", 0)):
        (tmp_path / name).mkdir()
        (tmp_path / name / "root.key.pem").write_text("half")
        os.utime(tmp_path / name, (time.time() - 3600 * hours,) * 2)
    assert authority.run("ca", "init", "--store", tmp_path / "ca2", "--passphrase-file", authority.passphrase, "--name", "Other").returncode == 0
    assert not (tmp_path / "ca2.new-Ab12Cd").exists() and (tmp_path / "ca2.new-young1").exists()
