"""Edits of real configurations, judged by the servers' own programs: doveconf and postconf must see exactly the change that was meant.

The configurations of other projects lie in the folder TRUENAME_SUITES; those written here are traps that the servers' rules lay. doveconf
and postconf are those that `script/setup servers` unpacked; nothing is started.
"""
import os
import pathlib
import re
import shutil
import subprocess

import mailservers
import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
TOOL = pathlib.Path(os.environ.get("TRUENAME_BUILD") or ROOT / "build" / "dev").resolve() / "config_tool"
SUITES = pathlib.Path(os.environ.get("TRUENAME_SUITES") or "/nonexistent") / "mail-config"
NEW_VALUES = {
    "ssl": "required",
    "ssl_cert": "</new/chain.pem",
    "ssl_key": "</new/key.pem",
    "ssl_dh": "</new/dh.pem",
    "ssl_min_protocol": "TLSv1.3",
    "ssl_cipher_list": "HIGH # no comment",
    "ssl_client_ca_dir": "/new folder",
    "verbose_ssl": "yes",
    "login_greeting": "It's \"ready\"",
}
NAME = "mail.new.example"
FOR_A_NAME = {name: value for name, value in NEW_VALUES.items() if name != "ssl_client_ca_dir"}  # Dovecot takes that only for everybody

pytestmark = pytest.mark.skipif(not TOOL.exists(), reason="config_tool is not built")
needs_suites = pytest.mark.skipif(not SUITES.is_dir(), reason="TRUENAME_SUITES names no folder with mail-config")


@pytest.fixture(scope="module")
def servers():
    """Runs a server's program inside of the private mount namespace and gives its standard output."""
    reason = mailservers.why_unavailable()
    if reason:
        pytest.skip(reason)

    def run(*command, may_fail=False):
        script = mailservers._overlay() + ' && exec "$@"'
        done = subprocess.run(["unshare", "-m", "sh", "-c", script, "sh", *map(str, command)], capture_output=True, text=True, check=False, timeout=60)
        if done.returncode != 0 and not (may_fail and done.stdout):
            pytest.fail(f"{command}: {done.stderr}")
        return done.stdout

    return run


def tool(*words, fails=False):
    """What config_tool prints; its standard error when it has to fail."""
    done = subprocess.run([TOOL, *map(str, words)], capture_output=True, check=False, timeout=60)
    assert done.returncode == (65 if fails else 0), done.stderr
    return (done.stderr if fails else done.stdout).decode()


def decided(*words):
    """name -> value, as config_tool reads a configuration."""
    return {line.split("\t")[0]: line.split("\t")[1] for line in tool(*words).splitlines()}


# -- configurations ---------------------------------------------------------------------------------------------------------------------------


def dovecot_folders():
    """Folders with a dovecot.conf, or with snippets for one."""
    if not SUITES.is_dir():
        return []
    found = {path.parent for path in SUITES.rglob("dovecot.conf")}
    found |= {path.parent.parent for path in SUITES.rglob("conf.d/*.conf")}
    return sorted(found)


def read_by_2_3():
    """Those that are not written for Dovecot 2.4, whose refusal is another test's."""
    return [folder for folder in dovecot_folders() if not any("ssl_server_cert_file" in path.read_text() for path in folder.rglob("*.conf"))]


def copied(folder, tmp_path):
    """A copy whose includes need not be there (the suites hold parts of configurations), and its main file."""
    copy = tmp_path / "copy"
    shutil.copytree(folder, copy)
    for path in copy.rglob("*"):
        path.chmod(0o755 if path.is_dir() else 0o644)
    copy.chmod(0o755)
    for path in copy.rglob("*.conf*"):
        path.write_bytes(re.sub(rb"(?m)^(\s*)!include ", rb"\1!include_try ", path.read_bytes()))
    main = copy / "dovecot.conf"
    if not main.exists():
        main.write_text("!include_try conf.d/*.conf\n")
    return main


def bytes_below(folder):
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def postfix_files(kind):
    return sorted(SUITES.rglob(f"{kind}.cf*")) if SUITES.is_dir() else []


def named(paths):
    return [str(path.relative_to(SUITES)) for path in paths]


def is_other_dialect(main):
    done = subprocess.run([TOOL, "dovecot", main], capture_output=True, text=True, check=False)
    return "written for Dovecot 2.4" in done.stderr


# -- what an edit may do to bytes ---------------------------------------------------------------------------------------------------------------


def check_edit(folder, *words):
    """Makes the edit: one file changes, in one place, and the diff that was shown is the whole of it. Gives the diff."""
    before = bytes_below(folder)
    shown = tool(*words)
    changed = [path for path, data in bytes_below(folder).items() if data != before[path]]
    if not shown:
        assert changed == []
        return shown
    assert [pathlib.Path(shown.split("\n")[0].removeprefix("--- ")).resolve()] == changed
    assert shown.count("\n@@ ") == 1
    again = folder / "again"
    again.write_bytes(before[changed[0]])
    subprocess.run(["patch", "--quiet", "--binary", again], input=shown.encode(), check=True)
    assert again.read_bytes() == changed[0].read_bytes()
    again.unlink()
    return shown


def restore(before):
    for path, data in before.items():
        path.write_bytes(data)


# -- Dovecot ------------------------------------------------------------------------------------------------------------------------------------


def unquoted(value):
    """doveconf puts what needs it into quotes."""
    if len(value) > 1 and value[0] == value[-1] == '"':
        return re.sub(r"\\(.)", r"\1", value[1:-1])
    return value


def doveconf(servers, main, *filters):
    """name -> value of everything outside of blocks. It complains about users that are not on this machine, after it has printed all."""
    options = [word for one in filters for word in ("-f", one)]
    text = servers("doveconf", "-c", main, "-a", "-P", *options, may_fail=True)
    found = dict(re.findall(r"(?m)^(\w+) = ?(.*)$", text))
    return {name: unquoted(value) for name, value in found.items()}


def check_second_opinion(servers, main, *filters):
    """What decides, by our reader and by doveconf, for every setting about TLS."""
    effective = doveconf(servers, main, *filters)
    ours = {name: value for name, value in decided("dovecot", main, *filters).items() if "ssl" in name}
    assert {name: effective.get(name) for name in ours} == ours
    return ours


@needs_suites
@pytest.mark.parametrize("folder", dovecot_folders(), ids=named(dovecot_folders()))
def test_setting_what_is_set_changes_no_byte(folder, tmp_path):
    main = copied(folder, tmp_path)
    if is_other_dialect(main):
        assert "Dovecot 2.4" in tool("dovecot-set", main, "ssl_cert", "</x", fails=True)
        return
    before = bytes_below(main.parent)
    settings = decided("dovecot", main)
    assert settings
    for name, value in settings.items():
        assert tool("dovecot-set", main, name, value) == ""
    assert bytes_below(main.parent) == before


@needs_suites
@pytest.mark.parametrize("folder", read_by_2_3(), ids=named(read_by_2_3()))
def test_dovecot_sees_exactly_what_was_meant(folder, tmp_path, servers):
    main = copied(folder, tmp_path)
    check_second_opinion(servers, main)
    before = bytes_below(main.parent)
    plain, other = doveconf(servers, main), doveconf(servers, main, "lname=other.example")
    for name, value in NEW_VALUES.items():
        check_edit(main.parent, "dovecot-set", main, name, value)
        assert doveconf(servers, main) == plain | {name: value}
        restore(before)
    for name, value in FOR_A_NAME.items():
        check_edit(main.parent, "dovecot-set", main, name, value, NAME)
        assert doveconf(servers, main, f"lname={NAME}") == other | {name: value}
        assert doveconf(servers, main, "lname=other.example") == other
        restore(before)


TRAPS = {
    "wildcard-first": "local_name *.new.example {\n  ssl_cert = </w\n  ssl_key = </k\n}\nssl_cert = </g\n",
    "several-names": 'local_name "a.example  mail.new.example" {\n  ssl_cert = </w\n}\nssl_cert = </g\n',
    "own-block-first": "local_name mail.new.example {\n  ssl_key = </k\n}\nlocal_name *.new.example {\n  ssl_cert = </w\n}\n",
    "own-block-twice": "local_name MAIL.new.example {\n  ssl_cert = </1\n}\nssl_cert = </g\nlocal_name mail.new.example { # again\n  ssl_cert = </2\n}\n",
    "global-behind-a-block": "local_name mail.new.example {\n  ssl_cert = </w\n}\nssl_cert = </g\n",
    "continued": "ssl_cipher_list = A \\\n  B \\ # why\n C # end\nssl_cert = \\\n\n# cut\nssl_cert = </g\nssl_key = \\\n  </k\n",
    "quotes": "ssl_cipher_list = \"a # b\" # c\nssl_client_ca_dir = 'x' # y\nlogin_greeting = it's # x\nssl_cert=<   /x y # z\nssl_dh =\n",
    "crlf": "ssl_cert = </g\r\nlocal_name mail.new.example {\r\n  ssl_cert = </n\r\n}\r\nssl_cipher_list = A\\\r\n B\r\n",
    "no-last-line-end": "ssl = yes\n#ssl_cert = </x",
    "cr-at-the-end": "ssl = yes\nssl_cipher_list = A\r",
    "crlf-cut": "ssl = yes\r\nssl_cipher_list = A\r",
    "hidden-in-a-section": "service imap-login {\n  inet_listener imaps {\n    ssl = yes\n  }\n}\nssl = no\n",
    "last-wins": "ssl_cert = </1\nssl_cert = </2\nssl_min_protocol = TLSv1\nssl_min_protocol = TLSv1.2\n",
}


@pytest.mark.parametrize("name", TRAPS)
def test_traps_of_dovecot(name, tmp_path, servers):
    main = tmp_path / "dovecot.conf"
    main.write_bytes(TRAPS[name].encode())
    for filters in ([], [f"lname={NAME}"], ["lname=x.new.example"], ["lname=a.example"]):
        check_second_opinion(servers, main, *filters)
    plain, others = doveconf(servers, main), {other: doveconf(servers, main, f"lname={other}") for other in ("a.example", "x.new.example", NAME)}
    before = bytes_below(tmp_path)
    for setting, value in NEW_VALUES.items():
        check_edit(tmp_path, "dovecot-set", main, setting, value)
        assert doveconf(servers, main) == plain | {setting: value}
        restore(before)
    for setting, value in FOR_A_NAME.items():
        check_edit(tmp_path, "dovecot-set", main, setting, value, NAME)
        assert doveconf(servers, main) == plain
        for other, effective in others.items():
            assert doveconf(servers, main, f"lname={other}") == effective | ({setting: value} if other == NAME else {})
        restore(before)


def test_includes_decide_as_in_dovecot(tmp_path, servers):
    (tmp_path / "conf.d").mkdir()
    main = tmp_path / "dovecot.conf"
    main.write_text("ssl_cert = </main\n!include conf.d/*.conf\n!include_try local.conf\n!include_try none/*.conf\n")
    (tmp_path / "conf.d" / "20-b.conf").write_text("ssl_cert = </b\nssl_key = </b\n")
    (tmp_path / "conf.d" / "10-a.conf").write_text("ssl_cert = </a\nssl_key = </a\nssl_dh = </a\n!include ../inner.inc\n")
    (tmp_path / "inner.inc").write_text("ssl_min_protocol = TLSv1.2\n")
    (tmp_path / "local.conf").write_text("ssl_cert = </local\n")
    ours = check_second_opinion(servers, main)
    assert ours == {"ssl_cert": "</local", "ssl_key": "</b", "ssl_dh": "</a", "ssl_min_protocol": "TLSv1.2"}
    before, plain = bytes_below(tmp_path), doveconf(servers, main)
    for setting, value in NEW_VALUES.items():
        check_edit(tmp_path, "dovecot-set", main, setting, value)
        assert doveconf(servers, main) == plain | {setting: value}
        restore(before)


# -- Postfix ------------------------------------------------------------------------------------------------------------------------------------


def postconf(servers, folder, *options):
    """name -> value as postconf prints it, with one blank for each run of blanks."""
    for path in folder.iterdir():
        os.utime(path, (0, 0))  # postconf waits two seconds for a file that was written just now
    text = servers("postconf", "-c", folder, *options, may_fail=True)
    return {name: " ".join(value.split()) for name, value in re.findall(r"(?m)^(\S+) =(.*)$", text)}


def postfix_folder(tmp_path, main=b"", master=b""):
    folder = tmp_path / "postfix"
    folder.mkdir()
    (folder / "main.cf").write_bytes(main)
    (folder / "master.cf").write_bytes(master)
    return folder


@needs_suites
@pytest.mark.parametrize("path", postfix_files("main"), ids=named(postfix_files("main")))
def test_postfix_sees_exactly_what_was_meant_in_main_cf(path, tmp_path, servers):
    folder = postfix_folder(tmp_path, main=path.read_bytes())
    check_main_cf(servers, folder)


@needs_suites
@pytest.mark.parametrize("path", postfix_files("main"), ids=named(postfix_files("main")))
def test_setting_what_main_cf_sets_changes_no_byte(path, tmp_path):
    folder = postfix_folder(tmp_path, main=path.read_bytes())
    before = bytes_below(folder)
    for name, value in decided("postfix", folder / "main.cf", "as-it-stands").items():
        assert tool("postfix-set", folder / "main.cf", name, value) == ""
    assert bytes_below(folder) == before


def check_main_cf(servers, folder):
    main, before = folder / "main.cf", bytes_below(folder)
    effective, plain = postconf(servers, folder, "-nx"), postconf(servers, folder, "-n")
    ours = {name: " ".join(value.split()) for name, value in decided("postfix", main).items()}
    tls = {name: value for name, value in ours.items() if "tls" in name and "$" not in value and name in effective}
    assert {name: effective[name] for name in tls} == tls
    new = {"smtpd_tls_cert_file": "/new", "smtpd_tls_chain_files": "/new/key, /new/chain", "smtpd_tls_security_level": "none", "myhostname": "new.example"}
    for name, value in (new | {name: "none" for name in ours if name in plain and name != "compatibility_level" and "restrictions" not in name}).items():
        check_edit(folder, "postfix-set", main, name, value)
        assert postconf(servers, folder, "-n") == plain | {name: value}, name
        restore(before)


def test_traps_of_main_cf(tmp_path, servers):
    main = (
        b"# c\nsmtpd_tls_cert_file=/a\nsmtpd_tls_key_file =\n# inside\n   /k1,\n\n   /k2\nmynetworks = 127.0.0.1\n#smtpd_tls_chain_files = y\n   127.0.0.2\n"
        b"folder = /x\nsmtpd_tls_CAfile = $folder/${folder}$(folder)/f # no comment\nsmtp_tls_CAfile = $folder\nsmtpd_tls_cert_file = /b \nmydomain = b.test,\r\n  \r\n  c.test\r\nrelayhost =\n"
        b"smtpd_tls_loglevel = 1\r"
    )
    folder = postfix_folder(tmp_path, main=main)
    assert decided("postfix", folder / "main.cf")["smtpd_tls_CAfile"] == "/x//x/x/f # no comment"
    check_main_cf(servers, folder)


def check_master_cf(servers, folder):
    master, before = folder / "master.cf", bytes_below(folder)
    plain = postconf(servers, folder, "-P")
    assert {name: " ".join(value.split()) for name, value in decided("master", master).items()} == plain
    for line in servers("postconf", "-c", folder, "-M").splitlines():
        service, kind = line.split()[:2]
        for name, value in (("smtpd_tls_security_level", "none"), ("smtpd_tls_chain_files", "/new/key /new/chain")):
            check_edit(folder, "master-set", master, service, kind, name, value)
            override = f"{service}/{kind}/{name}"
            assert postconf(servers, folder, "-P") == plain | {override: value}, override
            check_edit(folder, "master-remove", master, service, kind, name)
            assert postconf(servers, folder, "-P") == {other: old for other, old in plain.items() if other != override}, override
            if override not in plain:
                assert master.read_bytes().removesuffix(b"\n") == before[master].removesuffix(b"\n")
            restore(before)


@needs_suites
@pytest.mark.parametrize("path", postfix_files("master"), ids=named(postfix_files("master")))
def test_postfix_sees_exactly_what_was_meant_in_master_cf(path, tmp_path, servers):
    # Numbers that were put in for secrets or left out are not ones that Postfix takes; two services of one name are one.
    text = re.sub(rb"example-amavisd-max-servers", b"2", path.read_bytes())
    text = re.sub(rb"example-local-address:2000", _counter(), text)
    check_master_cf(servers, postfix_folder(tmp_path, master=text))


def _counter():
    """For re.sub: another address each time."""
    ports = iter(range(2000, 2100))
    return lambda _: b"127.0.0.1:%d" % next(ports)


def test_traps_of_master_cf(tmp_path, servers):
    master = (
        b"# c\nsmtp inet n - y - - smtpd -v -o smtpd_tls_cert_file=/m\nsubmission inet n - y - - smtpd\n  -o { smtpd_tls_key_file = /a b }\n"
        b"# comment\n  -o smtpd_tls_cert_file=/s -o smtpd_tls_cert_file=/t\n  -vo smtpd_tls_loglevel=1\n  -osmtpd_tls_dh1024_param_file=/dh\n"
        b"pipe1 unix - n n - - pipe\n  flags=DR user=x argv=/bin/y -o foo=bar\n#465 inet n - y - - smtpd\n"
        b"crlf inet n - y - - smtpd\r\n  -o { smtpd_tls_key_file\r\n# c\r\n  = /k }\r\nlast inet n - y - - smtpd"
    )
    check_master_cf(servers, postfix_folder(tmp_path, master=master))
