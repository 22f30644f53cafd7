"""openapi.yaml says what the wire types are, the platform serves what it says, every code stands in it."""

from __future__ import annotations

import re
from pathlib import Path

import msgspec
import pytest
import yaml

import resources
import sync.contract
from sync.contract import proof, records, relay, relay_files, sharing, wire
from sync.contract.errors import HTTP_STATUS, RECORD_CODES
from sync.contract.kinds import FACTS
from sync.contract.signing import Envelope
from sync.platform.app import create_app
from sync.platform.database import open_database
from tests.sync.statements import ManualClock

ANNOTATIONS = {"title", "description", "examples"}
TYPES = [
    one
    for module in (wire, proof, relay, relay_files, sharing)
    for one in vars(module).values()
    if isinstance(one, type)
    and issubclass(one, msgspec.Struct)
    and one.__module__ == module.__name__
    and one is not proof.EntryHeader  # the journal's own, within bytes
]


@pytest.fixture(scope="module")
def document():
    file = Path(sync.contract.__file__).with_name("openapi.yaml")
    return yaml.safe_load(file.read_text(encoding="utf-8"))


def bare(node):
    """A schema without its prose."""
    if isinstance(node, dict):
        return {key: bare(value) for key, value in node.items() if key not in ANNOTATIONS}
    return [bare(value) for value in node] if isinstance(node, list) else node


def bare_schemas(schemas):
    """Schemas without prose; a field may well be called title or description."""
    plain = {}
    for name, schema in schemas.items():
        plain[name] = bare(schema) | (
            {"properties": {field: bare(value) for field, value in schema["properties"].items()}}
            if "properties" in schema
            else {}
        )
    return plain


def test_schemas_are_the_wire_types(document):
    assert len(TYPES) > 20
    types = [*TYPES, Envelope, *records.FIELDS.values()]
    _, schemas = msgspec.json.schema_components(types, ref_template="#/components/schemas/{name}")
    assert bare_schemas(document["components"]["schemas"]) == bare_schemas(schemas)


def test_every_field_is_described(document):
    for name, schema in document["components"]["schemas"].items():
        for field, value in schema.get("properties", {}).items():
            assert value.get("description"), f"{name}.{field}"


def test_every_reference_leads_somewhere(document):
    text = yaml.safe_dump(document)
    for place in set(re.findall(r"#/components/(\w+/\w+)", text)):
        group, name = place.split("/")
        assert name in document["components"][group]


def test_record_kinds_are_those_of_the_contract(document):
    told = {
        kind: (facts["number"], facts["key_bytes"], facts["report"])
        for kind, facts in document["x-record-kinds"].items()
    }
    assert told == {
        kind.value: (facts.number, facts.key_size, facts.report and facts.report.value)
        for kind, facts in FACTS.items()
    }


def test_error_codes_stand_with_status_and_text(document):
    texts = resources.sentences("zh")
    assert document["x-error-codes"] == {
        code: {"status": status, "text": texts[f"error.{code}"]} for code, status in HTTP_STATUS.items()
    }
    assert document["x-record-codes"] == {code: texts[f"error.{code}"] for code in sorted(RECORD_CODES)}
    for methods in document["paths"].values():
        for operation in methods.values():
            assert set(operation["x-error-codes"]) <= set(HTTP_STATUS)


def test_the_platform_serves_these_paths_and_no_others(document, tmp_path):
    url = f"sqlite:///{tmp_path / 'p.db'}"
    engine = open_database(url)
    app = create_app(engine, ManualClock(), demo=True)
    served = {
        (re.sub(r":\w+}", "}", route.path), method.lower())
        for route in app.routes
        for method in route.methods - {"HEAD"}
    }
    assert served == {(path, method) for path, methods in document["paths"].items() for method in methods}
    engine.dispose()
