"""hooks/deploy-hook, called in the ways of certbot, lego and acme.sh, with a truename that only notes what it was asked."""
import pathlib
import shutil
import subprocess

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
HOOK = ROOT / "hooks" / "deploy-hook"
TOOLS = {
    "certbot": ({"RENEWED_LINEAGE": "/live/mail", "RENEWED_DOMAINS": "mail.example"}, "/live/mail/fullchain.pem", "/live/mail/privkey.pem"),
    "lego 5": ({"LEGO_HOOK_CERT_PATH": "/c/a b.crt", "LEGO_HOOK_CERT_KEY_PATH": "/c/a b.key"}, "/c/a b.crt", "/c/a b.key"),
    "lego 4": ({"LEGO_CERT_PATH": "/c/mail.crt", "LEGO_CERT_KEY_PATH": "/c/mail.key"}, "/c/mail.crt", "/c/mail.key"),
    "acme.sh": ({"CERT_FULLCHAIN_PATH": "/a/fullchain.cer", "CERT_KEY_PATH": "/a/mail.key", "CERT_PATH": "/a/mail.cer"}, "/a/fullchain.cer", "/a/mail.key"),
}


def played_truename(path, exit_code=0):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f'#!/bin/sh\nprintf "%s\\n" "$@"\nexit {exit_code}\n')
    path.chmod(0o755)


def run(command, environment, path):
    return subprocess.run(command, env={"PATH": f"{path}:/usr/bin:/bin", **environment}, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("tool", TOOLS)
def test_each_tool_gets_its_certificate_installed(tool, tmp_path):
    environment, chain, key = TOOLS[tool]
    played_truename(tmp_path / "truename")
    done = run([HOOK, "--server", "dovecot"], environment, tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines() == ["certificate", "import", chain, "--key", key, "--server", "dovecot"]


def test_a_tool_learns_that_truename_refused(tmp_path):
    played_truename(tmp_path / "truename", exit_code=65)
    assert run([HOOK], TOOLS["certbot"][0], tmp_path).returncode == 65


def test_without_a_tool_it_says_how_to_try_it(tmp_path):
    played_truename(tmp_path / "truename")
    done = run([HOOK], {}, tmp_path)
    assert done.returncode == 64 and done.stdout == ""
    assert "--dry-run" in done.stderr


def test_installed_it_needs_no_path(tmp_path):
    """A timer's PATH often lacks /usr/local/bin."""
    played_truename(tmp_path / "bin" / "truename")
    hook = tmp_path / "share" / "truename" / "deploy-hook"
    hook.parent.mkdir(parents=True)
    shutil.copy(HOOK, hook)
    assert run([hook], TOOLS["acme.sh"][0], "/nonexistent").returncode == 0


def test_the_page_names_it_where_it_is_installed():
    assert "install(PROGRAMS ${CMAKE_SOURCE_DIR}/hooks/deploy-hook DESTINATION ${CMAKE_INSTALL_DATADIR}/truename)" in (ROOT / "docs/CMakeLists.txt").read_text()
    page = (ROOT / "docs/deploy-hooks.md").read_text()
    for environment, _, _ in TOOLS.values():
        assert any(name in page for name in environment)
    assert page.count("/usr/share/truename/deploy-hook") >= 7
