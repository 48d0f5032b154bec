"""What mail programs make of a message: the facts, held against the programs that are here."""

import base64
import json
import pathlib
import subprocess
import tomllib

import pytest
from mail_fixtures import mail, people, program  # noqa: F401
from mail_peers import OPENS_KEY, Gpgsm, Nss, der_of
from mail_people import message

ROOT = pathlib.Path(__file__).resolve().parents[2]


@pytest.fixture(name="predict")
def predict_command(program, tmp_path):  # noqa: F811
    def predict(text, *arguments):
        path = tmp_path / "message.eml"
        path.write_bytes(text)
        return subprocess.run([program, "predict", path, *arguments], capture_output=True, text=True, check=False, timeout=60)

    return predict


def openssl(*arguments, text):
    return subprocess.run(["openssl", *map(str, arguments)], input=text, capture_output=True, check=False, timeout=60)


def encrypted(people, reader, *how):  # noqa: F811
    done = openssl("cms", "-encrypt", "-from", "ann@example.com", "-subject", "A test", *how, "-recip", people.certificate(reader), text=b"Hello\n")
    assert done.returncode == 0, done.stderr
    return done.stdout


def signed(people, signer, *how):  # noqa: F811
    done = openssl("cms", "-sign", "-from", f"{signer}@example.com", "-signer", people.certificate(signer), "-inkey", people.key(signer), "-certfile", people.issuer, *how,
                   text=b"Content-Type: text/plain\r\n\r\nHello\r\n")
    assert done.returncode == 0, done.stderr
    return done.stdout


OAEP = ["-keyopt", "rsa_padding_mode:oaep"]
ENCRYPTED = {
    "3des": ("ann", ["-des3"]),
    "aes-128-cbc": ("ann", ["-aes128"]),
    "aes-256-cbc": ("ann", ["-aes256"]),
    "aes-256-gcm": ("ann", ["-aes-256-gcm"]),
    "key-id": ("ann", ["-aes256", "-keyid"]),
    "ecdh": ("bob", ["-aes256"]),
}
SIGNED = {
    "rsa": ("ann", []),
    "rsa-pss": ("ann", ["-keyopt", "rsa_padding_mode:pss", "-keyopt", "rsa_pss_saltlen:digest"]),
    "rsa-pss-long-salt": ("ann", ["-keyopt", "rsa_padding_mode:pss", "-keyopt", "rsa_pss_saltlen:max"]),
    "ecdsa": ("bob", []),
    "key-id": ("ann", ["-keyid"]),
    "sha-1": ("ann", ["-md", "sha1"]),
}


def reads(predict, text):
    done = predict(text, "-o", "json")
    found = json.loads(done.stdout)
    assert done.returncode == found["exit"]
    return {each["id"]: each["reads"] for each in found["programs"]}


@pytest.mark.parametrize("kind", ENCRYPTED)
def test_what_is_foretold_of_openssl_is_what_openssl_does(people, predict, kind):  # noqa: F811
    reader, how = ENCRYPTED[kind]
    text = encrypted(people, reader, *how)
    foretold = reads(predict, text)
    for word, command in (("openssl-cms", "cms"), ("openssl-smime", "smime")):
        opened = openssl(command, "-decrypt", "-recip", people.certificate(reader), "-inkey", people.key(reader), text=text)
        can = opened.returncode == 0 and b"Hello" in opened.stdout
        assert foretold[word] == ("yes" if can else "no"), (word, kind, opened.stderr)


@pytest.mark.parametrize("kind", SIGNED)
def test_what_is_foretold_of_signatures_is_what_openssl_does(people, predict, kind):  # noqa: F811
    signer, how = SIGNED[kind]
    text = signed(people, signer, *how)
    foretold = reads(predict, text)
    for word, command in (("openssl-cms", "cms"), ("openssl-smime", "smime")):
        checked = openssl(command, "-verify", "-CAfile", people.root, text=text)
        assert foretold[word] == ("yes" if checked.returncode == 0 else "unchecked"), (word, kind, checked.stderr)


@pytest.fixture(scope="module")
def nss(people, tmp_path_factory):  # noqa: F811
    return Nss(people, tmp_path_factory.mktemp("nss"))


@pytest.fixture(scope="module")
def gpgsm(people, tmp_path_factory):  # noqa: F811
    made = Gpgsm(people, tmp_path_factory.mktemp("g"))
    yield made
    made.end()


def structure(text, folder):
    (folder / "mail").write_bytes(text)
    return der_of(folder / "mail", folder)


@pytest.mark.parametrize("kind", ENCRYPTED)
def test_what_is_foretold_of_nss_and_gpgsm_is_what_they_do(people, predict, nss, gpgsm, tmp_path, kind):  # noqa: F811
    reader, how = ENCRYPTED[kind]
    text = encrypted(people, reader, *how)
    foretold, der = reads(predict, text), structure(text, tmp_path)
    opened = nss.ask("cmsutil", "-D", "-i", der, "-o", tmp_path / "plain")
    assert foretold["nss"] == ("yes" if opened.returncode == 0 else "no"), opened.stderr
    opened = gpgsm.ask(*OPENS_KEY, "--decrypt", der)
    assert foretold["gpgsm"] in ("yes" if opened.returncode == 0 else "no", "unknown"), opened.stderr


@pytest.mark.parametrize("kind", SIGNED)
def test_what_is_foretold_of_signatures_is_what_nss_and_gpgsm_do(people, predict, nss, gpgsm, tmp_path, kind):  # noqa: F811
    signer, how = SIGNED[kind]
    text = signed(people, signer, *how)
    foretold, der = reads(predict, text), structure(text, tmp_path)
    (tmp_path / "entity").write_bytes(b"Content-Type: text/plain\r\n\r\nHello\r\n")
    checked = nss.ask("cmsutil", "-D", "-h", "1", "-c", tmp_path / "entity", "-i", der)
    assert foretold["nss"] == ("yes" if b"GoodSignature" in checked.stdout else "unchecked"), checked
    checked = gpgsm.ask("--verify", der, tmp_path / "entity")
    assert foretold["gpgsm"] == ("yes" if checked.returncode == 0 else "unchecked"), checked.stderr


def shown(predict, text):
    found = json.loads(predict(text, "-o", "json").stdout)["programs"]
    return {(each["id"], fact["when"]): fact["shows"] for each in found for fact in each["signature"]}


LATER = 1_900_000_000  # after the person's certificate, before the end of its authority
SIGNATURES = {
    "good": (lambda text: text, []),
    "another-sender": (lambda text: text.replace(b"From: ann@", b"From: boss@"), []),
    "expired": (lambda text: text, ["-attime", LATER]),
    "changed": (lambda text: text.replace(b"Hello", b"Hullo"), []),
    "untrusted": (lambda text: text, None),
}


@pytest.mark.parametrize("when", SIGNATURES)
@pytest.mark.parametrize("word, command", [("openssl-cms", "cms"), ("openssl-smime", "smime")])
def test_what_openssl_shows_of_signatures_is_what_is_said(people, predict, word, command, when):  # noqa: F811
    text = signed(people, "ann")
    change, how = SIGNATURES[when]
    roots = ["-CAfile", people.root, *how] if how is not None else ["-no-CAfile", "-no-CApath"]
    checked = openssl(command, "-verify", *roots, text=change(text))
    said = shown(predict, text).get((word, when), "that it is good")
    assert (said == "an error") == (checked.returncode != 0), (said, checked.stderr)


def test_what_gpgsm_shows_of_signatures_is_what_is_said(people, predict, gpgsm, tmp_path):  # noqa: F811
    text = signed(people, "ann")
    der, said = structure(text, tmp_path), shown(predict, text)
    (tmp_path / "entity").write_bytes(b"Content-Type: text/plain\r\n\r\nHello\r\n")
    late = gpgsm.ask("--faked-system-time", str(LATER), "--status-fd", "1", "--verify", der, tmp_path / "entity")
    assert said["gpgsm", "expired"].startswith("that it is good") and late.returncode == 0 and b"EXPKEYSIG" in late.stdout, late
    (gpgsm.home / "trustlist.txt").rename(gpgsm.home / "away")
    try:
        subprocess.run(["gpgconf", "--homedir", gpgsm.home, "--kill", "gpg-agent"], check=False, capture_output=True)
        stranger = gpgsm.ask("--verify", der, tmp_path / "entity")
    finally:
        (gpgsm.home / "away").rename(gpgsm.home / "trustlist.txt")
    assert said["gpgsm", "untrusted"] == "an error" and stranger.returncode != 0, stranger


def test_some_programs_are_chosen_and_what_says_nothing_is_refused(people, predict):  # noqa: F811
    text = encrypted(people, "ann", "-aes256")
    found = json.loads(predict(text, "--client", "thunderbird,nss", "-o", "json").stdout)
    assert [each["id"] for each in found["programs"]] == ["thunderbird", "nss"]
    unknown = predict(text, "--client", "outlook-97")
    assert unknown.returncode == 64 and "thunderbird" in unknown.stderr
    assert predict(text, "--trust", "system").returncode == 64


def test_a_message_that_hands_out_certificates_protects_nothing(people, program, predict, tmp_path):  # noqa: F811
    subprocess.run([program, "keys", "add", people.certificate("ann"), "--store", tmp_path / "keys"], capture_output=True, check=False)
    out = subprocess.run([program, "keys", "export", "ann@example.com", "--message", "--store", tmp_path / "keys"], capture_output=True, check=True).stdout
    done = predict(out)
    assert done.returncode == 3 and "neither signed nor encrypted" in done.stdout


def test_words_for_people(people, predict):  # noqa: F811
    done = predict(encrypted(people, "ann", "-aes-256-gcm"))
    assert done.returncode == 2 and "Thunderbird 153\n  cannot read it: AES-256-GCM" in done.stdout and "truename mail decrypt" in done.stdout
    said = " ".join(predict(signed(people, "ann")).stdout.split())
    assert "shows of one of somebody else than the sender: that it is good: who signed is not compared" in said and "shows of a signature: not known what" in said
    assert "Signed By; whoever reads it compares it with From (documented)" in said
    plain = predict(message().encode())
    assert plain.returncode == 3 and "neither signed nor encrypted, so nothing is foretold" in plain.stdout


def test_what_cannot_be_judged_is_never_good(people, predict):  # noqa: F811
    """A protected part inside of another message, which is how EFAIL begins; content of another kind; a signature of nobody."""
    inner = encrypted(people, "ann").decode().split("\n", 3)[3]
    mixed = f"From: a@example.com\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=x\n\n--x\n\n<img src='\n--x\nMIME-Version: 1.0\n{inner}\n--x--\n"
    done = predict(mixed.encode())
    assert done.returncode == 2 and "only a part of the message" in done.stdout and "  reads it\n" not in done.stdout
    nobody = openssl("crl2pkcs7", "-nocrl", "-certfile", people.certificate("ann"), "-outform", "DER", text=b"").stdout
    data = openssl("cms", "-data_create", "-outform", "DER", text=b"Hello\n").stdout
    for codes, words, der in (((2, 3), "a signature of nobody", nobody), ((65,), "message.eml", data)):
        body = base64.encodebytes(der).decode()
        head = "From: a@example.com\nMIME-Version: 1.0\nContent-Type: application/pkcs7-mime; name=smime.p7m\nContent-Transfer-Encoding: base64\n\n"
        found = predict((head + body).encode())
        assert found.returncode in codes and "  reads it\n" not in found.stdout and words in found.stdout + found.stderr, found


def test_every_recipient_counts(people, mail, predict):  # noqa: F811
    many = mail("encrypt", message(), "--to", people.certificate("ann"), "--to", people.certificate("bob"), "--to", people.certificate("carl"))
    assert reads(predict, many.out.read_bytes())["gpgsm"] == "some-recipients"


def test_some_recipients_may_not_read_it(people, mail, predict):  # noqa: F811
    both = mail("encrypt", message(), "--to", people.certificate("ann"), "--to", people.certificate("bob"))
    assert both.code == 0
    assert reads(predict, both.out.read_bytes())["nss"] == "some-recipients"


def test_our_own_messages_are_read_where_they_are_said_to_be(people, mail, predict):  # noqa: F811
    ours = mail("encrypt", message(), "--to", people.certificate("ann"), *people.own("ann"))
    foretold = reads(predict, ours.out.read_bytes())
    assert {foretold[word] for word in ("openssl-cms", "openssl-smime", "gpgsm", "nss", "thunderbird", "bouncy-castle")} == {"yes"}


def test_a_message_that_is_cut_off_is_told(people, predict):  # noqa: F811
    done = predict(encrypted(people, "ann")[:-200])
    assert done.returncode == 65 and "message.eml" in done.stderr


def test_what_is_no_message_is_still_a_certificate(people, program):  # noqa: F811
    done = subprocess.run([program, "predict", people.certificate("ann")], capture_output=True, text=True, check=False)
    assert done.returncode == 64 and "--name is missing" in done.stderr


@pytest.mark.parametrize("path", sorted((ROOT / "data" / "mail-programs").glob("*.toml")), ids=lambda path: path.stem)
def test_every_fact_stands_there_once(path):
    facts = tomllib.loads(path.read_text())
    words = [word for kind in ("reads", "fails") for fact in facts.get(kind, []) for word in fact["what"]]
    assert len(words) == len(set(words))
    assert len({fact["when"] for fact in facts.get("signature", [])}) == len(facts.get("signature", []))
