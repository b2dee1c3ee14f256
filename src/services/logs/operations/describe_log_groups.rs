//! `DescribeLogGroups`: the caller's log groups in the region, by name.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::pages;
use crate::aws::Caller;
use crate::aws::validation::{Pattern, Rule, Validation, Value};
use crate::services::logs::Logs;
use crate::services::logs::constraints::{CLASSES, GROUPS, IDENTIFIERS};
use crate::services::logs::error::Error;
use crate::services::logs::group::Group;
use crate::services::logs::groups::GroupName;

static PATTERN: Pattern = Pattern::new(r"[\.\-_/#A-Za-z0-9]*");
static PATTERNS: [Rule; 2] = [Rule::Matches(&PATTERN), Rule::LengthAtMost(512)];
static ACCOUNT: Pattern = Pattern::new(r"^\d{12}$");
static ACCOUNTS: [Rule; 3] = [
    Rule::Matches(&ACCOUNT),
    Rule::LengthAtLeast(12),
    Rule::LengthAtMost(12),
];

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct DescribeLogGroupsInput {
    account_identifiers: Option<Vec<String>>,
    log_group_name_prefix: Option<String>,
    log_group_name_pattern: Option<String>,
    next_token: Option<String>,
    limit: Option<i32>,
    log_group_class: Option<String>,
    log_group_identifiers: Option<Vec<String>>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct DescribeLogGroupsOutput {
    log_groups: Vec<LogGroup>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_token: Option<String>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct LogGroup {
    log_group_name: String,
    creation_time: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    retention_in_days: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    metric_filter_count: Option<u32>,
    arn: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    stored_bytes: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    kms_key_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    log_group_class: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    log_group_arn: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    deletion_protection_enabled: Option<bool>,
}

/// Which groups are meant.
struct Meant {
    prefix: String,
    pattern: Option<String>,
    class: Option<String>,
    names: Option<Vec<GroupName>>,
}

pub(super) fn call(
    logs: &Logs,
    caller: &Caller<'_>,
    input: DescribeLogGroupsInput,
) -> Result<DescribeLogGroupsOutput, Error> {
    validate(&input)?;
    let request = [
        input.log_group_name_prefix.as_deref(),
        input.log_group_name_pattern.as_deref(),
        input.log_group_class.as_deref(),
    ];
    let request = format!("groups {request:?} {:?}", input.log_group_identifiers);
    let names = input.log_group_identifiers.map(|identifiers| {
        let names = identifiers.iter();
        let name = |identifier: &String| GroupName::identified(caller, identifier);
        names.map(name).collect()
    });
    let meant = Meant {
        prefix: input.log_group_name_prefix.unwrap_or_default(),
        pattern: input.log_group_name_pattern,
        class: input.log_group_class,
        names,
    };
    let list = |last: Option<&str>, count| {
        let namespace = (caller.account, caller.region);
        let groups = logs.groups.after(namespace, &meant.prefix, last);
        let groups = groups.filter(|group| meant.includes(group));
        groups.take(count).collect()
    };
    let page = pages::page(
        input.limit,
        input.next_token.as_deref(),
        &request,
        |group: &Arc<Group>| group.name.name.to_string(),
        list,
    )?;
    let now = logs.now();
    let log_groups = page.items.iter().map(|group| {
        group.expire(now);
        shown(group, meant.pattern.is_some())
    });
    Ok(DescribeLogGroupsOutput {
        log_groups: log_groups.collect(),
        next_token: page.next_token,
    })
}

fn validate(input: &DescribeLogGroupsInput) -> Result<(), Error> {
    let mut validation = Validation::default();
    for (place, account) in (1..).zip(input.account_identifiers.iter().flatten()) {
        let path = format_args!("accountIdentifiers.{place}.member");
        validation.check(path, Some(account.as_str()), &ACCOUNTS);
    }
    let prefix = input.log_group_name_prefix.as_deref();
    validation.check("logGroupNamePrefix", prefix, &GROUPS);
    let pattern = input.log_group_name_pattern.as_deref();
    validation.check("logGroupNamePattern", pattern, &PATTERNS);
    pages::validate(&mut validation, input.next_token.as_deref(), input.limit);
    let class = input.log_group_class.as_deref();
    validation.check("logGroupClass", class, &CLASSES);
    if let Some(identifiers) = &input.log_group_identifiers {
        let list = Value::List {
            length: identifiers.len(),
            shown: &format_args!("[{}]", identifiers.join(", ")),
        };
        let rules = [Rule::LengthAtLeast(1), Rule::LengthAtMost(50)];
        validation.check("logGroupIdentifiers", Some(list), &rules);
        for (place, identifier) in (1..).zip(identifiers) {
            let path = format_args!("logGroupIdentifiers.{place}.member");
            validation.check(path, Some(identifier.as_str()), &IDENTIFIERS);
        }
    }
    validation.finish()?;
    // The rule is DescribeLogGroups', the sentence topiq's.
    if prefix.is_some() && pattern.is_some() {
        return Err(Error::invalid(
            "LogGroup name prefix and LogGroup name pattern are mutually exclusive parameters.",
        ));
    }
    Ok(())
}

impl Meant {
    fn includes(&self, group: &Group) -> bool {
        let matches = |pattern: &String| group.name.name.contains(pattern.as_str());
        self.pattern.as_ref().is_none_or(matches)
            && self
                .names
                .as_ref()
                .is_none_or(|names| names.contains(&group.name))
            && self.class.as_ref().is_none_or(|class| is_of(group, class))
    }
}

/// The cheaper classes are listed together. (`DescribeLogGroups`, `logGroupClass`.)
fn is_of(group: &Group, class: &str) -> bool {
    let cheaper = ["INFREQUENT_ACCESS", "ESSENTIALS"];
    let own = group.described().class;
    let own = own.as_deref().unwrap_or("STANDARD");
    own == class || (cheaper.contains(&class) && cheaper.contains(&own))
}

/// A search by pattern shows three members only. (`DescribeLogGroups`, `logGroupNamePattern`.)
fn shown(group: &Group, is_short: bool) -> LogGroup {
    let described = group.described();
    let arn = group.name.arn();
    let creation_time = group.created_at.as_millis();
    let short = LogGroup {
        log_group_name: group.name.name.to_string(),
        creation_time,
        arn: format!("{arn}:*"),
        retention_in_days: None,
        metric_filter_count: None,
        stored_bytes: None,
        kms_key_id: None,
        log_group_class: None,
        log_group_arn: None,
        deletion_protection_enabled: None,
    };
    if is_short {
        return short;
    }
    let class = described.class.unwrap_or_else(|| "STANDARD".to_owned());
    LogGroup {
        retention_in_days: described.retention_days,
        metric_filter_count: Some(0),
        stored_bytes: Some(group.contents.read().size()),
        kms_key_id: described.kms_key_id,
        log_group_class: Some(class),
        log_group_arn: Some(arn),
        deletion_protection_enabled: Some(described.is_protected),
        ..short
    }
}
