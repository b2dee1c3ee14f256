//! `PutRetentionPolicy`: sets for how many days a group keeps its events.

use serde::Deserialize;

use crate::aws::Caller;
use crate::aws::validation::{Rule, Validation};
use crate::services::logs::Logs;
use crate::services::logs::constraints::GROUPS;
use crate::services::logs::error::Error;
use crate::services::logs::limits::RETENTION_DAYS;
use crate::wire::Text;

/// [`RETENTION_DAYS`] as the sentence of a refusal lists them. That there is such a list is known, its order is not.
static DAYS: [Rule; 1] = [Rule::OneOf(&[
    "1", "3", "5", "7", "14", "30", "60", "90", "120", "150", "180", "365", "400", "545", "731",
    "1096", "1827", "2192", "2557", "2922", "3288", "3653",
])];

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct PutRetentionPolicyInput<'a> {
    #[serde(borrow)]
    log_group_name: Option<Text<'a>>,
    retention_in_days: Option<i32>,
}

pub(super) fn call(
    logs: &Logs,
    caller: &Caller<'_>,
    input: PutRetentionPolicyInput<'_>,
) -> Result<(), Error> {
    let mut validation = Validation::default();
    let name = input.log_group_name.as_deref();
    let name = validation.required_text("logGroupName", name, &GROUPS);
    let days = validation.required("retentionInDays", input.retention_in_days);
    if input.retention_in_days.is_some() {
        let text = days.to_string();
        validation.check("retentionInDays", Some(text.as_str()), &DAYS);
    }
    validation.finish()?;
    let group = logs.group(caller, name)?;
    let mut known = RETENTION_DAYS.into_iter();
    let days = known.find(|known| i64::from(*known) == i64::from(days));
    // By the former retention first: a longer one brings nothing back.
    let now = logs.now();
    group.expire(now);
    group.change(|described| described.retention_days = days);
    group.expire(now);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sentence_lists_all_days() {
        let listed = RETENTION_DAYS.map(|days| days.to_string());
        let listed: Vec<_> = listed.iter().map(String::as_str).collect();
        assert!(matches!(DAYS, [Rule::OneOf(words)] if words == listed));
    }
}
