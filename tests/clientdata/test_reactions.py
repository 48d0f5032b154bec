"""Every profile says of every defect of a certificate what happens, if only that nobody knows."""
import pathlib
import re
import tomllib

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
FOLDER = ROOT / "data/clients"
# Of these it is not the profile's reaction that decides: endpoints tell them, or the limit of the work is this program's own.
BESIDE_CERTIFICATES = ("tls.", "mail.", "server.", "work.")


def defects():
    text = (ROOT / "src/finding/finding.cpp").read_text(encoding="utf-8")
    found = re.findall(r'"([a-z]+\.[a-z0-9-]+)",\s+FindingClass::defect', text)
    assert len(found) > 30
    return {name for name in found if not name.startswith(BESIDE_CERTIFICATES)}


def read(path):
    return tomllib.loads(path.read_text(encoding="utf-8"))


def reacted_to(layer):
    # Who is known not to ask a responder cannot mind what it says.
    looks_at = layer.get("revocation", {}).get("looks_at", "unknown")
    looks_at = looks_at["value"] if isinstance(looks_at, dict) else looks_at
    found = set() if looks_at == "unknown" or "ocsp" in looks_at else {"revocation.ocsp-revoked", "revocation.ocsp-unknown"}
    for reaction in layer.get("reaction", []):
        finding = reaction["finding"]
        found |= {finding} if isinstance(finding, str) else set(finding)
    base = layer.get("base", {}) if isinstance(layer.get("base"), dict) else {}
    below = layer["client"]["base"] if "client" in layer else base.get("base")
    return found | (reacted_to(read(FOLDER / "bases" / f"{below}.toml")) if below else set())


@pytest.mark.parametrize("path", sorted(p for p in FOLDER.glob("*.toml") if p.name != "sets.toml"), ids=lambda p: p.stem)
def test_no_defect_of_a_certificate_is_forgotten(path):
    assert defects() - reacted_to(read(path)) == set()


def test_the_usual_clients_are_programs_that_people_use():
    usual = read(FOLDER / "sets.toml")["usual"]
    assert "outlook-2007" in usual and "reference" not in usual
    assert all((FOLDER / f"{name}.toml").exists() for name in usual)


def test_nothing_is_known_better_than_the_facts_of_the_story():
    """Three statements that everything else rests on keep their sources and grades (docs/sources.md, KB958977)."""
    outlook = read(FOLDER / "outlook-2007.toml")
    assert outlook["names"]["compares"] == "first-dns" and outlook["names"]["confidence"] == "documented"
    assert outlook["names"]["common_name"]["confidence"] == "inferred"
    assert read(FOLDER / "outlook-2003.toml")["names"]["confidence"] == "inferred"
