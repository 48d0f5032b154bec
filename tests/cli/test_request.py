"""A key and a request for an authority, kept until the answer comes."""

import functools
import json
import stat
import subprocess

import pytest


@pytest.fixture
def request_for(truename, tmp_path):
    return functools.partial(truename, "certificate", "request", "--state", tmp_path / "state")


def names_of(pem):
    text = subprocess.run(["openssl", "req", "-noout", "-verify", "-text"], input=pem, capture_output=True, text=True, check=True).stdout
    return [word.strip().removeprefix("DNS:") for word in text.split("Subject Alternative Name:")[1].split("\n")[1].split(",")]


def test_a_request_has_its_names_in_their_order_and_survives(request_for, tmp_path):
    made = request_for("--name", "remote.example.com", "--name", "autodiscover.example.com")
    assert made.returncode == 0, made.stderr
    assert names_of(made.stdout) == ["remote.example.com", "autodiscover.example.com"]
    folder = tmp_path / "state" / "requests" / "remote.example.com"
    assert (folder / "request.pem").read_text() == made.stdout
    assert stat.S_IMODE((folder / "privkey.pem").stat().st_mode) == 0o600
    assert stat.S_IMODE((tmp_path / "state").stat().st_mode) == 0o700
    keys = [subprocess.run(["openssl", *command], capture_output=True, check=True).stdout
            for command in (["req", "-in", folder / "request.pem", "-noout", "-pubkey"], ["pkey", "-in", folder / "privkey.pem", "-pubout"])]
    assert keys[0] == keys[1]
    other = request_for("--name", "*.example.org", "--key-type", "rsa2048")
    assert other.returncode == 0, other.stderr
    listed = request_for("--list")
    assert listed.stdout.splitlines() == [
        f"*.example.org  {tmp_path}/state/requests/+.example.org/request.pem",
        f"remote.example.com, autodiscover.example.com  {folder}/request.pem",
    ]
    assert [row["names"] for row in map(json.loads, request_for("--list", "--json").stdout.splitlines())] == [
        ["*.example.org"], ["remote.example.com", "autodiscover.example.com"]]


def test_a_request_that_waits_is_not_overwritten_and_can_be_taken_away(request_for, tmp_path):
    first = request_for("--name", "mail.example.com")
    again = request_for("--name", "mail.example.com", "--name", "smtp.example.com")
    assert again.returncode == 64 and "waits for its answer" in again.stderr
    assert (tmp_path / "state" / "requests" / "mail.example.com" / "request.pem").read_text() == first.stdout
    assert request_for("--forget", "smtp.example.com").returncode == 64
    assert request_for("--forget", "../accounts").returncode == 64
    assert request_for("--forget", "mail.example.com").returncode == 0
    assert request_for("--list").stdout == "No request waits for its answer.\n"
    assert list((tmp_path / "state" / "requests").iterdir()) == []


def test_a_key_is_never_written_over(request_for, tmp_path):
    assert request_for("--name", "mail.example.com").returncode == 0
    folder = tmp_path / "state" / "requests" / "mail.example.com"
    key = (folder / "privkey.pem").read_text()
    (folder / "request.pem").rename(tmp_path / "handed-in.pem")
    assert request_for("--name", "mail.example.com").returncode == 64
    assert (folder / "privkey.pem").read_text() == key
    assert request_for("--forget", "mail.example.com").returncode == 0 and not folder.exists()


def test_a_star_and_a_host_called_star_are_two(request_for):
    assert request_for("--name", "*.example.com").returncode == 0
    assert request_for("--forget", "star.example.com").returncode == 64
    assert request_for("--name", "star.example.com").returncode == 0


def test_a_folder_that_others_can_enter_is_refused(request_for, tmp_path):
    (tmp_path / "state").mkdir(mode=0o755)
    done = request_for("--name", "mail.example.com")
    assert done.returncode in (66, 73) and "others can enter it" in done.stderr and "chmod 700" in done.stderr
    assert list((tmp_path / "state").iterdir()) == []


def test_what_programs_would_say_is_told_before_money_is_spent(request_for, tmp_path):
    done = request_for("--name", "remote.example.com", "--name", "autodiscover.example.com", "--as-ca", "sorts", "--client", "outlook-2007")
    assert done.returncode == 1 and "The target principal name is incorrect" in done.stdout
    assert "No request was made" in done.stderr and not (tmp_path / "state").exists()
    forced = request_for("--name", "remote.example.com", "--name", "autodiscover.example.com", "--as-ca", "sorts", "--client", "outlook-2007", "--force")
    assert forced.returncode == 0 and "BEGIN CERTIFICATE REQUEST" in forced.stdout


@pytest.mark.parametrize(("arguments", "words"), [
    ([], "--name is missing"),
    (["--name", "../../etc"], "no name"),
    (["--name", "mail example.com"], "no name"),
    (["--name", "mail.example.com", "--key-type", "dsa"], "none of its values"),
    (["--name", "mail.example.com", "--as-ca", "shuffles"], "shuffles"),
])
def test_what_is_asked_for_must_make_sense(request_for, tmp_path, arguments, words):
    done = request_for(*arguments)
    assert done.returncode == 64, done.stderr
    assert words in done.stderr and not (tmp_path / "state").exists()
