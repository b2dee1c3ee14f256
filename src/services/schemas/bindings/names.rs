//! Identifiers, made of any names.

use std::collections::{BTreeMap, BTreeSet};

/// The most letters of an identifier: files and archives have no room for longer ones.
const LENGTH: usize = 100;

/// What Python calls its constants.
const CONSTANTS: [&str; 3] = ["None", "True", "False"];

/// The name of a package: lower case, with `_` between words.
pub(super) fn package(schema: &str, reserved: &[&str]) -> String {
    snake(schema, reserved)
}

/// `ship_to` of `ship to` or `shipTo`; a word that is `reserved` has `_` at its end.
pub(super) fn snake(name: &str, reserved: &[&str]) -> String {
    let mut made = String::new();
    let mut was_lower = false;
    for letter in name.chars() {
        let is_break = !letter.is_ascii_alphanumeric() || letter.is_ascii_uppercase() && was_lower;
        if is_break && !made.is_empty() && !made.ends_with('_') {
            made.push('_');
        }
        if letter.is_ascii_alphanumeric() {
            made.push(letter.to_ascii_lowercase());
        }
        was_lower = letter.is_ascii_lowercase() || letter.is_ascii_digit();
    }
    let made = made.trim_end_matches('_');
    finish(made, "field", "_", reserved)
}

/// `ShipTo` of `ship to` or `shipTo`.
pub(super) fn camel(name: &str) -> String {
    let mut made = String::new();
    for word in name.split(|c: char| !c.is_ascii_alphanumeric()) {
        let mut letters = word.chars();
        made.extend(letters.next().map(|first| first.to_ascii_uppercase()));
        made.push_str(letters.as_str());
    }
    finish(&made, "Type", "N", &CONSTANTS)
}

/// An identifier that is not empty, begins with no digit and is not `reserved`.
fn finish(made: &str, empty: &str, before_digit: &str, reserved: &[&str]) -> String {
    // All of it is ASCII.
    let made = &made[..made.len().min(LENGTH)];
    match made.chars().next() {
        None => empty.to_owned(),
        Some(first) if first.is_ascii_digit() => format!("{before_digit}{made}"),
        Some(_) if reserved.contains(&made) => format!("{made}_"),
        Some(_) => made.to_owned(),
    }
}

/// Names that differ from each other: one that is there already gets a number.
#[derive(Debug, Default)]
pub(super) struct Unique {
    taken: BTreeSet<String>,
    /// The last number that a name got.
    numbers: BTreeMap<String, usize>,
}

impl Unique {
    pub(super) fn add(&mut self, name: &str) -> String {
        let mut free = name.to_owned();
        while !self.taken.insert(free.clone()) {
            let number = self.numbers.entry(name.to_owned()).or_insert(1);
            *number += 1;
            free = format!("{name}_{number}");
        }
        free
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_become_identifiers() {
        for (name, snake_name, camel_name) in [
            ("id", "id", "Id"),
            ("shipTo", "ship_to", "ShipTo"),
            ("ship to", "ship_to", "ShipTo"),
            ("detail-type", "detail_type", "DetailType"),
            ("1st", "_1st", "N1st"),
            ("é", "field", "Type"),
            ("", "field", "Type"),
            ("class", "class_", "Class"),
            ("__a__", "a", "A"),
            ("SKU", "sku", "SKU"),
            ("none", "none", "None_"),
        ] {
            assert_eq!(snake(name, &["class"]), snake_name, "{name}");
            assert_eq!(camel(name), camel_name, "{name}");
        }
        assert_eq!(camel(&"a".repeat(500)).len(), LENGTH);
        assert_eq!(
            package("shop.orders@Order-Placed", &[]),
            "shop_orders_order_placed"
        );
    }

    #[test]
    fn equal_names_get_numbers() {
        let mut names = Unique::default();
        let added = ["a", "b", "a", "a_2", "a"].map(|name| names.add(name));
        assert_eq!(added, ["a", "b", "a_2", "a_2_2", "a_3"]);
    }
}
