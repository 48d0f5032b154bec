"""`truename address` for one domain: a real DNS server (BIND) and seven open mail ports of Dovecot and Postfix, all on loopback."""
import pathlib
import sys
import tempfile

from measuring import PROGRAM, ROOT, fastest

sys.path[:0] = [str(ROOT / "tests" / "cli"), str(ROOT / "tests" / "servers")]
import chains  # noqa: E402
import dns  # noqa: E402
import mailservers  # noqa: E402

DOMAIN, NAME = "example.com", "mail.example.com"
with tempfile.TemporaryDirectory() as folder, mailservers.MailServers() as servers:
    servers.start(chains.make_chain([NAME])[0], chains.key_pem("rsa2048-1"))
    ports = {name: port for name, port in servers.ports.items() if name in ("imaps", "imap", "pop3s", "pop3", "submissions", "submission", "smtp")}
    records = "mail A 127.0.0.1\n@ MX 10 mail\n" + "".join(f"_{name}._tcp SRV 0 1 {port} mail\n" for name, port in ports.items() if name != "smtp")
    server = dns.DnsServer(pathlib.Path(folder) / "dns", {DOMAIN: records, "127.in-addr.arpa": f"1.0.0 PTR {NAME}."}, signed=[DOMAIN])
    try:
        run = fastest([PROGRAM, "address", "--domain", DOMAIN, "--prefix", "mail", "--resolver", server.resolver, "--dns-anchor", server.anchor,
                       "--ports", ",".join(f"{name}:{port}" for name, port in ports.items())])
    finally:
        server.stop()
    print("address.wall", run.wall * 1000 if run.code in (0, 1, 2) else "failed")
