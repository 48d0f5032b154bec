"""`truename check` of a warm Dovecot and Postfix beside a bare OpenSSL client that asks the same seven ports at once."""
import pathlib
import subprocess
import sys
import tempfile

from measuring import BUILD, PROGRAM, ROOT, Run

sys.path.insert(0, str(ROOT / "tests" / "servers"))
import mailservers

RUNS = 25
NAME = "remote.example.com"
# Warm: login processes that are there before somebody comes and serve one after another (doc.dovecot.org, "Login processes", the
# high-performance mode), as Postfix keeps its smtpd. By default Dovecot starts a new one for every connection.
WARM = "".join(f"service {name}-login {{\n  service_count = 0\n  process_min_avail = 2\n}}\n" for name in ("imap", "pop3"))

with tempfile.TemporaryDirectory() as name, mailservers.MailServers() as servers:
    folder = pathlib.Path(name)
    subprocess.run([BUILD / "recipe_tool", ROOT / "tests" / "servers" / "sbs-2008.toml", ROOT / "tests" / "keys", folder], check=True)
    servers.start((folder / "server.pem").read_text(), (folder / "server.key").read_text(), dovecot=WARM)
    ports = {protocol: port for protocol, port in servers.ports.items() if protocol != "sieve"}
    check = [PROGRAM, "check", NAME, "--connect", "127.0.0.1", "--trust", folder / "root.pem", "--ports", ",".join(f"{p}:{n}" for p, n in ports.items())]
    bare = [BUILD / "bare_client", len(ports), "127.0.0.1"]
    targets = "".join(f"{protocol} {port} {NAME}\n" for protocol, port in ports.items())
    ours, peers = [], []
    for _ in range(RUNS):  # by turns, so that both meet the same machine
        ours.append(Run(check))
        peers.append(Run(bare, text=targets))
    if any(run.code > 2 for run in ours) or any(run.code for run in peers):
        sys.exit("a run failed")
    wall, peer = min(run.wall for run in ours), min(run.wall for run in peers)
    print(f"check {wall * 1000:.1f} ms, bare client {peer * 1000:.1f} ms, the fastest of {RUNS} runs each")
    print("check.ratio", wall / peer)
    print("check.wall", wall * 1000)
    print("check.memory", max(run.memory for run in ours))
