//! Ways from topics and rules to queues and topics: whether messages arrive, and as what.

use serde_json::Value;

use crate::aws::is_fifo_name;
use crate::aws::policy::{Decision, Document, Principal, Request};
use crate::lint::subject::{EVENTS, Way};
use crate::lint::{Advice, Rule, Subject};
use crate::names::slip_of;
use crate::services::resource::Resource;
use crate::services::sns::inspect::{SUBSCRIPTION, TOPIC};

pub(super) static FIFO_DEDUPLICATION: Rule = Rule {
    name: "fifo-deduplication",
    effect: "EventBridge sends no deduplication id, and a FIFO queue takes no message without one: every delivery fails.",
};

pub(super) static FIFO_TOPIC_STANDARD_QUEUE: Rule = Rule {
    name: "fifo-topic-standard-queue",
    effect: "The queue keeps neither the order of the topic's messages nor their groups, and may deliver one twice.",
};

pub(super) static KMS_MANAGED_KEY: Rule = Rule {
    name: "kms-managed-key",
    effect: "AWS's own key lets no other service encrypt with it, and its policy cannot be changed: every delivery fails.",
};

pub(super) static MISSING_TARGET: Rule = Rule {
    name: "missing-target",
    effect: "Every delivery fails, and is lost without a dead-letter queue.",
};

pub(super) static OWN_DEAD_LETTERS: Rule = Rule {
    name: "own-dead-letters",
    effect: "What the queue has not taken is offered to the same queue again, and lost.",
};

pub(super) static QUEUE_POLICY: Rule = Rule {
    name: "queue-policy",
    effect: "AWS refuses every delivery to the queue, and what is refused is lost. (topiq refuses it with --enforce-policies.)",
};

pub(super) static TOPIC_POLICY: Rule = Rule {
    name: "topic-policy",
    effect: "AWS refuses every delivery to the topic, and what is refused is lost. (topiq refuses it with --enforce-policies.)",
};

/// The condition keys whose values are known here of a delivery.
const KNOWN_KEYS: [&str; 7] = [
    "aws:sourcearn",
    "aws:sourceaccount",
    "aws:securetransport",
    "aws:principalarn",
    "aws:principalaccount",
    "aws:principalisawsservice",
    "aws:principalservicename",
];

const FIFO: &str = ".fifo";

pub(super) fn apply(subject: &Subject<'_>) -> Vec<Advice> {
    let mut advice = Vec::new();
    for ways in subject.ways() {
        for way in &ways {
            let found = [
                missing_target(subject, way),
                denied(subject, way),
                managed_key(subject, way),
                fifo_deduplication(subject, way),
                fifo_topic(subject, way),
                own_dead_letters(subject, &ways, way),
            ];
            advice.extend(found.into_iter().flatten());
        }
    }
    advice
}

impl Way<'_> {
    /// `the topic …`, `dead letters of the rule …`.
    fn described(&self, subject: &Subject<'_>) -> String {
        let source = subject.called_by_arn(&self.source);
        let what = if self.is_of_dead_letters {
            "dead letters of the"
        } else {
            "the"
        };
        match self.of.kind {
            SUBSCRIPTION => format!("{what} topic {source}"),
            _ => format!("{what} rule {source}"),
        }
    }
}

/// In files, only what is a slip of a queue that they make: others may be made elsewhere.
fn missing_target(subject: &Subject<'_>, way: &Way<'_>) -> Option<Advice> {
    let name = subject.name_at_home(&way.to, "sqs")?;
    if subject.queue(&way.to).is_some() {
        return None;
    }
    let names: Vec<_> = subject.queues().map(|queue| queue.name.as_str()).collect();
    let other_kind = match name.strip_suffix(FIFO) {
        Some(standard) => standard.to_owned(),
        None => format!("{name}{FIFO}"),
    };
    let same = names.iter().copied().find(|known| *known == other_kind);
    let meant = same.or_else(|| slip_of(name, names.iter().copied()));
    if meant.is_none() && !subject.is_on_a_server() {
        return None;
    }
    let found = format!("There is no queue {name} for {}.", way.described(subject));
    let instead = match meant {
        Some(meant) => format!("{meant}, if that is meant."),
        None => "Create the queue, or name one that is there.".to_owned(),
    };
    Some(subject.advice(&MISSING_TARGET, way.of, Some(way.attribute), found, instead))
}

/// The queue or topic that a way leads to.
fn target<'a>(subject: &Subject<'a>, way: &Way<'_>) -> Option<&'a Resource> {
    subject.queue(&way.to).or_else(|| subject.topic(&way.to))
}

fn denied(subject: &Subject<'_>, way: &Way<'_>) -> Option<Advice> {
    let target = target(subject, way)?;
    if way.is_in_a_role || !subject.is_deployed(way.of) || !subject.is_deployed(target) {
        return None;
    }
    let (rule, action) = match target.kind {
        TOPIC => (&TOPIC_POLICY, "sns:Publish"),
        _ => (&QUEUE_POLICY, "sqs:SendMessage"),
    };
    let reason = refusal(subject, target, way, action)?;
    let Way {
        principal, source, ..
    } = way;
    let found = format!(
        "The policy of {} does not let in {}: {reason}.",
        subject.called(target),
        way.described(subject)
    );
    let (resource, source) = (subject.reference(&target.arn), subject.reference(source));
    let instead = format!(
        r#"The statement {{"Effect": "Allow", "Principal": {{"Service": "{principal}"}}, "Action": "{action}", "Resource": {resource}, "Condition": {{"ArnEquals": {{"aws:SourceArn": {source}}}}}}} in it."#
    );
    Some(subject.advice(rule, target, Some("Policy"), found, instead))
}

/// Why the target's policy refuses a delivery, if it does for certain.
fn refusal(
    subject: &Subject<'_>,
    target: &Resource,
    way: &Way<'_>,
    action: &str,
) -> Option<String> {
    let Some(policy) = target.attribute("Policy") else {
        return Some(match target.kind {
            TOPIC => "it has the default policy, which is for its own account".to_owned(),
            _ => "it has none".to_owned(),
        });
    };
    if !is_decidable(policy) {
        return None;
    }
    let document = Document::parse(policy).ok()?;
    let account = subject.home.account.to_string();
    let request = Request {
        principal: Principal::Service(way.principal),
        action,
        resource: &target.arn,
        context: &[
            ("aws:SourceArn", &way.source),
            ("aws:SourceAccount", &account),
            ("aws:SecureTransport", "true"),
        ],
    };
    match document.evaluate(&request) {
        Decision::Allowed(_) => None,
        decision => Some(decision.to_string()),
    }
}

/// Whether all that a policy asks about is known here.
fn is_decidable(policy: &str) -> bool {
    let Ok(Value::Object(document)) = serde_json::from_str(policy) else {
        return false;
    };
    let statements = match document.get("Statement") {
        Some(Value::Array(statements)) => statements.as_slice(),
        Some(statement) => std::slice::from_ref(statement),
        None => &[],
    };
    let conditions = statements
        .iter()
        .filter_map(|one| one["Condition"].as_object());
    let mut keys = conditions.flat_map(|operators| {
        let values = operators.values().filter_map(Value::as_object);
        values.flat_map(|values| values.keys())
    });
    let is_known = |key: &String| KNOWN_KEYS.contains(&&*key.to_lowercase());
    !policy.contains("${") && keys.all(is_known)
}

fn managed_key(subject: &Subject<'_>, way: &Way<'_>) -> Option<Advice> {
    const NAME: &str = "KmsMasterKeyId";
    let target = target(subject, way)?;
    let key = target.attribute(NAME)?;
    let alias = match target.kind {
        TOPIC => "alias/aws/sns",
        _ => "alias/aws/sqs",
    };
    let is_managed = key == alias || key.ends_with(&format!(":{alias}"));
    if !is_managed || way.is_in_a_role {
        return None;
    }
    let found = format!(
        "{} is encrypted with {alias} and gets messages of {}.",
        subject.called(target),
        way.described(subject)
    );
    let instead = format!(
        "A key of your own whose policy lets {} use kms:GenerateDataKey and kms:Decrypt, or SSE without KMS.",
        way.principal
    );
    Some(subject.advice(&KMS_MANAGED_KEY, target, Some(NAME), found, instead))
}

fn fifo_deduplication(subject: &Subject<'_>, way: &Way<'_>) -> Option<Advice> {
    let queue = subject.queue(&way.to)?;
    let is_by_content = queue.attribute("ContentBasedDeduplication") == Some("true");
    if way.principal != EVENTS || !is_fifo_name(&queue.name) || is_by_content {
        return None;
    }
    let found = format!(
        "{} has no content-based deduplication and is a target of the rule {}.",
        subject.called(queue),
        subject.called(way.of)
    );
    let instead = "ContentBasedDeduplication: true.".to_owned();
    Some(subject.advice(&FIFO_DEDUPLICATION, queue, None, found, instead))
}

fn fifo_topic(subject: &Subject<'_>, way: &Way<'_>) -> Option<Advice> {
    let is_ordered = way.of.kind == SUBSCRIPTION && is_fifo_name(&way.source);
    if !is_ordered || way.is_of_dead_letters || is_fifo_name(&way.to) {
        return None;
    }
    let found = format!(
        "The standard queue {} subscribes to the FIFO topic {}.",
        subject.called_by_arn(&way.to),
        subject.called_by_arn(&way.source)
    );
    let instead =
        "A FIFO queue, or --allow fifo-topic-standard-queue if this subscriber needs no order.";
    Some(subject.advice(
        &FIFO_TOPIC_STANDARD_QUEUE,
        way.of,
        Some("Endpoint"),
        found,
        instead.to_owned(),
    ))
}

/// The dead letters of a subscription, or of a rule with no other target, that go where the messages went; `ways` are all of
/// it.
fn own_dead_letters(subject: &Subject<'_>, ways: &[Way<'_>], way: &Way<'_>) -> Option<Advice> {
    let mut targets = ways.iter().filter(|other| !other.is_of_dead_letters);
    let is_only_target = targets.next().is_some_and(|first| first.to == way.to)
        && targets.all(|other| other.to == way.to);
    if !way.is_of_dead_letters || !is_only_target {
        return None;
    }
    let name = subject.called_by_arn(&way.to);
    let found = format!(
        "{name} gets {} and its messages too.",
        way.described(subject)
    );
    let instead = "A queue of its own for what could not be delivered.".to_owned();
    Some(subject.advice(
        &OWN_DEAD_LETTERS,
        way.of,
        Some(way.attribute),
        found,
        instead,
    ))
}
