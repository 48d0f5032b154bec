"""The demo's chapter on mail that only its reader can read: from bob to ann, through a real Postfix and a real Dovecot."""
import email
import imaplib
import shlex
import smtplib
import socket
import ssl
import time

from story import NAME, PROGRAM, heading, insist, run, shorten, tell

ANN, BOB = "ann@example.com", "bob@example.com"
SECRET = "The offer for the north building is 240,000."
MESSAGE = f"From: Bob <{BOB}>\nTo: Ann <{ANN}>\nSubject: The offer\nMIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\n\n{SECRET}\n"
# What Postfix needs besides to put ann's mail where Dovecot looks for it.
POSTFIX = {
    "virtual_mailbox_domains": "example.com",
    "virtual_mailbox_base": "FOLDER/mail",
    "virtual_mailbox_maps": f"inline:{{{ANN}={ANN}/}}",
    "virtual_minimum_uid": "1",
    "virtual_uid_maps": "static:65534",
    "virtual_gid_maps": "static:65534",
}


class Imap(imaplib.IMAP4_SSL):
    """IMAP with TLS to this machine, whose certificate has to be that of the name."""

    def _create_socket(self, timeout):
        return self.ssl_context.wrap_socket(socket.create_connection(("127.0.0.1", self.port), timeout or 20), server_hostname=NAME)


def filtered(folder, servers, *command, text, files, expected=0):
    """Runs `truename mail ...` from a text to a text, `files` are their names; what it says is shown, and what it writes given back."""
    shown = shlex.join(str(word) for word in command)
    print(f"\n$ truename {shorten(folder, servers, shown)} < {files[0]} > {files[1]}\n", flush=True)
    done = servers.run_with_input(text, PROGRAM, *command)
    print(shorten(folder, servers, done.stderr), end="", flush=True)
    print(f"\n(exit code {done.returncode})", flush=True)
    insist(done.returncode == expected, f"truename ended with {done.returncode}, not with {expected}")
    return done


def submit(servers, trust, text):
    """As bob's mail program does: STARTTLS, and the certificate has to be right."""
    with smtplib.SMTP("127.0.0.1", servers.ports["submission"], timeout=20) as client:
        client._host = NAME  # the name that he has typed; smtplib compares the certificate with it
        client.starttls(context=ssl.create_default_context(cafile=trust))
        client.sendmail(BOB, [ANN], text)


def fetch(servers, trust):
    """As ann's mail program does: the newest message of her mailbox, as soon as it is there."""
    insist(not is_believed(servers, None), "without the company's root nobody should be believed")
    until = time.monotonic() + 20
    while time.monotonic() < until:
        client = Imap(port=servers.ports["imaps"], ssl_context=ssl.create_default_context(cafile=trust))
        client.login(ANN, "secret")
        count = int(client.select("INBOX")[1][0])
        message = client.fetch(str(count), "(RFC822)")[1][0][1].decode() if count else None
        client.logout()
        if message:
            return message
        time.sleep(0.1)
    insist(False, "the message should have come")


def is_believed(servers, trust):
    """Whether a program with these roots (None: this machine's) believes the server's certificate."""
    try:
        Imap(port=servers.ports["imaps"], ssl_context=ssl.create_default_context(cafile=trust)).shutdown()
    except ssl.SSLCertVerificationError:
        return False
    return True


def change_one_character(servers):
    """Somebody changes a character of what is encrypted, in the file that waits for ann."""
    path = next(path for state in ("new", "cur") for path in (servers.folder / "mail" / ANN / state).iterdir())
    head, body = path.read_text().split("\n\n", 1)
    at = len(body) * 3 // 4
    while not body[at].isalpha():
        at += 1
    path.write_text(head + "\n\n" + body[:at] + ("B" if body[at] != "B" else "C") + body[at + 1:])


def chapter(folder, servers):
    heading("6  A message that only its reader can open")
    tell("""What the names and keys are for in the end. The company's authority makes a certificate for ann and one for bob.""")
    access = ["--store", folder / "ca", "--passphrase-file", folder / "passphrase"]
    for person, out in ((ANN, "ann"), (BOB, "bob")):
        run(folder, servers, "ca", "issue", *access, "--person", person, "--out", folder / out)
    tell("""Bob wants to write to ann. Whose key is it? His store of keys has it from the company's authority, which vouches for it.""")
    run(folder, servers, "keys", "add", "--from-authority", folder / "ca", "--store", folder / "keys")
    run(folder, servers, "keys", "find", ANN, "--store", folder / "keys")
    tell("""He signs and encrypts, and hands the message to Postfix over TLS; Postfix delivers, and ann fetches it from Dovecot over TLS.""")
    encrypted = filtered(folder, servers, "mail", "encrypt", "--to", ANN, "--store", folder / "keys", "--key", folder / "bob/privkey.pem", "--cert",
                         folder / "bob/fullchain.pem", text=MESSAGE, files=("message.eml", "encrypted.eml")).stdout
    root = folder / "ann/root.pem"
    submit(servers, root, encrypted)
    received = fetch(servers, root)
    insist(SECRET not in received and email.message_from_string(received)["Subject"] == "The offer", "the content should be encrypted")
    tell("What somebody sees who reads it on the way:")
    (folder / "received.eml").write_text(received, newline="")
    shown = run(folder, servers, "mail", "show", folder / "received.eml").stdout
    insist("encrypted with AES-256-CBC" in shown and SECRET not in shown, "who reads it on the way should see no content")
    tell("What ann sees:")
    mine = ["--key", folder / "ann/privkey.pem", "--cert", folder / "ann/fullchain.pem", "--trust", root, "--from", BOB]
    opened = filtered(folder, servers, "mail", "decrypt", *mine, text=received, files=("received.eml", "opened.eml"))
    print("\n" + opened.stdout, end="", flush=True)
    insist(SECRET in opened.stdout and f"Signed by {BOB}" in opened.stderr, "ann should read what bob wrote, and know that it is his")
    tell("""Now somebody changes one character of what is encrypted, where the message lies and waits for her. She fetches it again, is told, and
         sees nothing of it: with --from nothing is shown but what bob has signed.""")
    change_one_character(servers)
    changed = fetch(servers, root)
    insist(changed != received, "the message should be another one now")
    refused = filtered(folder, servers, "mail", "decrypt", *mine, text=changed, files=("changed.eml", "opened.eml"), expected=2)
    insist(refused.stdout == "", "nothing of a changed message should be shown")
