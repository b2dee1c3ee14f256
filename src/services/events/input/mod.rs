//! What a target gets of an event: all of it, a constant, a part, or a template filled in.
//!
//! In reading order: [`TargetInput`] is what `Input`, `InputPath` and `InputTransformer` come to, `template.rs` what an
//! `InputTemplate` says and how it is filled in, `path.rs` the JSON paths, `values.rs` the values of an event, as the texts
//! that they are: numbers keep their spelling, and strings their escapes. `refused.rs` has AWS's sentences.
//!
//! Pure: no clock, no lock. Nothing recurses, whatever it is given, and every text is gone through once for each path.

mod path;
mod refused;
mod template;
#[cfg(test)]
mod tests;
mod values;

use std::borrow::Cow;

use serde_json::Value;

use self::path::Path;
use self::template::Template;
use self::values::Values;
use crate::aws::Arn;

pub use refused::{InputFailed, InputRefused};

/// What a target's `Input`, `InputPath` and `InputTransformer` say, checked.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TargetInput(Kind);

#[derive(Clone, Debug, Default, PartialEq)]
enum Kind {
    #[default]
    Event,
    Constant(Box<str>),
    Path(Path),
    Template(Template),
}

/// The member `InputTransformer`.
#[derive(Clone, Debug)]
pub struct InputTransformer<'a> {
    /// `InputPathsMap`: names and their paths.
    pub paths: Vec<(&'a str, &'a str)>,
    /// `InputTemplate`.
    pub template: &'a str,
}

/// What a template can say besides the event's values.
#[derive(Clone, Copy, Debug)]
pub struct Context<'a> {
    /// The ARN of the rule.
    pub rule_arn: &'a str,
    /// The name of the rule.
    pub rule_name: &'a str,
    /// When the event was received, as envelopes write it: `2024-05-06T07:08:09Z`.
    pub ingestion_time: &'a str,
}

impl TargetInput {
    /// Checks what a target is given: at most one of the three. Paths are not checked, as AWS does not.
    pub fn parse(
        id: &str,
        arn: &str,
        input: Option<&str>,
        path: Option<&str>,
        transformer: Option<&InputTransformer<'_>>,
    ) -> Result<Self, InputRefused> {
        Ok(Self(match (input, path, transformer) {
            (None, None, None) => Kind::Event,
            (Some(input), None, None) => {
                InputRefused::unless_json(id, input, input)?;
                Kind::Constant(input.into())
            }
            (None, Some(path), None) => Kind::Path(Path::parse(path)),
            (None, None, Some(transformer)) => {
                let template = Template::parse(id, transformer)?;
                let is_log = Arn::parse(arn).is_some_and(|arn| arn.service == "logs");
                if is_log && !template.is_log_event() {
                    return Err(InputRefused::NotALogEvent { id: id.to_owned() });
                }
                Kind::Template(template)
            }
            _ => return Err(InputRefused::MoreThanOne { id: id.to_owned() }),
        }))
    }

    /// What the target gets of `event`, an envelope without blanks between its tokens.
    pub fn render<'t>(
        &'t self,
        event: &'t str,
        context: &Context<'_>,
    ) -> Result<Cow<'t, str>, InputFailed> {
        match &self.0 {
            Kind::Event => Ok(Cow::Borrowed(event)),
            Kind::Constant(text) => Ok(Cow::Borrowed(text)),
            // What AWS does with a path that finds nothing is not recorded.
            Kind::Path(path) => Values::of(event).find(path).ok_or(InputFailed::InvalidJson),
            Kind::Template(template) => template.fill(event, context).map(Cow::Owned),
        }
    }
}

/// The text that a path finds in an event: a string's own, and other values as JSON.
pub(super) fn text_at<'e>(event: &'e str, path: &str) -> Option<Cow<'e, str>> {
    text_of(&Values::of(event), path)
}

/// Puts what it finds in an event in the place of each text that is a JSON path, and nothing where that is nothing.
pub(super) fn resolve_paths(parameters: &mut Value, event: &str) {
    let values = Values::of(event);
    let mut rest = vec![parameters];
    while let Some(value) = rest.pop() {
        match value {
            Value::String(text) if text == "$" || text.starts_with("$.") => {
                *text = text_of(&values, text).unwrap_or_default().into_owned();
            }
            Value::Array(list) => rest.extend(list),
            Value::Object(members) => rest.extend(members.values_mut()),
            _ => {}
        }
    }
}

fn text_of<'e>(event: &Values<'e>, path: &str) -> Option<Cow<'e, str>> {
    Some(match event.find(&Path::parse(path))? {
        Cow::Borrowed(value) => values::string(value).unwrap_or(Cow::Borrowed(value)),
        Cow::Owned(list) => Cow::Owned(list),
    })
}
