//! What is looked at: the resources of an account in a region, and how they refer to each other.

use std::collections::HashMap;

use serde_json::Value;

use super::places::{Place, Places};
use super::{Advice, Rule};
use crate::aws::{Arn, Home};
use crate::services::events::inspect::RULE;
use crate::services::resource::Resource;
use crate::services::sns::inspect::{SUBSCRIPTION, TOPIC};
use crate::services::sqs::inspect::QUEUE;

/// SNS, as policies name it.
pub(super) const SNS: &str = "sns.amazonaws.com";

/// EventBridge, as policies name it.
pub(super) const EVENTS: &str = "events.amazonaws.com";

/// The resources of an account in a region.
#[derive(Debug)]
pub(crate) struct Subject<'a> {
    pub(super) home: Home,
    resources: &'a [Resource],
    by_arn: HashMap<&'a str, &'a Resource>,
    /// None: a server holds them.
    places: Option<&'a Places>,
}

/// A rule of a bus.
#[derive(Debug)]
pub(super) struct BusRule<'a> {
    pub(super) resource: &'a Resource,
    /// The name of its bus.
    pub(super) bus: String,
    /// Its pattern: as JSON, and read.
    pub(super) pattern: Option<(&'a str, Value)>,
    pub(super) is_enabled: bool,
    pub(super) targets: Vec<Value>,
}

/// A way that messages take from a subscription or a rule to a queue or a topic.
#[derive(Debug)]
pub(super) struct Way<'a> {
    /// The subscription or rule.
    pub(super) of: &'a Resource,
    /// The attribute that names the target.
    pub(super) attribute: &'static str,
    /// The service that delivers.
    pub(super) principal: &'static str,
    /// The topic or rule that it delivers for.
    pub(super) source: String,
    /// The target's ARN.
    pub(super) to: String,
    /// Whether it is for what could not be delivered.
    pub(super) is_of_dead_letters: bool,
    /// Whether the delivery is made in a role, whose policies count instead of the target's.
    pub(super) is_in_a_role: bool,
}

impl<'a> Subject<'a> {
    pub(crate) fn on_a_server(resources: &'a [Resource], home: Home) -> Self {
        Self::new(resources, home, None)
    }

    pub(super) fn new(resources: &'a [Resource], home: Home, places: Option<&'a Places>) -> Self {
        let by_arn = resources
            .iter()
            .map(|resource| (resource.arn.as_str(), resource));
        Self {
            home,
            resources,
            by_arn: by_arn.collect(),
            places,
        }
    }

    pub(super) fn is_on_a_server(&self) -> bool {
        self.places.is_none()
    }

    pub(super) fn of_kind(&self, kind: &'static str) -> impl Iterator<Item = &'a Resource> {
        let resources = self.resources.iter();
        resources.filter(move |resource| resource.kind == kind)
    }

    pub(super) fn queues(&self) -> impl Iterator<Item = &'a Resource> {
        self.of_kind(QUEUE)
    }

    /// The queue with this ARN, if it is here.
    pub(super) fn queue(&self, arn: &str) -> Option<&'a Resource> {
        self.by_arn(arn, QUEUE)
    }

    pub(super) fn topic(&self, arn: &str) -> Option<&'a Resource> {
        self.by_arn(arn, TOPIC)
    }

    fn by_arn(&self, arn: &str, kind: &str) -> Option<&'a Resource> {
        let found = self.by_arn.get(arn).copied();
        found.filter(|resource| resource.kind == kind)
    }

    /// The resource that an ARN names if it belongs to this account and region.
    pub(super) fn name_at_home<'n>(&self, arn: &'n str, service: &str) -> Option<&'n str> {
        let arn = Arn::parse(arn)?;
        let is_at_home = arn.service == service
            && arn.account == self.home.account.to_string()
            && arn.region == self.home.region.as_str();
        is_at_home.then_some(arn.resource)
    }

    pub(super) fn place(&self, resource: &Resource) -> Option<&'a Place> {
        self.places?.find(resource)
    }

    /// What the user calls a resource: its name in the file, if there is one.
    pub(super) fn called<'r>(&self, resource: &'r Resource) -> &'r str
    where
        'a: 'r,
    {
        let place = self.place(resource);
        place.map_or(&*resource.name, |place| &*place.name)
    }

    /// The same of an ARN, which may be of a resource that is not here.
    pub(super) fn called_by_arn<'r>(&self, arn: &'r str) -> &'r str
    where
        'a: 'r,
    {
        match self.by_arn.get(arn) {
            Some(resource) => self.called(resource),
            None => arn.rsplit(':').next().unwrap_or_default(),
        }
    }

    /// How a policy names a resource: by its ARN, or as a template refers to it.
    pub(super) fn reference(&self, arn: &str) -> String {
        let Some((resource, place)) = self
            .by_arn
            .get(arn)
            .and_then(|resource| Some((resource, self.place(resource)?)))
        else {
            return format!("\"{arn}\"");
        };
        match resource.kind {
            TOPIC => format!("!Ref {}", place.name),
            _ => format!("!GetAtt {}.Arn", place.name),
        }
    }

    /// Whether AWS is to hold it too: what a server holds stands for that, and what a template makes, but not what only
    /// topiq reads.
    pub(super) fn is_deployed(&self, resource: &Resource) -> bool {
        let place = self.place(resource);
        self.is_on_a_server() || place.is_some_and(|place| place.is_of_a_template)
    }

    pub(super) fn rules(&self) -> Vec<BusRule<'a>> {
        self.of_kind(RULE).map(BusRule::new).collect()
    }

    /// The ways to queues and topics, of each subscription and each rule.
    pub(super) fn ways(&self) -> Vec<Vec<Way<'a>>> {
        let subscriptions = self.of_kind(SUBSCRIPTION).map(of_subscription);
        let rules = self.rules();
        let of_rules = rules.iter().filter(|rule| rule.is_enabled);
        subscriptions.chain(of_rules.map(of_rule)).collect()
    }

    /// An instance of a rule; `attribute` is the one to be looked at.
    pub(super) fn advice(
        &self,
        rule: &'static Rule,
        resource: &Resource,
        attribute: Option<&str>,
        found: String,
        instead: String,
    ) -> Advice {
        let place = self.place(resource);
        let line = place.map(|place| place.line(attribute));
        Advice {
            rule: rule.name.into(),
            r#type: resource.kind.into(),
            name: self.called(resource).to_owned(),
            arn: resource.arn.clone(),
            file: line.map(|line| line.file.to_string()),
            line: line.map(|line| line.line),
            found,
            effect: rule.effect.into(),
            instead,
        }
    }
}

impl<'a> BusRule<'a> {
    fn new(resource: &'a Resource) -> Self {
        let targets = property(resource, "Targets");
        let targets = targets.and_then(|json| serde_json::from_str(json).ok());
        let state = resource.text("State");
        let pattern = property(resource, "EventPattern");
        Self {
            resource,
            bus: resource
                .text("EventBusName")
                .unwrap_or_else(|| "default".to_owned()),
            pattern: pattern.and_then(|json| Some((json, serde_json::from_str(json).ok()?))),
            is_enabled: state.is_none_or(|state| state != "DISABLED"),
            targets: targets.unwrap_or_default(),
        }
    }
}

/// A property, as JSON.
pub(super) fn property<'r>(resource: &'r Resource, name: &str) -> Option<&'r str> {
    let mut properties = resource.properties.iter();
    let (_, json) = properties.find(|(known, _)| *known == name)?;
    Some(json)
}

fn of_subscription(subscription: &Resource) -> Vec<Way<'_>> {
    let attribute = |name| subscription.attribute(name).unwrap_or_default();
    let way = |attribute, to: String, is_of_dead_letters| Way {
        of: subscription,
        attribute,
        principal: SNS,
        source: subscription
            .attribute("TopicArn")
            .unwrap_or_default()
            .to_owned(),
        to,
        is_of_dead_letters,
        is_in_a_role: false,
    };
    let mut ways = Vec::new();
    if attribute("Protocol") == "sqs" {
        ways.push(way("Endpoint", attribute("Endpoint").to_owned(), false));
    }
    let redrive: Option<Value> = serde_json::from_str(attribute("RedrivePolicy")).ok();
    let queue = redrive
        .as_ref()
        .and_then(|redrive| redrive["deadLetterTargetArn"].as_str());
    ways.extend(queue.map(|queue| way("RedrivePolicy", queue.to_owned(), true)));
    ways
}

fn of_rule<'a>(rule: &BusRule<'a>) -> Vec<Way<'a>> {
    let way = |to: &str, is_of_dead_letters, is_in_a_role| Way {
        of: rule.resource,
        attribute: "Targets",
        principal: EVENTS,
        source: rule.resource.arn.clone(),
        to: to.to_owned(),
        is_of_dead_letters,
        is_in_a_role,
    };
    let targets = rule.targets.iter().flat_map(|target| {
        let own = target["Arn"].as_str();
        let own = own.map(|arn| way(arn, false, target["RoleArn"].is_string()));
        let dead_letters = target["DeadLetterConfig"]["Arn"].as_str();
        own.into_iter()
            .chain(dead_letters.map(|arn| way(arn, true, false)))
    });
    targets.collect()
}
