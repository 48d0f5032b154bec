"""`truename check --targets` over local servers with many chains, beside a bare OpenSSL loop that speaks the same dialogs to them.

TRUENAME_BENCH_TARGETS changes the number of targets (10,000).
"""
import os
import pathlib
import subprocess
import sys
import tempfile

from measuring import BUILD, PROGRAM, Run

COUNT = int(os.environ.get("TRUENAME_BENCH_TARGETS", "10000"))
CHAINS = 2000


class Server:
    """The server of many chains; ends with the block."""

    def __init__(self, chains):
        self.process = subprocess.Popen([BUILD / "chain_server", str(chains)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.tls, self.starttls = (int(self.process.stdout.readline()) for _ in range(2))

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.stdin.close()
        self.process.wait()

    def targets(self, count):
        """(protocol, port, name) by turns with TLS and STARTTLS, one after the other: see Run about memory."""
        for i in range(count):
            yield ("imaps", self.tls, f"t{i}.example.test") if i % 2 else ("imap", self.starttls, f"t{i}.example.test")

    def lines(self, count):
        """The same as the peers read them."""
        return "".join(f"{protocol} {port} {name}\n" for protocol, port, name in self.targets(count))


def ask(folder, server, count):
    """truename over a list."""
    with (folder / "list").open("w") as out:
        for protocol, port, name in server.targets(count):
            out.write(f"{protocol}://{name}:{port}\n")
    run = Run([PROGRAM, "check", "--targets", folder / "list", "--connect", "127.0.0.1", "--trust", "none", "-o", f"jsonl={folder / 'out'}"])
    judged = sum('"judged A"' in line for line in (folder / "out").open())
    if run.code > 3 or judged != count:
        sys.exit(f"truename ended with {run.code} and wrote {judged} of {count} targets")
    return run


def bare(server, count):
    """The peer over the same targets."""
    run = Run([BUILD / "bare_client", "16", "127.0.0.1"], text=server.lines(count))
    if run.code:
        sys.exit("the bare client missed a target")
    return run


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        for figure, chains in (("lists.cpu", CHAINS), ("lists.cpu-one-chain", 1)):
            with Server(chains) as server:
                peer, ours = bare(server, COUNT), ask(folder, server, COUNT)
                print(f"{figure}: {ours.cpu / COUNT * 1e6:.0f} us CPU a target ({ours.wall:.1f} s), bare loop {peer.cpu / COUNT * 1e6:.0f} us ({peer.wall:.1f} s)")
                print(figure, ours.cpu / peer.cpu)
        with Server(10 * COUNT) as server:
            few, many = ask(folder, server, COUNT), ask(folder, server, 10 * COUNT)
            print(f"memory of {COUNT} targets {few.memory:.1f} MB, of {10 * COUNT} {many.memory:.1f} MB, each with a chain of its own")
            print("lists.memory-growth", many.memory / few.memory)
