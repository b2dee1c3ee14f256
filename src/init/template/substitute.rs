//! `Fn::Sub`: texts with `${Name}`, `${Name.Attribute}` and `${!Literal}`.

use super::error::Fault;
use super::evaluate::Evaluator;
use super::source::entries;
use crate::document::{Key, Node, Value};

impl Evaluator<'_, '_> {
    pub(super) fn substituted(&self, argument: &Node) -> Result<String, Fault> {
        let (text, variables) = match &argument.value {
            Value::Text(text) => (text.as_str(), &[][..]),
            Value::List(items) => match items.as_slice() {
                [
                    Node {
                        value: Value::Text(text),
                        ..
                    },
                    variables,
                ] => (text.as_str(), entries(variables, "Fn::Sub as its second")?),
                _ => return Err(wrong(argument)),
            },
            _ => return Err(wrong(argument)),
        };
        let filled = self.filled(text, variables, argument.line)?;
        self.plain(&filled, argument.line)
    }

    fn filled(&self, text: &str, variables: &[(Key, Node)], line: usize) -> Result<String, Fault> {
        let mut filled = String::with_capacity(text.len());
        let mut rest = text;
        while let Some((before, after)) = rest.split_once("${") {
            filled.push_str(before);
            let Some((name, after)) = after.split_once('}') else {
                return Err(Fault::new(line, "Fn::Sub has a ${ without its }"));
            };
            if let Some(literal) = name.strip_prefix('!') {
                filled.extend(["${", literal, "}"]);
            } else {
                let value = self.variable(name.trim(), variables, line)?;
                self.spend(value.len(), line)?;
                filled.push_str(&value);
            }
            rest = after;
        }
        filled.push_str(rest);
        Ok(filled)
    }

    fn variable(
        &self,
        name: &str,
        variables: &[(Key, Node)],
        line: usize,
    ) -> Result<String, Fault> {
        if let Some((_, node)) = variables.iter().find(|(key, _)| key.text == name) {
            return self.text(node, "Fn::Sub");
        }
        let value = match name.split_once('.') {
            Some((resource, attribute)) => Some(self.attribute(resource, attribute, line)?),
            None => self.reference(name, line)?,
        };
        let text = value.as_ref().and_then(Value::scalar);
        text.ok_or_else(|| Fault::new(line, format!("Fn::Sub takes texts, and {name} is not one")))
    }
}

fn wrong(argument: &Node) -> Fault {
    Fault::new(
        argument.line,
        "Fn::Sub takes a text, or a list of a text and a mapping",
    )
}
