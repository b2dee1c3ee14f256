//! Selectors of JSON values: `$.detail.items[0].id`, `$.resources[*]`.

use std::borrow::Cow;
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

use super::Refused;
use super::number::Number;
use super::reader::Reader;

/// The way to a value of an event.
#[derive(Debug)]
pub(super) struct Selector {
    steps: Vec<Step>,
}

#[derive(Debug)]
enum Step {
    Name(String),
    Index(usize),
    /// Any element of an array.
    Any,
}

/// A value that a selector leads to.
#[derive(Debug, PartialEq)]
pub(super) enum Selected {
    Text(String),
    Number(Number, String),
    Boolean(bool),
    Null,
    /// An object or an array.
    Compound,
}

impl Selector {
    /// Reads a selector: names have letters, digits, hyphens and underscores. (Filter and Pattern Syntax.)
    pub(super) fn read(reader: &mut Reader<'_>) -> Result<Self, Refused> {
        reader.expect("$")?;
        let mut steps = Vec::new();
        loop {
            if reader.eat(".") {
                let is_named = |c: char| c.is_ascii_alphanumeric() || "-_".contains(c);
                let name = reader.take_while(is_named);
                if name.is_empty() {
                    return Err(Refused::Invalid);
                }
                steps.push(Step::Name(name.to_owned()));
            } else if reader.eat("[") {
                let step = if reader.eat("*") {
                    Step::Any
                } else {
                    let digits = reader.take_while(|c| c.is_ascii_digit());
                    Step::Index(digits.parse().map_err(|_| Refused::Invalid)?)
                };
                steps.push(step);
                reader.expect("]")?;
            } else {
                break;
            }
        }
        if steps.is_empty() {
            return Err(Refused::Invalid);
        }
        Ok(Self { steps })
    }

    /// The values that it leads to; `None` if the text is no JSON. What lies aside of the way is skipped.
    pub(super) fn select(&self, json: &str) -> Option<Vec<Selected>> {
        let mut found = Vec::new();
        let walk = Walk {
            steps: &self.steps,
            found: &mut found,
        };
        let mut deserializer = serde_json::Deserializer::from_str(json);
        walk.deserialize(&mut deserializer).ok()?;
        deserializer.end().ok()?;
        Some(found)
    }
}

/// The rest of the way, at a value.
struct Walk<'s, 'f> {
    steps: &'s [Step],
    found: &'f mut Vec<Selected>,
}

impl Walk<'_, '_> {
    /// Keeps a scalar, if the way ends here.
    fn end(self, selected: impl FnOnce() -> Selected) {
        if self.steps.is_empty() {
            self.found.push(selected());
        }
    }

    fn number(self, number: Number, text: &impl ToString) {
        self.end(|| Selected::Number(number, text.to_string()));
    }
}

impl<'de> DeserializeSeed<'de> for Walk<'_, '_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Walk<'_, '_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_str<E>(self, text: &str) -> Result<(), E> {
        self.end(|| Selected::Text(text.to_owned()));
        Ok(())
    }

    fn visit_bool<E>(self, value: bool) -> Result<(), E> {
        self.end(|| Selected::Boolean(value));
        Ok(())
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        self.end(|| Selected::Null);
        Ok(())
    }

    fn visit_u64<E>(self, number: u64) -> Result<(), E> {
        self.number(Number::Whole(number.into()), &number);
        Ok(())
    }

    fn visit_i64<E>(self, number: i64) -> Result<(), E> {
        self.number(Number::Whole(number.into()), &number);
        Ok(())
    }

    fn visit_f64<E>(self, number: f64) -> Result<(), E> {
        self.number(Number::Decimal(number), &number);
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let Self { steps, found } = self;
        let next = match steps.split_first() {
            Some((Step::Name(name), rest)) => Some((name, rest)),
            Some(_) => None,
            None => {
                found.push(Selected::Compound);
                None
            }
        };
        while let Some(key) = map.next_key::<Cow<'_, str>>()? {
            match next {
                Some((name, rest)) if *key == **name => {
                    let found = &mut *found;
                    map.next_value_seed(Walk { steps: rest, found })?;
                }
                _ => {
                    map.next_value::<IgnoredAny>()?;
                }
            }
        }
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut elements: A) -> Result<(), A::Error> {
        let Self { steps, found } = self;
        let Some((step, rest)) = steps.split_first() else {
            found.push(Selected::Compound);
            while elements.next_element::<IgnoredAny>()?.is_some() {}
            return Ok(());
        };
        for place in 0_usize.. {
            let is_meant = match step {
                Step::Index(index) => *index == place,
                Step::Any => true,
                Step::Name(_) => false,
            };
            let is_over = if is_meant {
                let found = &mut *found;
                let walk = Walk { steps: rest, found };
                elements.next_element_seed(walk)?.is_none()
            } else {
                elements.next_element::<IgnoredAny>()?.is_none()
            };
            if is_over {
                break;
            }
        }
        Ok(())
    }
}
