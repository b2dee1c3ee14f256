//! `ListTagsForResource`: the tags of a bus or a rule.

use serde::{Deserialize, Serialize};

use super::tags::{Tag, Tagged};
use crate::aws::Caller;
use crate::aws::validation::Validation;
use crate::services::events::Events;
use crate::services::events::constraints::ARNS;
use crate::services::events::error::Error;
use crate::wire::Text;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct ListTagsForResourceInput<'a> {
    #[serde(rename = "ResourceARN")]
    #[serde(borrow)]
    resource_arn: Option<Text<'a>>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct ListTagsForResourceOutput {
    tags: Vec<Tag>,
}

pub(super) fn call(
    events: &Events,
    _caller: &Caller<'_>,
    input: ListTagsForResourceInput<'_>,
) -> Result<ListTagsForResourceOutput, Error> {
    let mut validation = Validation::default();
    let arn = input.resource_arn.as_deref();
    let arn = validation.required_text("resourceARN", arn, &ARNS);
    validation.finish()?;
    let tags = Tagged::find(events, arn)?.tags()?;
    Ok(ListTagsForResourceOutput { tags })
}
