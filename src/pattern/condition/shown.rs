//! Conditions as policies write them, in JSON, for those who read why a message does not match. Texts without case are
//! shown in small letters.

use std::fmt;

use super::{Bound, Condition, Exclusion, Range, Word};
use crate::pattern::json::Quoted;

impl fmt::Display for Condition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(text) => Quoted(text).fmt(f),
            Self::Address(address) => write!(f, "\"{address}\""),
            Self::Number(number) => number.fmt(f),
            Self::Digits(digits) => f.write_str(digits),
            Self::Word(word) => word.fmt(f),
            Self::Prefix(prefix) => write!(f, r#"{{"prefix":{}}}"#, Quoted(prefix)),
            Self::Suffix(suffix) => write!(f, r#"{{"suffix":{}}}"#, Quoted(suffix)),
            Self::FoldedPrefix(prefix) => {
                let prefix = Quoted(prefix);
                write!(f, r#"{{"prefix":{{"equals-ignore-case":{prefix}}}}}"#)
            }
            Self::FoldedSuffix(suffix) => {
                let suffix = Quoted(suffix);
                write!(f, r#"{{"suffix":{{"equals-ignore-case":{suffix}}}}}"#)
            }
            Self::FoldedText(text) => write!(f, r#"{{"equals-ignore-case":{}}}"#, Quoted(text)),
            Self::Wildcard(wildcard) => {
                write!(f, r#"{{"wildcard":{}}}"#, Quoted(&wildcard.to_string()))
            }
            Self::AnythingBut(exclusion) => write!(f, r#"{{"anything-but":{exclusion}}}"#),
            Self::Range(range) => write!(f, r#"{{"numeric":[{range}]}}"#),
            Self::Cidr(cidr) => write!(f, r#"{{"cidr":"{cidr}"}}"#),
            Self::Filled | Self::Present => f.write_str(r#"{"exists":true}"#),
            Self::Absent => f.write_str(r#"{"exists":false}"#),
        }
    }
}

impl fmt::Display for Word {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::True => "true",
            Self::False => "false",
            Self::Null => "null",
        })
    }
}

impl fmt::Display for Exclusion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let quoted = |texts: &[Box<str>]| list(texts.iter().map(|text| Quoted(text).to_string()));
        match self {
            Self::Texts(texts) => f.write_str(&quoted(texts.items())),
            Self::Numbers(numbers) => {
                f.write_str(&list(numbers.items().iter().map(ToString::to_string)))
            }
            Self::Prefixes(prefixes) => write!(f, r#"{{"prefix":{}}}"#, quoted(prefixes.items())),
            Self::Suffixes(suffixes) => write!(f, r#"{{"suffix":{}}}"#, quoted(suffixes.items())),
            Self::FoldedTexts(texts) => {
                write!(f, r#"{{"equals-ignore-case":{}}}"#, quoted(texts.items()))
            }
            Self::Wildcards(wildcards) => {
                let wildcards = wildcards.iter().map(ToString::to_string);
                let wildcards = wildcards.map(|wildcard| Quoted(&wildcard).to_string());
                write!(f, r#"{{"wildcard":{}}}"#, list(wildcards))
            }
        }
    }
}

impl fmt::Display for Range {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let shown = |bound: &Option<Bound>, sign: &str| {
            bound.as_ref().map(|bound| {
                let equal = if bound.is_inclusive { "=" } else { "" };
                format!("\"{sign}{equal}\",{}", bound.value)
            })
        };
        let ends = [shown(&self.bottom, ">"), shown(&self.top, "<")];
        f.write_str(&ends.into_iter().flatten().collect::<Vec<_>>().join(","))
    }
}

/// One as it is, several in a list.
fn list(items: impl Iterator<Item = String>) -> String {
    let items: Vec<_> = items.collect();
    match &*items {
        [one] => one.clone(),
        _ => format!("[{}]", items.join(",")),
    }
}
