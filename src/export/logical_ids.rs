//! Logical ids of a template's resources: letters and digits, made from names, each unique.

use std::collections::BTreeSet;

/// Longer ids are cut: CloudFormation accepts 255 characters.
const LENGTH: usize = 240;

/// The ids in use.
#[derive(Debug, Default)]
pub(super) struct LogicalIds(BTreeSet<String>);

impl LogicalIds {
    /// A new id: `words` in Pascal case, ending in `kind`, with a number if it is in use already.
    pub(super) fn give(&mut self, words: &str, kind: &str) -> String {
        let mut id = pascal(words);
        id.truncate(LENGTH);
        if !id.ends_with(kind) {
            id.push_str(kind);
        }
        let mut numbered = id.clone();
        for number in 2_u32.. {
            if self.0.insert(numbered.clone()) {
                break;
            }
            numbered = format!("{id}{number}");
        }
        numbered
    }
}

/// `order-events.fifo` as `OrderEventsFifo`.
fn pascal(text: &str) -> String {
    let words = text.split(|c: char| !c.is_ascii_alphanumeric());
    words
        .flat_map(|word| {
            let first = word.chars().take(1).map(|c| c.to_ascii_uppercase());
            first.chain(word.chars().skip(1))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_names_in_pascal_case_and_given_once() {
        let mut ids = LogicalIds::default();
        for (words, expected) in [
            ("orders", "OrdersQueue"),
            ("Orders", "OrdersQueue2"),
            ("orders_", "OrdersQueue3"),
            ("order-events.fifo", "OrderEventsFifoQueue"),
            ("orders-dead-queue", "OrdersDeadQueue"),
            ("1-2", "12Queue"),
        ] {
            assert_eq!(ids.give(words, "Queue"), expected);
        }
        assert!(ids.give(&"long".repeat(80), "Queue").len() <= 255);
    }
}
