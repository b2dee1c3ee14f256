//! JSON that keeps the spelling of numbers and repeated names.

use std::fmt;

#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Tree {
    /// Written as is, between quotes.
    Text(&'static str),
    Number(&'static str),
    /// Anything else: `true`, `false`, `null`.
    Word(&'static str),
    List(Vec<Tree>),
    Object(Vec<(&'static str, Tree)>),
}

impl fmt::Display for Tree {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(text) => write!(f, "\"{text}\""),
            Self::Number(text) | Self::Word(text) => f.write_str(text),
            Self::List(list) => {
                let list: Vec<_> = list.iter().map(ToString::to_string).collect();
                write!(f, "[{}]", list.join(", "))
            }
            Self::Object(members) => {
                let member = |(name, value): &(&str, Tree)| format!("\"{name}\": {value}");
                let members: Vec<_> = members.iter().map(member).collect();
                write!(f, "{{{}}}", members.join(", "))
            }
        }
    }
}
