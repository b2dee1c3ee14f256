//! Generated names: in CloudFormation's form, but the same at every start.

use sha2::{Digest, Sha256};

/// AWS: "Queue quotas", queue name.
pub(super) const QUEUE_NAME_LENGTH: usize = 80;

/// AWS: `CreateTopic`, Name.
pub(super) const TOPIC_NAME_LENGTH: usize = 256;

/// About the longest name of a function, role or bucket.
pub(super) const MADE_UP_LENGTH: usize = 64;

const RANDOM_LENGTH: usize = 12;
const ALPHABET: &[u8; 36] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";

/// `text` as a stack's name: letters, digits and hyphens, which are allowed in names of queues and topics.
pub(super) fn stack(text: &str) -> String {
    let allowed = |c: char| if c.is_ascii_alphanumeric() { c } else { '-' };
    let name: String = text.chars().map(allowed).collect();
    if name.is_empty() {
        "stack".to_owned()
    } else {
        name
    }
}

/// `<stack>-<LogicalId>-<12 characters><suffix>`; the first two are cut if the name would be too long. The twelve come from
/// the whole of both, so that names that are cut still differ.
pub(super) fn made(stack: &str, id: &str, suffix: &str, max_length: usize) -> String {
    let digest = digest(stack, id);
    let letter = |byte: &u8| char::from(ALPHABET[usize::from(*byte) % ALPHABET.len()]);
    let random: String = digest[..RANDOM_LENGTH].iter().map(letter).collect();
    let room = max_length - RANDOM_LENGTH - 1 - suffix.len();
    let start: String = format!("{stack}-{id}").chars().take(room).collect();
    format!("{start}-{random}{suffix}")
}

/// An id in the form of a UUID.
pub(in crate::init) fn uuid(stack: &str, id: &str) -> String {
    let bytes: [u8; 16] = digest(stack, id)[..16]
        .try_into()
        .expect("a digest has 32 bytes");
    uuid::Builder::from_random_bytes(bytes)
        .into_uuid()
        .to_string()
}

fn digest(stack: &str, id: &str) -> [u8; 32] {
    Sha256::digest(format!("{stack}/{id}")).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_of_stack_and_id_and_the_same_each_time() {
        let name = made("shop", "OrdersQueue", "", QUEUE_NAME_LENGTH);
        assert_eq!(name, "shop-OrdersQueue-2VX89QBQCBUL");
        let random = name.strip_prefix("shop-OrdersQueue-").unwrap();
        assert_eq!(random.len(), 12);
        assert!(
            random
                .bytes()
                .all(|b| b.is_ascii_uppercase() || b.is_ascii_digit())
        );
        assert_ne!(name, made("shop2", "OrdersQueue", "", QUEUE_NAME_LENGTH));
    }

    #[test]
    fn long_names_are_cut_and_stay_apart() {
        let long = "A".repeat(200);
        let name = made("shop", &long, ".fifo", QUEUE_NAME_LENGTH);
        assert_eq!(name.len(), 80);
        assert_eq!(&name[75..], ".fifo");
        assert_ne!(
            name,
            made("shop", &format!("{long}B"), ".fifo", QUEUE_NAME_LENGTH)
        );
    }

    #[test]
    fn stacks_have_names_that_queues_can_begin_with() {
        assert_eq!(stack("my.stack/prod_1"), "my-stack-prod-1");
        assert_eq!(stack(""), "stack");
    }
}
