"""How error texts are cut into hashed words: shared by make-index and the reference matcher.

The C++ twin must do exactly the same, so nothing here leans on Python's Unicode tables: docs/errors-format.md says every rule.
"""
import re

PLACEHOLDER = re.compile(r"\{[^}]*\}")
EDGES = " \t.,:;!?()[]<>\"'`“”‘’„«»…"


def lower(code_point):
    """Small letters of Latin, Greek and Cyrillic; everything else stays as it is."""
    c = code_point
    if 0x41 <= c <= 0x5A or 0xC0 <= c <= 0xDE and c != 0xD7 or 0x391 <= c <= 0x3A9 or 0x410 <= c <= 0x42F:
        return c + 32
    if 0x100 <= c <= 0x137 or 0x14A <= c <= 0x177 or 0x1E00 <= c <= 0x1EFF:
        return c | 1
    if 0x139 <= c <= 0x148 or 0x179 <= c <= 0x17E:
        return c + 1 if c % 2 else c
    if 0x400 <= c <= 0x40F:
        return c + 80
    if 0x388 <= c <= 0x38A:
        return c + 37
    if 0x38E <= c <= 0x38F:
        return c + 63
    return {0x178: 0xFF, 0x1A0: 0x1A1, 0x1AF: 0x1B0, 0x386: 0x3AC, 0x38C: 0x3CC, 0x3C2: 0x3C3}.get(c, c)


def is_part_of_word(code_point):
    """Digits, small letters and whatever is neither ASCII nor punctuation."""
    c = code_point
    if c < 0x80:
        return 0x30 <= c <= 0x39 or 0x61 <= c <= 0x7A
    return not (c <= 0xBF or c in (0xD7, 0xF7, 0xFEFF) or 0x2000 <= c <= 0x206F or 0x3000 <= c <= 0x303F or 0xFF00 <= c <= 0xFF0F
                or 0xFF1A <= c <= 0xFF20 or 0xFF5B <= c <= 0xFF65)


def is_unspaced(code_point):
    """Scripts that are written without blanks between words: Kana, Han, Thai. Their features are pairs of characters."""
    c = code_point
    return 0x3040 <= c <= 0x30FF or 0x3400 <= c <= 0x9FFF or 0x0E00 <= c <= 0x0E7F


def is_name_or_address(token):
    """host names, mail addresses, dotted numbers: a dot with something on both sides that is not a dot, or an at sign."""
    return "@" in token or len(token) > 3 and re.search(r"[^\s.]\.[^\s.]", token) is not None


def words(text):
    """The words of a text in their order; placeholders, names, addresses, numbers and dates are left out."""
    found = []
    for token in PLACEHOLDER.sub(" ", text).replace("\u00a0", " ").replace("\u202f", " ").split():
        token = token.strip(EDGES)
        if is_name_or_address(token):
            continue
        word = ""
        for character in token + " ":
            c = lower(ord(character))
            if is_part_of_word(c):
                word += chr(c)
                continue
            if word and not (any("0" <= x <= "9" for x in word) and (len(word) > 3 or word.isdigit())):
                found.append(word)
            word = ""
    return found


def features(word):
    """What a word is looked up by: itself, or each pair of neighbouring characters in a script without blanks."""
    if len(word) > 1 and any(is_unspaced(ord(c)) for c in word):
        return [word[i:i + 2] for i in range(len(word) - 1)]
    return [word]


def fnv1a(text):
    """FNV-1a, 32 bits, over UTF-8."""
    value = 0x811C9DC5
    for byte in text.encode():
        value = (value ^ byte) * 0x01000193 & 0xFFFFFFFF
    return value


def script_of(character):
    """Which letters may stand in for each other when a word has a slip: Latin is one group, else the block of 256."""
    c = ord(character)
    return 0 if c < 0x250 or 0x1E00 <= c < 0x1F00 else c >> 8
