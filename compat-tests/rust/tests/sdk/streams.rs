//! Records go into a stream's shards, and come out in order: read by an iterator, or pushed to a consumer.

use aws_sdk_kinesis::Client;
use aws_sdk_kinesis::error::ProvideErrorMetadata;
use aws_sdk_kinesis::operation::describe_stream_summary::DescribeStreamSummaryError;
use aws_sdk_kinesis::operation::subscribe_to_shard::SubscribeToShardError;
use aws_sdk_kinesis::operation::subscribe_to_shard::builders::SubscribeToShardFluentBuilder;
use aws_sdk_kinesis::primitives::Blob;
use aws_sdk_kinesis::types::{
    PutRecordsRequestEntry, Record, ShardIteratorType, StartingPosition, SubscribeToShardEvent,
    SubscribeToShardEventStream,
};
use topiq_compat_tests::{World, new_name, scenario};

const SHARD: &str = "shardId-000000000000";

async fn put(kinesis: &Client, stream: &str, data: &[u8]) -> String {
    let call = kinesis.put_record().stream_name(stream);
    let call = call.partition_key("Zoë").data(Blob::new(data));
    call.send().await.unwrap().sequence_number
}

async fn consumer(world: &World, stream: &str) -> String {
    let call = world.kinesis.describe_stream_summary().stream_name(stream);
    let summary = call.send().await.unwrap().stream_description_summary;
    let call = world.kinesis.register_stream_consumer();
    let call = call.consumer_name("shipping");
    let call = call.stream_arn(summary.unwrap().stream_arn);
    call.send().await.unwrap().consumer.unwrap().consumer_arn
}

/// A call for what comes from now on.
fn subscribe(world: &World, consumer: &str) -> SubscribeToShardFluentBuilder {
    let position = StartingPosition::builder().r#type(ShardIteratorType::Latest);
    let call = world.kinesis.subscribe_to_shard().consumer_arn(consumer);
    let call = call.shard_id(SHARD);
    call.starting_position(position.build().unwrap())
}

fn event(pushed: SubscribeToShardEventStream) -> SubscribeToShardEvent {
    match pushed {
        SubscribeToShardEventStream::SubscribeToShardEvent(event) => event,
        other => panic!("not an event: {other:?}"),
    }
}

fn texts(records: &[Record]) -> Vec<String> {
    let data = records.iter().map(|record| record.data.as_ref());
    data.map(|data| String::from_utf8(data.to_vec()).unwrap())
        .collect()
}

#[tokio::test]
async fn records_are_read_as_they_were_put() {
    scenario(async |world| {
        let stream = world.stream().await;
        let entry = |number: u32| {
            let data = Blob::new(number.to_string());
            let entry = PutRecordsRequestEntry::builder().partition_key("a");
            entry.data(data).build().unwrap()
        };
        let entries = (0..20).map(entry).collect();
        let call = world.kinesis.put_records().stream_name(&stream);
        let put = call.set_records(Some(entries)).send().await.unwrap();
        assert_eq!(put.failed_record_count, Some(0));

        let call = world.kinesis.get_shard_iterator().stream_name(&stream);
        let call = call.shard_id(SHARD);
        let call = call.shard_iterator_type(ShardIteratorType::TrimHorizon);
        let mut iterator = call.send().await.unwrap().shard_iterator;
        let mut records = Vec::new();
        while records.len() < 20 {
            let call = world.kinesis.get_records().set_shard_iterator(iterator);
            let read = call.limit(7).send().await.unwrap();
            records.extend(read.records);
            iterator = read.next_shard_iterator;
        }
        let expected: Vec<_> = (0..20).map(|number| number.to_string()).collect();
        assert_eq!(texts(&records), expected);
    })
    .await;
}

#[tokio::test]
async fn records_are_pushed_as_they_come() {
    scenario(async |world| {
        let stream = world.stream().await;
        let consumer = consumer(world, &stream).await;
        let call = subscribe(world, &consumer);
        let mut pushed = call.clone().send().await.unwrap().event_stream;
        let again = call.send().await.unwrap_err().into_service_error();
        assert!(
            matches!(again, SubscribeToShardError::ResourceInUseException(_)),
            "{again:?}"
        );

        let sequence = put(&world.kinesis, &stream, b"hello").await;
        let call = world.kinesis.split_shard().stream_name(&stream);
        let call = call.shard_to_split(SHARD).new_starting_hash_key("1000");
        call.send().await.unwrap();
        let (mut records, mut children) = (Vec::new(), Vec::new());
        while let Some(next) = pushed.recv().await.unwrap() {
            let next = event(next);
            records.extend(next.records);
            children.extend(next.child_shards.unwrap_or_default());
        }
        assert_eq!(texts(&records), ["hello"]);
        assert_eq!(records[0].sequence_number, sequence);
        assert_eq!(children.len(), 2);
    })
    .await;
}

#[tokio::test]
async fn an_error_ends_a_subscription() {
    scenario(async |world| {
        let stream = world.stream().await;
        let consumer = consumer(world, &stream).await;
        let call = subscribe(world, &consumer);
        let mut pushed = call.send().await.unwrap().event_stream;
        pushed.recv().await.unwrap().unwrap();
        let call = world.kinesis.deregister_stream_consumer();
        call.consumer_arn(&consumer).send().await.unwrap();
        let error = loop {
            match pushed.recv().await {
                Ok(next) => assert!(next.is_some(), "it ended without an error"),
                Err(error) => break error.into_service_error(),
            }
        };
        assert!(error.is_resource_not_found_exception(), "{error:?}");
        assert!(error.message().unwrap().contains("Consumer shipping"));
    })
    .await;
}

#[tokio::test]
async fn refusals_are_typed_errors() {
    scenario(async |world| {
        let call = world.kinesis.describe_stream_summary();
        let absent = call.stream_name(new_name(false)).send().await;
        let error = absent.unwrap_err().into_service_error();
        assert!(
            matches!(
                error,
                DescribeStreamSummaryError::ResourceNotFoundException(_)
            ),
            "{error:?}"
        );
    })
    .await;
}
