//! `GetSubscriptionAttributes`: a subscription's attributes.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::aws::Caller;
use crate::aws::validation::Validation;
use crate::services::sns::error::Error;
use crate::services::sns::{Sns, subscription_attributes};
use crate::wire::Text;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct GetSubscriptionAttributesInput<'a> {
    #[serde(borrow)]
    subscription_arn: Option<Text<'a>>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct GetSubscriptionAttributesOutput {
    attributes: BTreeMap<&'static str, String>,
}

pub(super) fn call(
    sns: &Sns,
    caller: &Caller<'_>,
    input: GetSubscriptionAttributesInput<'_>,
) -> Result<GetSubscriptionAttributesOutput, Error> {
    let mut validation = Validation::default();
    let subscription_arn = validation.required("subscriptionArn", input.subscription_arn);
    validation.finish()?;
    let (topic, subscription) = sns.subscription(caller, &subscription_arn)?;
    Ok(GetSubscriptionAttributesOutput {
        attributes: subscription_attributes::shown(sns.now(), &topic, &subscription),
    })
}
