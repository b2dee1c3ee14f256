//! Which endpoints a protocol accepts, and which subscriptions need confirmation.

use super::error::Error;
use super::protocol::Protocol;
use super::topic_attributes::Kind;
use crate::aws::characters::{ill_formed, is_well_formed};
use crate::aws::{AccountId, Arn, Region};
use crate::delivery::http;

pub(super) const FIFO_SUFFIX: &str = ".fifo";

/// Refuses endpoints that the protocol or the kind of topic does not accept. Whether a queue, a function or a stream
/// exists is not checked: AWS does not check either (recorded for queues).
pub(super) fn check(protocol: Protocol, kind: Kind, endpoint: &str) -> Result<(), Error> {
    if kind == Kind::Fifo && protocol != Protocol::Sqs {
        return Err(Error::InvalidParameter(
            format!("Invalid protocol type: {protocol}").into(),
        ));
    }
    match protocol {
        Protocol::Http | Protocol::Https => check_url(protocol, endpoint),
        Protocol::Email | Protocol::EmailJson if is_address(endpoint) => Ok(()),
        Protocol::Email | Protocol::EmailJson => Err(Error::invalid("Email address")),
        Protocol::Sms if is_phone_number(endpoint) => Ok(()),
        Protocol::Sms => Err(Error::InvalidParameterSentence(
            format!("Invalid SMS endpoint: {endpoint}").into(),
        )),
        Protocol::Sqs => check_queue(kind, endpoint),
        // Observed.
        Protocol::Lambda if !is_function(endpoint) => Err(Error::invalid("Lambda endpoint ARN")),
        Protocol::Firehose if !is_stream(endpoint) => Err(Error::invalid("Endpoint")),
        Protocol::Application | Protocol::Lambda | Protocol::Firehose => Ok(()),
    }
}

/// Whether a subscription is confirmed just because `caller` made it: an endpoint that can be asked needs confirmation,
/// unless it is the caller's own.
pub(super) fn is_confirmed_by(protocol: Protocol, endpoint: &str, caller: AccountId) -> bool {
    match protocol {
        Protocol::Http | Protocol::Https | Protocol::Email | Protocol::EmailJson => false,
        Protocol::Sqs | Protocol::Lambda => {
            let owner = Arn::parse(endpoint).and_then(|arn| AccountId::parse(arn.account));
            owner == Some(caller)
        }
        Protocol::Sms | Protocol::Application | Protocol::Firehose => true,
    }
}

/// Whether an endpoint is a FIFO queue.
pub(super) fn is_fifo_queue(protocol: Protocol, endpoint: &str) -> bool {
    protocol == Protocol::Sqs && endpoint.ends_with(FIFO_SUFFIX)
}

/// Whether a text is a queue's ARN.
pub(super) fn is_queue(text: &str) -> bool {
    is_resource(text, "sqs", |name| {
        let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"-_".contains(&byte);
        let name = name.strip_suffix(FIFO_SUFFIX).unwrap_or(name);
        !name.is_empty() && name.bytes().all(allowed)
    })
}

fn check_url(protocol: Protocol, endpoint: &str) -> Result<(), Error> {
    let scheme = endpoint.split_once("://").map(|(scheme, _)| scheme);
    if scheme != Some(protocol.as_str()) {
        return Err(Error::invalid("Endpoint must match the specified protocol"));
    }
    match http::Endpoint::parse(endpoint) {
        Some(_) if ill_formed(endpoint).is_none() => Ok(()),
        _ => Err(Error::invalid("Endpoint")),
    }
}

fn check_queue(kind: Kind, endpoint: &str) -> Result<(), Error> {
    if !is_queue(endpoint) {
        return Err(Error::invalid("SQS endpoint ARN"));
    }
    if kind == Kind::Standard && endpoint.ends_with(FIFO_SUFFIX) {
        // AWS repeats the beginning (recorded).
        let sentence = "Invalid parameter: Endpoint Reason: FIFO SQS Queues can not be subscribed to standard SNS topics";
        return Err(Error::invalid(sentence));
    }
    Ok(())
}

fn is_function(text: &str) -> bool {
    is_resource(text, "lambda", |resource| {
        resource.strip_prefix("function:").is_some_and(|name| {
            let parts: Vec<_> = name.split(':').collect();
            parts.len() <= 2 && parts.iter().all(|part| !part.is_empty())
        })
    })
}

fn is_stream(text: &str) -> bool {
    is_resource(text, "firehose", |resource| {
        resource
            .strip_prefix("deliverystream/")
            .is_some_and(|name| !name.is_empty())
    })
}

fn is_resource(text: &str, service: &str, is_name: impl FnOnce(&str) -> bool) -> bool {
    Arn::parse(text).is_some_and(|arn| {
        arn.service == service
            && ill_formed(text).is_none()
            && Region::parse(arn.region).is_some()
            && AccountId::parse(arn.account).is_some()
            && is_name(arn.resource)
    })
}

/// The shape alone: something, an `@`, something, and no character that addresses cannot have.
fn is_address(text: &str) -> bool {
    let is_part = |part: &str| {
        let is_strange =
            |c: char| c.is_whitespace() || c.is_control() || !is_well_formed(c) || c == '@';
        !part.is_empty() && !part.contains(is_strange)
    };
    text.split_once('@')
        .is_some_and(|(local, domain)| is_part(local) && is_part(domain))
}

/// `+`, then digits with single separators between them, eight characters or more. The rule fits all numbers that AWS
/// was seen to accept and to refuse.
fn is_phone_number(text: &str) -> bool {
    let Some(number) = text.strip_prefix('+') else {
        return false;
    };
    let is_group =
        |group: &str| !group.is_empty() && group.bytes().all(|byte| byte.is_ascii_digit());
    text.len() >= 8 && number.split(['-', '/', '.']).all(is_group)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(protocol: Protocol, endpoint: &str) -> String {
        match check(protocol, Kind::Standard, endpoint) {
            Ok(()) => "taken".to_owned(),
            Err(error) => error.to_string(),
        }
    }

    #[test]
    fn queues_are_named_by_their_arns() {
        let taken = "arn:aws:sqs:eu-west-1:123456789012:q-1_A";
        assert_eq!(refusal(Protocol::Sqs, taken), "taken");
        for endpoint in [
            "",
            "http://localhost:4566/000000000000/q",
            "arn:aws:sns:us-east-1:123456789012:q",
            "arn:aws:sqs:us-east-1:1234:q",
            "arn:aws:sqs:us-east-1:123456789012:q:r",
        ] {
            assert_eq!(
                refusal(Protocol::Sqs, endpoint),
                "Invalid parameter: SQS endpoint ARN",
                "{endpoint}"
            );
        }
    }

    #[test]
    fn kinds_of_topics_and_queues_are_held_against_each_other() {
        let queue = "arn:aws:sqs:us-east-1:123456789012:q.fifo";
        assert_eq!(
            refusal(Protocol::Sqs, queue),
            "Invalid parameter: Invalid parameter: Endpoint Reason: FIFO SQS Queues can not be subscribed to standard SNS topics"
        );
        assert_eq!(check(Protocol::Sqs, Kind::Fifo, queue), Ok(()));
        let standard = "arn:aws:sqs:us-east-1:123456789012:q";
        assert_eq!(check(Protocol::Sqs, Kind::Fifo, standard), Ok(()));
        let refused = check(Protocol::Http, Kind::Fifo, "http://localhost/").expect_err("refused");
        assert_eq!(
            refused.to_string(),
            "Invalid parameter: Invalid protocol type: http"
        );
    }

    #[test]
    fn phone_numbers_have_digits_and_single_separators() {
        for number in ["+1234567890", "+123123123", "+12/34-567.890"] {
            assert_eq!(refusal(Protocol::Sms, number), "taken");
        }
        for number in [
            "+15--551234567",
            "NAA+15551234567",
            "+15551234567.",
            "/+15551234567",
            "invalid-number",
            "+123456",
        ] {
            assert_eq!(
                refusal(Protocol::Sms, number),
                format!("Invalid SMS endpoint: {number}")
            );
        }
    }

    #[test]
    fn urls_have_the_protocols_scheme_and_a_host() {
        assert_eq!(refusal(Protocol::Http, "http://localhost:1/a?b"), "taken");
        assert_eq!(refusal(Protocol::Https, "https://example.com"), "taken");
        for (protocol, endpoint) in [
            (Protocol::Http, "https://example.com"),
            (Protocol::Https, "http://example.com"),
            (Protocol::Http, "example.com"),
        ] {
            assert_eq!(
                refusal(protocol, endpoint),
                "Invalid parameter: Endpoint must match the specified protocol"
            );
        }
        for endpoint in ["http://", "http://a b/"] {
            assert_eq!(
                refusal(Protocol::Http, endpoint),
                "Invalid parameter: Endpoint"
            );
        }
    }

    #[test]
    fn other_endpoints_are_checked_by_their_shape() {
        for (protocol, endpoint, expected) in [
            (Protocol::Email, "a@example.com", "taken"),
            (Protocol::EmailJson, "a.b+c@localhost", "taken"),
            (
                Protocol::Email,
                "example.com",
                "Invalid parameter: Email address",
            ),
            (Protocol::Email, "a@b@c", "Invalid parameter: Email address"),
            (
                Protocol::EmailJson,
                "a b@c",
                "Invalid parameter: Email address",
            ),
            (
                Protocol::Lambda,
                "arn:aws:lambda:us-east-1:123456789012:function:f:alias",
                "taken",
            ),
            (
                Protocol::Lambda,
                "f",
                "Invalid parameter: Lambda endpoint ARN",
            ),
            (
                Protocol::Firehose,
                "arn:aws:firehose:us-east-1:123456789012:deliverystream/s",
                "taken",
            ),
            (Protocol::Firehose, "s", "Invalid parameter: Endpoint"),
        ] {
            assert_eq!(refusal(protocol, endpoint), expected, "{endpoint}");
        }
    }

    #[test]
    fn owners_need_not_be_asked() {
        let caller = AccountId::parse("123456789012").expect("an account");
        let own = "arn:aws:sqs:us-east-1:123456789012:q";
        let other = "arn:aws:sqs:us-east-1:000000000000:q";
        assert!(is_confirmed_by(Protocol::Sqs, own, caller));
        assert!(!is_confirmed_by(Protocol::Sqs, other, caller));
        assert!(is_confirmed_by(Protocol::Sms, "+12345678", caller));
        assert!(!is_confirmed_by(
            Protocol::Http,
            "http://localhost/",
            caller
        ));
    }
}
