"""The closing line of script/test: what is counted, and when the run is good."""
import json
import os
import pathlib
import subprocess

TALLY = pathlib.Path(__file__).resolve().parents[2] / "script" / "lib" / "tally"


def unit_test(name, **more):
    return {"name": name, "status": "RUN", "result": "COMPLETED", **more}


def tally(folder, tests, suites=None, **files):
    (folder / "test_x.json").write_text(json.dumps({"testsuites": [{"name": "Suite", "testsuite": tests}]}))
    for name, text in files.items():
        (folder / name.replace("__", ".")).write_text(text)
    environment = {key: value for key, value in os.environ.items() if key != "TRUENAME_SUITES"}
    if suites:
        environment["TRUENAME_SUITES"] = suites
    done = subprocess.run([TALLY, folder], env=environment, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout.splitlines()


def test_adds_up_all_kinds(tmp_path):
    xml = '<testsuites><testsuite><testcase classname="a" name="b"/><testcase classname="a" name="c"><skipped message="no data"/></testcase></testsuite></testsuites>'
    code, lines = tally(tmp_path, [unit_test("One"), unit_test("Two")], pytest__xml=xml, format__check="passed\n")
    assert lines[-1] == "4 passed, 0 failed, 1 skipped"
    assert code == 0
    assert any("a.c (no data)" in line for line in lines)


def test_one_failure_makes_the_run_bad_and_is_named(tmp_path):
    code, lines = tally(tmp_path, [unit_test("One"), unit_test("Two", failures=[{"failure": "file.cpp:3\nExpected 1"}])])
    assert lines[-1] == "1 passed, 1 failed, 0 skipped"
    assert code == 1
    assert any(line.startswith("failed: test_x: Suite.Two") for line in lines)


def test_nothing_may_be_skipped_when_the_data_is_there(tmp_path):
    tests = [unit_test("One"), {"name": "Two", "status": "RUN", "result": "SKIPPED", "skipped": [{"message": "why"}]}]
    assert tally(tmp_path, tests)[0] == 0
    assert tally(tmp_path, tests, suites="/somewhere")[0] == 1


def test_results_that_cannot_be_read_are_a_failure(tmp_path):
    code, lines = tally(tmp_path, [unit_test("One")], pytest__xml="<testsuites>")
    assert lines[-1] == "1 passed, 1 failed, 0 skipped"
    assert code == 1


def test_no_test_at_all_is_a_failure(tmp_path):
    assert tally(tmp_path, [])[0] == 1
