//! The request that a policy decides about.

use std::fmt;

use crate::aws::{AccountId, Arn};

/// The principal that makes a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Principal<'a> {
    /// A user or role of an account, by its ARN.
    Account(&'a str),
    /// An AWS service, such as `sns.amazonaws.com`, that delivers on its own behalf.
    Service(&'a str),
}

impl<'a> Principal<'a> {
    /// The account, in its twelve digits. A service has none.
    pub fn account(&self) -> Option<&'a str> {
        match self {
            Self::Account(arn) => Some(Arn::parse(arn)?.account),
            Self::Service(_) => None,
        }
    }

    /// Whether this is a user or role of account `owner`.
    pub fn is_of(&self, owner: AccountId) -> bool {
        self.account().and_then(AccountId::parse) == Some(owner)
    }
}

impl fmt::Display for Principal<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Account(name) | Self::Service(name) => f.write_str(name),
        }
    }
}

/// An action on a resource, and the principal that requests it.
#[derive(Clone, Copy, Debug)]
pub struct Request<'a> {
    /// The principal.
    pub principal: Principal<'a>,
    /// The action: `sqs:SendMessage`. The case does not matter.
    pub action: &'a str,
    /// The ARN of the queue or topic.
    pub resource: &'a str,
    /// What else is known about the request, by condition key (`aws:SourceArn`); a key with several values has an entry
    /// for each. The case of keys does not matter. The keys that follow from the principal need not be here:
    /// `aws:PrincipalArn`,
    /// `aws:PrincipalAccount`, `aws:PrincipalIsAWSService` and `aws:PrincipalServiceName`.
    pub context: &'a [(&'a str, &'a str)],
}

impl<'a> Request<'a> {
    /// All values of a condition key; none if the key is absent.
    pub(super) fn values(&self, key: &str) -> Vec<&'a str> {
        let given = self.context.iter();
        let values: Vec<_> = given
            .filter(|(other, _)| other.eq_ignore_ascii_case(key))
            .map(|&(_, value)| value)
            .collect();
        if values.is_empty() {
            self.of_principal(key).into_iter().collect()
        } else {
            values
        }
    }

    fn of_principal(&self, key: &str) -> Option<&'a str> {
        match (self.principal, key.to_ascii_lowercase().as_str()) {
            (Principal::Account(arn), "aws:principalarn") => Some(arn),
            (Principal::Account(_), "aws:principalaccount") => self.principal.account(),
            (Principal::Account(_), "aws:principalisawsservice") => Some("false"),
            (Principal::Service(_), "aws:principalisawsservice") => Some("true"),
            (Principal::Service(name), "aws:principalservicename") => Some(name),
            _ => None,
        }
    }
}
