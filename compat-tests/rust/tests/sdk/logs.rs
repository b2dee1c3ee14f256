//! Log events are kept in groups and streams, and found by patterns.

use aws_sdk_cloudwatchlogs::operation::create_log_group::CreateLogGroupError;
use aws_sdk_cloudwatchlogs::operation::get_log_events::GetLogEventsError;
use aws_sdk_cloudwatchlogs::primitives::DateTime;
use aws_sdk_cloudwatchlogs::types::InputLogEvent;
use topiq_compat_tests::{World, scenario};

/// Makes a stream with these messages, all of which came just now.
async fn put(world: &World, group: &str, stream: &str, messages: &[&str]) {
    let call = world.logs.create_log_stream().log_group_name(group);
    call.log_stream_name(stream).send().await.unwrap();
    let now = DateTime::from(std::time::SystemTime::now());
    let event = |message: &&str| {
        let event = InputLogEvent::builder().message(*message);
        let event = event.timestamp(now.to_millis().unwrap());
        event.build().unwrap()
    };
    let events = messages.iter().map(event).collect();
    let call = world.logs.put_log_events().log_group_name(group);
    let call = call.log_stream_name(stream).set_log_events(Some(events));
    call.send().await.unwrap();
}

#[tokio::test]
async fn events_of_all_streams_are_found_by_pages() {
    scenario(async |world| {
        let group = world.log_group().await;
        for stream in ["a", "b"] {
            let messages = [r#"{"total":50}"#, r#"{"total":150}"#, r#"{"total":250}"#];
            put(world, &group, stream, &messages).await;
        }
        let call = world.logs.filter_log_events().log_group_name(&group);
        let call = call.filter_pattern("{ $.total > 100 }").limit(3);
        let mut pages = call.into_paginator().send();
        let mut found = Vec::new();
        while let Some(page) = pages.next().await {
            let events = page.unwrap().events.unwrap_or_default();
            found.extend(events.into_iter().filter_map(|event| event.message));
        }
        found.sort();
        let (middle, high) = (r#"{"total":150}"#, r#"{"total":250}"#);
        assert_eq!(found, [middle, middle, high, high]);
    })
    .await;
}

#[tokio::test]
async fn refusals_are_typed_errors() {
    scenario(async |world| {
        let group = world.log_group().await;
        let call = world.logs.create_log_group().log_group_name(&group);
        let again = call.send().await.unwrap_err().into_service_error();
        assert!(
            matches!(
                again,
                CreateLogGroupError::ResourceAlreadyExistsException(_)
            ),
            "{again:?}"
        );
        let call = world.logs.get_log_events().log_group_name(&group);
        let absent = call.log_stream_name("absent").send().await;
        let absent = absent.unwrap_err().into_service_error();
        assert!(
            matches!(absent, GetLogEventsError::ResourceNotFoundException(_)),
            "{absent:?}"
        );
    })
    .await;
}
