//! What becomes of a call while faults are set: the one place where they strike calls as a whole.

use serde::Deserialize;

use super::{Rooms, Services, refusals, reply};
use crate::clock::{Clock, SystemClock};
use crate::faults::scope::{Facts, Resource};
use crate::faults::{CallFault, Instead};
use crate::head::Head;
use crate::http::Reply;
use crate::wire::{Call, Speaks};

/// What a call names, as far as its operation has such members.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub(super) struct Named {
    queue_url: Option<String>,
    queue_name: Option<String>,
    topic_arn: Option<String>,
    target_arn: Option<String>,
    subscription_arn: Option<String>,
    name: Option<String>,
    event_bus_name: Option<String>,
    entries: Vec<NamedEntry>,
}

/// What an entry of a `PutEvents` names.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
struct NamedEntry {
    event_bus_name: Option<String>,
}

/// The bus of calls that name none.
const DEFAULT_BUS: &str = "default";

impl Services {
    /// Answers a call as the faults will have it.
    pub(super) async fn answer_among_faults(&self, call: &Call<'_>, head: &Head<'_>) -> Reply {
        let CallFault { latency, instead } = self.fault_of(call);
        let answer = match instead {
            None => Some(self.rooms.answer(call).await),
            Some(Instead::Error(error)) => {
                let known = Rooms::known_errors().into_iter();
                let mut known = known.filter(|(service, _)| *service == call.service.name);
                let known = known.next().map(|(_, errors)| errors);
                let info = error.info(call.service.name, &known.unwrap_or_default());
                Some(call.refuse(&info))
            }
            Some(Instead::Reset { is_after }) => {
                if is_after {
                    self.rooms.answer(call).await;
                }
                None
            }
        };
        if !latency.is_zero() {
            // A client that waits is real, and so is the moment at which it gives up.
            let clock = SystemClock::new();
            clock.sleep_until(clock.now() + latency).await;
        }
        let Some(answer) = answer else {
            let (service, operation) = (call.service.name, &*call.operation);
            tracing::info!(service, operation, "a fault closes a connection");
            return Reply::cut();
        };
        refusals::log(Some(call), head, &answer);
        reply(answer)
    }

    fn fault_of(&self, call: &Call<'_>) -> CallFault {
        let named = Rooms::named(call);
        let caller = call.caller();
        let resources = named.resources(call);
        let facts = Facts::of_call(call.service.name, &caller, &resources);
        self.faults().of_call(self.agenda().clock().now(), &facts)
    }
}

impl Named {
    /// What a call of the service `S` names; nothing if its input is not well-formed.
    pub(super) fn of<S: Speaks>(call: &Call<'_>) -> Self {
        call.input::<S, _>().unwrap_or_default()
    }

    fn resources<'a>(&'a self, call: &'a Call<'_>) -> Vec<Resource<'a>> {
        match call.service.name {
            "sqs" => self.queue(call).map(Resource::Queue).into_iter().collect(),
            "sns" => self.topic(call).map(Resource::Topic).into_iter().collect(),
            "events" => self.buses(call).map(Resource::Bus).collect(),
            _ => Vec::new(),
        }
    }

    fn queue<'a>(&'a self, call: &'a Call<'_>) -> Option<&'a str> {
        let url = self.queue_url.as_deref().or(call.caller().path);
        let in_url = url.and_then(|url| url.trim_end_matches('/').rsplit('/').next());
        let name = self.queue_name.as_deref().or(in_url);
        // A call to the root is about no queue.
        name.filter(|name| !name.is_empty())
    }

    fn topic(&self, call: &Call<'_>) -> Option<&str> {
        let arns = [&self.topic_arn, &self.target_arn, &self.subscription_arn];
        let arn = arns.into_iter().find_map(|arn| arn.as_deref());
        let in_arn = arn.and_then(|arn| arn.split(':').nth(5));
        let created = self.name.as_deref();
        in_arn.or(created.filter(|_| call.operation == "CreateTopic"))
    }

    fn buses<'a>(&'a self, call: &'a Call<'_>) -> impl Iterator<Item = &'a str> {
        let operation = &*call.operation;
        let own = match self.event_bus_name.as_deref() {
            Some(bus) => Some(bus),
            None if operation == "ListEventBuses" => None,
            None if operation.contains("EventBus") => self.name.as_deref().or(Some(DEFAULT_BUS)),
            None if operation.contains("Rule") || operation.contains("Targets") => {
                Some(DEFAULT_BUS)
            }
            None => None,
        };
        let entries = self
            .entries
            .iter()
            .filter(move |_| operation == "PutEvents");
        let entries = entries.map(|entry| entry.event_bus_name.as_deref().unwrap_or(DEFAULT_BUS));
        // A bus goes by its name or by its ARN.
        own.into_iter()
            .chain(entries)
            .map(|bus| bus.rsplit('/').next().unwrap_or(bus))
    }
}
