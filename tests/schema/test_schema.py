#!/usr/bin/python3
"""What the program writes as JSON is what its own schema says, and the schema knows every member that is written."""
import copy
import json
import os
import pathlib
import subprocess

import jsonschema
import pytest

BUILD = pathlib.Path(os.environ.get("TRUENAME_BUILD") or pathlib.Path(__file__).parents[2] / "build" / "dev").resolve()
SAMPLE = BUILD / "doctor_sample"


def run(*words):
    return subprocess.run([SAMPLE, *words], check=True, capture_output=True).stdout.decode("utf-8")


@pytest.fixture(scope="module")
def schema():
    return json.loads(run("schema"))


def closed(schema):
    """The same schema, but refusing members that it does not name."""
    strict = copy.deepcopy(schema)
    step = strict["$defs"]["step"]["properties"]
    dialog = strict["$defs"]["dialog"]
    dialog["properties"].update(step)
    dialog["required"] += strict["$defs"]["step"]["required"]
    del dialog["allOf"]

    def walk(node):
        if isinstance(node, dict):
            if "properties" in node and "required" in node and node.get("type", "object") == "object" and "detail" not in node["required"][:1]:
                node.setdefault("additionalProperties", False)
            for child in node.values():
                walk(child)
        elif isinstance(node, list):
            for child in node:
                walk(child)

    walk(strict["$defs"])
    return strict


def test_the_schema_is_a_schema_of_draft_2020_12(schema):
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    jsonschema.Draft202012Validator.check_schema(schema)


@pytest.mark.parametrize("name", run("names").split())
@pytest.mark.parametrize("form", ["json", "line", "summary"])
def test_every_report_is_as_the_schema_says(schema, name, form):
    report = json.loads(run(name, form))
    jsonschema.Draft202012Validator(schema).validate(report)
    jsonschema.Draft202012Validator(closed(schema)).validate(report)


@pytest.mark.parametrize("name", run("names").split())
def test_a_line_of_a_list_is_one_line(name):
    for form in ("line", "summary"):
        assert run(name, form).count("\n") == 1


def test_both_forms_hold_the_same_object():
    assert json.loads(run("two-chains", "json")) == json.loads(run("two-chains", "line"))


@pytest.mark.parametrize("member", ["verdicts", "exit", "schema_version", "endpoints"])
def test_a_report_without_a_promised_member_is_refused(schema, member):
    report = json.loads(run("two-chains", "json"))
    del report[member]
    assert not jsonschema.Draft202012Validator(schema).is_valid(report)


def test_a_finding_that_does_not_exist_is_refused(schema):
    report = json.loads(run("two-chains", "json"))
    report["findings"][0]["id"] = "name.invented"
    assert not jsonschema.Draft202012Validator(schema).is_valid(report)


def test_later_steps_of_a_dialog_hang_on_the_first():
    report = json.loads(run("two-chains", "json"))
    dialog = next(v["dialog"] for v in report["verdicts"] if v.get("code") == "SEC_ERROR_UNKNOWN_ISSUER")
    assert dialog["then"]["buttons"] == ["Confirm Security Exception", "Cancel"]


def test_causes_that_hang_on_an_assumption_say_so():
    report = json.loads(run("small-business-server", "json"))
    assert [c.get("assuming") for c in report["causes"]] == [None, "--trust system"]
