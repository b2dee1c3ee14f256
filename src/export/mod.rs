//! The resources of a running topiq, as a file from which topiq, or AWS, can recreate them.
//!
//! In reading order: [`Held`] is the exported state; `values` converts attributes' values; `cloudformation` and `short`
//! are the two formats, `logical_ids` and `references` serve templates, `secrets` puts parameters in place of secrets.
//!
//! What always holds: resources are in the order of their names, so that equal states give equal texts; only values
//! that differ from AWS's defaults are written; credentials never are.

mod cloudformation;
mod held;
mod logical_ids;
mod references;
mod secrets;
pub mod short;
mod values;

use crate::document::writer::{json, yaml};

pub use held::Held;

/// The format.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// A CloudFormation template.
    CloudFormation,
    /// topiq's own short format.
    Topiq,
}

/// The layout.
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

/// The text of the file.
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

/// The URL without its credentials, if it has any.
fn without_credentials(url: &str) -> Option<String> {
    let (scheme, rest) = url.split_once("://")?;
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let (_, host) = rest[..end].rsplit_once('@')?;
    Some(format!("{scheme}://{host}{}", &rest[end..]))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::aws::{AccountId, Region};
    use crate::services::resource::Resource;

    #[test]
    fn resources_that_a_template_cannot_make_are_noted() {
        let held = Held {
            account: AccountId::DEFAULT,
            region: Region::default(),
            resources: vec![Resource {
                kind: "AWS::Kinesis::StreamConsumer",
                name: "c".to_owned(),
                arn: "arn:aws:kinesis:us-east-1:000000000000:stream/s".to_owned(),
                attributes: Vec::new(),
                properties: Vec::new(),
                tags: std::collections::BTreeMap::new(),
            }],
        };
        let written = export(&held, Format::CloudFormation, Output::Yaml);
        assert!(written.contains("NotExported:\n    - "), "{written}");
        assert!(
            written.contains("AWS::Kinesis::StreamConsumer c"),
            "{written}"
        );
    }

    #[test]
    fn credentials_are_taken_out_of_urls() {
        let without = |url: &str| without_credentials(url);
        assert_eq!(
            without("http://a:b@c/d?e@f").as_deref(),
            Some("http://c/d?e@f")
        );
        assert_eq!(without("https://a@c").as_deref(), Some("https://c"));
        for plain in ["http://c/a@b", "https://c?a@b", "a@b.c", "arn:aws:sqs:::q"] {
            assert_eq!(without(plain), None, "{plain}");
        }
    }
}
