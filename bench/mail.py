"""truename mail beside openssl cms: the same messages of 100 MB, turn by turn, and what memory that takes; 2 GB once, for memory alone."""
import os
import pathlib
import subprocess
import sys
import tempfile

from measuring import BUILD, PROGRAM, Run

SIZE = 100_000_000
LARGE = int(os.environ.get("TRUENAME_BENCH_LARGE", 2_000_000_000))
ROUNDS = 5


def write_message(path, size):
    """A mail with a large attachment, as it is on the wire."""
    header = b"From: ann@example.com\r\nMIME-Version: 1.0\r\nContent-Type: application/octet-stream\r\nContent-Transfer-Encoding: base64\r\n\r\n"
    lines = b"".join(bytes(65 + (i * j) % 26 for j in range(76)) + b"\r\n" for i in range(1, 1001))
    with open(path, "wb") as out:
        out.write(header)
        for _ in range(size // len(lines)):
            out.write(lines)


class Timed(Run):
    """A run whose input is a file and whose output goes nowhere or into a file."""

    def __init__(self, command, source=None, target="/dev/null"):
        script = 'exec "$0" "$@" < ' + (f"'{source}'" if source else "/dev/null") + f" > '{target}'"
        super().__init__(["/bin/sh", "-c", script, *command])


def side_by_side(ours, theirs):
    """The fastest of each, turn by turn."""
    runs = [(Timed(*ours), Timed(*theirs)) for _ in range(ROUNDS)]
    for run, other in runs:
        if run.code not in (0, 1) or other.code != 0:
            sys.exit(f"{ours[0]}: {run.code}, {theirs[0]}: {other.code}")
    best, peer = min((run for run, _ in runs), key=lambda run: run.wall), min((run for _, run in runs), key=lambda run: run.wall)
    print(f"# {ours[0][2]}: {SIZE / best.wall / 1e6:.0f} MB/s ({best.cpu:.2f} s of CPU), openssl {SIZE / peer.wall / 1e6:.0f} MB/s ({peer.cpu:.2f} s)")
    return peer.wall / best.wall, max(run.memory for run, _ in runs)


def main():
    os.environ["TMPDIR"] = str(BUILD)
    with tempfile.TemporaryDirectory(dir=BUILD) as name:
        folder = pathlib.Path(name)
        passphrase = folder / "passphrase"
        passphrase.write_text("secret\n")
        access = ["--store", folder / "ca", "--passphrase-file", passphrase]
        for command in (["init", *access, "--name", "Bench"], ["issue", *access, "--person", "ann@example.com", "--key", "rsa2048", "--out", folder / "ann"]):
            subprocess.run([PROGRAM, "ca", *command], check=True, capture_output=True)
        certificate, key, root = (folder / "ann" / file for file in ("fullchain.pem", "privkey.pem", "root.pem"))
        own = ["--key", key, "--cert", certificate]
        message, signed, encrypted = folder / "message", folder / "signed", folder / "encrypted"
        write_message(message, SIZE)
        sign, encrypt = [PROGRAM, "mail", "sign", *own], [PROGRAM, "mail", "encrypt", "--to", certificate]
        decrypt, verify = [PROGRAM, "mail", "decrypt", *own], [PROGRAM, "mail", "verify", "--trust", root]
        cms = ["openssl", "cms"]
        Timed(sign, message, signed)
        Timed([*cms, "-encrypt", "-stream", "-aes256", "-in", message, "-recip", certificate, "-out", encrypted])
        pairs = {
            "sign": ((sign, message), ([*cms, "-sign", "-stream", "-in", message, "-signer", certificate, "-inkey", key],)),
            "encrypt": ((encrypt, message), ([*cms, "-encrypt", "-stream", "-aes256", "-in", message, "-recip", certificate],)),
            "decrypt": ((decrypt, encrypted), ([*cms, "-decrypt", "-in", encrypted, "-inkey", key, "-recip", certificate],)),
            "verify": ((verify, signed), ([*cms, "-verify", "-in", signed, "-CAfile", root, "-purpose", "smimesign"],)),
        }
        memory = 0
        for figure, (ours, theirs) in pairs.items():
            ratio, megabytes = side_by_side(ours, theirs)
            memory = max(memory, megabytes)
            print(f"mail.{figure}", ratio, flush=True)
        print("mail.memory", memory)
        write_message(message, LARGE)
        largest = 0
        for made, command in ((signed, [*sign]), (encrypted, [*encrypt, *own])):
            run = Timed(command, message, made)
            largest = max(largest, run.memory if run.code == 0 else 1e9)
        message.unlink()
        for made, command in ((signed, verify), (encrypted, [*decrypt, "--trust", root])):
            run = Timed(command, made)
            largest = max(largest, run.memory if run.code == 0 else 1e9)
            made.unlink()
        print("mail.memory-large", largest)


main()
