"""What the chapters of the demo share: how the story is told, and how it runs truename."""
import os
import pathlib
import shlex
import subprocess
import sys
import textwrap

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.dont_write_bytecode = True
sys.path[:0] = [str(ROOT / "tests" / "servers"), str(ROOT / "tests" / "cli")]

NAME = "remote.example.com"
PROGRAM = pathlib.Path(os.environ.get("TRUENAME") or ROOT / "build" / "release" / "truename").resolve()


def tell(text):
    """A paragraph of the story."""
    print("\n" + textwrap.fill(" ".join(text.split()), 96), flush=True)


def heading(text):
    """The title of a chapter."""
    print(f"\n\n{text}\n{'-' * len(text)}", flush=True)


class Untrue(Exception):
    """Something that the story says did not happen."""


def insist(fact, text):
    """Stops the story when it is not true."""
    if not fact:
        raise Untrue(text)


def shorten(folder, servers, text):
    """Paths as they would be on a server."""
    for path, short in ((f"{folder}/", ""), (str(servers.folder / "postfix"), "/etc/postfix"), (str(servers.folder), "/etc/dovecot")):
        text = text.replace(path, short)
    return text


def run(folder, servers, *command, expected=0):
    """Runs truename on the machine of the servers, and lets its command and answer be seen; insists on the exit code."""
    shown = shorten(folder, servers, shlex.join(str(word) for word in command))
    print(f"\n$ truename {shown}\n", flush=True)
    done = servers.run(PROGRAM, *command)
    for text in (done.stdout, done.stderr):
        print(shorten(folder, servers, text), end="", flush=True)
    print(f"\n(exit code {done.returncode})", flush=True)
    insist(done.returncode == expected, f"truename ended with {done.returncode}, not with {expected}")
    return done


def where(servers):
    """The options that name the two servers' configurations."""
    return ["--server", "dovecot", "--config", servers.folder, "--server", "postfix", "--config", servers.folder / "postfix"]
