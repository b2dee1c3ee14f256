//! Schemas of events: versions in a registry, and what is discovered.

use aws_sdk_schemas::operation::describe_schema::DescribeSchemaError;
use aws_sdk_schemas::types::Type;
use serde_json::Value;
use topiq_compat_tests::scenario;

const NAME: &str = "shop.orders@OrderPlaced";

fn content(title: &str) -> String {
    format!(
        r#"{{"openapi":"3.0.0","info":{{"version":"1","title":"{title}"}},"paths":{{}},"components":{{"schemas":{{}}}}}}"#
    )
}

#[tokio::test]
async fn a_schema_has_versions() {
    scenario(async |world| {
        let registry = world.registry().await;
        let call = world.schemas.create_schema().registry_name(&registry);
        let call = call.schema_name(NAME).r#type(Type::OpenApi3);
        let created = call.content(content("one")).send().await.unwrap();
        assert_eq!(created.schema_version(), Some("1"));
        let call = world.schemas.update_schema().registry_name(&registry);
        let call = call.schema_name(NAME).r#type(Type::OpenApi3);
        let updated = call.content(content("two")).send().await.unwrap();
        assert_eq!(updated.schema_version(), Some("2"));

        let call = world.schemas.describe_schema().registry_name(&registry);
        let call = call.schema_name(NAME).schema_version("1");
        let shown = call.send().await.unwrap();
        assert_eq!(shown.content(), Some(&*content("one")));
        assert!(shown.version_created_date().is_some());
        let call = world.schemas.describe_schema().registry_name(&registry);
        let absent = call.schema_name("absent").send().await;
        let absent = absent.unwrap_err().into_service_error();
        assert!(
            matches!(absent, DescribeSchemaError::NotFoundException(_)),
            "{absent:?}"
        );
    })
    .await;
}

#[tokio::test]
async fn the_schema_of_events_is_discovered() {
    scenario(async |world| {
        let event = r#"{"source":"shop","detail-type":"Order Placed","detail":{"total":9.5}}"#;
        let call = world.schemas.get_discovered_schema().events(event);
        let discovered = call.r#type(Type::OpenApi3).send().await.unwrap();
        let content: Value = serde_json::from_str(discovered.content().unwrap()).unwrap();
        let order = &content["components"]["schemas"]["OrderPlaced"];
        assert_eq!(order["properties"]["total"]["type"], "number");
    })
    .await;
}
