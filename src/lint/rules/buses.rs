//! Rules of event buses.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::lint::subject::BusRule;
use crate::lint::{Advice, Rule, Subject};
use crate::pattern::Policy;
use crate::services::events::inspect::EVENT_BUS;

pub(super) static AWS_SOURCE_ON_CUSTOM_BUS: Rule = Rule {
    name: "aws-source-on-custom-bus",
    effect: "AWS's services send their events to the default bus, and PutEvents refuses their sources: nothing matches.",
};

pub(super) static DUPLICATE_DELIVERY: Rule = Rule {
    name: "duplicate-delivery",
    effect: "The target gets every event twice.",
};

pub(super) static EVENT_LOOP: Rule = Rule {
    name: "event-loop",
    effect: "Every event that matches goes round without end, and AWS bills each round. (topiq stops after a few.)",
};

pub(super) static RULE_WITHOUT_TARGETS: Rule = Rule {
    name: "rule-without-targets",
    effect: "What matches goes nowhere.",
};

const DEFAULT: &str = "default";

pub(super) fn apply(subject: &Subject<'_>) -> Vec<Advice> {
    let rules = subject.rules();
    let enabled: Vec<_> = rules.iter().filter(|rule| rule.is_enabled).collect();
    let advice = enabled.iter().enumerate().flat_map(|(place, rule)| {
        [
            without_targets(subject, rule),
            aws_source(subject, rule, &rules),
            duplicate(subject, rule, &enabled[..place]),
            in_a_loop(subject, rule, &enabled),
        ]
    });
    advice.flatten().collect()
}

fn without_targets(subject: &Subject<'_>, rule: &BusRule<'_>) -> Option<Advice> {
    let found = format!("The rule {} has no targets.", subject.called(rule.resource));
    let instead = "Targets, or State: DISABLED if it is not meant to run.".to_owned();
    rule.targets
        .is_empty()
        .then(|| subject.advice(&RULE_WITHOUT_TARGETS, rule.resource, None, found, instead))
}

/// A bus that other accounts may send to, or that a rule sends to, can have events of AWS's services. So can one that is
/// made elsewhere.
fn aws_source(subject: &Subject<'_>, rule: &BusRule<'_>, rules: &[BusRule<'_>]) -> Option<Advice> {
    let mut buses = subject.of_kind(EVENT_BUS);
    let bus = buses.find(|bus| bus.name == rule.bus && rule.bus != DEFAULT)?;
    let (pattern, _) = rule.pattern.as_ref()?;
    let pattern = Policy::parse_event_pattern(pattern).ok()?;
    let is_target = |other: &BusRule<'_>| {
        let mut targets = other.targets.iter();
        targets.any(|target| target["Arn"] == bus.arn)
    };
    let is_reached = bus.has_property("Policy")
        || bus.name.starts_with("aws.partner/")
        || rules.iter().any(is_target);
    if is_reached || !pattern.wants_aws_sources() {
        return None;
    }
    let found = format!(
        "The rule {} wants events of AWS's services on the bus {}, and no rule sends it any.",
        subject.called(rule.resource),
        subject.called(bus)
    );
    let instead = format!(
        "The rule on the default bus, or another rule there that has {} as its target.",
        subject.called(bus)
    );
    Some(subject.advice(
        &AWS_SOURCE_ON_CUSTOM_BUS,
        rule.resource,
        Some("EventPattern"),
        found,
        instead,
    ))
}

/// Whether two rules match the same events, for certain.
fn match_the_same(one: &BusRule<'_>, other: &BusRule<'_>) -> bool {
    let patterns = one.pattern.as_ref().zip(other.pattern.as_ref());
    patterns.is_some_and(|((_, one), (_, other))| one == other)
}

/// What a target gets, and where it is: what else is said of it makes no difference.
fn delivered(target: &Value) -> Value {
    let mut delivered = target.clone();
    for other in ["Id", "RoleArn", "DeadLetterConfig", "RetryPolicy"] {
        if let Some(target) = delivered.as_object_mut() {
            target.remove(other);
        }
    }
    delivered
}

fn duplicate(
    subject: &Subject<'_>,
    rule: &BusRule<'_>,
    earlier: &[&BusRule<'_>],
) -> Option<Advice> {
    let twice = rule.targets.iter().enumerate().find(|(place, target)| {
        let before = &rule.targets[..*place];
        before
            .iter()
            .any(|other| delivered(other) == delivered(target))
    });
    let mut same = earlier
        .iter()
        .filter(|other| other.bus == rule.bus && match_the_same(other, rule));
    let in_other = same.find_map(|other| {
        let has = |target: &&Value| {
            let mut targets = other.targets.iter();
            targets.any(|other| delivered(other) == delivered(target))
        };
        Some((
            subject.called(other.resource),
            rule.targets.iter().find(has)?,
        ))
    });
    let name = subject.called(rule.resource);
    let (found, target) = match (twice, in_other) {
        (Some((_, target)), _) => (format!("The rule {name} names one target twice"), target),
        (None, Some((other, target))) => (
            format!("The rules {other} and {name} have the same pattern and the same target"),
            target,
        ),
        (None, None) => return None,
    };
    let found = format!("{found}: {}.", target["Arn"].as_str().unwrap_or_default());
    let instead = "Leave one of the two out.".to_owned();
    Some(subject.advice(
        &DUPLICATE_DELIVERY,
        rule.resource,
        Some("Targets"),
        found,
        instead,
    ))
}

/// Rules with one pattern send on what they match as it is: it matches on the next bus as well.
fn in_a_loop(subject: &Subject<'_>, rule: &BusRule<'_>, rules: &[&BusRule<'_>]) -> Option<Advice> {
    let (mut reached, mut next) = (BTreeSet::new(), vec![rule]);
    rule.pattern.as_ref()?;
    while let Some(one) = next.pop() {
        let buses = one.targets.iter();
        for bus in buses.filter_map(|target| bus_at_home(subject, target)) {
            if !reached.contains(&bus) {
                let on_it = rules.iter().filter(|other| other.bus == bus);
                next.extend(on_it.filter(|other| match_the_same(rule, other)));
                reached.insert(bus);
            }
        }
    }
    if !reached.contains(&rule.bus) {
        return None;
    }
    let found = format!(
        "What the rule {} matches on the bus {} is sent back to that bus, and matches again.",
        subject.called(rule.resource),
        rule.bus
    );
    let instead = json!({ "source": [{ "anything-but": ["…"] }] });
    let instead = format!(
        "A pattern for each direction: one that leaves out what comes from the other bus, such as {instead}."
    );
    Some(subject.advice(&EVENT_LOOP, rule.resource, Some("Targets"), found, instead))
}

/// The name of the bus that a target is, if it gets events as they are.
fn bus_at_home(subject: &Subject<'_>, target: &Value) -> Option<String> {
    let inputs = ["Input", "InputPath", "InputTransformer"];
    if inputs.iter().any(|name| !target[name].is_null()) {
        return None;
    }
    let resource = subject.name_at_home(target["Arn"].as_str()?, "events")?;
    resource.strip_prefix("event-bus/").map(str::to_owned)
}
