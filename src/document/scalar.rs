//! The type of a scalar, by how it is written.

use super::Value;

/// The value of an unquoted scalar. Numbers are JSON's: `007`, `+1`, `2012-10-17` and `1.2.3` are texts.
pub fn plain(text: &str) -> Value {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => Value::Null,
        "true" | "True" | "TRUE" => Value::Bool(true),
        "false" | "False" | "FALSE" => Value::Bool(false),
        _ if is_number(text) => Value::Number(text.to_owned()),
        _ => Value::Text(text.to_owned()),
    }
}

/// Whether JSON takes `text` for a number.
fn is_number(text: &str) -> bool {
    let text = text.strip_prefix('-').unwrap_or(text);
    let (mantissa, exponent) = match text.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (
            mantissa,
            Some(exponent.strip_prefix(['+', '-']).unwrap_or(exponent)),
        ),
        None => (text, None),
    };
    let (whole, fraction) = match mantissa.split_once('.') {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (mantissa, None),
    };
    are_digits(whole)
        && (whole == "0" || !whole.starts_with('0'))
        && fraction.is_none_or(are_digits)
        && exponent.is_none_or(are_digits)
}

fn are_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_the_core_schema_are_what_they_say() {
        assert_eq!(plain(""), Value::Null);
        assert_eq!(plain("~"), Value::Null);
        assert_eq!(plain("True"), Value::Bool(true));
        assert_eq!(plain("false"), Value::Bool(false));
        assert_eq!(plain("yes"), Value::Text("yes".to_owned()));
    }

    #[test]
    fn numbers_are_json_numbers_and_keep_their_text() {
        for number in ["0", "-1", "345600", "1.50", "1e3", "2E-7", "-0.0"] {
            assert_eq!(plain(number), Value::Number(number.to_owned()));
        }
        for text in [
            "007",
            "+1",
            "1.",
            ".5",
            "1e",
            "0x1f",
            "2012-10-17",
            "1.2.3",
            "-",
            "1_000",
            "٣",
            "NaN",
        ] {
            assert_eq!(plain(text), Value::Text(text.to_owned()));
        }
    }
}
