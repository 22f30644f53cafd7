"""openapi.yaml held against the running platform: requests made from it, sound and broken, and what comes back."""

from __future__ import annotations

import base64
import hashlib
import json
from pathlib import Path

import hypothesis
import msgspec
import pytest
import schemathesis
import yaml
from hypothesis import HealthCheck, Phase
from schemathesis import GenerationMode, checks

import sync.contract
from sync.contract import relay, relay_files, sharing, signing, wire
from sync.contract.framing import unwrap, wrap
from tests.sync.running_platform import refusal

FRAME = "application/vnd.training.frame"
DOCUMENT = yaml.safe_load(Path(sync.contract.__file__).with_name("openapi.yaml").read_text(encoding="utf-8"))
OPERATIONS = [(method, path) for path, methods in DOCUMENT["paths"].items() for method in methods]
EXAMPLES = 4
BYTES = {24: 16, 44: 32, 88: 64}
"""How many bytes a base64 text of a fixed length stands for."""

UNDOCUMENTED = {"ENDPOINT_UNKNOWN", "METHOD_NOT_ALLOWED"}
"""Of addresses and methods that no operation describes."""


def wire_type(definition):
    """The wire type that a body's schema names."""
    name = definition["content"][FRAME]["schema"]["$ref"].rsplit("/", 1)[-1]
    modules = (signing, wire, relay, relay_files, sharing)
    return next(vars(module)[name] for module in modules if name in vars(module))


def described(operation):
    return DOCUMENT["paths"][operation.path][operation.method.lower()]


def with_bytes(value, schema):
    """A generated value whose texts are base64 where the schema says so: a generator of texts hardly meets one."""
    if "$ref" in schema:
        return with_bytes(value, DOCUMENT["components"]["schemas"][schema["$ref"].rsplit("/", 1)[-1]])
    if "anyOf" in schema:
        fitting = [one for one in schema["anyOf"] if (one.get("type") == "null") == (value is None)]
        return with_bytes(value, fitting[0]) if fitting else value
    if isinstance(value, str) and schema.get("contentEncoding") == "base64":
        size = BYTES.get(schema.get("minLength"), len(value))
        return base64.b64encode(hashlib.sha512(value.encode()).digest()[:size]).decode("ascii")
    if isinstance(value, dict):
        return {key: with_bytes(one, schema.get("properties", {}).get(key, {})) for key, one in value.items()}
    if isinstance(value, list):
        first = schema.get("prefixItems", [])
        rest = schema.get("items") or {}
        kinds = [*first, *[rest] * max(0, len(value) - len(first))]
        return [with_bytes(one, kind or {}) for one, kind in zip(value, kinds, strict=False)]
    return value


@schemathesis.serializer(FRAME)
def to_frame(context, value):
    """Bytes of a frame; a value that is no wire type goes as something else."""
    body = described(context.case.operation)["requestBody"]
    if "$ref" not in body["content"][FRAME]["schema"]:  # a part of a file: any bytes
        return wrap(str(value).encode("utf-8", "surrogatepass"))
    shape = wire_type(body)
    try:
        return wrap(wire.encode(msgspec.json.decode(json.dumps(value).encode(), type=shape)))
    except (msgspec.MsgspecError, OverflowError):
        return wrap(json.dumps(value).encode())


@schemathesis.deserializer(FRAME)
def from_frame(context, response):
    shape = wire_type(described(context.operation)["responses"]["200"])
    return json.loads(wire.encode_json(wire.decode(unwrap(response.content), shape)))


def only_told_refusals(_context, response, case):
    """A refusal carries a code that its operation lists, with the status that the code has, and says what to do."""
    if response.status_code < 400:
        return
    told = response.json()["error"]
    code = told["code"]
    assert code in set(described(case.operation)["x-error-codes"]) | UNDOCUMENTED, code
    assert response.status_code == DOCUMENT["x-error-codes"][code]["status"]
    assert told["message"]


@pytest.fixture(scope="module")
def document():
    return schemathesis.openapi.from_dict(DOCUMENT)


@pytest.mark.parametrize("mode", GenerationMode, ids=lambda mode: mode.value)
@pytest.mark.parametrize(("method", "path"), OPERATIONS)
def test_the_platform_answers_as_its_document_says(document, workstation, platform, method, path, mode):
    operation = document[path][method.upper()]
    if mode is GenerationMode.NEGATIVE and not (
        operation.body or operation.path_parameters or operation.query
    ):
        return  # there is nothing that could be wrong
    sent = described(operation).get("requestBody")
    seen = []

    @hypothesis.given(case=operation.as_strategy(generation_mode=mode))
    @hypothesis.settings(
        max_examples=EXAMPLES,
        deadline=None,
        derandomize=True,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    def ask(case):
        if sent is not None and mode is GenerationMode.POSITIVE:
            case.body = with_bytes(case.body, next(iter(sent["content"].values()))["schema"])
        response = case.call(
            base_url=platform.url,
            session=workstation.session,
            headers={"Authorization": f"Bearer {workstation.token}"},
        )
        case.validate_response(
            response,
            checks=[
                checks.not_a_server_error,
                checks.content_type_conformance,
                checks.response_schema_conformance,
                only_told_refusals,
            ],
        )
        seen.append(response.status_code)

    ask()
    assert seen
    assert workstation.exchange().status_code == 200


def test_an_address_that_is_not_in_the_document_is_refused(workstation):
    assert refusal(workstation.get("/v1/nothing")) == (404, "ENDPOINT_UNKNOWN")
