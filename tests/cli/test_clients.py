"""truename clients: the list, a profile, gaps, and a folder of data with a fault."""

import datetime
import json
import pathlib
import shutil

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]


def test_the_list_marks_what_is_judged_unless_somebody_says_otherwise(truename):
    lines = truename("clients").stdout.splitlines()
    marked = {line.split()[1] for line in lines if line.startswith("* ") and "judged unless" not in line}
    others = {line.split()[0] for line in lines if line.startswith("  ")}
    assert {"outlook-2007", "outlook-2003", "thunderbird"} <= marked
    assert {"reference", "outlook-2007/xp"} <= others
    assert marked | others == set(truename("clients", "--ids").stdout.split())


def test_a_profile_is_printed_with_its_sources(truename):
    run = truename("clients", "outlook-2007")
    assert run.returncode == 0
    assert 'compares = { value = "first-dns", source = "KB958977' in run.stdout


def test_gaps_are_defects_of_the_client_that_was_named(truename):
    lines = truename("clients", "thunderbird", "--gaps").stdout.splitlines()
    assert all(line.startswith("thunderbird  ") for line in lines)
    assert len(truename("clients", "--gaps").stdout.splitlines()) > len(lines)


def test_a_client_that_does_not_exist_is_64(truename):
    run = truename("clients", "outlook-2042")
    assert run.returncode == 64 and "outlook-2042" in run.stderr and run.stdout == ""


def ages(run):
    """What a line of --age says of each id."""
    return dict(line.split(maxsplit=1) for line in run.stdout.splitlines())


def test_the_age_of_what_is_known_is_told_of_each_program(truename):
    run = truename("clients", "--age", "--at", "2026-12-04")
    assert run.returncode == 0 and run.stderr == ""
    assert set(ages(run)) == set(truename("clients", "--ids").stdout.split())
    assert ages(run)["thunderbird"] == "2026-11-24  10 days"


@pytest.mark.parametrize("at, code", [("2027-11-24T23:59:59", 0), ("2027-11-25", 1)], ids=["the last day of the year", "the day after"])
def test_facts_of_more_than_a_year_end_with_1(truename, at, code):
    run = truename("clients", "thunderbird", "--age", "--at", at)
    assert run.returncode == code
    assert ages(run)["thunderbird"].endswith("over a year old") == bool(code)
    assert ("1 of 1" in run.stderr and "newer version" in run.stderr) == bool(code)


def test_a_program_that_is_no_longer_made_does_not_grow_old(truename):
    run = truename("clients", "outlook-2003", "--age", "--at", "2040-01-01")
    assert run.returncode == 0 and ages(run)["outlook-2003"].endswith("no longer made")


def test_without_a_time_the_age_is_that_of_today(truename):
    def days():
        return (datetime.datetime.now(datetime.timezone.utc).date() - datetime.date(2026, 11, 24)).days

    first = days()
    told = int(ages(truename("clients", "thunderbird", "--age"))["thunderbird"].split()[1])
    assert max(first, 0) <= told <= max(days(), 0)  # midnight may lie between


def test_the_time_of_an_age_needs_an_age(truename):
    run = truename("clients", "--at", "2027-01-01")
    assert run.returncode == 64 and "--age" in run.stderr and run.stdout == ""
    assert truename("clients", "--age", "--at", "soon").returncode == 64


@pytest.fixture
def data(tmp_path):
    for folder in ("clients", "dialogs"):
        shutil.copytree(ROOT / "data" / folder, tmp_path / folder)
    return tmp_path


def test_facts_of_which_nobody_wrote_the_day_are_not_taken_for_new_ones(truename, data):
    profile = data / "clients/thunderbird.toml"
    profile.write_text(profile.read_text().replace('gathered = "2026-11-24"\n', "", 1))
    run = truename("clients", "--age", "--at", "2026-12-04", "--data", data)
    assert run.returncode == 1 and ages(run)["thunderbird"] == "nobody knows from when"
    assert "1 of " in run.stderr


def test_another_folder_of_data_is_read(truename, data):
    assert truename("clients", "--data", data).stdout == truename("clients").stdout


@pytest.mark.parametrize(
    "find, put, says",
    [
        ('compares = "first-dns"', 'compares = "the-third"', "the-third"),
        ('compares = "first-dns"', "compares = 3", "compares"),
        ("[names]\n", "[names]\nsmells = true\n", "smells"),
    ],
    ids=["an unknown rule", "a wrong type", "an unknown key"],
)
def test_a_profile_with_an_error_is_named_with_line_and_reason(truename, data, find, put, says):
    profile = data / "clients/outlook-2007.toml"
    text = profile.read_text()
    assert find in text, "the profile has changed; adapt this test"
    profile.write_text(text.replace(find, put, 1))
    line = text[: text.index(find)].count("\n") + 1 + put.count("\n", 0, put.index(says))
    run = truename("clients", "--data", data)
    assert run.returncode == 65, run.stderr
    assert f"outlook-2007.toml:{line}:" in run.stderr and says in run.stderr


@pytest.mark.parametrize(
    "file, find, put, says",
    [
        ("clients/thunderbird.toml", 'base = "nss@3.125"', "base = 5", "base of [client] must be a text"),
        ("clients/thunderbird.toml", 'base = "nss@3.125"', "base = nss", ""),
        ("clients/bases/apple@26.toml", 'id = "apple@26"', 'id = "apple@26', ""),
        ("dialogs/thunderbird-name.toml", "[texts.title]", "[texts.title", ""),
    ],
    ids=["a number for a base", "no TOML", "no TOML in a base", "no TOML in a dialog"],
)
def test_the_real_reason_is_told_and_not_what_follows_from_it(truename, data, file, find, put, says):
    path = data / file
    text = path.read_text()
    line = text[: text.index(find)].count("\n") + 1
    path.write_text(text.replace(find, put, 1))
    run = truename("clients", "--data", data)
    assert run.returncode == 65 and run.stdout == ""
    assert f"{file}:{line}:" in run.stderr and says in run.stderr and "more problem" not in run.stderr, run.stderr


def test_a_fact_without_a_source_is_an_error(truename, data):
    profile = data / "clients/outlook-2007.toml"
    lines = profile.read_text().splitlines()
    start = lines.index("[names]")
    del lines[next(i for i in range(start, len(lines)) if lines[i].startswith("source"))]
    profile.write_text("\n".join(lines) + "\n")
    run = truename("clients", "--data", data)
    assert run.returncode == 65 and f"outlook-2007.toml:{start + 3}:1: compares of [names] has no source" in run.stderr


@pytest.mark.parametrize("command", [["clients"], ["explain", "x"], ["check", "host.example"], ["predict", __file__, "--name", "a.example"]], ids=lambda c: c[0])
def test_a_folder_of_data_that_is_missing_or_holds_none_is_an_error(truename, command, tmp_path):
    run = truename(*command, "--data", "/nonexistent/folder")
    assert run.returncode == 66 and "/nonexistent/folder" in run.stderr and run.stdout == ""
    run = truename(*command, "--data", tmp_path)
    assert run.returncode == 65 and str(tmp_path) in run.stderr and run.stdout == ""


def test_check_names_the_error_in_a_profile_before_it_asks_anybody(truename, data, imaps):
    profile = data / "clients/outlook-2007.toml"
    profile.write_text(profile.read_text().replace('compares = "first-dns"', 'compares = "the-third"'))
    before = imaps.connections
    run = truename("check", f"imaps://127.0.0.1:{imaps.port}", "--data", data)
    assert run.returncode == 65 and "outlook-2007.toml:" in run.stderr and "the-third" in run.stderr and run.stdout == ""
    assert imaps.connections == before


class TestCausesOfAnotherFolder:
    """--data reaches the causes and mends of a report, too."""

    @pytest.fixture
    def causes(self, tmp_path):
        shutil.copytree(ROOT / "data" / "causes", tmp_path / "causes")
        return tmp_path / "causes"

    def predict(self, truename, issued, folder):
        return truename("predict", issued.certificate, "--name", "remote.example.com", "--trust", issued.root, "--data", folder, "-o", "json")

    def test_its_words_are_in_the_report(self, truename, issued, causes):
        for file, old, new in [("names.toml", "its certificate begins with another name", "its certificate begins badly"),
                               ("mends.toml", "A certificate with {name} as its FIRST name.", "Put {name} in front.")]:
            text = (causes / file).read_text()
            assert old in text, "the wording has changed; adapt this test"
            (causes / file).write_text(text.replace(old, new))
        run = self.predict(truename, issued, causes.parent)
        assert run.returncode == 1, run.stderr
        report = json.loads(run.stdout)
        assert report["acts"]["text"].endswith("its certificate begins badly.")
        assert report["mends"][0]["text"] == "Put remote.example.com in front."

    def test_a_folder_without_causes_leaves_them_as_they_are(self, truename, issued, data):
        plain = truename("predict", issued.certificate, "--name", "remote.example.com", "--trust", issued.root, "-o", "json")
        report = json.loads(self.predict(truename, issued, data).stdout)
        assert report["causes"] and report["causes"] == json.loads(plain.stdout)["causes"]

    @pytest.mark.parametrize(
        "file, find, put, says",
        [
            ("names.toml", '"name.mismatch"', '"name.unheard-of"', "unknown finding `name.unheard-of`"),
            ("names.toml", "{first}", "{fist}", "unknown placeholder {fist}"),
            ("names.toml", '"type-first-name"', '"type-no-name"', "unknown mend `type-no-name`"),
            ("mends.toml", '["names"]', '["colour"]', "unknown change `colour`"),
            ("mends.toml", 'who    = "server"', "who    = 3", "`who` must be a text"),
            ("mends.toml", "steps  = [", "stairs = [", "unknown key `stairs`"),
            ("who.toml", "[nobody]", "[somebody]", "unknown `who`: somebody"),
            ("trust.toml", "letter   =", "letter   ", "trust.toml"),
        ],
    )
    def test_what_is_wrong_is_named_with_file_and_line(self, truename, issued, causes, file, find, put, says):
        text = (causes / file).read_text()
        assert find in text, "the file has changed; adapt this test"
        (causes / file).write_text(text.replace(find, put, 1))
        run = self.predict(truename, issued, causes.parent)
        assert run.returncode == 65 and run.stdout == "", run.stderr
        assert f"{causes / file}:" in run.stderr and says in run.stderr and run.stderr.count("\n") == 1

    def test_a_finding_without_a_cause_is_not_called_harmless(self, truename, issued, causes):
        text = (causes / "names.toml").read_text()
        (causes / "names.toml").write_text(text.replace('["name.match-not-first"]', '["name.internal"]', 1))
        run = self.predict(truename, issued, causes.parent)
        report = json.loads(run.stdout)
        assert run.returncode == 1 and report["acts"]["who"] == "unknown"
        assert "does not explain" in report["acts"]["text"]
