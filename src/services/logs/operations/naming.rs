//! How requests name a log group, and a stream in it.

use std::sync::Arc;

use serde::Deserialize;

use crate::aws::Caller;
use crate::aws::validation::Validation;
use crate::services::logs::Logs;
use crate::services::logs::constraints::{GROUPS, IDENTIFIERS, STREAMS};
use crate::services::logs::error::Error;
use crate::services::logs::group::Group;
use crate::services::logs::groups::GroupName;
use crate::wire::Text;

/// The input of actions on a group that have no other member.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct GroupInput<'a> {
    #[serde(borrow)]
    log_group_name: Option<Text<'a>>,
}

impl GroupInput<'_> {
    /// The group that it names.
    pub(super) fn group(&self, logs: &Logs, caller: &Caller<'_>) -> Result<Arc<Group>, Error> {
        let mut validation = Validation::default();
        let name = self.log_group_name.as_deref();
        let name = validation.required_text("logGroupName", name, &GROUPS);
        validation.finish()?;
        logs.group(caller, name)
    }
}

/// The input of actions on a stream that have no other member.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct StreamInput<'a> {
    #[serde(borrow)]
    log_group_name: Option<Text<'a>>,
    #[serde(borrow)]
    log_stream_name: Option<Text<'a>>,
}

impl StreamInput<'_> {
    /// The group that it names, and the stream's name.
    pub(super) fn stream(
        &self,
        logs: &Logs,
        caller: &Caller<'_>,
    ) -> Result<(Arc<Group>, &str), Error> {
        let mut validation = Validation::default();
        let group = self.log_group_name.as_deref();
        let group = validation.required_text("logGroupName", group, &GROUPS);
        let stream = self.log_stream_name.as_deref();
        let stream = validation.required_text("logStreamName", stream, &STREAMS);
        validation.finish()?;
        Ok((logs.group(caller, group)?, stream))
    }
}

/// A group by its name, or by its name or ARN.
#[derive(Clone, Copy, Debug)]
pub(super) struct Either<'a> {
    pub(super) name: Option<&'a str>,
    pub(super) identifier: Option<&'a str>,
}

impl Either<'_> {
    pub(super) fn validate(self, validation: &mut Validation) {
        validation.check("logGroupName", self.name, &GROUPS);
        validation.check("logGroupIdentifier", self.identifier, &IDENTIFIERS);
    }

    /// The group. The sentences about too many and too few members are topiq's.
    pub(super) fn group(self, logs: &Logs, caller: &Caller<'_>) -> Result<Arc<Group>, Error> {
        match (self.name, self.identifier) {
            (Some(name), None) => logs.group(caller, name),
            (None, Some(identifier)) => logs.named(&GroupName::identified(caller, identifier)),
            (Some(_), Some(_)) => Err(Error::invalid(
                "logGroupName and logGroupIdentifier are mutually exclusive parameters.",
            )),
            (None, None) => Err(Error::invalid(
                "One of logGroupName and logGroupIdentifier must be specified.",
            )),
        }
    }
}
