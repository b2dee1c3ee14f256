//! An `InputTemplate`: read with its placeholders, and filled in with the values of an event.

use std::borrow::Cow;

use serde_json::value::RawValue;

use super::path::Path;
use super::values::{Values, string};
use super::{Context, InputFailed, InputRefused, InputTransformer};

/// How long a filled template may be, in bytes: more than any target takes. A placeholder of three characters can stand for
/// an event of a mebibyte, as often as it has room.
const MAX_FILLED: usize = 16 * 1024 * 1024;

/// A template that has been checked.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Template {
    form: Form,
    parts: Box<[Part]>,
    /// Each once, however often it stands in the template.
    sources: Box<[Source]>,
    is_log_event: bool,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Form {
    /// What is filled in must be JSON.
    Json,
    /// Texts in quotes, often several lines of them.
    Text,
}

#[derive(Clone, Debug, PartialEq)]
enum Part {
    Text(Box<str>),
    /// A placeholder of one of the sources.
    Value {
        source: usize,
        is_quoted: bool,
    },
}

/// Where a value comes from.
#[derive(Clone, Debug, PartialEq)]
enum Source {
    Path(Path),
    RuleArn,
    RuleName,
    IngestionTime,
    /// The event without its detail.
    Event,
    EventJson,
}

impl Source {
    fn named(name: &str, transformer: &InputTransformer<'_>) -> Option<Self> {
        Some(match name {
            "aws.events.rule-arn" => Self::RuleArn,
            "aws.events.rule-name" => Self::RuleName,
            "aws.events.event.ingestion-time" => Self::IngestionTime,
            "aws.events.event" => Self::Event,
            "aws.events.event.json" => Self::EventJson,
            _ => {
                let mut paths = transformer.paths.iter();
                let (_, path) = paths.find(|(mapped, _)| *mapped == name)?;
                Self::Path(Path::parse(path))
            }
        })
    }
}

impl Template {
    pub(super) fn parse(
        id: &str,
        transformer: &InputTransformer<'_>,
    ) -> Result<Self, InputRefused> {
        let template = transformer.template;
        let form = if template.trim_start().starts_with('"') {
            Form::Text
        } else {
            Form::Json
        };
        let (mut parts, mut sources, mut names) = (Vec::new(), Vec::new(), Vec::new());
        // The template with values, each as long as its placeholder: what must be JSON, at the same positions.
        let mut sample = String::with_capacity(template.len());
        let mut done = 0;
        for placeholder in placeholders(template) {
            let Placeholder {
                name,
                at,
                is_quoted,
            } = placeholder;
            let source = if let Some(known) = names.iter().position(|known| *known == name) {
                known
            } else {
                let source = Source::named(name, transformer);
                sources.push(source.ok_or_else(|| InputRefused::Placeholder {
                    id: id.to_owned(),
                    name: name.to_owned(),
                })?);
                names.push(name);
                names.len() - 1
            };
            let text = &template[done..at];
            done = at + name.len() + 2;
            sample.push_str(text);
            if is_quoted {
                sample.push_str(&template[at..done]);
            } else {
                // Not next to another value, nor as a name.
                sample.push_str(" 0");
                sample.extend(std::iter::repeat_n(' ', name.len()));
            }
            if !text.is_empty() {
                parts.push(Part::Text(text.into()));
            }
            parts.push(Part::Value { source, is_quoted });
        }
        let text = &template[done..];
        sample.push_str(text);
        parts.push(Part::Text(text.into()));
        if form == Form::Json {
            InputRefused::unless_json(id, &sample, template)?;
        }
        Ok(Self {
            form,
            parts: parts.into(),
            sources: sources.into(),
            is_log_event: form == Form::Json && is_log_event(&sample),
        })
    }

    /// Whether it is `{"timestamp":<t>,"message":<m>}`, which a log group takes.
    pub(super) fn is_log_event(&self) -> bool {
        self.is_log_event
    }

    /// The template with the values of an event.
    pub(super) fn fill(&self, event: &str, context: &Context<'_>) -> Result<String, InputFailed> {
        let values = self.values(event, context);
        let mut filled = String::new();
        for part in &self.parts {
            match part {
                Part::Text(text) => push(&mut filled, text)?,
                Part::Value { source, is_quoted } => {
                    let value = values[*source].as_deref();
                    self.insert(&mut filled, value, *is_quoted)?;
                }
            }
        }
        let is_good = self.form == Form::Text || serde_json::from_str::<&RawValue>(&filled).is_ok();
        is_good.then_some(filled).ok_or(InputFailed::InvalidJson)
    }

    /// The values of the sources, as JSON.
    fn values<'t>(&self, event: &'t str, context: &Context<'_>) -> Vec<Option<Cow<'t, str>>> {
        let looks = |source: &Source| matches!(source, Source::Path(_) | Source::Event);
        let known = if self.sources.iter().any(looks) {
            event
        } else {
            ""
        };
        let known = Values::of(known);
        let value = |source: &Source| match source {
            Source::Path(path) => known.find(path),
            Source::RuleArn => Some(Cow::Owned(quoted(context.rule_arn))),
            Source::RuleName => Some(Cow::Owned(quoted(context.rule_name))),
            Source::IngestionTime => Some(Cow::Owned(quoted(context.ingestion_time))),
            Source::Event => Some(Cow::Owned(without_detail(&known, context))),
            Source::EventJson => Some(Cow::Borrowed(event)),
        };
        self.sources.iter().map(value).collect()
    }

    /// Values stand in quotes as they are, without escapes: where that breaks the document, AWS does not deliver it.
    fn insert(
        &self,
        filled: &mut String,
        value: Option<&str>,
        is_quoted: bool,
    ) -> Result<(), InputFailed> {
        let bare = self.form == Form::Json && !is_quoted;
        let Some(value) = value else {
            return if bare { push(filled, "\"\"") } else { Ok(()) };
        };
        if bare {
            return push(filled, value);
        }
        if let Some(text) = string(value) {
            return push(filled, &text);
        }
        match self.form {
            Form::Json => push(filled, value),
            // Objects and arrays lose the quotes in them: `{sku:p-1,site:north}`.
            Form::Text => value.split('"').try_for_each(|text| push(filled, text)),
        }
    }
}

fn push(filled: &mut String, text: &str) -> Result<(), InputFailed> {
    if text.len() > MAX_FILLED - filled.len() {
        return Err(InputFailed::TooLarge);
    }
    filled.push_str(text);
    Ok(())
}

fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

/// The event without its detail: `aws.events.event`, whose time is that of receipt, in the recorded order.
fn without_detail(event: &Values<'_>, context: &Context<'_>) -> String {
    let time = quoted(context.ingestion_time);
    let members = [
        ("id", event.member("id")),
        ("account", event.member("account")),
        ("detailType", event.member("detail-type")),
        ("time", Some(&*time)),
        ("source", event.member("source")),
        ("region", event.member("region")),
        ("resources", event.member("resources")),
        ("version", event.member("version")),
    ];
    let members = members
        .into_iter()
        .filter_map(|(name, value)| Some(format!("\"{name}\":{}", value?)));
    format!("{{{}}}", members.collect::<Vec<_>>().join(","))
}

fn is_log_event(json: &str) -> bool {
    let mut names = Values::of(json).names();
    names.sort_unstable();
    names == ["message", "timestamp"]
}

/// A name in angle brackets.
struct Placeholder<'t> {
    name: &'t str,
    /// The byte of its opening bracket.
    at: usize,
    /// Whether it stands between quotes, of a template that is JSON.
    is_quoted: bool,
}

/// The placeholders of a template. Brackets around nothing, blanks or quotes are none: `a < b`.
fn placeholders(template: &str) -> Vec<Placeholder<'_>> {
    let bytes = template.as_bytes();
    let (mut found, mut is_quoted, mut at) = (Vec::new(), false, 0);
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'"' => is_quoted = !is_quoted,
            b'\\' if matches!(bytes.get(at + 1), Some(b'"' | b'\\')) => at += 1,
            b'<' => {
                if let Some(name) = name(&template[at + 1..]) {
                    found.push(Placeholder {
                        name,
                        at,
                        is_quoted,
                    });
                    at += name.len() + 1;
                }
            }
            _ => {}
        }
        at += 1;
    }
    found
}

/// The name that ends with the next closing bracket.
fn name(text: &str) -> Option<&str> {
    let is_other = |c: char| matches!(c, '<' | '>' | '"') || c.is_whitespace();
    let end = text.find(is_other)?;
    (end > 0 && text[end..].starts_with('>')).then(|| &text[..end])
}
