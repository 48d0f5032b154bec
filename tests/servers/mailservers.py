"""Real Dovecot 2.3 and Postfix 3.7 on loopback, with a certificate of the caller's choice, for tests and the demo.

    with MailServers() as servers:
        servers.start(chain_pem, key_pem)
        talk_to("127.0.0.1", servers.ports["imaps"])
        servers.replace(other_chain_pem, other_key_pem)

The programs are those that `script/setup servers` unpacked under build/servers; they are not installed. They run in a mount and
process namespace of their own, in which /usr also shows the unpacked files (Dovecot's folder of modules is compiled in, so a library
path is not enough). The first process of that namespace waits for the end of a pipe from us: however we end, the kernel then ends
everything in it. Everything they write lies in `folder`. It needs root: Postfix changes users.
"""
import os
import pathlib
import shutil
import socket
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "cli"))
from ports import free_ports  # noqa: E402
from processes import is_starting, processes  # noqa: E402

SOURCE = pathlib.Path(__file__).resolve().parents[2]
UNPACKED = SOURCE / "build" / "servers" / "root"
DOVECOT_PORTS = ("imaps", "imap", "pop3s", "pop3", "sieve")
POSTFIX_PORTS = ("smtp", "submission", "submissions")
# What a reload ends: the processes that answer clients, and one that is always there. The kernel cuts names after 15 characters.
DOVECOT_PROCESSES = ("imap-login", "pop3-login", "managesieve-log", "log")
POSTFIX_PROCESSES = ("smtpd", "qmgr")
REFUSED = "Error reading configuration"  # Dovecot then goes on as before
LONGEST_SECONDS = 20


BROKEN = ("key-mismatch", "key-missing", "key-encrypted", "certificate-empty", "certificate-garbage", "certificate-after-its-issuer")


def broken(kind, chain, key, other_key):
    """The pair of files (chain, key) with one of the faults BROKEN, each of which takes TLS away from a real server without ending it.

    `other_key` is a PEM key that does not belong to `chain`; for certificate-after-its-issuer the chain needs two certificates.
    """
    if kind == "key-mismatch":
        return chain, other_key
    if kind == "key-missing":
        return chain, None
    if kind == "key-encrypted":
        done = subprocess.run(["openssl", "pkcs8", "-topk8", "-passout", "pass:secret"], input=key, capture_output=True, text=True, check=True)
        return chain, done.stdout
    if kind == "certificate-empty":
        return "", key
    if kind == "certificate-garbage":
        return "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", key
    if kind == "certificate-after-its-issuer":
        end = "-----END CERTIFICATE-----\n"
        first, second = chain.split(end)[:2]
        return second + end + first + end, key
    raise ValueError(kind)


class Unavailable(Exception):
    """Real servers cannot run here; the text says why."""


def why_unavailable():
    """None when real servers can run here, else the reason in words."""
    if not (UNPACKED / "usr" / "sbin" / "dovecot").exists():
        return "Dovecot and Postfix are not unpacked (script/setup servers)"
    if os.geteuid() != 0:
        return "real servers need root: Postfix changes users"
    tried = subprocess.run(["unshare", "-m", "-p", "-f", "--kill-child", "sh", "-c", _overlay() + " && true"], capture_output=True, text=True, check=False)
    return None if tried.returncode == 0 else f"no private mount namespace with an overlay: {tried.stderr.strip()}"


def _overlay():
    return f"mount -t overlay overlay -o ro,lowerdir='{UNPACKED}/usr':/usr /usr"


class MailServers:
    """Both servers over one private folder, which stop() takes away again.

    The folder is made below `parent`, by default the machine's folder for temporary files: every user must be able to enter that, since
    the servers run as several (pytest's tmp_path and most home folders forbid it).
    """

    def __init__(self, parent=None):
        self.parent = parent
        self.folder = None
        self.ports = {}
        self._holder = None
        self._namespace = None
        self._children = []

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()

    # -- what a test does -------------------------------------------------------------------------------------------------------------

    def start(self, chain, key, sni=None, dovecot="", postfix=None, only=("dovecot", "postfix"), files=None):
        """Starts the servers with this PEM chain (leaf first) and key.

        `sni` maps a server name to its own (chain, key). `dovecot` is appended to dovecot.conf; `postfix` is a dict of main.cf
        settings; `files` are further files by their path below `folder`; in all of them FOLDER stands for that. `self.ports` then says who listens where. Raises Unavailable when real servers cannot run on this machine.
        """
        reason = why_unavailable()
        if reason:
            raise Unavailable(reason)
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="truename-servers-", dir=self.parent))
        self.folder.chmod(0o755)
        (self.folder / "tls").mkdir()
        self._write_pair(chain, key)
        for name, text in (files or {}).items():
            path = self.folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(self._filled_in(text))
        names = (DOVECOT_PORTS if "dovecot" in only else ()) + (POSTFIX_PORTS if "postfix" in only else ())
        self.ports = dict(zip(names, free_ports(len(names))))
        self._open_namespace()
        try:
            if "dovecot" in only:
                self._start_dovecot(sni or {}, dovecot)
            if "postfix" in only:
                self._start_postfix(sni or {}, postfix or {})
        except BaseException:
            self.stop()
            raise

    def replace(self, chain, key):
        """What an administrator does after a renewal: new files, then both servers read them again."""
        self._write_pair(chain, key)
        self.reload()

    def write(self, chain, key):
        """New files, but nobody is told: the most common mistake."""
        self.settle()
        self._write_pair(chain, key)

    def reload(self):
        """Makes both servers read their certificate again, and waits until they have."""
        if "imaps" in self.ports:
            self._reload(DOVECOT_PROCESSES, "doveadm", "-c", self.folder / "dovecot.conf", "reload")
        if "smtp" in self.ports:
            self._reload(POSTFIX_PROCESSES, "postfix", "-c", self.folder / "postfix", "reload")

    def settle(self):
        """Waits until each process of Postfix that answers clients has read its files, which it does while it has the rights of root.

        The configuration names two files; a process that starts between two renames has a pair that does not fit, for all its life.
        """

        def rests():
            forked = len(processes(self._namespace, "master")) > 1
            return not forked and not any(map(is_starting, processes(self._namespace, "smtpd")))

        self.wait_until(rests, "Postfix comes to rest")

    def wait_until(self, holds, what):
        """Waits until `holds` gives something true; RuntimeError with `what` and the servers' logs when it never does."""
        end = time.monotonic() + LONGEST_SECONDS
        while not holds():
            if time.monotonic() > end:
                raise RuntimeError(f"waited in vain: {what}:\n{self.log()}")
            time.sleep(0.02)

    def is_running(self, name):
        """Whether a program of this name, of at most 15 characters, runs in the private world."""
        return bool(processes(self._namespace, name))

    def run(self, *command, environment=None):
        """Runs a program where the servers' own programs can be found, and gives what subprocess.run gives."""
        return subprocess.run(
            self.inside(*command), capture_output=True, text=True, check=False, timeout=180, stdin=subprocess.DEVNULL,
            env={**os.environ, **(environment or {})},
        )

    def run_with_input(self, text, *command):
        """The same, with a text on standard input."""
        return subprocess.run(self.inside(*command), input=text, capture_output=True, text=True, check=False, timeout=180)

    def log(self):
        """Everything that both have logged so far."""
        texts = [path.read_text(errors="replace") for path in sorted(self.folder.glob("*.log"))]
        return "".join(texts)

    def stop(self):
        """Ends both and removes the folder. Safe to call again."""
        if self._holder is not None:
            self._holder.stdin.close()  # the first process of the namespace ends, and with it every other one
            for process in [*self._children, self._holder]:
                try:
                    process.wait(10)
                except subprocess.TimeoutExpired:
                    process.kill()
                    process.wait()
            self._holder.stdout.close()
        self._children = []
        self._holder = self._namespace = None
        if self.folder is not None:
            shutil.rmtree(self.folder)
        self.folder = None

    def _filled_in(self, text):
        return text.replace("FOLDER", str(self.folder))

    # -- the private world ------------------------------------------------------------------------------------------------------------

    def _open_namespace(self):
        script = _overlay() + " && echo ready && exec cat"
        self._holder = subprocess.Popen(
            ["unshare", "-m", "-p", "-f", "--mount-proc", "--kill-child", "sh", "-c", script], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        if self._holder.stdout.readline() != "ready\n":
            self.stop()
            raise Unavailable("the private mount namespace did not come up")
        children = pathlib.Path(f"/proc/{self._holder.pid}/task/{self._holder.pid}/children").read_text().split()
        self._namespace = children[0]

    def inside(self, *command):
        """The words of a command that runs where the servers' own programs can be found."""
        return self._enter(*map(str, command))

    def _enter(self, *command):
        return ["nsenter", "-t", self._namespace, "-m", "-p", *command]

    def _inside(self, *command):
        done = subprocess.run(self._enter(*command), capture_output=True, text=True, check=False, timeout=30, stdin=subprocess.DEVNULL)
        if done.returncode != 0:
            raise RuntimeError(f"{' '.join(command)} ended with {done.returncode}: {done.stdout}{done.stderr}")
        return done.stdout

    def _spawn(self, *command):
        output = open(self.folder / f"{command[0]}-output.log", "wb")
        with output:
            self._children.append(subprocess.Popen(self._enter(*command), stdin=subprocess.DEVNULL, stdout=output, stderr=output))

    def _reload(self, names, *command):
        before, refused = processes(self._namespace, *names), self.log().count(REFUSED)
        self._inside(*map(str, command))
        over = lambda: self.log().count(REFUSED) > refused or not any(process.exists() for process in before)
        self.wait_until(over, "the end of what served before")

    def _wait_for(self, port):
        def is_open():
            try:
                socket.create_connection(("127.0.0.1", port), timeout=1).close()
                return True
            except OSError:
                return False

        self.wait_until(is_open, f"somebody listens on port {port}")

    def _write_pair(self, chain, key):
        """Both under new names first, then each renamed: no process ever reads half a file."""
        for name, text in (("key.pem", key), ("chain.pem", chain)):
            path = self.folder / "tls" / name
            if text is None:
                path.unlink(missing_ok=True)
                continue
            new = path.with_suffix(".new")
            new.touch(mode=0o600)
            new.write_text(text)
            new.rename(path)

    # -- Dovecot ----------------------------------------------------------------------------------------------------------------------

    def _start_dovecot(self, sni, extra):
        f, p = self.folder, self.ports
        names = ""
        for number, (name, (chain, key)) in enumerate(sni.items()):
            (f / "tls" / f"sni{number}.pem").write_text(chain)
            (f / "tls" / f"sni{number}.key").write_text(key)
            names += f"local_name {name} {{\n  ssl_cert = <{f}/tls/sni{number}.pem\n  ssl_key = <{f}/tls/sni{number}.key\n}}\n"
        (f / "mail").mkdir()
        shutil.chown(f / "mail", "nobody")  # whoever delivers
        (f / "dovecot").mkdir()
        (f / "dovecot.conf").write_text(
            f"""protocols = imap pop3 sieve
listen = 127.0.0.1
base_dir = {f}/dovecot
log_path = {f}/dovecot.log
mail_location = maildir:{f}/mail/%u
default_internal_user = nobody
default_internal_group = nogroup
default_login_user = nobody
first_valid_uid = 1
ssl = yes
ssl_cert = <{f}/tls/chain.pem
ssl_key = <{f}/tls/key.pem
passdb {{
  driver = static
  args = password=secret
}}
userdb {{
  driver = static
  args = uid=nobody gid=nogroup home={f}/mail/%u
}}
service anvil {{
  chroot =
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {p["imap"]}
  }}
  inet_listener imaps {{
    port = {p["imaps"]}
    ssl = yes
  }}
}}
service pop3-login {{
  chroot =
  inet_listener pop3 {{
    port = {p["pop3"]}
  }}
  inet_listener pop3s {{
    port = {p["pop3s"]}
    ssl = yes
  }}
}}
service managesieve-login {{
  chroot =
  inet_listener sieve {{
    port = {p["sieve"]}
  }}
}}
{names}{self._filled_in(extra)}
"""
        )
        self._spawn("dovecot", "-F", "-c", str(f / "dovecot.conf"))
        for name in DOVECOT_PORTS:
            self._wait_for(p[name])

    # -- Postfix ----------------------------------------------------------------------------------------------------------------------

    def _start_postfix(self, sni, extra):
        f, p, conf = self.folder, self.ports, self.folder / "postfix"
        for name in ("postfix", "queue", "data"):
            (f / name).mkdir()
        shutil.chown(f / "data", "list")
        # "postfix check" would make these folders, but takes two seconds for it; quick-start says that all is well.
        for name in ("pid", "public", "private", "maildrop", *"active bounce corrupt defer deferred flush hold incoming saved trace".split()):
            (f / "queue" / name).mkdir(mode=0o700)
            if name != "pid":
                shutil.chown(f / "queue" / name, "list", "irc" if name in ("public", "maildrop") else None)
        (f / "queue" / "public").chmod(0o2710)
        (f / "queue" / "maildrop").chmod(0o1730)
        (f / "queue" / "quick-start").touch()
        for name in ("post-install", "postfix-script", "postfix-files"):
            shutil.copy(UNPACKED / "etc" / "postfix" / name, conf)
        shutil.copy(UNPACKED / "usr" / "share" / "postfix" / "dynamicmaps.cf", conf)
        settings = {
            "compatibility_level": "3.6",
            "myhostname": "mail.example.test",
            "mydestination": "example.test",
            "inet_interfaces": "loopback-only",
            "inet_protocols": "ipv4",
            "mail_owner": "list",
            "setgid_group": "irc",
            "default_privs": "nobody",
            "queue_directory": f / "queue",
            "data_directory": f / "data",
            "meta_directory": conf,
            "daemon_directory": "/usr/lib/postfix/sbin",
            "shlib_directory": "/usr/lib/postfix",
            "command_directory": "/usr/sbin",
            "sendmail_path": "/usr/sbin/sendmail",
            "mailq_path": "/usr/bin/mailq",
            "newaliases_path": "/usr/bin/newaliases",
            "html_directory": "no",
            "manpage_directory": "/usr/share/man",
            "readme_directory": "no",
            "sample_directory": conf,
            "maillog_file": f / "postfix.log",
            "maillog_file_prefixes": f,
            "alias_maps": "",
            "alias_database": "",
            "smtpd_tls_chain_files": f"{f}/tls/key.pem, {f}/tls/chain.pem",
            "smtpd_tls_security_level": "may",
            "smtpd_tls_auth_only": "yes",
            "smtpd_relay_restrictions": "reject_unauth_destination",
            # Tests connect far more often than a mail program does.
            "smtpd_client_connection_count_limit": "0",
            "anvil_rate_time_unit": "1s",
        }
        if sni:
            settings["tls_server_sni_maps"] = f"hash:{conf}/sni"
        settings.update({name: self._filled_in(value) for name, value in extra.items()})
        (conf / "main.cf").write_text("".join(f"{name} = {value}\n" for name, value in settings.items()))
        fixed = """tlsmgr unix - - n 1000? 1 tlsmgr
proxymap unix - - n - - proxymap
proxywrite unix - - n - 1 proxymap
rewrite unix - - n - - trivial-rewrite
anvil unix - - n - 1 anvil
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
pickup unix n - n 60 1 pickup
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
error unix - - n - - error
local unix - n n - - local
virtual unix - n n - - virtual
smtp unix - - n - - smtp
scache unix - - n - 1 scache
postlog unix-dgram n - n - 1 postlogd
"""
        (conf / "master.cf").write_text(
            f"""127.0.0.1:{p["smtp"]} inet n - n - - smtpd
127.0.0.1:{p["submission"]} inet n - n - - smtpd -o smtpd_tls_security_level=encrypt
127.0.0.1:{p["submissions"]} inet n - n - - smtpd -o smtpd_tls_wrappermode=yes
"""
            + fixed
        )
        # A main.cf of the last seconds could be half written, so Postfix waits until it is older.
        os.utime(conf / "main.cf", (time.time() - 60, time.time() - 60))
        if sni:
            self._make_postfix_sni_map(sni)
        self._spawn("postfix", "-c", str(conf), "start-fg")
        for name in POSTFIX_PORTS:
            self._wait_for(p[name])
        # Its ports are open a moment before it is ready for a signal: a reload in between would end it.
        answering = lambda: self.is_running("qmgr") and len(processes(self._namespace, "smtpd")) >= len(POSTFIX_PORTS)
        self.wait_until(answering, "Postfix has a process for each port")
        self.settle()

    def _make_postfix_sni_map(self, sni):
        table = self.folder / "postfix" / "sni"
        lines = []
        for number, (name, (chain, key)) in enumerate(sni.items()):
            pair = self.folder / "tls" / f"sni{number}-pair.pem"
            pair.touch(mode=0o600)
            pair.write_text(key + chain)
            lines.append(f"{name} {pair}\n")
        table.touch(mode=0o600)  # the map that postmap makes holds the keys and takes its mode from here
        table.write_text("".join(lines))
        self._inside("postmap", "-c", str(table.parent), "-F", f"hash:{table}")
