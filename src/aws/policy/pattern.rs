//! Patterns with wildcards: `*` is any text, `?` any one character.

/// Whether `text` matches `pattern`.
pub(crate) fn matches(pattern: &str, text: &str) -> bool {
    matches_by(pattern, text, |a, b| a == b)
}

/// Whether `text` matches `pattern`, ignoring case. AWS: names of actions.
pub(super) fn matches_ignoring_case(pattern: &str, text: &str) -> bool {
    matches_by(pattern, text, |a, b| a.eq_ignore_ascii_case(&b))
}

/// Whether the ARN `text` matches `pattern`. AWS: "Each of the six colon-delimited components of the ARN is checked
/// separately and each can include multi-character match wildcards (*) or single-character match wildcards (?)."
pub(super) fn matches_arn(pattern: &str, text: &str) -> bool {
    let (mut wanted, mut parts) = (pattern.splitn(6, ':'), text.splitn(6, ':'));
    (0..6).all(|_| match (wanted.next(), parts.next()) {
        (Some(wanted), Some(part)) => matches(wanted, part),
        _ => false,
    })
}

/// Takes time in the product of both lengths at most: only the last `*` is ever retried, since whatever an earlier one
/// could match instead, the last one can match too.
fn matches_by(pattern: &str, text: &str, is_same: impl Fn(char, char) -> bool) -> bool {
    let (mut pattern, mut text) = (pattern.chars(), text.chars());
    let mut last_star = None;
    loop {
        let (mut after_pattern, mut after_text) = (pattern.clone(), text.clone());
        match (after_pattern.next(), after_text.next()) {
            (Some('*'), _) => {
                last_star = Some((after_pattern.clone(), text.clone()));
                pattern = after_pattern;
            }
            (None, None) => return true,
            (Some(wanted), Some(found)) if wanted == '?' || is_same(wanted, found) => {
                (pattern, text) = (after_pattern, after_text);
            }
            _ => {
                let Some((after_star, taken)) = &mut last_star else {
                    return false;
                };
                if taken.next().is_none() {
                    return false;
                }
                (pattern, text) = (after_star.clone(), taken.clone());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wildcards_stand_for_any_text_and_any_one_character() {
        for (pattern, text, expected) in [
            ("", "", true),
            ("", "a", false),
            ("*", "", true),
            ("*", "abc", true),
            ("a*c", "abbc", true),
            ("a*c", "abbcd", false),
            ("a*b*c", "aXbYbZc", true),
            ("*ab", "aab", true),
            ("*aab*", "aaab", true),
            ("a?c", "aéc", true),
            ("a?c", "ac", false),
            ("?*", "", false),
            ("a**", "a", true),
            ("abc", "ABC", false),
        ] {
            assert_eq!(matches(pattern, text), expected, "{pattern} {text}");
        }
    }

    #[test]
    fn case_can_be_ignored() {
        assert!(matches_ignoring_case("SQS:Send*", "sqs:SendMessage"));
        assert!(matches_ignoring_case("sqs:sendmessage", "sqs:SendMessage"));
        assert!(!matches_ignoring_case("sqs:SendMessage", "sns:Publish"));
    }

    #[test]
    fn arns_are_compared_part_by_part() {
        let topic = "arn:aws:sns:us-east-1:123456789012:t";
        for (pattern, expected) in [
            (topic, true),
            ("arn:aws:sns:*:123456789012:t", true),
            ("arn:*:*:*:*:*", true),
            ("arn:aws:sns:us-east-?:123456789012:*", true),
            // No wildcard matches across a colon between the first five parts.
            ("arn:aws:sns:*:t", false),
            ("arn:aws:sns:*", false),
            ("*", false),
            ("arn:aws:sns:us-east-1:123456789012:T", false),
        ] {
            assert_eq!(matches_arn(pattern, topic), expected, "{pattern}");
        }
        // The last part may hold colons of its own.
        let subscription = "arn:aws:sns:us-east-1:123456789012:t:id";
        assert!(matches_arn("arn:aws:sns:*:*:t*", subscription));
        assert!(!matches_arn("arn:*:*:*:*:*", "no ARN"));
    }
}
