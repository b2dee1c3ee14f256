"""The schema registry by the AWS CLI."""

import json
import zipfile

import pytest


@pytest.fixture
def schemas(aws):
    return lambda *words: aws(*words, service="schemas")


@pytest.mark.topiq  # on AWS a registry with schemas is not deleted
def test_schema_lives_from_its_creation_to_its_deletion(schemas, aws_refuses, new_name, tmp_path):
    registry = ["--registry-name", new_name()]
    named = [*registry, "--schema-name", "shop@Order"]
    content = {
        "openapi": "3.0.0",
        "info": {"version": "1.0.0", "title": "Order"},
        "paths": {},
        "components": {"schemas": {"Order": {"type": "object", "properties": {"id": {"type": "string"}}}}},
    }
    assert schemas("create-registry", *registry, "--tags", "a=1,b=2")["Tags"] == {"a": "1", "b": "2"}
    created = schemas("create-schema", *named, "--type", "OpenApi3", "--content", json.dumps(content))
    assert created["SchemaVersion"] == "1"
    assert json.loads(schemas("describe-schema", *named)["Content"]) == content
    assert [it["SchemaName"] for it in schemas("list-schemas", *registry)["Schemas"]] == ["shop@Order"]

    code = [*named, "--language", "Go1"]
    assert schemas("put-code-binding", *code)["Status"] == "CREATE_COMPLETE"
    assert schemas("wait", "code-binding-exists", *code) is None
    archive = tmp_path / "code.zip"
    schemas("get-code-binding-source", *code, str(archive))
    with zipfile.ZipFile(archive) as unpacked:
        assert unpacked.namelist() == ["schema/shop_order/types.go"]

    assert schemas("delete-registry", *registry) is None
    error, _ = aws_refuses("describe-schema", *named, service="schemas")
    assert error == "NotFoundException"


def test_schema_is_discovered_in_an_event(schemas):
    event = {"source": "shop", "detail-type": "Order Placed", "detail": {"total": 9.5}}
    words = ["--type", "OpenApi3", "--events", json.dumps(event)]
    content = json.loads(schemas("get-discovered-schema", *words)["Content"])
    assert content["components"]["schemas"]["OrderPlaced"]["properties"]["total"]["type"] == "number"
