//! What today's SDKs make of a fault: whether they try again, how often, and what the program gets in the end.
//!
//! Measured in November 2026 with boto3 1.44.8 and the JavaScript SDK's client-sqs 3.1175.0, whose rules are those that
//! their SDKs share; what was not measured says so.

use std::time::Duration;

use super::definition::Definition;
use super::effect::{Effect, EndpointFault, Injected};

/// Codes that are throttles, whatever their status.
const THROTTLES: [&str; 14] = [
    "BandwidthLimitExceeded",
    "EC2ThrottledException",
    "LimitExceededException",
    "PriorRequestNotComplete",
    "ProvisionedThroughputExceededException",
    "RequestLimitExceeded",
    "RequestThrottled",
    "RequestThrottledException",
    "SlowDown",
    "ThrottledException",
    "Throttling",
    "ThrottlingException",
    "TooManyRequestsException",
    "TransactionInProgressException",
];

/// Codes that pass by themselves, whatever their status.
const TRANSIENTS: [&str; 2] = ["RequestTimeout", "RequestTimeoutException"];

/// The clients whose rules were measured, and those that share them.
const TODAY: &str =
    "boto3 from 1.44, JavaScript v3 from 3.1166, Go v2 from core 1.48, AWS CLI from 2.40";
const LEGACY: &str = "boto3 before 1.44 (retry mode legacy)";
const JAVA: &str = "Java v2 2.59";

/// How often clients of today try, and those of before.
const ATTEMPTS: u64 = 3;
const LEGACY_ATTEMPTS: u64 = 5;

/// How long boto3 waits for an answer.
const READ_TIMEOUT: Duration = Duration::from_mins(1);

/// What a client does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Client {
    /// Which ones.
    pub client: &'static str,
    /// How often it tries in all, where that is known.
    pub attempts: Option<u64>,
    /// What comes of it, in a sentence or two.
    pub outcome: String,
}

/// What an answer is to a client.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Throttle,
    Transient,
    Final,
}

/// What clients make of a fault. The `status` is that of its error, if it has one.
pub fn of(definition: &Definition, status: u16) -> Vec<Client> {
    match &definition.effect {
        Effect::Error(error) => of_error(definition, error, status),
        Effect::Reset { is_after } => of_reset(definition, *is_after),
        Effect::Latency { least, jitter } => of_latency(*least + *jitter),
        Effect::PartialBatch(_) => all(
            "No SDK tries failed entries again, since the answer is 200: the program has to look at Failed, or \
             FailedEntryCount, and send just those entries again.",
        ),
        Effect::Duplicate => {
            all("No SDK tells: both copies have the same MessageId, and the consumer has to.")
        }
        Effect::Reorder { .. } => all("No SDK tells: a standard queue promises no order."),
        Effect::LoseVisibility { .. } => all(
            "No SDK tells: another receive gets the message while the first consumer still works on it.",
        ),
        Effect::StaleCounts { .. } => all("No SDK tells: the numbers are called approximate."),
        Effect::Endpoint(fault) => of_endpoint(*fault),
    }
}

fn all(outcome: impl Into<String>) -> Vec<Client> {
    vec![Client {
        client: "all",
        attempts: None,
        outcome: outcome.into(),
    }]
}

impl Kind {
    fn of(code: &str, status: u16) -> Self {
        if THROTTLES.contains(&code) || status == 429 {
            Self::Throttle
        } else if TRANSIENTS.contains(&code) || [500, 502, 503, 504].contains(&status) {
            Self::Transient
        } else {
            Self::Final
        }
    }

    /// How long clients of today wait between attempts.
    const fn waits(self) -> &'static str {
        match self {
            Self::Throttle => "up to 1 s, then up to 2 s",
            Self::Transient | Self::Final => "up to 50 ms, then up to 100 ms",
        }
    }

    /// How long those of before take for all attempts, as measured once.
    const fn legacy_total(self) -> &'static str {
        match self {
            Self::Throttle => "7.8 to 9.8 s in all were measured",
            Self::Transient | Self::Final => "9.6 s in all were measured",
        }
    }
}

fn of_error(definition: &Definition, error: &Injected, status: u16) -> Vec<Client> {
    let kind = Kind::of(&error.code, status);
    if kind == Kind::Final {
        let code = &error.code;
        return vec![Client {
            client: TODAY,
            attempts: Some(1),
            outcome: format!(
                "No retry: the program gets {code} at once, unless its client's model marks that as retryable."
            ),
        }];
    }
    let waits = match error.retry_after {
        None => kind.waits().to_owned(),
        Some(millis) => format!(
            "{millis} ms each, as x-amz-retry-after says, but at most 5 s more than {}",
            kind.waits()
        ),
    };
    retried(definition, &error.code, &waits, kind)
}

fn of_reset(definition: &Definition, is_after: bool) -> Vec<Client> {
    let what = "a closed connection";
    let mut clients = vec![today(definition, what, Kind::Transient.waits()), java()];
    if is_after {
        clients.extend(all(
            "Each attempt has taken place: what is sent is there once for each, unless it is deduplicated; what is \
             received is in flight, and nobody has it.",
        ));
    }
    clients
}

/// What clients make of something that they try again.
fn retried(definition: &Definition, what: &str, waits: &str, kind: Kind) -> Vec<Client> {
    let legacy = Client {
        client: LEGACY,
        attempts: Some(LEGACY_ATTEMPTS),
        outcome: format!(
            "{}; x-amz-retry-after is not known there. {}",
            kind.legacy_total(),
            ending(definition, what, LEGACY_ATTEMPTS)
        ),
    };
    vec![today(definition, what, waits), legacy, java()]
}

fn today(definition: &Definition, what: &str, waits: &str) -> Client {
    Client {
        client: TODAY,
        attempts: Some(ATTEMPTS),
        outcome: format!("Waits of {waits}. {}", ending(definition, what, ATTEMPTS)),
    }
}

fn java() -> Client {
    Client {
        client: JAVA,
        attempts: None,
        outcome: "Rules of before, with more attempts and other waits (not measured), unless AWS_NEW_RETRIES_2026=true."
            .to_owned(),
    }
}

/// What the program gets in the end.
fn ending(definition: &Definition, what: &str, attempts: u64) -> String {
    let limit = match definition.scope.nth {
        // It strikes one at most.
        Some(_) => Some(1),
        None if !definition.scope.is_of_all() => {
            return format!("The program gets {what} where all {attempts} attempts are struck.");
        }
        None => definition.count,
    };
    match limit {
        Some(count) if count < attempts => {
            let next = count + 1;
            format!("Attempt {next} succeeds: the program sees nothing but the wait.")
        }
        _ => format!("The program gets {what} after attempt {attempts}."),
    }
}

fn of_latency(longest: Duration) -> Vec<Client> {
    let boto3 = if longest > READ_TIMEOUT {
        Client {
            client: "boto3",
            attempts: Some(ATTEMPTS),
            outcome: "It waits for 60 s, then tries again: ReadTimeoutError after attempt 3. Each attempt has taken place."
                .to_owned(),
        }
    } else {
        Client {
            client: "boto3",
            attempts: Some(1),
            outcome: "It waits: its read timeout is 60 s.".to_owned(),
        }
    };
    let javascript = Client {
        client: "JavaScript v3",
        attempts: Some(1),
        outcome: "It waits: it has no timeout of its own.".to_owned(),
    };
    vec![boto3, javascript]
}

fn of_endpoint(fault: EndpointFault) -> Vec<Client> {
    all(match fault {
        EndpointFault::Status(status) => format!(
            "No SDK is concerned: SNS and EventBridge get {status}, and retry or give up as their policies say."
        ),
        EndpointFault::Timeout => {
            "No SDK is concerned: SNS and EventBridge get no answer in time, and retry as their policies say.".to_owned()
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn clients(body: &str, status: u16) -> Vec<Client> {
        of(&Definition::parse(body.as_bytes()).unwrap(), status)
    }

    #[test]
    fn a_count_below_the_attempts_is_hidden_by_retries() {
        let two = clients(r#"{"effect":{"error":"RequestThrottled"},"count":2}"#, 403);
        assert_eq!(two[0].attempts, Some(3));
        assert_eq!(
            two[0].outcome,
            "Waits of up to 1 s, then up to 2 s. Attempt 3 succeeds: the program sees nothing but the wait."
        );
        let four = clients(r#"{"effect":{"error":"RequestThrottled"},"count":4}"#, 403);
        assert!(
            four[0]
                .outcome
                .ends_with("The program gets RequestThrottled after attempt 3.")
        );
        assert!(four[1].outcome.contains("Attempt 5 succeeds"));
        let one = clients(
            r#"{"match":{"nth":2},"effect":{"error":"Throttling"}}"#,
            400,
        );
        assert!(one[0].outcome.contains("Attempt 2 succeeds"));
        let some = clients(
            r#"{"match":{"every":2},"effect":{"error":"Throttling"}}"#,
            400,
        );
        assert!(some[0].outcome.contains("where all 3 attempts are struck"));
    }

    #[test]
    fn kinds_follow_the_code_then_the_status() {
        for (code, status, kind) in [
            ("RequestThrottled", 400, Kind::Throttle),
            ("LimitExceededException", 400, Kind::Throttle),
            ("Throttled", 429, Kind::Throttle),
            ("InternalError", 500, Kind::Transient),
            ("RequestTimeout", 400, Kind::Transient),
            ("X", 501, Kind::Final),
            ("X", 408, Kind::Final),
            ("OverLimit", 403, Kind::Final),
        ] {
            assert_eq!(Kind::of(code, status), kind, "{code} {status}");
        }
    }

    #[test]
    fn what_clients_are_told_to_wait_is_said() {
        let told = clients(
            r#"{"effect":{"error":"X","status":503,"retryAfter":1500}}"#,
            503,
        );
        assert!(told[0].outcome.starts_with("Waits of 1500 ms each"));
        let after = clients(r#"{"effect":{"reset":"after"}}"#, 0);
        assert!(after[2].outcome.starts_with("Each attempt has taken place"));
        let slow = clients(r#"{"effect":{"latency":"61s"}}"#, 0);
        assert_eq!(slow[0].attempts, Some(3));
    }
}
