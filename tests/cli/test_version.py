"""truename --version: of the program, and of the data in it."""

import hashlib
import pathlib
import re

ROOT = pathlib.Path(__file__).resolve().parents[2]


def test_the_version_is_that_of_the_project_and_stands_alone_on_the_first_line(truename):
    version = re.search(r"project\(truename VERSION (\S+)", (ROOT / "CMakeLists.txt").read_text())[1]
    for asked in (["--version"], ["version"], ["-V"]):
        run = truename(*asked)
        assert run.returncode == 0 and run.stdout.splitlines()[0] == f"truename {version}"


def test_the_revision_of_the_data_is_the_digest_of_their_files(truename):
    """Computed here anew, so that it is known to be the same wherever it is built."""
    data = ROOT / "data"
    files = sorted(path.relative_to(data).as_posix() for path in data.rglob("*") if path.suffix in (".toml", ".tsv", ".pem", ".idx"))
    lines = "".join(f"{hashlib.sha256((data / name).read_bytes()).hexdigest()}  {name}\n" for name in files)
    revision = hashlib.sha256(lines.encode()).hexdigest()[:12]
    assert truename("--version").stdout.splitlines()[1] == f"data {revision}, facts about mail programs of {days_of_facts(truename)}"


def days_of_facts(truename):
    days = sorted(set(re.findall(r"20\d\d-\d\d-\d\d", truename("clients", "--age").stdout)))
    return days[0] if len(days) == 1 else f"{days[0]} to {days[-1]}"
