//! What is legal and wrong in a set of resources: advice, for files before anything runs and for what a server holds.
//!
//! In reading order: [`Advice`] is a finding, [`Rule`] what it is an instance of, `rules` finds them in a [`Subject`];
//! [`files`] makes the resources of files in this process, without a socket, and knows their `places`; `report` is what
//! people and programs read.
//!
//! Only what is certain from what is written is told: a false alarm costs more than a finding that is missed.

mod files;
mod places;
mod report;
mod rules;
mod subject;

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

pub use files::of_files;
pub use report::Report;
pub use rules::RULES;
pub(crate) use subject::Subject;

/// Something that is legal and wrong.
#[derive(Debug, PartialEq, Eq)]
pub struct Rule {
    /// Its name, which does not change.
    pub name: &'static str,
    /// What it does to the messages.
    pub effect: &'static str,
}

/// An instance of a rule.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Advice {
    /// The rule's name.
    pub rule: Cow<'static, str>,
    /// CloudFormation's type of the resource.
    pub r#type: Cow<'static, str>,
    /// Its name: of a file's resource the one in the file.
    pub name: String,
    /// Its ARN.
    pub arn: String,
    /// The file that it is from, as the user named it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub file: Option<String>,
    /// The line of the file, from 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub line: Option<usize>,
    /// What was found.
    pub found: String,
    /// What it does to the messages.
    pub effect: Cow<'static, str>,
    /// How to say what was meant.
    pub instead: String,
}

/// All advice on a subject, in the order of files and lines.
pub(crate) fn advice(subject: &Subject<'_>) -> Vec<Advice> {
    let mut advice = rules::apply(subject);
    advice.sort_by(|one, other| (&one.file, one.line).cmp(&(&other.file, other.line)));
    advice
}
