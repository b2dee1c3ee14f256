//! The section `Parameters`: their values, given or by default, checked as AWS checks them. A value is missed only when
//! it is needed.

use std::collections::HashMap;

use super::dynamic;
use super::error::{Consequence, Fault, Faults};
use super::source::entries;
use crate::document::{Key, Node, Value, plain};

/// The template's parameters with their values.
pub(super) struct Parameters<'t> {
    declared: HashMap<&'t str, Parameter>,
    /// Parameters whose `AllowedPattern` could not be checked.
    unchecked: Vec<&'t str>,
}

/// A parameter, as far as its value is known.
pub(super) enum Parameter {
    Known(Value),
    Missing(Missing),
}

/// A parameter that has no value. That is an error only where the value is needed.
pub(super) struct Missing {
    line: usize,
    /// Why there is none, and how to give it.
    sentence: String,
    /// Stands for the value while further missing ones are looked for.
    pub(super) placeholder: Value,
}

impl Missing {
    pub(super) fn fault(&self, name: &str) -> Fault {
        Fault::new(self.line, &self.sentence)
            .of(&subject(name))
            .with(Consequence::MissingParameter)
    }
}

/// A parameter's name in errors.
fn subject(name: &str) -> String {
    format!("parameter {name}")
}

impl<'t> Parameters<'t> {
    /// Reads the section; `given` are values by name, of which the last counts.
    pub(super) fn read(
        section: &'t [(Key, Node)],
        given: &[(String, String)],
        faults: &mut Faults,
    ) -> Self {
        let mut parameters = Self {
            declared: HashMap::new(),
            unchecked: Vec::new(),
        };
        for (key, node) in section {
            let parameter = parameters
                .parameter(key, node, given)
                .map_err(|fault| fault.of(&subject(&key.text)));
            if let Some(parameter) = faults.keep(parameter) {
                parameters.declared.insert(&key.text, parameter);
            }
        }
        parameters
    }

    pub(super) fn get(&self, name: &str) -> Option<&Parameter> {
        self.declared.get(name)
    }

    /// The errors of parameters that have no value, in the template's order.
    pub(super) fn faults<'n>(&self, missing: impl Iterator<Item = &'n String>) -> Vec<Fault> {
        let mut missing: Vec<_> = missing
            .filter_map(|name| match self.get(name)? {
                Parameter::Missing(missing) => Some((missing.line, missing.fault(name))),
                Parameter::Known(_) => None,
            })
            .collect();
        missing.sort_by_key(|(line, _)| *line);
        missing.into_iter().map(|(_, fault)| fault).collect()
    }

    pub(super) fn warnings(&self, file: &str) -> Vec<String> {
        let warning = |name| {
            format!(
                "{file}: the AllowedPattern of the parameter {name} cannot be read, and is not checked"
            )
        };
        self.unchecked.iter().map(warning).collect()
    }

    fn parameter(
        &mut self,
        key: &'t Key,
        node: &Node,
        given: &[(String, String)],
    ) -> Result<Parameter, Fault> {
        entries(node, "a parameter")?;
        let declared = Declared { key, node };
        let type_name = declared.text("Type")?;
        let type_name = type_name.ok_or_else(|| Fault::new(key.line, "the Type is missing"))?;
        let form = Form::of(&type_name);
        let default = declared.text("Default")?;
        let name = &key.text;
        let given_value = last(given, name).or_else(|| {
            let path = default.as_deref().filter(|_| form.is_looked_up)?;
            dynamic::given(given, "ssm", path)
        });
        let text = match (given_value, default) {
            (Some(text), _) => text.to_owned(),
            (None, Some(text)) if !form.is_looked_up => text,
            (None, default) => {
                let why = match default {
                    Some(path) => {
                        format!("its value is the SSM parameter {path}, which topiq does not have")
                    }
                    None => "it has no Default, and no value was given".to_owned(),
                };
                let sentence = format!("{why}: --init-param {name}=VALUE");
                return Ok(declared.missing(form, sentence));
            }
        };
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
        Ok(Parameter::Known(if form.is_list {
            Value::List(values.iter().map(item).collect())
        } else {
            form.value(&text)
        }))
    }
}

/// The value given for a name: the last, if there are several.
pub(super) fn last<'p>(given: &'p [(String, String)], name: &str) -> Option<&'p str> {
    let found = given.iter().rev().find(|(given, _)| given == name);
    found.map(|(_, value)| value.as_str())
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
    fn missing(&self, form: Form, sentence: String) -> Parameter {
        let placeholder = if form.is_list {
            Value::List(Vec::new())
        } else {
            Value::Text(String::new())
        };
        Parameter::Missing(Missing {
            line: self.key.line,
            sentence,
            placeholder,
        })
    }

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
