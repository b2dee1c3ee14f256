//! The principals that a statement applies to.

use std::fmt;

use crate::aws::{AccountId, Arn};

use super::Principal;

/// One entry of `Principal` or `NotPrincipal`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PrincipalEntry {
    /// `*` or `{"AWS": "*"}`: all accounts, and services too. AWS's own older examples let SNS and S3 send to a queue
    /// that way.
    Everyone,
    /// An account, by its number or as `arn:aws:iam::111122223333:root`: all its users and roles.
    Account(AccountId),
    /// A user or role, by its ARN. AWS takes no wildcards here: they are ordinary characters.
    Arn(String),
    /// `{"Service": "sns.amazonaws.com"}`.
    Service(String),
    /// `Federated` or `CanonicalUser`: no caller here is one.
    Other(String),
}

impl PrincipalEntry {
    /// An entry of the list under `kind`; `None` if AWS has no such kind.
    pub(super) fn new(kind: &str, name: &str) -> Option<Self> {
        match kind {
            "AWS" => Some(Self::of_account(name)),
            "Service" => Some(Self::Service(name.to_owned())),
            "Federated" | "CanonicalUser" => Some(Self::Other(name.to_owned())),
            _ => None,
        }
    }

    fn of_account(name: &str) -> Self {
        if name == "*" {
            return Self::Everyone;
        }
        // SQS's first documentation wrote accounts as 1234-5678-9012.
        if let Some(account) = AccountId::parse(&name.replace('-', "")) {
            return Self::Account(account);
        }
        let root = Arn::parse(name).filter(|arn| arn.service == "iam" && arn.resource == "root");
        match root.and_then(|arn| AccountId::parse(arn.account)) {
            Some(account) => Self::Account(account),
            None => Self::Arn(name.to_owned()),
        }
    }

    /// Whether there can be such a principal. AWS also knows which users exist; here every account and user does.
    pub fn can_exist(&self) -> bool {
        let Self::Arn(arn) = self else {
            return true;
        };
        Arn::parse(arn).is_some_and(|arn| {
            let has_kind = ["user/", "role/", "assumed-role/", "federated-user/"];
            let has_kind = has_kind.iter().any(|kind| arn.resource.starts_with(kind));
            let is_of_account = AccountId::parse(arn.account).is_some();
            matches!(arn.service, "iam" | "sts")
                && is_of_account
                && has_kind
                && !arn.resource.contains('*')
        })
    }

    pub(super) fn matches(&self, principal: &Principal<'_>) -> bool {
        match (self, principal) {
            (Self::Everyone, _) => true,
            (Self::Account(account), _) => principal.is_of(*account),
            (Self::Arn(arn), Principal::Account(caller)) => arn == caller,
            (Self::Service(name), Principal::Service(service)) => name == service,
            _ => false,
        }
    }
}

impl fmt::Display for PrincipalEntry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Everyone => f.write_str("*"),
            Self::Account(account) => write!(f, "account {account}"),
            Self::Arn(name) | Self::Service(name) | Self::Other(name) => f.write_str(name),
        }
    }
}
