//! The name of a stream, with its account and region, which make its ARN.

use crate::aws::{AccountId, Arn, Caller, Region};

/// A stream's name, account and region.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct StreamName {
    pub(super) account: AccountId,
    pub(super) region: Region,
    pub(super) name: Box<str>,
}

impl StreamName {
    /// A stream of the caller's.
    pub(super) fn owned(caller: &Caller<'_>, name: &str) -> Self {
        Self {
            account: caller.account,
            region: caller.region,
            name: name.into(),
        }
    }

    /// The stream with this ARN.
    pub(super) fn parse(arn: &str) -> Option<Self> {
        let (stream, rest) = Self::parse_start(arn)?;
        rest.is_empty().then_some(stream)
    }

    /// The stream with which an ARN begins, and what follows: a consumer's has the stream's before it.
    pub(super) fn parse_start(arn: &str) -> Option<(Self, &str)> {
        let arn = Arn::parse(arn).filter(|arn| arn.service == "kinesis")?;
        let resource = arn.resource.strip_prefix("stream/")?;
        let end = resource.find('/').unwrap_or(resource.len());
        let (name, rest) = resource.split_at(end);
        let stream = Self {
            account: AccountId::parse(arn.account)?,
            region: Region::parse(arn.region)?,
            name: name.into(),
        };
        Some((stream, rest))
    }

    pub(super) fn arn(&self) -> String {
        let Self {
            account,
            region,
            name,
        } = self;
        let partition = region.partition();
        format!("arn:{partition}:kinesis:{region}:{account}:stream/{name}")
    }
}
