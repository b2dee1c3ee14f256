//! Filter policies of subscriptions, and event patterns of rules and archives.

use crate::lint::subject::property;
use crate::lint::{Advice, Rule, Subject};
use crate::names::nearest;
use crate::pattern::{ENVELOPE, Impossible, Policy, Scope, Trap, TrapKind};
use crate::services::events::inspect::{ARCHIVE, RULE};
use crate::services::resource::Resource;
use crate::services::sns::inspect::SUBSCRIPTION;

pub(super) static ANYTHING_BUT_ALTERNATIVE: Rule = Rule {
    name: "anything-but-alternative",
    effect: "The entries of a list are alternatives, not requirements: more matches than either was written for.",
};

pub(super) static EXISTS_ALTERNATIVE: Rule = Rule {
    name: "exists-alternative",
    effect: "The entries of a list are alternatives, not requirements: every value matches, whatever the other entry says.",
};

pub(super) static NEVER_MATCHES: Rule = Rule {
    name: "never-matches",
    effect: "Nothing ever matches: nothing gets through.",
};

pub(super) static NUMERIC_BOUNDS: Rule = Rule {
    name: "numeric-bounds",
    effect: "The entries of a list are alternatives, not requirements: every number is on the right side of one of the two \
             bounds, and matches.",
};

const EVENT_PATTERN: &str = "EventPattern";
const FILTER_POLICY: &str = "FilterPolicy";

pub(super) fn apply(subject: &Subject<'_>) -> Vec<Advice> {
    let filters = subject.of_kind(SUBSCRIPTION).flat_map(|subscription| {
        let policy = filter_policy(subscription);
        policy.map_or_else(Vec::new, |policy| of_filter(subject, subscription, &policy))
    });
    let with_patterns = subject.of_kind(RULE).chain(subject.of_kind(ARCHIVE));
    let patterns = with_patterns.flat_map(|resource| {
        let pattern = property(resource, EVENT_PATTERN);
        let pattern = pattern.and_then(|text| Policy::parse_event_pattern(text).ok());
        pattern.map_or_else(Vec::new, |pattern| of_pattern(subject, resource, &pattern))
    });
    filters.chain(patterns).collect()
}

fn filter_policy(subscription: &Resource) -> Option<Policy> {
    let scope = match subscription.attribute("FilterPolicyScope") {
        Some("MessageBody") => Scope::MessageBody,
        _ => Scope::MessageAttributes,
    };
    Policy::parse(subscription.attribute(FILTER_POLICY)?, scope).ok()
}

fn of_filter(subject: &Subject<'_>, subscription: &Resource, policy: &Policy) -> Vec<Advice> {
    let mut advice = of_traps(subject, subscription, FILTER_POLICY, policy);
    let unnameable = policy.impossible_attribute();
    let unnameable = unnameable.filter(|_| policy.scope() == Scope::MessageAttributes);
    advice.extend(unnameable.map(|key| {
        let found = format!("{FILTER_POLICY} wants the message attribute {key}.");
        let instead =
            "Names of message attributes have letters, digits, -, _ and dots; a key of the body needs FilterPolicyScope: \
             MessageBody.";
        subject.advice(
            &NEVER_MATCHES,
            subscription,
            Some(FILTER_POLICY),
            found,
            instead.to_owned(),
        )
    }));
    advice
}

fn of_pattern(subject: &Subject<'_>, resource: &Resource, pattern: &Policy) -> Vec<Advice> {
    let mut advice = of_traps(subject, resource, EVENT_PATTERN, pattern);
    advice.extend(pattern.impossible_for_events().map(|reason| {
        let (found, instead) = impossible(&reason);
        subject.advice(
            &NEVER_MATCHES,
            resource,
            Some(EVENT_PATTERN),
            found,
            instead,
        )
    }));
    advice
}

/// What was found, and what to write instead.
fn impossible(reason: &Impossible) -> (String, String) {
    match reason {
        Impossible::NoSuchField(path) => {
            let field = path.split('.').next().unwrap_or_default();
            let found = format!("{EVENT_PATTERN} asks for {path}, and no event has {field}.");
            let instead = match nearest(field, ENVELOPE) {
                Some(meant) => format!("{meant}, if that is what {field} stands for."),
                None => format!("What publishers send as Detail is within detail: detail.{path}."),
            };
            (found, instead)
        }
        Impossible::InText(path) => {
            let field = path.split('.').next().unwrap_or_default();
            (
                format!("{EVENT_PATTERN} asks for {path}, and {field} is a text."),
                format!(r#"A list of conditions, such as "{field}": [{{"prefix": "…"}}]."#),
            )
        }
        Impossible::NoText { key, wanted } => (
            format!("{EVENT_PATTERN} wants {key} to be one of {wanted}, and it is a text."),
            format!(r#"Texts, in quotes: "{key}": ["…"]."#),
        ),
        Impossible::Detail => (
            format!("{EVENT_PATTERN} lists values of detail, which is an object."),
            r#"The members of detail: "detail": {"…": ["…"]}."#.to_owned(),
        ),
    }
}

fn of_traps(
    subject: &Subject<'_>,
    resource: &Resource,
    attribute: &'static str,
    policy: &Policy,
) -> Vec<Advice> {
    let traps = policy.traps().into_iter();
    let advice = traps.map(|trap| {
        let Trap {
            key,
            one,
            other,
            kind,
        } = &trap;
        let found = format!("{attribute} has {one} beside {other} in the list of {key}");
        let (rule, found, instead) = match kind {
            TrapKind::Bounds(both) => (
                &NUMERIC_BOUNDS,
                format!("{found}."),
                format!("Both bounds in one entry of that list: [{both}]."),
            ),
            TrapKind::Redundant => (
                &ANYTHING_BUT_ALTERNATIVE,
                format!("{found}: whatever the second lets through, the first does too."),
                format!("Only {other}, or only {one}: no list asks one value to keep both."),
            ),
            TrapKind::Undone => (
                &ANYTHING_BUT_ALTERNATIVE,
                format!("{found}: the second lets through what the first excludes."),
                "One anything-but with everything that is not wanted, or only what is wanted: no list asks one value to keep \
                 two conditions."
                    .to_owned(),
            ),
            TrapKind::Presence => (
                &EXISTS_ALTERNATIVE,
                format!("{found}."),
                format!("Only {other}, or no condition on {key} if any value will do."),
            ),
        };
        subject.advice(rule, resource, Some(attribute), found, instead)
    });
    advice.collect()
}
