"""A real DNS server (BIND, unpacked by script/setup and not installed) for zones of a test, on a port of loopback."""

import os
import pathlib
import subprocess
import time

from ports import free_port

ROOT = pathlib.Path(__file__).resolve().parents[2]
UNPACKED = ROOT / "build" / "servers" / "root" / "usr"
ENVIRONMENT = {"PATH": f"{UNPACKED}/sbin:{UNPACKED}/bin:/usr/bin:/bin:/usr/sbin", "LD_LIBRARY_PATH": f"{UNPACKED}/lib/x86_64-linux-gnu"}
ADDRESS = "127.0.0.1"


def run(*command, **more):
    return subprocess.run([str(word) for word in command], env=ENVIRONMENT, capture_output=True, text=True, check=True, timeout=60, **more)


class DnsServer:
    """Serves the zones that are given as {name: lines of records}; `signed` are those that DNSSEC signs, `updates` lets the holder of
    update.key change them."""

    def __init__(self, folder, zones, signed=(), updates=False):
        self.folder = folder
        folder.mkdir()
        self.port = free_port()
        self.resolver = f"{ADDRESS}:{self.port}"
        self.anchor, self.update_key = folder / "anchor", folder / "update.key"
        self.update_key.write_text(run("tsig-keygen", "update").stdout)
        self.update_key.chmod(0o600)
        configuration = f"""options {{ directory "{folder}"; pid-file none; listen-on port {self.port} {{ {ADDRESS}; }}; listen-on-v6 {{ none; }};
            recursion no; dnssec-validation no; allow-transfer {{ none; }}; notify no; }};
            controls {{ }};
            include "{self.update_key}";\n"""
        anchors = []
        for name, lines in zones.items():
            (folder / name).write_text(f"$ORIGIN {name}.\n$TTL 60\n@ IN SOA ns hostmaster 1 60 60 3600 60\n@ IN NS ns\nns IN A {ADDRESS}\n{lines}\n")
            file = name
            if name in signed:
                key = run("dnssec-keygen", "-K", folder, "-a", "ECDSAP256SHA256", "-f", "KSK", name).stdout.strip()
                run("dnssec-signzone", "-S", "-z", "-K", folder, "-d", folder, "-o", name, "-f", folder / f"{name}.signed", folder / name)
                anchors += [line for line in (folder / f"{key}.key").read_text().splitlines() if not line.startswith(";")]
                file = f"{name}.signed"
            configuration += f'zone "{name}" {{ type primary; file "{folder / file}"; {"allow-update { key update; };" if updates else ""} }};\n'
        self.anchor.write_text("\n".join(anchors) + "\n")
        (folder / "named.conf").write_text(configuration)
        self.log = (folder / "log").open("w")
        self.process = subprocess.Popen(["named", "-g", "-4", "-n", "1", "-c", str(folder / "named.conf")], env=ENVIRONMENT, stderr=self.log, stdout=self.log)
        self.wait()

    def wait(self):
        until = time.monotonic() + 20
        while "running" not in (self.folder / "log").read_text():
            if self.process.poll() is not None or time.monotonic() > until:
                raise RuntimeError((self.folder / "log").read_text())
            time.sleep(0.02)

    def stop(self):
        self.process.terminate()
        self.process.wait(timeout=20)
        self.log.close()
