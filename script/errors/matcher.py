"""The reference matcher: an error text or a code in, meaning ids with scores out (docs/errors-format.md).

The program's own matcher (C++) must give the same answers; the tests compare both.
"""
import dataclasses
import math
import pathlib
import re
import struct
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parent))
import texts

ROOT = pathlib.Path(__file__).resolve().parents[2]
FLATTEN = 0.4  # a text's length counts to this power: users send fragments
SLIP = 0.8     # the weight of a word that fits with one letter changed
GENERAL = {"cert.rejected", "path.failed", "path.untrusted", "tls.failed", "tls.handshake", "tls.alert", "mail.starttls-failed"}
OTHER = "other"  # texts about other things than certificates and TLS: what reads like these has no answer


@dataclasses.dataclass
class Match:
    means: str
    family: str
    language: str
    score: float  # 0 to 1: the share of the shorter of question and text that was found in the other
    weight: float  # how much that is worth: common words count little
    fit: float     # 0 to 1: the share of the longer of both
    exact: int     # how many words of the question stand in the text just so

    def is_whole_text(self):
        return self.exact >= 2 and self.fit >= 0.95

    def is_answer(self):
        """One or two common words are no text, unless they are most of one."""
        if self.is_whole_text():
            return True
        enough = self.exact >= 3 or self.fit >= (0.4 if self.exact == 2 else 0.5)
        return self.score >= 0.5 and self.score * self.weight >= 45 and enough

    def order(self):
        return self.score * math.sqrt(self.weight) * (1 + self.fit) / 2


@dataclasses.dataclass
class Code:
    code: str      # as it was written in the question
    spellings: list
    family: str
    means: str
    source: str
    confidence: str


class Index:
    def __init__(self, data):
        self.data, self.at = data, 5
        if data[:5] != b"TNEX\x01":
            raise ValueError("not an index of error texts, or of another version")
        self.meanings, self.families, self.languages = self.strings(), self.strings(), self.strings()
        count, = self.take("<H")
        self.documents = [self.take("<BBB") for _ in range(count)]
        letters, last = [], 0
        for _ in range(self.varint()):
            last += self.varint()
            letters.append(chr(last))
        self.letters = {}
        for letter in letters:
            self.letters.setdefault(texts.script_of(letter), []).append(letter)
        count, = self.take("<I")
        hashes = self.take(f"<{count}I")
        self.postings, self.squares, self.totals = {}, {}, [0.0] * len(self.documents)
        for value in hashes:
            documents, last = [], 0
            for _ in range(self.varint()):
                last += self.varint()
                documents.append(last)
            weight = math.log(1 + len(self.documents) / len(documents)) ** 2
            self.postings[value], self.squares[value] = documents, weight
            for document in documents:
                self.totals[document] += weight
        self.rarest = math.log(1 + len(self.documents)) ** 2

    def take(self, form):
        values = struct.unpack_from(form, self.data, self.at)
        self.at += struct.calcsize(form)
        return values

    def varint(self):
        value = shift = 0
        while True:
            byte = self.data[self.at]
            self.at += 1
            value |= (byte & 127) << shift
            shift += 7
            if byte < 128:
                return value

    def strings(self):
        count, = self.take("<B")
        found = []
        for _ in range(count):
            size, = self.take("<B")
            found.append(self.data[self.at:self.at + size].decode())
            self.at += size
        return found

    def near(self, word):
        """Known words one slip away: a letter lost, added, changed, two exchanged, or a blank lost between two words."""
        letters = [x for script in {texts.script_of(c) for c in word} for x in self.letters.get(script, [])]
        found = set()
        for i in range(len(word) + 1):
            left, right = word[:i], word[i:]
            if 2 <= i <= len(word) - 2 and texts.fnv1a(left) in self.postings and texts.fnv1a(right) in self.postings:
                found |= {texts.fnv1a(left), texts.fnv1a(right)}
            tries = [left + right[1:], left + right[1:2] + right[:1] + right[2:]]
            tries += [left + x + rest for x in letters for rest in (right, right[1:])]
            found |= {texts.fnv1a(t) for t in tries if t != word} & self.postings.keys()
        return found

    def search(self, text, most=8):
        """The best texts, one for each meaning."""
        query, total = {}, 0.0
        for word in texts.words(text)[:200]:
            for feature in texts.features(word):
                value = texts.fnv1a(feature)
                if value in query:
                    continue
                if value in self.postings:
                    query[value] = 1.0
                    total += self.squares[value]
                    continue
                near = self.near(word) if 4 <= len(word) <= 30 and not texts.is_unspaced(ord(word[0])) else set()
                total += max((self.squares[n] for n in near), default=self.rarest)
                for n in near:
                    query[n] = max(query.get(n, 0), SLIP)
        found, exact = {}, {}
        for value, share in query.items():
            for document in self.postings[value]:
                found[document] = found.get(document, 0.0) + share * self.squares[value]
                exact[document] = exact.get(document, 0) + (share == 1)
        best = {}
        for document, weight in found.items():
            means, family, language = self.documents[document]
            rank = weight / self.totals[document] ** (FLATTEN / 2)
            if means not in best or (rank, -document) > best[means][0]:
                score = min(1.0, weight / min(total, self.totals[document]))
                fit = min(1.0, weight / max(total, self.totals[document]))
                best[means] = ((rank, -document), Match(self.meanings[means], self.families[family], self.languages[language],
                                                        score, weight, fit, exact[document]))
        return [m for _, m in sorted(best.values(), key=lambda b: b[0], reverse=True)[:most]]


def segments(text):
    """The whole text, its lines, its sentences, and what follows the last colon of a log line (the library's own reason)."""
    parts = [text]
    for line in text.splitlines():
        parts.append(line)
        parts += re.split(r"(?<=[.?!。])\s+", line)
        if ": " in line:
            parts.append(line.rsplit(": ", 1)[1])
    return list(dict.fromkeys(p.strip() for p in parts if p.strip()))[:60]


def codes_in(text, table):
    """Codes are exact, whatever stands around them; numbers are followed by the rules of docs/errors-format.md."""
    found = []
    for token in re.findall(r"[A-Za-z0-9_:+-]*[A-Za-z0-9]", text.replace("\u2212", "-")):
        for spelling in forms(token.strip(":")):
            for code in table.get(spelling, []):
                found.append(dataclasses.replace(code, code=token))
    for alert in re.findall(r"(?i)\balert (?:number |code )?(\d{1,3})\b", text):
        found += [dataclasses.replace(c, code="alert " + alert) for c in table.get("alert-" + alert, [])]
    return list({(c.family, c.means, tuple(c.spellings)): c for c in found}.values())


def suggestions(text, table):
    """Words that look like codes and are none, with the codes that are one slip away."""
    asked, found = [], []
    for token in re.findall(r"[A-Za-z0-9_:+-]*[A-Za-z0-9]", text.replace("\u2212", "-")):
        small = token.strip(":").lower()
        if not 8 <= len(small) <= 80 or not (small.startswith("0x") or "_" in small):
            continue
        if small in asked or any(form in table for form in forms(small)):
            continue
        asked.append(small)
        if len(asked) > 8:
            break
        near = sorted({next(s for s in code.spellings if s.lower() == spelling)
                       for spelling, codes in table.items() if is_one_slip(small, spelling) for code in codes})
        if near:
            found.append((token, near[:5]))
    return found


def is_one_slip(a, b):
    """Whether one character changed, left out, put in or exchanged with the next makes `b` of `a`."""
    if abs(len(a) - len(b)) > 1:
        return False
    same = 0
    while same < min(len(a), len(b)) and a[same] == b[same]:
        same += 1
    x, y = a[same:], b[same:]
    return x[1:] == y[1:] or x[1:] == y or x == y[1:] or (x[:2] == y[:2][::-1] and x[2:] == y[2:])


def forms(token):
    """Every spelling under which the table may have a token."""
    small = token.lower()
    yield small
    if re.fullmatch(r"error:[0-9a-f]{8}(:.*)?", small):
        yield small[:14]
        if small.startswith("error:14"):  # OpenSSL 1.x: the last three digits are the reason of 3.x in the library SSL
            yield "error:0a000" + small[11:14]
    hexadecimal = re.fullmatch(r"(?:0x)?([89a-f][0-9a-f]{7})", small)
    number = int(hexadecimal[1], 16) if hexadecimal else None
    if re.fullmatch(r"-\d{4,10}", small) and int(small) >= -0x80000000:
        number = int(small) & 0xFFFFFFFF
    if number is not None:
        yield f"0x{number:08x}"
        if number >= 0xFFFF0000:  # NSS, GnuTLS and Apple numbers printed as unsigned
            yield str(number - 0x100000000)
        if number >> 16 == 0x8007 and 12000 <= (number & 0xFFFF) < 12288:
            yield str(number & 0xFFFF)


def read_codes(path):
    table = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.startswith("#"):
            continue
        spellings, family, means, source, confidence = line.split("\t")
        code = Code("", spellings.split(), family, means, source, confidence)
        for spelling in code.spellings:
            table.setdefault(spelling.lower(), []).append(code)
    return table


def load():
    folder = ROOT / "data/errors"
    return Index((folder / "texts.idx").read_bytes()), read_codes(folder / "codes.tsv")


def explain(text, index, table):
    """Codes, and the meanings of the text: what wins a line or sentence before what comes near, reasons before general ids."""
    codes = codes_in(text, table)
    pieces = []
    for number, part in enumerate(segments(text)):
        matches = [m for m in index.search(part) if m.is_answer()]
        # What is one text from end to end is no piece of another one.
        whole = [m for m in matches if m.is_whole_text()]
        pieces.append(whole or matches)
        if whole and number == 0:
            break
    # A reason that a code or a whole text tells is not contradicted by a few words that look like a piece of another text.
    reasons = {c.means for c in codes} | {m.means for matches in pieces for m in matches if m.is_whole_text()}
    reasons -= GENERAL | {OTHER}
    found = {}
    for matches in pieces:
        if reasons:
            matches = [m for m in matches if m.means in reasons or m.fit >= 0.5]
        best = max((m.order() for m in matches), default=0)
        if any(m.means == OTHER and m.order() == best for m in matches):
            matches = []
        for match in (m for m in matches if m.means != OTHER):
            wins = match.order() >= 0.85 * best
            known = found.get(match.means)
            if match.order() >= 0.6 * best and (known is None or (wins, match.order()) > (known[0], known[1].order())):
                found[match.means] = (wins, match)
    ranked = sorted(found.values(), key=lambda f: (not f[0], f[1].means in GENERAL, -f[1].order()))
    return codes, [match for _, match in ranked]


if __name__ == "__main__":
    index, table = load()
    codes, matches = explain(" ".join(sys.argv[1:]), index, table)
    for code in codes:
        print(f"code {code.code}: {code.means} ({code.family}, {' '.join(code.spellings)}, {code.confidence})")
    for match in matches[:5]:
        print(f"text: {match.means} ({match.family}, {match.language}, {match.score:.2f}, {match.weight:.0f})")
