//! The methods and paths of the actions, as AWS's model has them.

use crate::wire::rest_json::Route;

/// Every action's route.
pub(super) static ROUTES: &[Route] = &[
    Route::new("CreateDiscoverer", "POST", "/v1/discoverers", 201),
    Route::new(
        "CreateRegistry",
        "POST",
        "/v1/registries/name/{RegistryName}",
        201,
    ),
    Route::new(
        "CreateSchema",
        "POST",
        "/v1/registries/name/{RegistryName}/schemas/name/{SchemaName}",
        201,
    ),
    Route::new(
        "DeleteDiscoverer",
        "DELETE",
        "/v1/discoverers/id/{DiscovererId}",
        204,
    ),
    Route::new(
        "DeleteRegistry",
        "DELETE",
        "/v1/registries/name/{RegistryName}",
        204,
    ),
    Route::new("DeleteResourcePolicy", "DELETE", "/v1/policy", 204)
        .with_query(&[("registryName", "RegistryName")]),
    Route::new(
        "DeleteSchema",
        "DELETE",
        "/v1/registries/name/{RegistryName}/schemas/name/{SchemaName}",
        204,
    ),
    Route::new(
        "DeleteSchemaVersion",
        "DELETE",
        "/v1/registries/name/{RegistryName}/schemas/name/{SchemaName}/version/{SchemaVersion}",
        204,
    ),
    Route::new(
        "DescribeCodeBinding",
        "GET",
        "/v1/registries/name/{RegistryName}/schemas/name/{SchemaName}/language/{Language}",
        200,
    )
    .with_query(&[("schemaVersion", "SchemaVersion")]),
    Route::new(
        "DescribeDiscoverer",
        "GET",
        "/v1/discoverers/id/{DiscovererId}",
        200,
    ),
    Route::new(
        "DescribeRegistry",
        "GET",
        "/v1/registries/name/{RegistryName}",
        200,
    ),
    Route::new(
        "DescribeSchema",
        "GET",
        "/v1/registries/name/{RegistryName}/schemas/name/{SchemaName}",
        200,
    )
    .with_query(&[("schemaVersion", "SchemaVersion")]),
    Route::new(
        "ExportSchema",
        "GET",
        "/v1/registries/name/{RegistryName}/schemas/name/{SchemaName}/export",
        200,
    )
    .with_query(&[("schemaVersion", "SchemaVersion"), ("type", "Type")]),
    Route::new(
        "GetCodeBindingSource",
        "GET",
        "/v1/registries/name/{RegistryName}/schemas/name/{SchemaName}/language/{Language}/source",
        200,
    )
    .with_query(&[("schemaVersion", "SchemaVersion")])
    .with_payload("Body"),
    Route::new("GetDiscoveredSchema", "POST", "/v1/discover", 200),
    Route::new("GetResourcePolicy", "GET", "/v1/policy", 200)
        .with_query(&[("registryName", "RegistryName")]),
    Route::new("ListDiscoverers", "GET", "/v1/discoverers", 200).with_query(&[
        ("discovererIdPrefix", "DiscovererIdPrefix"),
        ("limit", "Limit"),
        ("nextToken", "NextToken"),
        ("sourceArnPrefix", "SourceArnPrefix"),
    ]),
    Route::new("ListRegistries", "GET", "/v1/registries", 200).with_query(&[
        ("limit", "Limit"),
        ("nextToken", "NextToken"),
        ("registryNamePrefix", "RegistryNamePrefix"),
        ("scope", "Scope"),
    ]),
    Route::new(
        "ListSchemaVersions",
        "GET",
        "/v1/registries/name/{RegistryName}/schemas/name/{SchemaName}/versions",
        200,
    )
    .with_query(&[("limit", "Limit"), ("nextToken", "NextToken")]),
    Route::new(
        "ListSchemas",
        "GET",
        "/v1/registries/name/{RegistryName}/schemas",
        200,
    )
    .with_query(&[
        ("limit", "Limit"),
        ("nextToken", "NextToken"),
        ("schemaNamePrefix", "SchemaNamePrefix"),
    ]),
    Route::new("ListTagsForResource", "GET", "/tags/{ResourceArn}", 200),
    Route::new(
        "PutCodeBinding",
        "POST",
        "/v1/registries/name/{RegistryName}/schemas/name/{SchemaName}/language/{Language}",
        202,
    )
    .with_query(&[("schemaVersion", "SchemaVersion")]),
    Route::new("PutResourcePolicy", "PUT", "/v1/policy", 200)
        .with_query(&[("registryName", "RegistryName")]),
    Route::new(
        "SearchSchemas",
        "GET",
        "/v1/registries/name/{RegistryName}/schemas/search",
        200,
    )
    .with_query(&[
        ("keywords", "Keywords"),
        ("limit", "Limit"),
        ("nextToken", "NextToken"),
    ]),
    Route::new(
        "StartDiscoverer",
        "POST",
        "/v1/discoverers/id/{DiscovererId}/start",
        200,
    ),
    Route::new(
        "StopDiscoverer",
        "POST",
        "/v1/discoverers/id/{DiscovererId}/stop",
        200,
    ),
    Route::new("TagResource", "POST", "/tags/{ResourceArn}", 204),
    Route::new("UntagResource", "DELETE", "/tags/{ResourceArn}", 204)
        .with_query(&[("tagKeys", "TagKeys")]),
    Route::new(
        "UpdateDiscoverer",
        "PUT",
        "/v1/discoverers/id/{DiscovererId}",
        200,
    ),
    Route::new(
        "UpdateRegistry",
        "PUT",
        "/v1/registries/name/{RegistryName}",
        200,
    ),
    Route::new(
        "UpdateSchema",
        "PUT",
        "/v1/registries/name/{RegistryName}/schemas/name/{SchemaName}",
        200,
    ),
];
