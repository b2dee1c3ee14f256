//! What names a connection or an API destination: its ARN has an id that tells it from one of the same name before it.

use std::fmt;

use crate::aws::{AccountId, Arn, Caller, Region};
use crate::ids::Id;

/// The kinds of resources that are named so.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    ApiDestination,
    Connection,
}

impl Kind {
    fn as_str(self) -> &'static str {
        match self {
            Self::ApiDestination => "api-destination",
            Self::Connection => "connection",
        }
    }
}

/// Such a resource's name, account, region and id. Displays as its ARN.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Identity {
    pub(super) kind: Kind,
    pub(super) account: AccountId,
    pub(super) region: Region,
    pub(super) name: Box<str>,
    pub(super) id: Id,
}

impl Identity {
    /// A resource of the caller's.
    pub(super) fn owned(kind: Kind, caller: &Caller<'_>, name: &str, id: Id) -> Self {
        Self {
            kind,
            account: caller.account,
            region: caller.region,
            name: name.into(),
            id,
        }
    }

    /// The resource with this ARN.
    pub(super) fn parse(kind: Kind, arn: &str) -> Option<Self> {
        let arn = Arn::parse(arn).filter(|arn| arn.service == "events")?;
        let (found, name_and_id) = arn.resource.split_once('/')?;
        let (name, id) = name_and_id.split_once('/')?;
        (found == kind.as_str()).then_some(())?;
        Some(Self {
            kind,
            account: AccountId::parse(arn.account)?,
            region: Region::parse(arn.region)?,
            name: name.into(),
            id: Id::parse(id)?,
        })
    }
}

impl fmt::Display for Identity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            kind,
            account,
            region,
            name,
            id,
        } = self;
        let (partition, kind) = (region.partition(), kind.as_str());
        write!(
            f,
            "arn:{partition}:events:{region}:{account}:{kind}/{name}/{id}"
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arns_are_read_as_they_are_written() {
        let arn = "arn:aws:events:eu-west-1:111122223333:connection/shop/00112233-4455-6677-8899-aabbccddeeff";
        let identity = Identity::parse(Kind::Connection, arn).expect("an ARN");
        assert_eq!(
            (&*identity.name, identity.to_string()),
            ("shop", arn.into())
        );
        assert_eq!(Identity::parse(Kind::ApiDestination, arn), None);
        for other in [
            "",
            "arn:aws:events:eu-west-1:111122223333:connection/shop",
            "arn:aws:events:eu-west-1:111122223333:connection/shop/1",
            "arn:aws:sqs:eu-west-1:111122223333:connection/shop/00112233-4455-6677-8899-aabbccddeeff",
        ] {
            assert_eq!(Identity::parse(Kind::Connection, other), None, "{other}");
        }
    }
}
