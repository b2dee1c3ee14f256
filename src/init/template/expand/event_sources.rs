//! Events of functions and state machines: subscriptions to topics, rules of event buses, and dead-letter queues.

use super::super::error::{Fault, Faults};
use super::serverless::{Allowed, At, Generated, Owner, text};
use crate::document::{Node, Value};

/// Properties of an SNS event that are its subscription's.
const SUBSCRIPTION: [&str; 4] = [
    "FilterPolicy",
    "FilterPolicyScope",
    "Region",
    "RedrivePolicy",
];

/// Properties of events that are their rules'.
const RULE: [(&str, &str); 7] = [
    ("Name", "Name"),
    ("RuleName", "Name"),
    ("Description", "Description"),
    ("EventBusName", "EventBusName"),
    ("Pattern", "EventPattern"),
    ("Schedule", "ScheduleExpression"),
    ("State", "State"),
];

/// Properties of events that are their rules' targets'.
const TARGET: [&str; 4] = ["Input", "InputPath", "InputTransformer", "RetryPolicy"];

pub(super) fn expand(owner: &Owner<'_>, generated: &mut Generated, faults: &mut Faults) {
    let events = owner.property("Events").map(Node::entries);
    for (key, node) in events.unwrap_or_default() {
        let event = Event {
            owner,
            id: format!("{}{}", owner.id, key.text),
            line: key.line,
            node,
        };
        let made = match node.get("Type").and_then(text) {
            Some("SNS") => event.subscription(generated),
            Some("Schedule" | "EventBridgeRule" | "CloudWatchEvent") => {
                event.rule(generated);
                Ok(())
            }
            // A schedule sends its dead letters by its role: the queue needs no policy.
            Some("ScheduleV2") => {
                event.dead_letters(generated, false);
                Ok(())
            }
            _ => Ok(()),
        };
        let place = |fault: Fault| {
            let fault = fault.within(&key.text).within("Events");
            fault.of(&format!("resource {}", owner.id))
        };
        faults.keep(made.map_err(place));
    }
}

struct Event<'n> {
    owner: &'n Owner<'n>,
    /// The logical id of what it generates, or its beginning.
    id: String,
    line: usize,
    node: &'n Node,
}

impl Event<'_> {
    fn property(&self, name: &str) -> Option<&Node> {
        self.node.get("Properties")?.get(name)
    }

    fn resource(
        &self,
        generated: &mut Generated,
        id: String,
        type_name: &str,
        properties: Vec<(&str, Node)>,
    ) {
        let condition = self.owner.condition();
        generated.resource(id, self.line, type_name, condition, properties);
    }

    /// A topic's subscription: to the function, or to a queue that the function reads.
    fn subscription(&self, generated: &mut Generated) -> Result<(), Fault> {
        let at = At(self.line);
        let Some(topic) = self.property("Topic") else {
            return Err(Fault::new(self.line, "the property Topic is missing"));
        };
        let queue = self.queue(topic, generated)?;
        let (protocol, endpoint) = match queue {
            Some(arn) => ("sqs", arn),
            None => ("lambda", self.function()),
        };
        let mut properties = vec![
            ("Endpoint", endpoint),
            ("Protocol", at.text(protocol)),
            ("TopicArn", topic.clone()),
        ];
        for name in SUBSCRIPTION {
            properties.extend(self.property(name).map(|node| (name, node.clone())));
        }
        self.resource(
            generated,
            self.id.clone(),
            "AWS::SNS::Subscription",
            properties,
        );
        Ok(())
    }

    /// The function's ARN, with the alias that SAM publishes if it publishes one.
    fn function(&self) -> Node {
        let at = At(self.line);
        let arn = at.arn(self.owner.id);
        match self.owner.property("AutoPublishAlias") {
            None => arn,
            Some(alias) => {
                let parts = at.list(vec![arn, alias.clone()]);
                at.map(vec![("Fn::Join", at.list(vec![at.text(":"), parts]))])
            }
        }
    }

    /// The ARN of the queue between topic and function: `SqsSubscription` is `true`, or names a queue. Its policy lets the
    /// topic send.
    fn queue(&self, topic: &Node, generated: &mut Generated) -> Result<Option<Node>, Fault> {
        let at = At(self.line);
        let Some(asked) = self.property("SqsSubscription") else {
            return Ok(None);
        };
        let (arn, url) = match &asked.value {
            Value::Bool(false) => return Ok(None),
            Value::Map(_) => {
                let property = |name: &str| {
                    asked.get(name).cloned().ok_or_else(|| {
                        let message = format!("the property {name} is missing");
                        Fault::new(asked.line, message).within("SqsSubscription")
                    })
                };
                (property("QueueArn")?, property("QueueUrl")?)
            }
            Value::Bool(true) => {
                let id = format!("{}Queue", self.id);
                let (arn, url) = (at.arn(&id), at.reference(&id));
                self.resource(generated, id, "AWS::SQS::Queue", Vec::new());
                (arn, url)
            }
            other => {
                let message = format!("this takes true, false or a mapping, not {}", other.kind());
                return Err(Fault::new(asked.line, message).within("SqsSubscription"));
            }
        };
        let id = asked.get("QueuePolicyLogicalId").and_then(text);
        let id = id.map_or_else(|| format!("{}QueuePolicy", self.id), str::to_owned);
        let allowed = Allowed {
            action: "sqs:SendMessage",
            principal: at.text("*"),
            resource: arn.clone(),
            source: topic.clone(),
        };
        self.queue_policy(generated, id, url, allowed);
        Ok(Some(arn))
    }

    fn queue_policy(&self, generated: &mut Generated, id: String, url: Node, allowed: Allowed) {
        let at = At(self.line);
        let properties = vec![
            ("Queues", at.list(vec![url])),
            ("PolicyDocument", at.policy(allowed)),
        ];
        self.resource(generated, id, "AWS::SQS::QueuePolicy", properties);
    }

    /// The rule that calls the function or starts the state machine.
    fn rule(&self, generated: &mut Generated) {
        let at = At(self.line);
        let is_function = self.owner.type_name() == Some("AWS::Serverless::Function");
        let (end, arn) = if is_function {
            ("LambdaTarget", self.function())
        } else {
            ("StepFunctionsTarget", at.arn(self.owner.id))
        };
        let id = self.property("Target").and_then(|target| target.get("Id"));
        let id = id.cloned();
        let id = id.unwrap_or_else(|| at.text(&format!("{}{end}", self.id)));
        let mut target = vec![("Id", id), ("Arn", arn)];
        if !is_function {
            target.push(("RoleArn", at.arn(&format!("{}Role", self.id))));
        }
        for name in TARGET {
            target.extend(self.property(name).map(|node| (name, node.clone())));
        }
        let dead_letters = self.dead_letters(generated, true);
        target.extend(dead_letters.map(|arn| ("DeadLetterConfig", at.map(vec![("Arn", arn)]))));
        let mut properties = Vec::new();
        for (name, of_rule) in RULE {
            properties.extend(self.property(name).map(|node| (of_rule, node.clone())));
        }
        if let Some(enabled) = self.property("Enabled") {
            let is_off = enabled.value.scalar().as_deref() == Some("false");
            let state = if is_off { "DISABLED" } else { "ENABLED" };
            properties.push(("State", at.text(state)));
        }
        properties.push(("Targets", at.list(vec![at.map(target)])));
        self.resource(generated, self.id.clone(), "AWS::Events::Rule", properties);
    }

    /// The ARN of the dead-letter queue: the one that is given, or the one that `DeadLetterConfig: {Type: SQS}` asks for.
    /// `is_for_rule` says whether it is a rule that sends to it, which the queue's policy must allow.
    fn dead_letters(&self, generated: &mut Generated, is_for_rule: bool) -> Option<Node> {
        let at = At(self.line);
        let config = self.property("DeadLetterConfig")?;
        if let Some(arn) = config.get("Arn") {
            return Some(arn.clone());
        }
        if config.get("Type").and_then(text) != Some("SQS") {
            return None;
        }
        let id = config.get("QueueLogicalId").and_then(text);
        let id = id.map_or_else(|| format!("{}Queue", self.id), str::to_owned);
        let (arn, url) = (at.arn(&id), at.reference(&id));
        self.resource(generated, id.clone(), "AWS::SQS::Queue", Vec::new());
        if is_for_rule {
            let allowed = Allowed {
                action: "sqs:SendMessage",
                principal: at.service("events.amazonaws.com"),
                resource: arn.clone(),
                source: at.arn(&self.id),
            };
            self.queue_policy(generated, format!("{id}Policy"), url, allowed);
        }
        Some(arn)
    }
}
