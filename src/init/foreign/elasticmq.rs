//! ElasticMQ's configuration: its section `queues`. Addresses, logging and storage are no resources, and passed over.

use super::{Content, Short, fail, hocon, key, map, scalar, text};
use crate::aws::is_fifo_name;
use crate::document::{Key, Node, SyntaxError, Value};
use crate::names::{did_you_mean, slip_of};

/// The settings of a queue.
const SETTINGS: [&str; 9] = [
    "defaultVisibilityTimeout",
    "delay",
    "receiveMessageWait",
    "deadLettersQueue",
    "fifo",
    "contentBasedDeduplication",
    "copyTo",
    "moveTo",
    "tags",
];

pub(super) fn short(read: &hocon::Read) -> Result<Content, SyntaxError> {
    let root = &read.root;
    let mut short = Short::default();
    let mut warnings = Vec::new();
    if let Some((aws, _)) = root.entries().iter().find(|(key, _)| key.text == "aws") {
        let sentence = "aws is not read: the account and the region are --account and --region";
        warnings.push((aws.line, sentence.to_owned()));
    }
    let section = root.get("queues");
    if section.is_none() {
        let names = root.entries().iter().map(|(key, _)| &*key.text);
        let meant = slip_of("queues", names).map(|slip| format!("; is {slip} meant to be it?"));
        let sentence = "this is taken for a configuration of ElasticMQ, and there is no queues in it: nothing is made of it";
        warnings.push((root.line, sentence.to_owned() + &meant.unwrap_or_default()));
    }
    if let Some(why) = section.and_then(|section| read.left_out_of(section)) {
        return Err(why.clone());
    }
    let queues = section.map_or(Ok(&[][..]), |section| mapping("queues", section))?;
    for (name, settings) in queues {
        let is_fifo = match settings.get("fifo") {
            None => false,
            Some(node) => boolean("fifo", node)?,
        };
        let name_text = fifo_name(&name.text, is_fifo);
        let queue = queue(name, settings, &mut warnings)?;
        short.queues.push((key(name.line, name_text), queue));
    }
    Ok(Content {
        root: short.into_root(),
        warnings,
    })
}

/// HOCON's booleans, which may be quoted.
fn boolean(name: &str, node: &Node) -> Result<bool, SyntaxError> {
    match &node.value {
        Value::Bool(is_on) => Ok(*is_on),
        Value::Text(text) if matches!(&**text, "true" | "yes" | "on") => Ok(true),
        Value::Text(text) if matches!(&**text, "false" | "no" | "off") => Ok(false),
        _ => Err(fail(node.line, format!("{name} is true or false"))),
    }
}

/// A FIFO queue's name has the suffix, whether it is written or not.
fn fifo_name(name: &str, is_fifo: bool) -> String {
    let suffix = if is_fifo && !is_fifo_name(name) {
        ".fifo"
    } else {
        ""
    };
    format!("{name}{suffix}")
}

fn queue(
    name: &Key,
    settings: &Node,
    warnings: &mut Vec<(usize, String)>,
) -> Result<Node, SyntaxError> {
    let mut attributes = Vec::new();
    for (setting, node) in mapping(&name.text, settings)? {
        let line = setting.line;
        let mut attribute = |name: &str, node| attributes.push((key(line, name), node));
        let seconds = || seconds(setting, node).map(|count| number(line, count));
        match setting.text.as_str() {
            "defaultVisibilityTimeout" => attribute("VisibilityTimeout", seconds()?),
            "delay" => attribute("DelaySeconds", seconds()?),
            "receiveMessageWait" => attribute("ReceiveMessageWaitTimeSeconds", seconds()?),
            "contentBasedDeduplication" => {
                // It says so of queues that are not FIFO, too.
                if boolean(&setting.text, node)? {
                    let is_on = Node {
                        line,
                        value: Value::Bool(true),
                    };
                    attribute("ContentBasedDeduplication", is_on);
                }
            }
            "deadLettersQueue" => {
                attribute("RedrivePolicy", redrive_policy(setting, node)?);
            }
            "tags" => attribute("tags", node.clone()),
            // It is in the name.
            "fifo" => {}
            "copyTo" | "moveTo" => {
                let sentence = format!(
                    "{}.{} is not available, and left out: a topic can have several queues",
                    name.text, setting.text
                );
                warnings.push((line, sentence));
            }
            other => {
                let meant = did_you_mean(other, SETTINGS);
                let message = format!("{}: there is no setting {other}{meant}", name.text);
                return Err(fail(line, message));
            }
        }
    }
    Ok(map(settings.line, attributes))
}

fn redrive_policy(setting: &Key, node: &Node) -> Result<Node, SyntaxError> {
    let line = setting.line;
    let mut policy = Vec::new();
    for (part, node) in mapping(&setting.text, node)? {
        match part.text.as_str() {
            "name" => {
                let target = text(part.line, scalar(part, node)?);
                policy.push((key(part.line, "deadLetterTargetArn"), target));
            }
            "maxReceiveCount" => policy.push((part.clone(), node.clone())),
            other => {
                let message =
                    format!("deadLettersQueue has a name and maxReceiveCount, not {other}");
                return Err(fail(part.line, message));
            }
        }
    }
    Ok(map(line, policy))
}

fn mapping<'n>(name: &str, node: &'n Node) -> Result<&'n [(Key, Node)], SyntaxError> {
    match &node.value {
        Value::Map(entries) => Ok(entries),
        other => Err(fail(
            node.line,
            format!("{name} takes an object, not {}", other.kind()),
        )),
    }
}

fn number(line: usize, number: u64) -> Node {
    Node {
        line,
        value: Value::Number(number.to_string()),
    }
}

/// A duration in whole seconds: `10 seconds`, `5s`. Without a unit it counts milliseconds, as everywhere in HOCON.
fn seconds(setting: &Key, node: &Node) -> Result<u64, SyntaxError> {
    let written = scalar(setting, node)?;
    let digits = written
        .find(|c: char| !c.is_ascii_digit())
        .unwrap_or(written.len());
    let (count, unit) = written.split_at(digits);
    let millis: Option<u64> = match unit.trim() {
        "ns" | "nano" | "nanos" | "nanosecond" | "nanoseconds" | "us" | "micro" | "micros"
        | "microsecond" | "microseconds" => Some(0),
        "" | "ms" | "milli" | "millis" | "millisecond" | "milliseconds" => Some(1),
        "s" | "second" | "seconds" => Some(1000),
        "m" | "minute" | "minutes" => Some(60_000),
        "h" | "hour" | "hours" => Some(3_600_000),
        "d" | "day" | "days" => Some(86_400_000),
        _ => None,
    };
    let count: Option<u64> = count.parse().ok();
    let millis = millis
        .zip(count)
        .and_then(|(unit, count)| unit.checked_mul(count));
    millis.map(|millis| millis / 1000).ok_or_else(|| {
        let message = format!(
            "{} takes a duration such as 10 seconds, not {written}",
            setting.text
        );
        fail(node.line, message)
    })
}
