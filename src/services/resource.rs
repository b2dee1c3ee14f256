//! The resources of services, in one shape for all, so that exports need not know each service.

use std::collections::{BTreeMap, BTreeSet};

use crate::aws::{AccountId, Region};

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
    /// What differs from a new resource of its kind, by name: attributes, and properties such as a subscription's
    /// `TopicArn`.
    pub attributes: Vec<(&'static str, String)>,
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
}
