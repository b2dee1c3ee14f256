//! The resources of services, in one shape for all, so that exports need not know each service.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use crate::aws::{AccountId, Region};

/// Members of rules' targets, and properties, that are data: what they say refers to no resource.
pub const DATA: [&str; 5] = [
    "Content",
    "EventPattern",
    "Input",
    "InputPath",
    "InputTransformer",
];

/// A holder of resources.
pub trait Inventory {
    /// The accounts and regions that hold resources.
    fn namespaces(&self) -> BTreeSet<(AccountId, Region)>;

    /// The resources of an account in a region, each kind ordered by name.
    fn held(&self, account: AccountId, region: Region) -> Vec<Resource>;
}

/// A resource as its owner configured it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Resource {
    /// CloudFormation's type of it, such as `AWS::SQS::Queue`.
    pub kind: &'static str,
    /// Its name. A subscription's is the id at the end of its ARN.
    pub name: String,
    /// Its ARN.
    pub arn: String,
    /// What differs from a new resource of its kind, by name: attributes as AWS's API has them, which are texts, and
    /// properties such as a subscription's `TopicArn`.
    pub attributes: Vec<(&'static str, String)>,
    /// The same of kinds whose properties are of several types: CloudFormation's properties, each as JSON.
    pub properties: Vec<(&'static str, String)>,
    /// Its tags.
    pub tags: BTreeMap<String, String>,
}

impl Resource {
    /// The value of an attribute that differs from a new resource's.
    pub fn attribute(&self, name: &str) -> Option<&str> {
        let mut attributes = self.attributes.iter();
        let (_, value) = attributes.find(|(known, _)| *known == name)?;
        Some(value)
    }

    /// Whether it has this property.
    pub fn has_property(&self, name: &str) -> bool {
        self.properties.iter().any(|(known, _)| *known == name)
    }

    /// The value of a property that is a text.
    pub fn text(&self, name: &str) -> Option<String> {
        let mut properties = self.properties.iter();
        let (_, json) = properties.find(|(known, _)| *known == name)?;
        serde_json::from_str(json).ok()
    }
}

/// Those of these properties that are there, for [`Resource::properties`].
pub(crate) fn present<const N: usize>(
    properties: [(&'static str, Option<String>); N],
) -> Vec<(&'static str, String)> {
    let properties = properties.into_iter();
    properties
        .filter_map(|(name, json)| Some((name, json?)))
        .collect()
}

/// A property's value as JSON.
pub(crate) fn json<T: Serialize + ?Sized>(value: &T) -> String {
    serde_json::to_string(value)
        .expect("a property is made of texts, numbers, lists and structures")
}
