//! Targets that are not on this machine: what they would be called with is kept in the
//! [log of captured deliveries](crate::delivery::captured).

use std::sync::Arc;

use super::attempt::Delivery;
use super::failure::Failure;
use crate::aws::Arn;
use crate::delivery::captured::{CapturedDelivery, Invocation};
use crate::services::events::Events;
use crate::wire::DateTime;

/// A service whose resources rules can have as targets.
#[derive(Debug)]
struct Kind {
    /// Its name in ARNs.
    service: &'static str,
    /// Whether its resources get the event. What starts something gets nothing of it, unless the target's input is made
    /// for that: overrides of a container, a build's settings.
    gets_event: bool,
}

const fn kind(service: &'static str, gets_event: bool) -> Kind {
    Kind {
        service,
        gets_event,
    }
}

/// All kinds (EventBridge user guide, "Event bus targets"), without those within this process.
static KINDS: [Kind; 18] = [
    kind("appsync", true),
    kind("batch", false),
    kind("codebuild", false),
    kind("codepipeline", false),
    kind("ec2", false),
    kind("ecs", false),
    kind("execute-api", true),
    kind("firehose", true),
    kind("glue", false),
    kind("imagebuilder", false),
    kind("inspector", false),
    kind("lambda", true),
    kind("redshift", false),
    kind("redshift-serverless", false),
    kind("sagemaker", false),
    kind("ssm", false),
    kind("ssm-incidents", false),
    kind("states", true),
];

/// The names in ARNs of the services whose targets are captured, unless topiq has them.
pub(in crate::services::events) const SERVICES: [&str; KINDS.len()] = {
    let mut names = [""; KINDS.len()];
    let mut place = 0;
    while place < names.len() {
        names[place] = KINDS[place].service;
        place += 1;
    }
    names
};

/// Keeps what a target would get that no service here has. Says whether the target is one of these.
pub(super) fn capture(events: &Events, delivery: &Delivery) -> Result<bool, Failure> {
    let Delivery {
        event,
        bus,
        rule,
        target,
        ..
    } = delivery;
    let service = Arn::parse(target.arn()).map_or("", |arn| arn.service);
    let kind = KINDS.iter().find(|kind| kind.service == service);
    let Some(kind) = kind.filter(|_| !events.deliveries.targets.has_service(service)) else {
        return Ok(false);
    };
    let payload: Arc<str> = if target.takes_events_as_they_are() {
        let text = Arc::clone(&event.text);
        if kind.gets_event { text } else { "".into() }
    } else {
        (&*delivery.input()?).into()
    };
    events.deliveries.captured.keep(CapturedDelivery {
        at: DateTime(events.now()),
        account: bus.name.account,
        region: bus.name.region,
        source: "events",
        source_arn: Some(Arc::clone(&rule.arn)),
        subscription_arn: None,
        target_kind: kind.service,
        target: target.arn().into(),
        message_id: event.id.to_string().into(),
        subject: None,
        message: Arc::clone(&event.text),
        published_message: Arc::clone(&event.text),
        message_structure: None,
        message_attributes: Arc::default(),
        payload,
        invocation: Some(Box::new(Invocation {
            bus_arn: Arc::clone(&bus.arn),
            target_id: target.id().to_owned(),
            role_arn: target.role_arn.clone(),
            parameters: target.parameters(event),
            trace_header: event.trace_header.clone(),
        })),
    });
    Ok(true)
}
