//! Trees with some of their values changed. Lines and the order of entries stay.

use std::convert::Infallible;

use super::{Node, Value};

impl Node {
    /// The tree with another value for each text that `replace` has one for.
    #[must_use]
    pub fn with_texts(&self, replace: &dyn Fn(&str) -> Option<Value>) -> Self {
        let Ok(changed) = self.try_with_texts::<Infallible>(&|text| Ok(replace(text)));
        changed
    }

    /// The same where a replacement can fail.
    pub fn try_with_texts<E>(
        &self,
        replace: &dyn Fn(&str) -> Result<Option<Value>, E>,
    ) -> Result<Self, E> {
        let value = match &self.value {
            Value::Text(text) => replace(text)?.unwrap_or_else(|| self.value.clone()),
            Value::List(items) => {
                let items = items.iter().map(|item| item.try_with_texts(replace));
                Value::List(items.collect::<Result<_, _>>()?)
            }
            Value::Map(entries) => {
                let entries = entries.iter();
                let changed =
                    entries.map(|(key, item)| Ok((key.clone(), item.try_with_texts(replace)?)));
                Value::Map(changed.collect::<Result<_, E>>()?)
            }
            Value::Null | Value::Bool(_) | Value::Number(_) => self.value.clone(),
        };
        let line = self.line;
        Ok(Self { line, value })
    }

    /// The mapping with the texts of one member changed so; anything else as it is.
    #[must_use]
    pub fn with_texts_of(&self, member: &str, replace: &dyn Fn(&str) -> Option<Value>) -> Self {
        let Ok(changed) = self.try_with_texts_of::<Infallible>(member, &|text| Ok(replace(text)));
        changed
    }

    /// The same where a replacement can fail.
    pub fn try_with_texts_of<E>(
        &self,
        member: &str,
        replace: &dyn Fn(&str) -> Result<Option<Value>, E>,
    ) -> Result<Self, E> {
        let mut changed = self.clone();
        if let Value::Map(entries) = &mut changed.value {
            for (_, item) in entries.iter_mut().filter(|(key, _)| key.text == member) {
                *item = item.try_with_texts(replace)?;
            }
        }
        Ok(changed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::{read, to_json};

    const TREE: &str = "{a: x, b: [x, y, 1], c: {x: x}}";

    fn replace(text: &str) -> Option<Value> {
        (text == "x").then(|| Value::Number("7".to_owned()))
    }

    #[test]
    fn texts_are_replaced_wherever_they_are_and_keys_are_not() {
        let tree = read(TREE).unwrap();
        let changed = to_json(&tree.with_texts(&replace));
        assert_eq!(changed, r#"{"a":7,"b":[7,"y",1],"c":{"x":7}}"#);
    }

    #[test]
    fn texts_of_one_member_are_replaced() {
        let tree = read(TREE).unwrap();
        let changed = to_json(&tree.with_texts_of("b", &replace));
        assert_eq!(changed, r#"{"a":"x","b":[7,"y",1],"c":{"x":"x"}}"#);
        let list = read("[x]").unwrap();
        assert_eq!(list.with_texts_of("b", &replace), list);
    }

    #[test]
    fn failing_replacement_is_the_whole_trees() {
        let tree = read(TREE).unwrap();
        let fail = |text: &str| if text == "y" { Err("no y") } else { Ok(None) };
        assert_eq!(tree.try_with_texts(&fail), Err("no y"));
        assert_eq!(tree.try_with_texts_of("a", &fail), Ok(tree.clone()));
    }
}
