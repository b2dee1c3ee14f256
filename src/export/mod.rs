//! What a running topiq holds, as a file from which it can be made again: by topiq, and by AWS.
//!
//! In reading order: [`Held`] is what there is; `tree` makes values of attributes; `cloudformation` and `short` are the
//! two formats, `logical_ids` and `references` what a template needs; `yaml` and `json` write them.
//!
//! What always holds: the order is that of names, so that equal states are equal texts; only what is not as AWS makes it
//! anyway is written; and credentials are not.

mod cloudformation;
mod logical_ids;
mod references;
mod short;
mod tree;

use crate::aws::{AccountId, Region};
use crate::document::writer::{json, yaml};
use crate::services::sns::inspect::DescribedTopic;
use crate::services::sqs::inspect::DescribedQueue;

/// What an account has in a region.
#[derive(Clone, Debug)]
pub struct Held {
    /// The account.
    pub account: AccountId,
    /// The region.
    pub region: Region,
    /// Its queues, by name.
    pub queues: Vec<DescribedQueue>,
    /// Its topics, by name.
    pub topics: Vec<DescribedTopic>,
}

/// Who can tell what there is.
pub trait Inventory {
    /// What an account has in a region.
    fn held(&self, account: AccountId, region: Region) -> Held;
}

/// What is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// A CloudFormation template.
    CloudFormation,
    /// topiq's own short format.
    Topiq,
}

/// How it is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Output {
    /// For people.
    Yaml,
    /// For programs.
    Json,
}

impl Format {
    /// The format of this name.
    pub fn parse(name: &str) -> Option<Self> {
        match name {
            "cloudformation" => Some(Self::CloudFormation),
            "topiq" => Some(Self::Topiq),
            _ => None,
        }
    }
}

impl Output {
    /// The output of this name.
    pub fn parse(name: &str) -> Option<Self> {
        match name {
            "yaml" => Some(Self::Yaml),
            "json" => Some(Self::Json),
            _ => None,
        }
    }
}

/// All of it as a file's text.
pub fn export(held: &Held, format: Format, output: Output) -> String {
    let tree = match format {
        Format::CloudFormation => cloudformation::template(held),
        Format::Topiq => short::file(held),
    };
    match (output, format) {
        (Output::Json, _) => json::write(&tree),
        (Output::Yaml, Format::CloudFormation) => yaml::write(&tree, yaml::Tags::Short),
        (Output::Yaml, Format::Topiq) => yaml::write(&tree, yaml::Tags::None),
    }
}

/// The URL without credentials in it, where it has some.
fn without_credentials(url: &str) -> Option<String> {
    let (scheme, rest) = url.split_once("://")?;
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let (_, host) = rest[..end].rsplit_once('@')?;
    Some(format!("{scheme}://{host}{}", &rest[end..]))
}

#[cfg(test)]
mod tests;
