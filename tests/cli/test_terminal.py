"""What is different when somebody sits in front of it: colours and progress only on a terminal."""

import os
import pty
import select
import subprocess
import time


def run_on_terminal(program, arguments, env=None, only_stderr=False):
    """Runs the program with a terminal for its output (or only for standard error) and gives everything that appeared there."""
    primary, secondary = pty.openpty()
    environment = {"PATH": os.environ["PATH"], "TERM": "xterm", **(env or {})}
    stdout = subprocess.DEVNULL if only_stderr else secondary
    run = subprocess.Popen([program, *arguments], stdin=subprocess.DEVNULL, stdout=stdout, stderr=secondary, env=environment)
    os.close(secondary)
    seen, end = b"", time.monotonic() + 60
    while time.monotonic() < end:
        ready, _, _ = select.select([primary], [], [], 0.1)
        if not ready:
            if run.poll() is not None:
                break
            continue
        try:
            data = os.read(primary, 65536)
        except OSError:
            break
        if not data:
            break
        seen += data
    code = run.wait(timeout=60)
    os.close(primary)
    return code, seen.decode()


def story(imaps, issued):
    return ["check", "remote.example.com", "--connect", "127.0.0.1", "--ports", f"imaps:{imaps.port}", "--trust", str(issued.root)]


def test_colours_are_for_terminals_and_can_be_refused(program, imaps, issued):
    code, seen = run_on_terminal(program, story(imaps, issued))
    assert code == 1 and "\x1b[" in seen
    for arguments, env in ((["--no-colour"], None), ([], {"NO_COLOR": "1"}), ([], {"TERM": "dumb"})):
        code, seen = run_on_terminal(program, story(imaps, issued) + arguments, env)
        assert code == 1 and "\x1b" not in seen, (arguments, env)
        assert "The target principal name is incorrect." in seen


def test_what_takes_longer_than_a_second_says_what_it_does(program, silent_port):
    arguments = ["check", "mail.example", "--connect", "127.0.0.1", "--ports", f"imaps:{silent_port}", "--timeout", "2.5"]
    code, seen = run_on_terminal(program, arguments, only_stderr=True)
    assert code == 3
    assert "asking mail.example" in seen
    assert seen.endswith("\r\x1b[K"), "the progress line stays behind"
    code, seen = run_on_terminal(program, [*arguments, "--quiet"], only_stderr=True)
    assert code == 3 and seen == ""
