"""Every source that the data name is told of in docs/sources.md, and every one told of there is used."""
import pathlib
import re
import tomllib

ROOT = pathlib.Path(__file__).resolve().parents[2]
PROFILES = [path for kind in ("clients/**", "dialogs", "mail-programs") for path in sorted((ROOT / "data").glob(kind + "/*.toml"))]


def rows():
    found = {}
    for line in (ROOT / "docs/sources.md").read_text(encoding="utf-8").splitlines():
        cells = [c.strip() for c in line.strip("|").split(" | ")]
        if match := re.fullmatch(r"`([^`]+)`", cells[0]):
            assert match[1] not in found, match[1] + " stands there twice"
            found[match[1]] = cells[1:]
    return found


def sources_in(value):
    """The text of every key `source`, wherever it stands but in `import`: steps that somebody follows, in prose."""
    if isinstance(value, dict):
        for key, inner in value.items():
            if key == "import":
                continue
            if key == "source" and isinstance(inner, str):
                yield inner
            else:
                yield from sources_in(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from sources_in(inner)


def names_in(text):
    return {part.split()[0] for part in text.split(",") if part.strip()}


def named():
    found = {}
    for path in PROFILES:
        text = path.read_text(encoding="utf-8")
        for source in sources_in(tomllib.loads(text)):
            for name in names_in(source):
                found.setdefault(name, path)
    for line in (ROOT / "data/errors/codes.tsv").read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            found.setdefault(line.split("\t")[3], "codes.tsv")
    return found


def test_every_source_that_the_data_name_is_told_of():
    told = rows()
    assert {name: str(path) for name, path in named().items() if name not in told} == {}


def test_every_source_told_of_is_used():
    used = set(named())
    # Comments of the data, the rules for codes and the titles of findings and added texts name sources, too.
    prose = "".join(p.read_text(encoding="utf-8") for p in PROFILES + [ROOT / "docs/errors-format.md", ROOT / "src/finding/finding.cpp",
                                                                       ROOT / "script/errors/more.tsv"])
    assert [name for name in rows() if name not in used and not re.search(rf"\b{re.escape(name)}\b", prose)] == []


def test_every_source_says_something_somewhere_on_some_day():
    for name, (says, where, *day) in rows().items():
        assert says.endswith((".", ")")) and len(says) > 20, name
        assert where, name
        assert day and re.fullmatch(r"20\d\d-\d\d-\d\d", day[0]), name


def test_a_confidence_of_one_source_is_not_better_than_that_source_can_give():
    """Only what was run can be observed; a page of its maker documents, a forum reports."""
    run = {"TB153", "LAB-GUI", "LAB-TLS", "LAB-CLI", "LAB-NAMES", "LAB-UTF8", "LAB-FOLD", "LAB-SMIME", "OSSL-VERIFY", "OSSL-NAMES", "GO-VERIFY", "LAB-OPINION", "GNUTLS-CHAINS", "GNUTLS"}
    for path in PROFILES:
        for fact in facts_in(tomllib.loads(path.read_text(encoding="utf-8"))):
            if fact["confidence"] == "observed":
                assert names_in(fact["source"]) & run, f"{path}: {fact}"


def test_a_file_is_as_old_as_the_oldest_look_at_a_source_of_it():
    """truename clients --age goes by it."""
    told, wrong = rows(), {}
    for path in (ROOT / "data/clients").glob("**/*.toml"):
        data = tomllib.loads(path.read_text(encoding="utf-8"))
        if head := data.get("client") or data.get("base"):
            oldest = min(told[name][2] for source in sources_in(data) for name in names_in(source))
            if head.get("gathered") != oldest:
                wrong[path.name] = (head.get("gathered"), oldest)
    assert wrong == {}


def facts_in(value):
    if isinstance(value, dict):
        if "source" in value and "confidence" in value:
            yield {"source": value["source"], "confidence": value["confidence"]}
        for key, inner in value.items():
            if key != "import":
                yield from facts_in(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from facts_in(inner)
