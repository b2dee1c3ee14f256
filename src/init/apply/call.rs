//! Resources that one call of a service makes, as the plan says it.

use serde_json::{Value, json};

use super::Making;
use crate::init::error::InitError;
use crate::init::invoke::Invoke;
use crate::init::plan::{Call, Change};
use crate::services::Refused;

/// Texts that stood for what only a service knows (an ARN with an id, a URL), each with what it turned out to be.
#[derive(Debug, Default)]
pub(super) struct Told(Vec<(String, String)>);

impl Told {
    pub(super) fn extend(&mut self, further: Self) {
        self.0.extend(further.0);
    }

    /// An input with the true texts. They are ARNs, ids and URLs, which JSON writes as they are.
    fn put_into(&self, input: &str) -> Value {
        let mut input = input.to_owned();
        for (stood_for, true_text) in &self.0 {
            if input.contains(stood_for.as_str()) {
                input = input.replace(stood_for, true_text);
            }
        }
        serde_json::from_str(&input).expect("the plan writes JSON")
    }
}

impl<S: Invoke> Making<'_, S> {
    pub(super) async fn called(&self, call: &Call) -> Result<Told, InitError> {
        let found = self.found(call).await?;
        let is_there = found.is_some();
        let change = if is_there {
            call.change.as_ref()
        } else {
            Some(&call.make)
        };
        let mut description = found.unwrap_or_default();
        if let Some(change) = change {
            description = self.must_run(call, change).await?;
            if !call.told.is_empty() {
                description = self.found(call).await?.unwrap_or(description);
            }
        }
        if let Some(tag) = &call.tag
            && (is_there || call.find.is_none())
        {
            self.must_run(call, tag).await?;
        }
        let told = call.told.iter().filter_map(|(member, stood_for)| {
            let text = match &description[member] {
                Value::String(text) => text.clone(),
                Value::Null => return None,
                other => other.to_string(),
            };
            (*stood_for != text).then(|| (stood_for.clone(), text))
        });
        Ok(Told(told.collect()))
    }

    /// The description of what a call makes, if it is there.
    async fn found(&self, call: &Call) -> Result<Option<Value>, InitError> {
        let Some(find) = &call.find else {
            return Ok(None);
        };
        match self.run(call, find).await {
            Ok(description) => Ok(Some(description)),
            Err(refused) if refused.is_not_there() => Ok(None),
            Err(refused) => Err(self.refused(&[], refused.sentence)),
        }
    }

    async fn must_run(&self, call: &Call, change: &Change) -> Result<Value, InitError> {
        let answer = self.run(call, change).await;
        answer.map_err(|refused| self.refused(&[], refused.sentence))
    }

    async fn run(&self, call: &Call, change: &Change) -> Result<Value, Refused> {
        let input = self.told.put_into(&change.input);
        self.asked(call.service, change.action, &input).await
    }

    /// Puts a statement into the policy of a bus.
    pub(super) async fn bus_statement(&self, bus: &str, statement: &str) -> Result<(), InitError> {
        const EVENTS: &str = "events";

        let described = self
            .call(EVENTS, "DescribeEventBus", &json!({ "Name": bus }), &[])
            .await?;
        let policy = described["Policy"].as_str();
        let mut policy: Value = policy
            .and_then(|policy| serde_json::from_str(policy).ok())
            .unwrap_or_else(|| json!({ "Version": "2012-10-17", "Statement": [] }));
        let statement = self.told.put_into(statement);
        let mut statements = match policy["Statement"].take() {
            Value::Array(statements) => statements,
            Value::Null => Vec::new(),
            single => vec![single],
        };
        statements.retain(|present| present["Sid"] != statement["Sid"]);
        statements.push(statement);
        policy["Statement"] = statements.into();
        let input = json!({ "EventBusName": bus, "Policy": policy.to_string() });
        self.call(EVENTS, "PutPermission", &input, &[])
            .await
            .map(drop)
    }
}
