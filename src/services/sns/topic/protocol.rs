//! The protocols that SNS delivers by.

use std::fmt;

/// A protocol of a subscription. They are ordered by name, as listings are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Protocol {
    Application,
    Email,
    EmailJson,
    Firehose,
    Http,
    Https,
    Lambda,
    Sms,
    Sqs,
}

/// All of them, as errors list them.
const ALL: [Protocol; 9] = [
    Protocol::Http,
    Protocol::Https,
    Protocol::Email,
    Protocol::EmailJson,
    Protocol::Sms,
    Protocol::Sqs,
    Protocol::Application,
    Protocol::Lambda,
    Protocol::Firehose,
];

/// The names of all protocols.
pub fn names() -> impl Iterator<Item = &'static str> {
    ALL.iter().map(|protocol| protocol.as_str())
}

impl Protocol {
    /// The protocol of this name.
    pub(crate) fn parse(name: &str) -> Option<Self> {
        ALL.into_iter().find(|protocol| protocol.as_str() == name)
    }

    /// Its name, which is also its key in messages of structure `json`.
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Http => "http",
            Self::Https => "https",
            Self::Email => "email",
            Self::EmailJson => "email-json",
            Self::Sms => "sms",
            Self::Sqs => "sqs",
            Self::Application => "application",
            Self::Lambda => "lambda",
            Self::Firehose => "firehose",
        }
    }

    /// Whether subscribers may have messages without an envelope.
    pub(crate) const fn takes_raw(self) -> bool {
        matches!(self, Self::Http | Self::Https | Self::Sqs | Self::Firehose)
    }

    /// Whether it is HTTP or HTTPS.
    pub(crate) const fn is_http(self) -> bool {
        matches!(self, Self::Http | Self::Https)
    }
}

impl fmt::Display for Protocol {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_their_own_and_case_sensitive() {
        for protocol in ALL {
            assert_eq!(Protocol::parse(protocol.as_str()), Some(protocol));
        }
        assert_eq!(Protocol::parse("SQS"), None);
        assert_eq!(Protocol::parse(""), None);
    }

    #[test]
    fn their_order_is_that_of_their_names() {
        let mut sorted = ALL;
        sorted.sort_unstable();
        assert!(sorted.is_sorted_by_key(|protocol| protocol.as_str()));
    }
}
