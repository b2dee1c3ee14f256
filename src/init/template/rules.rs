//! The section `Rules`: what a template asserts of its parameters. AWS refuses a stack whose parameters break a rule.

use super::error::{Consequence, Fault};
use super::evaluate::{Evaluator, Need, arguments, function};
use super::source::{Template, entries};
use crate::document::{Node, Value};

/// Functions of rules that ask AWS for what topiq does not have, such as the attributes of a VPC.
const LOOKED_UP: [&str; 3] = ["Fn::RefAll", "Fn::ValueOf", "Fn::ValueOfAll"];

impl Template<'_> {
    /// The assertions that do not hold; those that topiq cannot judge are not.
    pub(super) fn broken_rules(&self, root: &Node) -> Vec<Fault> {
        let rules = root.get("Rules").map(Node::entries).unwrap_or_default();
        let broken = |(key, rule): &(crate::document::Key, Node)| {
            let subject = format!("rule {}", key.text);
            self.broken(rule)
                .map_err(|fault| fault.of(&subject))
                .unwrap_or_else(|fault| vec![fault])
                .into_iter()
                .map(move |fault| fault.of(&subject))
        };
        let faults = rules.iter().flat_map(broken);
        // A rule on a parameter that has no value and that nothing needs has nothing to judge.
        faults
            .filter(|fault| fault.consequence != Consequence::MissingParameter)
            .collect()
    }

    fn broken(&self, rule: &Node) -> Result<Vec<Fault>, Fault> {
        let evaluator = Evaluator::of_condition(self, Need::Optional);
        if let Some(condition) = rule.get("RuleCondition")
            && evaluator.asserted(condition)? != Some(true)
        {
            return Ok(Vec::new());
        }
        let Some(assertions) = rule.get("Assertions") else {
            return Ok(Vec::new());
        };
        let Value::List(assertions) = &assertions.value else {
            let message = format!("Assertions takes a list, not {}", assertions.value.kind());
            return Err(Fault::new(assertions.line, message));
        };
        let mut broken = Vec::new();
        for assertion in assertions {
            entries(assertion, "an assertion")?;
            let Some(assert) = assertion.get("Assert") else {
                return Err(Fault::new(assertion.line, "the Assert is missing"));
            };
            if evaluator.asserted(assert)? == Some(false) {
                let description = assertion.get("AssertDescription");
                let description = description.and_then(|node| node.value.scalar());
                let description = description
                    .unwrap_or_else(|| "its assertion does not hold for the parameters".to_owned());
                broken.push(Fault::new(assertion.line, description));
            }
        }
        Ok(broken)
    }
}

impl Evaluator<'_, '_> {
    /// Whether an assertion holds; nothing if it depends on what only AWS knows.
    fn asserted(&self, node: &Node) -> Result<Option<bool>, Fault> {
        if asks_aws(node) {
            return Ok(None);
        }
        let Some((name, argument)) = function(node)? else {
            return Ok(Some(self.text(node, "an assertion")? == "true"));
        };
        let holds = match name {
            "Fn::Not" => {
                let [inner] = arguments(name, argument)?;
                self.asserted(inner)?.map(|holds| !holds)
            }
            "Fn::And" | "Fn::Or" => {
                let Value::List(items) = &argument.value else {
                    let message = format!("{name} takes a list of assertions");
                    return Err(Fault::new(node.line, message));
                };
                let items = items.iter().map(|item| self.asserted(item));
                let items = items.collect::<Result<Option<Vec<_>>, _>>()?;
                let is_all = name == "Fn::And";
                items.map(|items| {
                    if is_all {
                        items.iter().all(|holds| *holds)
                    } else {
                        items.contains(&true)
                    }
                })
            }
            "Fn::Contains" => {
                let [list, value] = arguments(name, argument)?;
                let list = self.comparable_items(list)?;
                Some(list.contains(&self.comparable(value)?))
            }
            "Fn::EachMemberEquals" => {
                let [list, value] = arguments(name, argument)?;
                let value = self.comparable(value)?;
                Some(
                    self.comparable_items(list)?
                        .iter()
                        .all(|item| *item == value),
                )
            }
            "Fn::EachMemberIn" => {
                let [list, allowed] = arguments(name, argument)?;
                let allowed = self.comparable_items(allowed)?;
                let list = self.comparable_items(list)?;
                Some(list.iter().all(|item| allowed.contains(item)))
            }
            _ => Some(self.holds(node)?),
        };
        Ok(holds)
    }

    fn comparable_items(&self, node: &Node) -> Result<Vec<String>, Fault> {
        let items = self.list(node, "this function")?;
        items.iter().map(|item| self.comparable(item)).collect()
    }
}

fn asks_aws(node: &Node) -> bool {
    match &node.value {
        Value::Map(entries) => entries
            .iter()
            .any(|(key, item)| LOOKED_UP.contains(&key.text.as_str()) || asks_aws(item)),
        Value::List(items) => items.iter().any(asks_aws),
        _ => false,
    }
}
