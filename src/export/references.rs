//! How a template names what belongs to the account and region that it will be deployed to.

use std::collections::BTreeMap;

use super::tree::{list, map, text};
use crate::aws::{AccountId, Arn, Region};
use crate::document::Node;

/// A resource of the template, by its logical id.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Target {
    Queue(String),
    Topic(String),
}

/// All that can be referred to.
#[derive(Debug)]
pub(super) struct References {
    pub(super) account: AccountId,
    pub(super) region: Region,
    /// By ARN.
    pub(super) targets: BTreeMap<String, Target>,
}

impl Target {
    pub(super) fn arn(&self) -> Node {
        match self {
            Self::Queue(id) => map([("Fn::GetAtt", list([text(id), text("Arn")]))]),
            // What a topic's Ref is.
            Self::Topic(id) => map([("Ref", text(id))]),
        }
    }

    /// What a queue's Ref is: its URL. A topic's is its ARN.
    pub(super) fn reference(&self) -> Node {
        let (Self::Queue(id) | Self::Topic(id)) = self;
        map([("Ref", text(id))])
    }
}

impl References {
    /// A reference to the resource whose ARN the text is, else the text with pseudo parameters for what is the account's
    /// and region's; nothing where it says nothing of either.
    pub(super) fn to(&self, named: &str) -> Option<Node> {
        match self.targets.get(named) {
            Some(target) => Some(target.arn()),
            None => self.portable(named),
        }
    }

    /// The same without a reference to a resource, where that would lead in a circle.
    pub(super) fn portable(&self, named: &str) -> Option<Node> {
        if named == self.account.to_string() {
            return Some(map([("Ref", text("AWS::AccountId"))]));
        }
        let arn = Arn::parse(named)?;
        let is_own_account = arn.account == self.account.to_string();
        let is_own_region = arn.region == self.region.as_str();
        if arn.partition != self.region.partition() || !(is_own_account || is_own_region) {
            return None;
        }
        let or = |is_own, pseudo: &str, literal: &str| {
            if is_own {
                format!("${{AWS::{pseudo}}}")
            } else {
                escaped(literal)
            }
        };
        let pattern = format!(
            "arn:${{AWS::Partition}}:{}:{}:{}:{}",
            escaped(arn.service),
            or(is_own_region, "Region", arn.region),
            or(is_own_account, "AccountId", arn.account),
            escaped(arn.resource),
        );
        Some(map([("Fn::Sub", text(pattern))]))
    }
}

/// As `Fn::Sub` takes what is no variable.
fn escaped(text: &str) -> String {
    text.replace("${", "${!")
}
