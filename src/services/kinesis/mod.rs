//! Amazon Kinesis Data Streams: streams, their shards, and the records in them.
//!
//! In reading order: `operations` holds one file per AWS action and their list; `streams` finds a stream by its `name`,
//! `hosted_stream` is one with what its owner set and the lock around it, `consumer` who is registered to read it,
//! `resource` either of them by its ARN; `subscription` is one consumer's reading of one shard, `subscriptions` who has one.
//! [`stream`] is the core. `iterator` is a reader's position, `shard_id` a shard's id, `destination` what other services
//! deliver to. [`inspect`] is what the rest of topiq sees. [`limits`] has every number, [`error`] every error,
//! `constraints` the constraints of the model.

mod constraints;
mod consumer;
mod destination;
pub mod error;
mod hosted_stream;
pub mod inspect;
mod iterator;
pub mod limits;
mod name;
mod operations;
mod resource;
mod shard_id;
pub mod stream;
mod streams;
mod subscription;
mod subscriptions;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use destination::StreamTargets;
pub use error::Error;
use hosted_stream::HostedStream;
use iterator::{Iterators, Position};
use name::StreamName;
use shard_id::ShardId;
use streams::Streams;

use crate::agenda::Agenda;
use crate::aws::{AccountId, Caller, Region};
use crate::clock::Timestamp;
use crate::delivery::TargetService;
use crate::ids::Ids;
use crate::services::resource::Resource;
use crate::services::{Environment, Service, Settings};
use crate::sync::Mutex;
use crate::wire::{AwsJson, Hosts, JsonVersion, Protocols, ServiceModel, Speaks};

/// The service: all streams, and their shared parts.
#[derive(Debug)]
pub struct Kinesis {
    streams: Arc<Streams>,
    iterators: Iterators,
    /// Held while shards are counted and then added, so that the limit on them holds.
    adding: Mutex<()>,
    agenda: Arc<Agenda>,
    ids: Arc<Ids>,
    settings: Settings,
    /// Whether no call waits any more.
    is_closed: Arc<AtomicBool>,
    /// Held for other services, which find it by a weak reference.
    _targets: Arc<StreamTargets>,
}

impl Speaks for Kinesis {
    const MODEL: &'static ServiceModel = &ServiceModel {
        name: "kinesis",
        signing_name: "kinesis",
        hosts: Hosts {
            prefix: "kinesis",
            legacy_suffix: None,
        },
        owns_path: ServiceModel::owns_no_path,
        links: &[],
        protocols: Protocols {
            json: Some(AwsJson {
                version: JsonVersion::V1_1,
                target_prefix: "Kinesis_20131202",
                is_query_compatible: false,
            }),
            query: None,
            cbor: true,
            rest_json: None,
        },
        operations: Self::OPERATIONS,
    };
}

impl Service for Kinesis {
    fn new(environment: &Environment) -> Self {
        let streams = Arc::new(Streams::default());
        let targets = Arc::new(StreamTargets::new(streams.clone(), environment.ids.clone()));
        let weak = Arc::<StreamTargets>::downgrade(&targets);
        let registered: std::sync::Weak<dyn TargetService> = weak;
        environment
            .deliveries
            .targets
            .register("kinesis", registered);
        Self {
            streams,
            iterators: Iterators::new(environment.ids.number()),
            adding: Mutex::default(),
            agenda: environment.agenda.clone(),
            ids: environment.ids.clone(),
            settings: environment.settings.clone(),
            is_closed: Arc::default(),
            _targets: targets,
        }
    }

    fn namespaces(&self) -> Vec<(AccountId, Region)> {
        self.streams.namespaces()
    }

    fn forget(&self, account: AccountId) {
        self.streams.forget(self.now(), account);
    }

    fn held(&self, account: AccountId, region: Region) -> Vec<Resource> {
        inspect::held(self, account, region)
    }

    fn stop_waiting(&self) {
        self.is_closed.store(true, Ordering::SeqCst);
        for (account, region) in self.streams.namespaces() {
            for stream in self.streams.after(self.now(), account, region, None) {
                stream.lock().subscriptions.ring_all();
            }
        }
    }
}

/// The stream that a request names.
#[derive(Clone, Copy, Debug)]
struct Named<'a> {
    name: Option<&'a str>,
    arn: Option<&'a str>,
}

impl Named<'_> {
    fn stream(&self, caller: &Caller<'_>) -> Result<StreamName, Error> {
        let Some(arn) = self.arn else {
            let name = self.name.ok_or_else(|| {
                Error::invalid("Either StreamName or StreamARN should be provided.")
            })?;
            return Ok(StreamName::owned(caller, name));
        };
        let stream = StreamName::parse(arn)
            .ok_or_else(|| Error::invalid(format!("{arn} is not the ARN of a stream.")))?;
        match self.name {
            Some(name) if name != &*stream.name => Err(Error::invalid(format!(
                "StreamName {name} does not match StreamARN {arn}."
            ))),
            _ => Ok(stream),
        }
    }
}

impl Kinesis {
    fn now(&self) -> Timestamp {
        self.agenda.clock().now()
    }

    /// The stream that a request names.
    fn stream(
        &self,
        caller: &Caller<'_>,
        now: Timestamp,
        named: Named<'_>,
    ) -> Result<Arc<HostedStream>, Error> {
        let name = named.stream(caller)?;
        let stream = self.streams.get(now, &name);
        stream.ok_or_else(|| Error::no_stream(&name))
    }

    /// When a change that begins now is complete.
    fn transition_end(&self, now: Timestamp) -> Timestamp {
        if self.settings.strict_timing {
            now + limits::TRANSITION
        } else {
            now
        }
    }

    /// Refuses so many further shards if the account has too many by them; `adding` is held until they are there. Locks each of
    /// its streams in turn.
    fn check_shard_limit(
        &self,
        now: Timestamp,
        stream: &StreamName,
        further: usize,
    ) -> Result<(), Error> {
        let StreamName {
            account, region, ..
        } = stream;
        let present = self.open_shards(now, *account, *region);
        if present + further <= limits::SHARDS {
            return Ok(());
        }
        Err(Error::LimitExceeded(format!(
            "This request would exceed the shard limit for the account {account} in {region}. Current shard count for the \
             account: {present}. Limit: {}. Number of additional shards that would have resulted from this request: \
             {further}. Refer to the AWS Service Limits page \
             (http://docs.aws.amazon.com/general/latest/gr/aws_service_limits.html) for current limits and how to request \
             higher limits.",
            limits::SHARDS
        )))
    }

    fn open_shards(&self, now: Timestamp, account: AccountId, region: Region) -> usize {
        let streams = self.streams.after(now, account, region, None);
        streams
            .map(|stream| stream.lock().stream.open_shards())
            .sum()
    }

    /// A new iterator of a position in a stream.
    fn iterator(&self, now: Timestamp, stream: &HostedStream, shard: u32, index: u64) -> String {
        let position = Position {
            stream: stream.name.clone(),
            incarnation: stream.incarnation,
            shard,
            index,
        };
        self.iterators.encode(now, self.ids.number(), &position)
    }

    /// The stream of a position, unless it is gone.
    fn stream_at(&self, now: Timestamp, position: &Position) -> Result<Arc<HostedStream>, Error> {
        let stream = self.streams.get(now, &position.stream);
        let stream = stream.filter(|stream| stream.incarnation == position.incarnation);
        stream.ok_or_else(|| Error::nothing_to_read(ShardId(position.shard), &position.stream))
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Barrier;
    use std::thread;

    use serde_json::json;

    use super::*;
    use crate::clock::ManualClock;
    use crate::services::Operations;
    use crate::wire::Call;

    fn service() -> Kinesis {
        let clock = ManualClock::new(Timestamp::from_secs(1_767_312_000));
        Kinesis::new(&Environment::at(Arc::new(Agenda::new(Arc::new(clock)))))
    }

    /// Makes a stream; the answer's status.
    fn create(kinesis: &Kinesis, name: &str, shards: usize) -> u16 {
        let input = json!({"StreamName": name, "ShardCount": shards}).to_string();
        let caller = Caller::within(
            AccountId::DEFAULT,
            Region::default(),
            "",
            "http://localhost:4566",
        );
        let request = Ids::seeded(2).request_id();
        let operation = "CreateStream";
        let call = Call::within(Kinesis::MODEL, operation, caller, request, input.as_bytes());
        let answer = tokio::runtime::Builder::new_current_thread()
            .build()
            .expect("a runtime")
            .block_on(kinesis.dispatch(&call));
        answer.expect("an action").status
    }

    #[test]
    fn the_limit_on_shards_holds_for_streams_that_are_made_at_once() {
        const MOST: usize = limits::SHARDS / 2 + 1;

        for _ in 0..20 {
            let kinesis = service();
            let start = Barrier::new(2);
            let statuses = thread::scope(|scope| {
                let make = |name| {
                    let (kinesis, start) = (&kinesis, &start);
                    scope.spawn(move || {
                        start.wait();
                        create(kinesis, name, MOST)
                    })
                };
                ["one", "other"]
                    .map(make)
                    .map(|made| made.join().expect("an answer"))
            });
            assert_eq!(statuses.iter().sum::<u16>(), 200 + 400);
        }
    }
}
