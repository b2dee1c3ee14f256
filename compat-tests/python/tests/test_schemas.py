"""The schema registry of EventBridge by boto3."""

import importlib
import io
import json
import sys
import zipfile
from pathlib import Path

import pytest

# A schema with names that are no identifiers.
ODD = Path(__file__).parents[3] / "src/services/schemas/bindings/testing.json"

CONTENT = {
    "openapi": "3.0.0",
    "info": {"version": "1.0.0", "title": "Order"},
    "paths": {},
    "components": {"schemas": {"Order": {"type": "object", "properties": {"id": {"type": "string"}}}}},
}


@pytest.fixture
def schemas(make_client):
    return make_client("schemas")


@pytest.fixture
def registry(schemas, new_name):
    name = new_name()
    schemas.create_registry(RegistryName=name, Description="d", Tags={"k": "v"})
    yield name
    schemas.delete_registry(RegistryName=name)


@pytest.mark.topiq  # on AWS a registry with schemas is not deleted
def test_schema_has_versions(schemas, registry):
    named = {"RegistryName": registry, "SchemaName": "shop.orders@Order"}
    created = schemas.create_schema(**named, Content=json.dumps(CONTENT), Type="OpenApi3")
    assert (created["SchemaVersion"], created["Type"]) == ("1", "OpenApi3")
    updated = schemas.update_schema(**named, Content=json.dumps({**CONTENT, "x-more": 1}))
    assert updated["SchemaVersion"] == "2"
    assert json.loads(schemas.describe_schema(**named, SchemaVersion="1")["Content"]) == CONTENT
    pages = schemas.get_paginator("list_schema_versions").paginate(**named, PaginationConfig={"PageSize": 1})
    assert [version["SchemaVersion"] for page in pages for version in page["SchemaVersions"]] == ["1", "2"]
    (found,) = schemas.search_schemas(RegistryName=registry, Keywords="x-more")["Schemas"]
    assert [version["SchemaVersion"] for version in found["SchemaVersions"]] == ["2"]


@pytest.mark.topiq
def test_tags_policies_and_errors(schemas, registry):
    arn = schemas.describe_registry(RegistryName=registry)["RegistryArn"]
    schemas.tag_resource(ResourceArn=arn, Tags={"a": "1"})
    schemas.untag_resource(ResourceArn=arn, TagKeys=["k"])
    assert schemas.list_tags_for_resource(ResourceArn=arn)["Tags"] == {"a": "1"}
    policy = json.dumps({"Version": "2012-10-17", "Statement": []})
    put = schemas.put_resource_policy(RegistryName=registry, Policy=policy)
    with pytest.raises(schemas.exceptions.PreconditionFailedException):
        schemas.put_resource_policy(RegistryName=registry, Policy=policy, RevisionId="other")
    assert schemas.get_resource_policy(RegistryName=registry)["RevisionId"] == put["RevisionId"]
    with pytest.raises(schemas.exceptions.ConflictException):
        schemas.create_registry(RegistryName=registry)
    with pytest.raises(schemas.exceptions.NotFoundException):
        schemas.describe_schema(RegistryName=registry, SchemaName="absent")


@pytest.mark.topiq
def test_event_is_discovered_exported_and_bound_to_code(schemas, make_client, new_name):
    events = make_client("events")
    bus, source = new_name(), new_name()
    arn = events.create_event_bus(Name=bus)["EventBusArn"]
    discoverer = schemas.create_discoverer(SourceArn=arn)["DiscovererId"]
    try:
        detail = json.dumps({"id": "A-1", "lines": [{"sku": "s", "count": 1}]})
        entry = {"EventBusName": bus, "Source": source, "DetailType": "Order Placed", "Detail": detail}
        events.put_events(Entries=[entry])
        named = {"RegistryName": "discovered-schemas", "SchemaName": f"{source}@OrderPlaced"}
        content = json.loads(schemas.describe_schema(**named)["Content"])
        assert content["components"]["schemas"]["AWSEvent"]["x-amazon-events-source"] == source
        exported = json.loads(schemas.export_schema(**named, Type="JSONSchemaDraft4")["Content"])
        assert exported["definitions"]["OrderPlaced"]["required"] == ["id", "lines"]
        schemas.put_code_binding(**named, Language="Python36")
        schemas.get_waiter("code_binding_exists").wait(**named, Language="Python36")
        body = schemas.get_code_binding_source(**named, Language="Python36")["Body"].read()
        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            assert archive.testzip() is None
            (path,) = [name for name in archive.namelist() if name.endswith("types.py")]
            types = {}
            exec(compile(archive.read(path), path, "exec"), types)
        assert types["OrderPlaced"](id="A-1", lines=[]).id == "A-1"
        schemas.delete_schema(**named)
    finally:
        schemas.delete_discoverer(DiscovererId=discoverer)
        events.delete_event_bus(Name=bus)


@pytest.mark.topiq
@pytest.mark.parametrize("name", ["shop.orders@Order-Placed", "class", "1st"])
def test_code_bindings_are_imported(schemas, registry, tmp_path, monkeypatch, name):
    schemas.create_schema(RegistryName=registry, SchemaName=name, Content=ODD.read_text(), Type="OpenApi3")
    binding = {"RegistryName": registry, "SchemaName": name, "Language": "Python36"}
    schemas.put_code_binding(**binding)
    body = schemas.get_code_binding_source(**binding)["Body"].read()
    with zipfile.ZipFile(io.BytesIO(body)) as archive:
        archive.extractall(tmp_path)
    (package,) = (tmp_path / "schema").iterdir()
    monkeypatch.syspath_prepend(tmp_path)
    imported = {}
    try:
        # As a statement, which does not take keywords for names.
        exec(f"from schema.{package.name} import types", imported)
        order = imported["types"].OrderPlaced(id="A-1", class_="c", lines=[])
        assert (order.class_, order.ship_to) == ("c", None)
    finally:
        for module in [module for module in sys.modules if module.split(".")[0] == "schema"]:
            del sys.modules[module]
        importlib.invalidate_caches()
