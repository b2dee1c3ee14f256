//! The functions: each takes its unresolved argument and returns a value.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::error::Fault;
use super::evaluate::{Evaluator, arguments, scalar};
use crate::document::{Node, Value, to_json};

impl Evaluator<'_, '_> {
    /// The function's value; `None` if that is `AWS::NoValue`.
    pub(super) fn call(
        &self,
        name: &str,
        argument: &Node,
        line: usize,
    ) -> Result<Option<Value>, Fault> {
        let value = match name {
            "Ref" => return self.reference_to(argument),
            "Fn::If" => return self.branch(argument),
            "Fn::GetAtt" => self.attribute_named(argument)?,
            "Fn::Sub" => Value::Text(self.substituted(argument)?),
            "Fn::Join" => Value::Text(self.joined(argument)?),
            "Fn::Select" => self.selected(argument)?,
            "Fn::Split" => self.split(argument)?,
            "Fn::FindInMap" => self.found_in_map(argument)?,
            "Fn::Base64" => Value::Text(STANDARD.encode(self.text(argument, name)?)),
            "Fn::ToJsonString" => Value::Text(to_json(&self.some(argument)?)),
            "Fn::Length" => Value::Number(self.list(argument, name)?.len().to_string()),
            "Fn::ImportValue" => Value::Text(self.imported(argument)?),
            "Fn::Equals" | "Fn::And" | "Fn::Or" | "Fn::Not" => {
                return Err(Fault::new(
                    line,
                    format!("{name} is for the section Conditions only"),
                ));
            }
            _ => return Err(Fault::new(line, format!("topiq does not know {name}"))),
        };
        Ok(Some(value))
    }

    fn branch(&self, argument: &Node) -> Result<Option<Value>, Fault> {
        let [condition, then, otherwise] = arguments("Fn::If", argument)?;
        let Value::Text(name) = &condition.value else {
            return Err(Fault::new(
                condition.line,
                "Fn::If takes the name of a condition first",
            ));
        };
        let taken = if self.template.condition(name, condition.line, self.need)? {
            then
        } else {
            otherwise
        };
        Ok(self.value(taken)?.map(|node| node.value))
    }

    fn joined(&self, argument: &Node) -> Result<String, Fault> {
        let [delimiter, list] = arguments("Fn::Join", argument)?;
        let delimiter = self.text(delimiter, "Fn::Join")?;
        let items = self.list(list, "Fn::Join")?;
        let texts: Result<Vec<_>, _> = items.iter().map(|item| scalar(item, "Fn::Join")).collect();
        self.spend(delimiter.len().saturating_mul(items.len()), argument.line)?;
        Ok(texts?.join(&delimiter))
    }

    fn selected(&self, argument: &Node) -> Result<Value, Fault> {
        let [index, list] = arguments("Fn::Select", argument)?;
        let place = self.text(index, "Fn::Select")?;
        let Ok(place) = place.parse::<usize>() else {
            return Err(Fault::new(
                index.line,
                format!("Fn::Select takes a whole number first, not {place}"),
            ));
        };
        let mut items = self.list(list, "Fn::Select")?;
        if place >= items.len() {
            let message = format!(
                "Fn::Select takes item {place} of a list that has {}",
                items.len()
            );
            return Err(Fault::new(index.line, message));
        }
        Ok(items.swap_remove(place).value)
    }

    fn split(&self, argument: &Node) -> Result<Value, Fault> {
        let [delimiter, text] = arguments("Fn::Split", argument)?;
        let line = text.line;
        let (delimiter, text) = (
            self.text(delimiter, "Fn::Split")?,
            self.text(text, "Fn::Split")?,
        );
        if delimiter.is_empty() {
            return Err(Fault::new(
                argument.line,
                "Fn::Split takes a delimiter that is not empty",
            ));
        }
        let mut items = Vec::new();
        for part in text.split(&delimiter) {
            self.spend(part.len(), line)?;
            items.push(Node {
                line,
                value: Value::Text(part.to_owned()),
            });
        }
        Ok(Value::List(items))
    }

    /// An export of another template that topiq starts with.
    fn imported(&self, argument: &Node) -> Result<String, Fault> {
        let name = self.text(argument, "Fn::ImportValue")?;
        let value = self.template.context.exports.get(&name);
        value.cloned().ok_or_else(|| {
            let message = format!("no other template that topiq starts with exports {name}");
            Fault::new(argument.line, message)
        })
    }

    /// The fourth argument, a default, belongs to AWS's language extensions.
    fn found_in_map(&self, argument: &Node) -> Result<Value, Fault> {
        let (keys, default) = match &argument.value {
            Value::List(items) if items.len() == 3 => (items.as_slice(), None),
            Value::List(items) if items.len() == 4 => (&items[..3], items[3].get("DefaultValue")),
            _ => {
                return Err(Fault::new(
                    argument.line,
                    "Fn::FindInMap takes a map and two keys",
                ));
            }
        };
        let mut found = self.template.mappings;
        let mut way = Vec::new();
        for key in keys {
            let text = self.text(key, "Fn::FindInMap")?;
            found = found.and_then(|map| map.get(&text));
            way.push(text);
        }
        match found.or(default) {
            Some(node) => Ok(self.some(node)?.value),
            None => Err(Fault::new(
                argument.line,
                format!("there is no {} in Mappings", way.join(".")),
            )),
        }
    }
}
