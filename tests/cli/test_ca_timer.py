"""The systemd units that make revocation lists: what they run, and what systemd says of them."""

import os
import pathlib
import re
import shlex
import shutil
import subprocess

import pytest

from test_ca_kill import list_of

UNITS = pathlib.Path(__file__).parents[2] / "systemd"
SERVICE = UNITS / "truename-ca-lists.service"


def setting(name):
    return re.search(f"^{name}=(.*)$", SERVICE.read_text(), re.MULTILINE)[1]


def test_what_the_service_runs_makes_lists_and_serves_them(authority, truename, tmp_path):
    authority("issue", "--name", "mail.example.com", "--out", tmp_path / "out")
    authority("revoke", tmp_path / "out" / "fullchain.pem")
    (authority.store / "list-2-0.crl").unlink()
    command = shlex.split(setting("ExecStart").replace("/var/lib/truename/ca", str(authority.store)).replace("/var/lib/truename/lists", str(tmp_path / "lists")))
    credential = setting("LoadCredentialEncrypted").split(":")[0]
    (tmp_path / "credentials").mkdir()
    shutil.copy(authority.passphrase, tmp_path / "credentials" / credential)
    run = truename(*command[1:], env={"CREDENTIALS_DIRECTORY": str(tmp_path / "credentials")})
    assert command[0] == "truename" and run.returncode == 0, run.stderr
    assert list_of(tmp_path / "lists" / "list-2-0.crl")[0] == 3
    assert (tmp_path / "lists" / "list-2-0.crl").stat().st_mode & 0o777 == 0o644


def test_the_units_are_installed_where_systemd_looks(program):
    script = (pathlib.Path(os.environ.get("TRUENAME_BUILD") or pathlib.Path(program).parent) / "docs" / "cmake_install.cmake").read_text()
    assert "/lib/systemd/system" in script and str(UNITS) in script


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd-analyze is not there")
def test_systemd_takes_the_units_and_finds_them_well_guarded(program, tmp_path):
    for unit in UNITS.iterdir():
        (tmp_path / unit.name).write_text(unit.read_text().replace("ExecStart=truename ", f"ExecStart={program} "))
    units = [tmp_path / unit.name for unit in UNITS.iterdir()]
    verified = subprocess.run(["systemd-analyze", "verify", "--man=no", *units], capture_output=True, text=True)
    assert verified.returncode == 0 and verified.stderr == "", verified.stderr
    guarded = subprocess.run(["systemd-analyze", "security", "--offline=true", "--threshold=15", tmp_path / SERVICE.name], capture_output=True, text=True)
    assert guarded.returncode == 0, guarded.stdout.splitlines()[-1]
