//! A fault as a user asks for it, read from JSON.

use std::time::Duration;

use serde_json::Value;

use super::effect::{Effect, EndpointFault, Injected};
use super::members::Members;
use super::scope::Scope;
use crate::aws::AccountId;

/// What a fault is.
#[derive(Clone, Debug, PartialEq)]
pub struct Definition {
    /// What it matches.
    pub scope: Scope,
    /// What it does.
    pub effect: Effect,
    /// How often it strikes at most.
    pub count: Option<u64>,
    /// How long it is in force.
    pub lasting: Option<Duration>,
    /// The JSON that it was read from.
    pub source: Value,
}

/// What a body may be, for refusals.
const BODY: &str = r#"The body is a JSON object such as {"match": {"service": "sqs", "action": "SendMessage"}, "effect": {"error": "RequestThrottled"}, "count": 2}"#;

/// The most bytes of a fault: it is kept as it was sent.
const LENGTH: usize = 16_384;

/// The longest that an answer is held back.
const LONGEST_LATENCY: Duration = Duration::from_mins(15);

/// The longest that a fault may be in force, or counts old.
const LONGEST: Duration = Duration::from_hours(24 * 365);

/// The longest that a message is hidden.
const LONGEST_VISIBILITY: Duration = Duration::from_hours(12);

/// The longest that clients are told to wait, in milliseconds.
const LONGEST_RETRY_AFTER: u64 = 3_600_000;

/// How many messages are passed over where nothing is said.
const PASSED_OVER: u64 = 10;

/// How many messages can be passed over.
const MOST_PASSED_OVER: u64 = 1000;

const MATCH: [&str; 12] = [
    "service",
    "action",
    "queue",
    "topic",
    "bus",
    "url",
    "account",
    "userAgent",
    "nth",
    "every",
    "probability",
    "seed",
];

/// The effects, each by the member that names it.
const EFFECTS: [&str; 9] = [
    "error",
    "latency",
    "reset",
    "duplicate",
    "reorder",
    "loseVisibility",
    "partialBatch",
    "staleCounts",
    "endpoint",
];

/// The members that say more of an effect, with the effects that they belong to.
const FURTHER: [(&str, &[&str]); 4] = [
    ("status", &["error", "partialBatch"]),
    ("message", &["error", "partialBatch"]),
    ("retryAfter", &["error"]),
    ("jitter", &["latency"]),
];

impl Definition {
    /// Reads one; the refusal is a sentence.
    pub fn parse(body: &[u8]) -> Result<Self, String> {
        if body.len() > LENGTH {
            return Err(format!("A fault has {LENGTH} bytes at most."));
        }
        let source: Value =
            serde_json::from_slice(body).map_err(|error| format!("{BODY}: {error}."))?;
        let whole = Members::of(&source, "", &["match", "effect", "count", "for"])?;
        let Some(effect) = whole.value("effect") else {
            return Err(format!("There is no effect. {BODY}."));
        };
        let effect = parse_effect(effect)?;
        let scope = whole.value("match").map(parse_scope).transpose()?;
        let scope = scope.unwrap_or_default();
        check_together(&scope, &effect)?;
        Ok(Self {
            count: whole.number("count", 1)?,
            lasting: whole.duration("for", LONGEST)?,
            scope,
            effect,
            source,
        })
    }
}

fn parse_scope(value: &Value) -> Result<Scope, String> {
    let members = Members::of(value, "match", &MATCH)?;
    let account = members.text("account", "twelve digits")?;
    let account = match account.map(AccountId::parse) {
        Some(None) => return members.wrong("account", "twelve digits"),
        account => account.flatten(),
    };
    let service = members.text("service", r#"a service's name such as "sqs""#)?;
    let probability = members.probability("probability")?;
    let seed = members.number("seed", 0)?;
    if seed.is_some() && probability.is_none() {
        return Err("match.seed means nothing without match.probability.".to_owned());
    }
    Ok(Scope {
        service: service.map(str::to_owned),
        action: members.pattern("action")?,
        queue: members.pattern("queue")?,
        topic: members.pattern("topic")?,
        bus: members.pattern("bus")?,
        url: members.pattern("url")?,
        account,
        user_agent: members.pattern("userAgent")?,
        nth: members.number("nth", 1)?,
        every: members.number("every", 1)?,
        probability,
        seed: seed.unwrap_or(0),
    })
}

fn parse_effect(value: &Value) -> Result<Effect, String> {
    let further = FURTHER.map(|(name, _)| name);
    let known: Vec<_> = EFFECTS.into_iter().chain(further).collect();
    let members = Members::of(value, "effect", &known)?;
    let name = effect_name(&members)?;
    match name {
        "error" => Ok(Effect::Error(parse_error(&members, name)?)),
        "partialBatch" => Ok(Effect::PartialBatch(parse_error(&members, name)?)),
        "latency" => Ok(Effect::Latency {
            least: given_duration(&members, name, LONGEST_LATENCY)?,
            jitter: given_duration(&members, "jitter", LONGEST_LATENCY)?,
        }),
        "reset" => parse_reset(&members),
        "duplicate" => match members.value(name) {
            Some(Value::Bool(true)) => Ok(Effect::Duplicate),
            _ => members.wrong(name, "true"),
        },
        "reorder" => parse_reorder(&members),
        "loseVisibility" => parse_visibility(&members),
        "staleCounts" => Ok(Effect::StaleCounts {
            age: given_duration(&members, name, LONGEST)?,
        }),
        _ => parse_endpoint(&members),
    }
}

/// The one member that names the effect; those that say more must belong to it.
fn effect_name(members: &Members<'_>) -> Result<&'static str, String> {
    let given = EFFECTS.into_iter();
    let given: Vec<_> = given.filter(|name| members.value(name).is_some()).collect();
    let [name] = given[..] else {
        let all = EFFECTS.join(", ");
        return Err(format!("effect has exactly one of {all}."));
    };
    let foreign = FURTHER
        .into_iter()
        .find(|(further, effects)| members.value(further).is_some() && !effects.contains(&name));
    match foreign {
        None => Ok(name),
        Some((further, effects)) => {
            let effects = effects.join(" and ");
            Err(format!(
                "effect.{further} belongs to {effects}, not to {name}."
            ))
        }
    }
}

/// A duration; none at all if it is absent.
fn given_duration(members: &Members<'_>, name: &str, most: Duration) -> Result<Duration, String> {
    Ok(members.duration(name, most)?.unwrap_or_default())
}

fn parse_visibility(members: &Members<'_>) -> Result<Effect, String> {
    const NAME: &str = "loseVisibility";
    let after = match members.value(NAME) {
        Some(Value::Bool(true)) => Duration::ZERO,
        _ => given_duration(members, NAME, LONGEST_VISIBILITY)?,
    };
    if after.subsec_nanos() > 0 {
        return members.wrong(NAME, "true, or a duration in whole seconds");
    }
    Ok(Effect::LoseVisibility { after })
}

fn parse_error(members: &Members<'_>, name: &str) -> Result<Injected, String> {
    const EXPECTED: &str = r#"an error's code such as "RequestThrottled""#;
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"._-".contains(&byte);
    let code = members.text(name, EXPECTED)?;
    let code = code.filter(|code| code.len() <= 128 && code.bytes().all(is_plain));
    let Some(code) = code else {
        return members.wrong(name, EXPECTED);
    };
    let status = members.number("status", 400)?;
    let status = match status {
        Some(status) if status > 599 => return members.wrong("status", "from 400 to 599"),
        status => status.and_then(|status| u16::try_from(status).ok()),
    };
    let retry_after = members.number("retryAfter", 0)?;
    if retry_after.is_some_and(|millis| millis > LONGEST_RETRY_AFTER) {
        let expected = format!("a number of milliseconds up to {LONGEST_RETRY_AFTER}");
        return members.wrong("retryAfter", &expected);
    }
    Ok(Injected {
        code: code.to_owned(),
        status,
        message: members.text("message", "a text")?.map(str::to_owned),
        retry_after,
    })
}

fn parse_reset(members: &Members<'_>) -> Result<Effect, String> {
    let is_after = match members.value("reset").and_then(Value::as_str) {
        Some("before") => false,
        Some("after") => true,
        _ => return members.wrong("reset", r#""before" or "after""#),
    };
    Ok(Effect::Reset { is_after })
}

fn parse_reorder(members: &Members<'_>) -> Result<Effect, String> {
    let within = match members.value("reorder") {
        Some(Value::Bool(true)) => Some(PASSED_OVER),
        value => value.and_then(Value::as_u64),
    };
    let within = within.filter(|within| (1..=MOST_PASSED_OVER).contains(within));
    let Some(within) = within.and_then(|within| usize::try_from(within).ok()) else {
        let expected = format!("true, or a number of messages from 1 to {MOST_PASSED_OVER}");
        return members.wrong("reorder", &expected);
    };
    Ok(Effect::Reorder { within })
}

fn parse_endpoint(members: &Members<'_>) -> Result<Effect, String> {
    let fault = match members.value("endpoint") {
        Some(Value::String(text)) if text == "timeout" => Some(EndpointFault::Timeout),
        value => {
            let status = value.and_then(Value::as_u64);
            let status = status.and_then(|status| u16::try_from(status).ok());
            let status = status.filter(|status| (300..=599).contains(status));
            status.map(EndpointFault::Status)
        }
    };
    match fault {
        Some(fault) => Ok(Effect::Endpoint(fault)),
        None => members.wrong("endpoint", r#"a status from 300 to 599, or "timeout""#),
    }
}

/// Refuses what a fault could never match: it would do nothing, silently.
fn check_together(scope: &Scope, effect: &Effect) -> Result<(), String> {
    check_url(scope, matches!(effect, Effect::Endpoint(_)))?;
    check_service(scope, effect)?;
    let actions = effect.actions().unwrap_or_default();
    if !actions.is_empty() && !actions.iter().any(|action| scope.has_action(action)) {
        let actions = actions.join(", ");
        return Err(format!(
            "match.action matches none of those in which the effect happens: {actions}."
        ));
    }
    Ok(())
}

/// Requests to endpoints are matched by their URL alone, and nothing else is.
fn check_url(scope: &Scope, is_endpoint: bool) -> Result<(), String> {
    let of_calls = [
        ("service", scope.service.is_some()),
        ("action", scope.action.is_some()),
        ("queue", scope.queue.is_some()),
        ("topic", scope.topic.is_some()),
        ("bus", scope.bus.is_some()),
        ("account", scope.account.is_some()),
        ("userAgent", scope.user_agent.is_some()),
    ];
    let mut of_calls = of_calls.into_iter().filter(|(_, is_given)| *is_given);
    match of_calls.next() {
        Some((name, _)) if is_endpoint => Err(format!(
            "effect.endpoint is of requests to endpoints, which match.url matches, not match.{name}."
        )),
        _ if !is_endpoint && scope.url.is_some() => {
            Err("match.url matches requests to endpoints: its effect is endpoint.".to_owned())
        }
        _ => Ok(()),
    }
}

fn check_service(scope: &Scope, effect: &Effect) -> Result<(), String> {
    let is_one_of = |services: &[&str]| {
        let service = scope.service.as_deref();
        service.is_none_or(|service| services.contains(&service))
    };
    let is_of_queues = scope.topic.is_none() && scope.bus.is_none() && is_one_of(&["sqs"]);
    let is_of_messages = scope.bus.is_none() && is_one_of(&["sqs", "sns"]);
    if *effect == Effect::Duplicate && !is_of_messages {
        return Err(
            "effect.duplicate is of queues and topics: match.service is sqs or sns.".to_owned(),
        );
    }
    if effect.is_of_queues() && !is_of_queues {
        return Err(
            "The effect is of queues: match.service is sqs, and match.queue names them.".to_owned(),
        );
    }
    if matches!(effect, Effect::PartialBatch(_)) && !is_one_of(&["sqs", "sns", "events"]) {
        return Err(
            "effect.partialBatch is of batches of sqs, sns and events: match.service is one of them."
                .to_owned(),
        );
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(body: &str) -> String {
        match Definition::parse(body.as_bytes()) {
            Ok(definition) => panic!("{definition:?}"),
            Err(refusal) => refusal,
        }
    }

    #[test]
    fn a_fault_is_a_match_an_effect_and_limits() {
        let body = br#"{"match":{"service":"sqs","action":"SendMessage","queue":"orders*","userAgent":"Boto3*",
            "account":"000000000042","probability":0.2,"seed":7},
            "effect":{"error":"RequestThrottled","retryAfter":1500},"count":2,"for":"1m 30s"}"#;
        let read = Definition::parse(body).unwrap();
        let scope = Scope {
            service: Some("sqs".to_owned()),
            action: Some("SendMessage".to_owned()),
            queue: Some("orders*".to_owned()),
            account: AccountId::parse("000000000042"),
            user_agent: Some("Boto3*".to_owned()),
            probability: Some(0.2),
            seed: 7,
            ..Scope::default()
        };
        let error = Injected {
            code: "RequestThrottled".to_owned(),
            status: None,
            message: None,
            retry_after: Some(1500),
        };
        assert_eq!(read.scope, scope);
        assert_eq!(read.effect, Effect::Error(error));
        assert_eq!(
            (read.count, read.lasting),
            (Some(2), Some(Duration::from_secs(90)))
        );
    }

    #[test]
    fn a_fault_has_a_largest_size() {
        let body = |queue: usize| {
            let queue = "q".repeat(queue);
            format!(r#"{{"match":{{"queue":"{queue}"}},"effect":{{"duplicate":true}}}}"#)
        };
        let room = LENGTH - body(0).len();
        assert!(Definition::parse(body(room).as_bytes()).is_ok());
        assert_eq!(refusal(&body(room + 1)), "A fault has 16384 bytes at most.");
    }

    #[test]
    fn each_effect_has_its_words() {
        let ms = Duration::from_millis;
        for (effect, expected) in [
            (
                r#"{"latency":"10ms","jitter":"5ms"}"#,
                Effect::Latency {
                    least: ms(10),
                    jitter: ms(5),
                },
            ),
            (
                r#"{"latency":2}"#,
                Effect::Latency {
                    least: ms(2000),
                    jitter: ms(0),
                },
            ),
            (r#"{"reset":"before"}"#, Effect::Reset { is_after: false }),
            (r#"{"reset":"after"}"#, Effect::Reset { is_after: true }),
            (r#"{"duplicate":true}"#, Effect::Duplicate),
            (r#"{"reorder":true}"#, Effect::Reorder { within: 10 }),
            (r#"{"reorder":3}"#, Effect::Reorder { within: 3 }),
            (
                r#"{"loseVisibility":true}"#,
                Effect::LoseVisibility { after: ms(0) },
            ),
            (
                r#"{"loseVisibility":"2s"}"#,
                Effect::LoseVisibility { after: ms(2000) },
            ),
            (
                r#"{"staleCounts":"1m"}"#,
                Effect::StaleCounts { age: ms(60_000) },
            ),
            (
                r#"{"endpoint":503}"#,
                Effect::Endpoint(EndpointFault::Status(503)),
            ),
            (
                r#"{"endpoint":"timeout"}"#,
                Effect::Endpoint(EndpointFault::Timeout),
            ),
        ] {
            let body = format!(r#"{{"effect":{effect}}}"#);
            let read = Definition::parse(body.as_bytes());
            assert_eq!(read.map(|read| read.effect), Ok(expected), "{effect}");
        }
    }

    #[test]
    fn refusals_name_the_member_and_what_was_meant() {
        for (body, expected) in [
            ("", "The body is a JSON object such as"),
            ("[]", "The body is a JSON object, not []."),
            ("{}", "There is no effect."),
            (r#"{"efect":{}}"#, "There is no efect: did you mean effect?"),
            (
                r#"{"effect":{"eror":"x"}}"#,
                "There is no effect.eror: did you mean error?",
            ),
            (
                r#"{"effect":{}}"#,
                "effect has exactly one of error, latency,",
            ),
            (
                r#"{"effect":{"reset":"before","duplicate":true}}"#,
                "effect has exactly one of",
            ),
            (
                r#"{"effect":{"duplicate":true,"retryAfter":1}}"#,
                "effect.retryAfter belongs to error, not to duplicate.",
            ),
            (
                r#"{"effect":{"reset":"midway"}}"#,
                r#"effect.reset is "before" or "after", not "midway"."#,
            ),
            (
                r#"{"effect":{"error":"a code"}}"#,
                r#"effect.error is an error's code such as "RequestThrottled", not "a code"."#,
            ),
            (
                r#"{"effect":{"error":"X","status":200}}"#,
                "effect.status is a whole number from 400, not 200.",
            ),
            (
                r#"{"effect":{"error":"X","status":600}}"#,
                "effect.status is from 400 to 599, not 600.",
            ),
            (
                r#"{"effect":{"latency":"soon"}}"#,
                r#"effect.latency is a duration such as "250ms" or "1m 30s", or a number of seconds, and 15m at most, not "soon"."#,
            ),
            (
                r#"{"effect":{"loseVisibility":"500ms"}}"#,
                "effect.loseVisibility is true, or a duration in whole seconds,",
            ),
            (r#"{"effect":{"latency":"16m"}}"#, "and 15m at most"),
            (
                r#"{"effect":{"endpoint":200}}"#,
                r#"effect.endpoint is a status from 300 to 599, or "timeout", not 200."#,
            ),
            (
                r#"{"match":{"acton":"x"},"effect":{"duplicate":true}}"#,
                "There is no match.acton: did you mean action?",
            ),
            (
                r#"{"match":{"account":"12"},"effect":{"duplicate":true}}"#,
                r#"match.account is twelve digits, not "12"."#,
            ),
            (
                r#"{"match":{"probability":20},"effect":{"duplicate":true}}"#,
                "match.probability is a number from 0 to 1, not 20.",
            ),
            (
                r#"{"match":{"seed":1},"effect":{"duplicate":true}}"#,
                "match.seed means nothing without match.probability.",
            ),
            (
                r#"{"match":{"nth":0},"effect":{"duplicate":true}}"#,
                "match.nth is a whole number from 1, not 0.",
            ),
            (
                r#"{"effect":{"duplicate":true},"count":0}"#,
                "count is a whole number from 1, not 0.",
            ),
            (
                r#"{"effect":{"duplicate":true},"for":"x"}"#,
                "for is a duration",
            ),
        ] {
            let refusal = refusal(body);
            assert!(refusal.contains(expected), "{body}: {refusal}");
        }
    }

    #[test]
    fn what_could_never_strike_is_refused() {
        for (body, expected) in [
            (
                r#"{"match":{"topic":"t"},"effect":{"reorder":true}}"#,
                "The effect is of queues:",
            ),
            (
                r#"{"match":{"queue":"q"},"effect":{"endpoint":500}}"#,
                "effect.endpoint is of requests to endpoints, which match.url matches, not match.queue.",
            ),
            (
                r#"{"match":{"url":"http://*"},"effect":{"error":"X","status":500}}"#,
                "match.url matches requests to endpoints: its effect is endpoint.",
            ),
            (
                r#"{"match":{"action":"ReceiveMessage"},"effect":{"duplicate":true}}"#,
                "match.action matches none of those in which the effect happens: SendMessage, SendMessageBatch, Publish, PublishBatch.",
            ),
            (
                r#"{"match":{"bus":"b"},"effect":{"duplicate":true}}"#,
                "effect.duplicate is of queues and topics:",
            ),
            (
                r#"{"match":{"service":"kinesis"},"effect":{"partialBatch":"InternalFailure"}}"#,
                "effect.partialBatch is of batches of sqs, sns and events:",
            ),
        ] {
            let refusal = refusal(body);
            assert!(refusal.contains(expected), "{body}: {refusal}");
        }
    }
}
