"""A program in a real terminal (tmux), typed at and looked at as people do."""

import os
import shlex
import subprocess
import time


class Terminal:
    """One command in a terminal of 100 columns and 45 lines, on a server of tmux of its own."""

    def __init__(self, folder, command, env=None):
        number = len(list(folder.glob("tmux-*.code")))
        self.socket, self.code = folder / f"tmux-{number}", folder / f"tmux-{number}.code"
        self.code.touch()
        environment = {"HOME": str(folder), "PATH": os.environ["PATH"], "TERM": "xterm", "LANG": "C.UTF-8", **(env or {})}
        words = " ".join(shlex.quote(str(word)) for word in command)
        shell = f"trap : INT; {words}; echo $? > {shlex.quote(str(self.code))}; sleep 600"
        self.tmux("-f", "/dev/null", "new-session", "-d", "-x", "100", "-y", "45", "env", "-i", *(f"{k}={v}" for k, v in environment.items()), "sh", "-c", shell)
        self.tmux("set-option", "history-limit", "5000")

    def tmux(self, *arguments):
        return subprocess.run(["tmux", "-S", str(self.socket), *arguments], capture_output=True, text=True, check=True, timeout=20).stdout

    def seen(self):
        """All that was ever shown, lines that tmux has wrapped joined again."""
        return self.tmux("capture-pane", "-p", "-J", "-S", "-")

    def wait_for(self, words, seconds=40):
        """Until these words are there, behind those that were waited for before."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            text = self.seen()
            if words in text:
                return text
            time.sleep(0.05)
        raise AssertionError(f"{words!r} did not appear in:\n{self.seen()}")

    def type(self, text, enter=True):
        if text:
            self.tmux("send-keys", "-l", text)
        if enter:
            self.tmux("send-keys", "Enter")

    def press(self, key):
        self.tmux("send-keys", key)

    def answer(self, question, text=""):
        """Waits for the question, then answers it."""
        self.wait_for(question)
        self.wait_for_prompt()
        self.type(text)

    def wait_for_prompt(self):
        until = time.monotonic() + 40
        while time.monotonic() < until:
            if self.seen().rstrip().endswith("\n>"):
                return
            time.sleep(0.05)
        raise AssertionError(f"there is no prompt in:\n{self.seen()}")

    def exit_code(self):
        until = time.monotonic() + 60
        while time.monotonic() < until:
            if self.code.read_text():
                return int(self.code.read_text())
            time.sleep(0.05)
        raise AssertionError(f"it has not ended:\n{self.seen()}")

    def close(self):
        """The terminal goes away, whatever runs in it."""
        subprocess.run(["tmux", "-S", str(self.socket), "kill-server"], capture_output=True, timeout=20, check=False)
