//! The section `Parameters`: their values, given or by default, checked as AWS checks them.

use std::collections::HashMap;

use super::error::Fault;
use super::source::entries;
use crate::document::{Key, Node, Value, plain};

/// The template's parameters with their values.
pub(super) struct Parameters<'t> {
    values: HashMap<&'t str, Value>,
    /// Parameters whose `AllowedPattern` could not be checked.
    unchecked: Vec<&'t str>,
}

impl<'t> Parameters<'t> {
    pub(super) fn read(
        section: &'t [(Key, Node)],
        given: &[(String, String)],
    ) -> Result<Self, Fault> {
        let mut parameters = Self {
            values: HashMap::new(),
            unchecked: Vec::new(),
        };
        for (key, node) in section {
            let given = given.iter().rev().find(|(name, _)| *name == key.text);
            let value = parameters
                .value(key, node, given.map(|(_, value)| value.as_str()))
                .map_err(|fault| fault.of(&format!("parameter {}", key.text)))?;
            parameters.values.insert(&key.text, value);
        }
        Ok(parameters)
    }

    pub(super) fn get(&self, name: &str) -> Option<&Value> {
        self.values.get(name)
    }

    pub(super) fn warnings(&self, file: &str) -> Vec<String> {
        let warning = |name| {
            format!(
                "{file}: the AllowedPattern of the parameter {name} cannot be read, and is not checked"
            )
        };
        self.unchecked.iter().map(warning).collect()
    }

    fn value(&mut self, key: &'t Key, node: &Node, given: Option<&str>) -> Result<Value, Fault> {
        entries(node, "a parameter")?;
        let declared = Declared { key, node };
        let type_name = declared.text("Type")?;
        let type_name = type_name.ok_or_else(|| Fault::new(key.line, "the Type is missing"))?;
        let text = match given {
            Some(text) => text.to_owned(),
            None => declared
                .text("Default")?
                .ok_or_else(|| Fault::new(key.line, "it has no Default, and no value was given"))?,
        };
        let form = Form::of(&type_name);
        let values: Vec<&str> = if form.is_list {
            text.split(',').map(str::trim).collect()
        } else {
            vec![&text]
        };
        for value in &values {
            if !declared.check(value, form)? {
                self.unchecked.push(&key.text);
            }
        }
        let line = key.line;
        let item = |text: &&str| Node {
            line,
            value: form.value(text),
        };
        Ok(if form.is_list {
            Value::List(values.iter().map(item).collect())
        } else {
            form.value(&text)
        })
    }
}

/// A parameter's type.
#[derive(Clone, Copy)]
struct Form {
    is_number: bool,
    is_list: bool,
    /// Whether the value names another value, which AWS would look up: its constraints apply to the name.
    is_looked_up: bool,
}

impl Form {
    fn of(type_name: &str) -> Self {
        let looked_up = type_name
            .strip_prefix("AWS::SSM::Parameter::Value<")
            .map(|inner| inner.trim_end_matches('>'));
        let inner = looked_up.unwrap_or(type_name);
        Self {
            is_number: inner == "Number" || inner.starts_with("List<Number"),
            is_list: inner == "CommaDelimitedList" || inner.starts_with("List<"),
            is_looked_up: looked_up.is_some(),
        }
    }

    fn value(self, text: &str) -> Value {
        match plain(text) {
            number @ Value::Number(_) if self.is_number => number,
            _ => Value::Text(text.to_owned()),
        }
    }
}

struct Declared<'n> {
    key: &'n Key,
    node: &'n Node,
}

impl Declared<'_> {
    fn text(&self, name: &str) -> Result<Option<String>, Fault> {
        let Some(node) = self.node.get(name) else {
            return Ok(None);
        };
        let text = node.value.scalar();
        text.map(Some).ok_or_else(|| {
            Fault::new(
                node.line,
                format!("{name} takes a text, not {}", node.value.kind()),
            )
        })
    }

    fn number(&self, name: &str) -> Result<Option<f64>, Fault> {
        let Some(text) = self.text(name)? else {
            return Ok(None);
        };
        let number = text.parse().map(Some);
        number.map_err(|_| Fault::new(self.key.line, format!("{name} takes a number, not {text}")))
    }

    /// Refuses a value that the constraints do not allow. False if a constraint cannot be checked.
    fn check(&self, value: &str, form: Form) -> Result<bool, Fault> {
        if form.is_looked_up {
            return Ok(true);
        }
        if form.is_number {
            self.check_number(value)?;
        } else {
            self.check_length(value)?;
        }
        self.check_allowed(value)?;
        self.check_pattern(value)
    }

    fn refused(&self, value: &str, why: &str) -> Fault {
        Fault::new(self.key.line, format!("{value:?} {why}"))
    }

    fn check_number(&self, value: &str) -> Result<(), Fault> {
        let Some(number) = value
            .parse::<f64>()
            .ok()
            .filter(|number| number.is_finite())
        else {
            return Err(self.refused(value, "is no number"));
        };
        match (self.number("MinValue")?, self.number("MaxValue")?) {
            (Some(min), _) if number < min => {
                Err(self.refused(value, &format!("is less than its MinValue, {min}")))
            }
            (_, Some(max)) if number > max => {
                Err(self.refused(value, &format!("is more than its MaxValue, {max}")))
            }
            _ => Ok(()),
        }
    }

    #[expect(
        clippy::cast_precision_loss,
        reason = "no text is as long as to lose a digit"
    )]
    fn check_length(&self, value: &str) -> Result<(), Fault> {
        let length = value.chars().count() as f64;
        match (self.number("MinLength")?, self.number("MaxLength")?) {
            (Some(min), _) if length < min => {
                Err(self.refused(value, &format!("is shorter than its MinLength, {min}")))
            }
            (_, Some(max)) if length > max => {
                Err(self.refused(value, &format!("is longer than its MaxLength, {max}")))
            }
            _ => Ok(()),
        }
    }

    fn check_allowed(&self, value: &str) -> Result<(), Fault> {
        let Some(node) = self.node.get("AllowedValues") else {
            return Ok(());
        };
        let Value::List(items) = &node.value else {
            return Err(Fault::new(
                node.line,
                format!("AllowedValues takes a list, not {}", node.value.kind()),
            ));
        };
        let allowed: Vec<_> = items
            .iter()
            .filter_map(|item| item.value.scalar())
            .collect();
        if allowed.iter().any(|text| text == value) {
            return Ok(());
        }
        Err(self.refused(
            value,
            &format!("is none of its AllowedValues: {}", allowed.join(", ")),
        ))
    }

    /// AWS's patterns are Java's, which have more syntax than this reader knows.
    fn check_pattern(&self, value: &str) -> Result<bool, Fault> {
        let Some(pattern) = self.text("AllowedPattern")? else {
            return Ok(true);
        };
        let Ok(whole) = regex_lite::Regex::new(&format!("^(?:{pattern})$")) else {
            return Ok(false);
        };
        if whole.is_match(value) {
            return Ok(true);
        }
        Err(self.refused(
            value,
            &format!("does not match its AllowedPattern, {pattern}"),
        ))
    }
}
