"""Files that are made to cost work (bench/bad_files.py): each is judged, or is told to have been cut off, in a moment."""
import json
import resource
import sys

import pytest
from conftest import ROOT

sys.path.insert(0, str(ROOT / "bench"))
import bad_files  # noqa: E402

MOST = 8  # seconds of a processor, checked builds too; without bounds each of these took from ten seconds to minutes


def work_done():
    """The processor's time of the programs that have ended, in seconds."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def predict(truename, tmp_path, files, wanted):
    file = tmp_path / "hostile"
    file.write_bytes(next(content for name, content in files if name == wanted))
    before = work_done()
    done = truename("predict", file, "--name", "a.example", "--at", "2026-11-28", "-o", "json")
    assert work_done() - before < MOST
    assert done.returncode == 2, done.stderr
    return json.loads(done.stdout)


@pytest.mark.parametrize("part", ["names-address", "names-dns", "names-directory"])
def test_a_hundred_thousand_names_are_judged(truename, tmp_path, part):
    report = predict(truename, tmp_path, bad_files.large_parts((1 << 20) - 2048), part)
    *names, rest = report["chains"][0]["certificates"][0]["names"]
    assert len(names) == 10_000 and int(rest.removeprefix("… and ").removesuffix(" more")) > 20_000


def test_thousands_of_issuers_of_one_name_use_the_budget_up(truename, tmp_path):
    report = predict(truename, tmp_path, bad_files.chains(16 << 20), "namesakes.pem")
    assert "work.budget" in {finding["id"] for finding in report["findings"]}
