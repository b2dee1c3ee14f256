//! References in a template to resources of the account and region that it will be deployed to.

use std::collections::BTreeMap;

use crate::aws::{AccountId, Arn, Region};
use crate::document::compose::{list, map, text};
use crate::document::{Node, Value};

/// A resource that others in the template can refer to, by its logical id.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Referable {
    /// The ARN is its attribute `Arn`.
    Attribute(String),
    /// The ARN is what `Ref` gives.
    Reference(String),
    /// `Ref` gives its name, and `Arn` more than its ARN: a log group.
    Name(String),
}

/// The resources that can be referred to.
#[derive(Debug)]
pub(super) struct References {
    pub(super) account: AccountId,
    pub(super) region: Region,
    /// By ARN.
    pub(super) referables: BTreeMap<String, Referable>,
}

impl Referable {
    pub(super) fn arn(&self) -> Node {
        match self {
            Self::Attribute(id) => map([("Fn::GetAtt", list([text(id), text("Arn")]))]),
            Self::Reference(id) => map([("Ref", text(id))]),
            Self::Name(id) => {
                let arn = "arn:${AWS::Partition}:logs:${AWS::Region}:${AWS::AccountId}:log-group:";
                map([("Fn::Sub", text(format!("{arn}${{{id}}}")))])
            }
        }
    }

    /// `Ref`, which gives a queue's URL, a topic's ARN and the name of most others.
    pub(super) fn reference(&self) -> Node {
        map([("Ref", text(self.id()))])
    }

    /// Its logical id.
    pub(super) fn id(&self) -> &str {
        let (Self::Attribute(id) | Self::Reference(id) | Self::Name(id)) = self;
        id
    }
}

impl References {
    /// A reference to the resource whose ARN the text is, or else the text with pseudo parameters for the account and
    /// region; `None` if it contains neither.
    pub(super) fn to(&self, named: &str) -> Option<Value> {
        match self.referables.get(named) {
            Some(referable) => Some(referable.arn().value),
            None => self.portable(named),
        }
    }

    /// The same without a reference to a resource, where that would be a circular dependency.
    pub(super) fn portable(&self, named: &str) -> Option<Value> {
        if named == self.account.to_string() {
            return Some(map([("Ref", text("AWS::AccountId"))]).value);
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
        Some(map([("Fn::Sub", text(pattern))]).value)
    }
}

/// A text escaped so that `Fn::Sub` finds no variable in it.
fn escaped(text: &str) -> String {
    text.replace("${", "${!")
}
