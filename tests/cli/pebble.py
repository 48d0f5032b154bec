"""Debian's pebble, the ACME server that is made for tests, on free ports of loopback, with a name server that gives 127.0.0.1 for every name."""

import json
import os
import shutil
import socket
import ssl
import subprocess
import time
import urllib.request

from ports import free_port


def wait_for(port):
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        except OSError:
            time.sleep(0.05)
    raise AssertionError(f"nothing listens on port {port}")


class Pebble:
    """`issued` has the certificate that the server itself shows, for localhost. Three of ten good nonces are refused, unless `faults`
    (its environment) say otherwise. `names` is another name server, `127.0.0.1:5353`, to ask instead of its own."""

    def __init__(self, folder, issued, names=None, faults=None, strict=False, **settings):
        self.port, self.http_port, self.dns_port, self.names_port, self.roots_port = (free_port() for _ in range(5))
        self.directory, self.roots = f"https://localhost:{self.port}/dir", issued.root
        config = {
            "listenAddress": f"127.0.0.1:{self.port}",
            "managementListenAddress": f"127.0.0.1:{self.roots_port}",
            "certificate": str(issued.certificate),
            "privateKey": str(issued.key),
            "httpPort": self.http_port,
            "tlsPort": free_port(),
            "ocspResponderURL": "",
            "externalAccountBindingRequired": False,
            **settings,
        }
        (folder / "pebble.json").write_text(json.dumps({"pebble": config}))
        environment = {**os.environ, "PEBBLE_VA_NOSLEEP": "1", "PEBBLE_WFE_NONCEREJECT": "30", "PEBBLE_AUTHZREUSE": "0", **(faults or {})}
        self.log = folder / "pebble.log"
        log = open(self.log, "w")
        name_server = ["-dns01", f"127.0.0.1:{self.dns_port}", "-management", f"127.0.0.1:{self.names_port}", "-defaultIPv6", "", "-http01", "", "-https01", "", "-tlsalpn01", ""]
        self.processes = [
            subprocess.Popen(["pebble-challtestsrv", *name_server], stdout=log, stderr=log),
            subprocess.Popen(["pebble", "-config", folder / "pebble.json", "-dnsserver", names or f"127.0.0.1:{self.dns_port}", *(["-strict"] if strict else [])], env=environment, stdout=log, stderr=log),
        ]
        for port in (self.names_port, self.port, self.roots_port):
            wait_for(port)

    def order(self, truename, state, *arguments):
        access = ["--directory", self.directory, "--directory-roots", self.roots, "--state", state]
        return truename("certificate", "order", *access, *arguments)

    def issued(self):
        """How many certificates it has made."""
        return self.log.read_text().count("Issued certificate serial")

    def root(self, path):
        """Writes the root of what it issues."""
        context = ssl.create_default_context(cafile=str(self.roots))
        with urllib.request.urlopen(f"https://localhost:{self.roots_port}/roots/0", context=context) as answer:
            path.write_bytes(answer.read())
        return path

    def set_text(self, script):
        """Writes a program that puts TXT records into the name server."""
        script.write_text(f"""#!/bin/sh
case $1 in
    present) data="{{\\"host\\":\\"$2\\",\\"value\\":\\"$3\\"}}"; what=set-txt ;;
    cleanup) data="{{\\"host\\":\\"$2\\"}}"; what=clear-txt ;;
esac
echo "$@" >>{script}.log
exec python3 -c 'import sys, urllib.request; urllib.request.urlopen("http://127.0.0.1:{self.names_port}/" + sys.argv[1], data=sys.argv[2].encode())' $what "$data"
""")
        script.chmod(0o755)
        return script

    def stop(self):
        for process in self.processes:
            process.kill()
            process.wait()


def is_there():
    return shutil.which("pebble") is not None
