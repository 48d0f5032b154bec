#!/usr/bin/python3
"""Makes roots.pem and stores.tsv from a merged history of the trust stores observatory.

usage: import.py FOLDER    (a folder with stores.tsv, snapshots.tsv and certificates.pem)

README.md beside this file says what the columns mean.
"""
import base64
import bisect
import collections
import hashlib
import pathlib
import re
import sys

HERE = pathlib.Path(__file__).parent
# Apple published one list for iOS and one for macOS until the end of 2018; programs for mail are on both.
STORES = {"microsoft_windows": "microsoft", "mozilla_nss": "mozilla", "apple": "apple", "apple_ios": "apple", "apple_macos": "apple",
          "google_aosp": "android", "openjdk": "openjdk", "oracle_java": "oracle-java"}
COLUMNS = list(dict.fromkeys(STORES.values()))


def rows(path):
    lines = path.read_text(encoding="utf-8").splitlines()
    header = lines[0].split("\t")
    return [dict(zip(header, line.split("\t"))) for line in lines[1:]]


def cell(entries, looks):
    """One root in one store as maybe_from,from,until,gone_by,blocked_from."""
    first = min((e["first_seen"].removeprefix("<=") for e in entries if e["first_seen"]), default="")
    last = max((e["last_seen"].removeprefix("present ") for e in entries if e["last_seen"]), default="")
    blocked = min((e["blocked_from"] for e in entries if e["blocked_from"]), default="")
    before = bisect.bisect_left(looks, first)
    after = bisect.bisect_right(looks, last)
    maybe = looks[before - 1] if first and before > 0 else ""
    gone = looks[after] if last and after < len(looks) else ""
    return ",".join([maybe, first, last, gone, blocked])


def main(folder):
    looks = collections.defaultdict(set)
    for row in rows(folder / "snapshots.tsv"):
        looks[STORES[row["store"]]].add(row["date"])
    looks = {store: sorted(dates) for store, dates in looks.items()}
    cells = collections.defaultdict(lambda: collections.defaultdict(list))
    subjects = {}
    for row in rows(folder / "stores.tsv"):
        cells[row["sha256"]][STORES[row["store"]]].append(row)
        subjects.setdefault(row["sha256"], row["subject"])

    pem = (folder / "certificates.pem").read_text(encoding="ascii")
    roots = {}
    for body in re.findall(r"-----BEGIN CERTIFICATE-----(.*?)-----END CERTIFICATE-----", pem, re.S):
        roots[hashlib.sha256(base64.b64decode(body)).hexdigest()] = f"-----BEGIN CERTIFICATE-----{body}-----END CERTIFICATE-----\n"
    known = sorted(fingerprint for fingerprint in roots if fingerprint in cells)

    (HERE / "roots.pem").write_text("".join(roots[fingerprint] for fingerprint in known), encoding="ascii")
    with (HERE / "stores.tsv").open("w", encoding="utf-8") as out:
        out.write("\t".join(["sha256", "subject", *COLUMNS]) + "\n")
        out.write("\t".join(["looked", "first and newest look", *(f"{looks[s][0]},{looks[s][-1]}" for s in COLUMNS)]) + "\n")
        for fingerprint in known:
            per_store = [cell(cells[fingerprint][s], looks[s]) if s in cells[fingerprint] else "" for s in COLUMNS]
            out.write("\t".join([fingerprint, subjects[fingerprint], *per_store]) + "\n")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(pathlib.Path(sys.argv[1]))
