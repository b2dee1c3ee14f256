//! SQS's error table, compared whole with the answers of the wire cases: `tests/wire.rs` must prove every error of the
//! table, and no other. No server runs here.

use serde::Deserialize;

use crate::support::cases::{self, Exchange, element, matches, patterns};

#[derive(Deserialize)]
struct Table {
    errors: Vec<Row>,
}

#[derive(Debug, Deserialize)]
struct Row {
    #[serde(rename = "type")]
    json_type: String,
    query_code: String,
    http: u16,
    fault: String,
    messages: Vec<Message>,
}

#[derive(Debug, Deserialize)]
struct Message {
    protocol: String,
    text: String,
}

const NO_KMS: &str = "topiq has no KMS: nothing is encrypted";

/// Errors that topiq never answers, and why.
const NEVER_RAISED: [(&str, &str); 15] = [
    ("InvalidIdFormat", "deprecated: AWS answers others instead"),
    ("MessageNotInflight", "modelled, never seen of AWS"),
    (
        "InvalidSecurity",
        "topiq asks for no TLS and no version of signatures",
    ),
    ("RequestThrottled", "topiq does not throttle"),
    ("KmsAccessDenied", NO_KMS),
    ("KmsDisabled", NO_KMS),
    ("KmsInvalidKeyUsage", NO_KMS),
    ("KmsInvalidState", NO_KMS),
    ("KmsNotFound", NO_KMS),
    ("KmsOptInRequired", NO_KMS),
    ("KmsThrottled", NO_KMS),
    (
        "AccessDeniedException",
        "topiq enforces no policies and takes unsigned requests",
    ),
    (
        "UnrecognizedClientException",
        "topiq takes every access key",
    ),
    (
        "InvalidSignatureException",
        "topiq does not check signatures",
    ),
    (
        "IncompleteSignatureException",
        "topiq reads of a signature its scope alone",
    ),
];

/// Errors common to AWS's services that are not in SQS's table.
const COMMON: [&str; 2] = ["MalformedQueryString", "MissingAuthenticationToken"];

/// An error in a case.
#[derive(Debug)]
enum Answered {
    Json {
        status: u16,
        json_type: String,
        query_error: String,
        message: String,
    },
    Query {
        status: u16,
        fault: String,
        code: String,
        message: String,
    },
    /// The failure of one entry of a batch, in either protocol.
    Entry {
        protocol: &'static str,
        code: String,
        message: String,
    },
}

impl Answered {
    /// The error of an answer: its status, head and body.
    fn read(status: u16, head: &str, body: &str) -> Option<Self> {
        if body.contains("<ErrorResponse") {
            return Some(Self::Query {
                status,
                fault: element(body, "Type"),
                code: element(body, "Code"),
                message: element(body, "Message"),
            });
        }
        let value: serde_json::Value = serde_json::from_str(body).ok()?;
        let query_error = head
            .lines()
            .find_map(|line| line.strip_prefix("x-amzn-query-error: "))
            .unwrap_or_default();
        Some(Self::Json {
            status,
            json_type: value["__type"].as_str()?.to_owned(),
            query_error: query_error.to_owned(),
            message: value["message"].as_str()?.to_owned(),
        })
    }

    /// The failures of a batch's entries.
    fn read_entries(body: &str) -> Vec<Self> {
        let value: serde_json::Value = serde_json::from_str(body).unwrap_or_default();
        let text = |value: &serde_json::Value| value.as_str().unwrap_or_default().to_owned();
        let json = value["Failed"].as_array().into_iter().flatten();
        let json = json.map(|entry| Self::Entry {
            protocol: "json",
            code: text(&entry["Code"]),
            message: text(&entry["Message"]),
        });
        let query = body.split("<BatchResultErrorEntry>").skip(1);
        let query = query.map(|entry| Self::Entry {
            protocol: "query",
            code: element(entry, "Code"),
            message: element(entry, "Message"),
        });
        json.chain(query).collect()
    }

    /// Whether this is the error of a row, in every part but its message.
    fn is(&self, row: &Row) -> bool {
        match self {
            Self::Json {
                status,
                json_type,
                query_error,
                ..
            } => {
                *status == row.http
                    && *json_type == row.json_type
                    && *query_error == format!("{};{}", row.query_code, row.fault)
            }
            Self::Query {
                status,
                fault,
                code,
                ..
            } => *status == row.http && *fault == row.fault && *code == row.query_code,
            Self::Entry { .. } => false,
        }
    }

    fn protocol(&self) -> &'static str {
        match self {
            Self::Json { .. } => "json",
            Self::Query { .. } => "query",
            Self::Entry { protocol, .. } => protocol,
        }
    }

    fn code(&self) -> &str {
        match self {
            Self::Json { query_error, .. } => query_error.split(';').next().unwrap_or_default(),
            Self::Query { code, .. } | Self::Entry { code, .. } => code,
        }
    }

    fn message(&self) -> &str {
        match self {
            Self::Json { message, .. }
            | Self::Query { message, .. }
            | Self::Entry { message, .. } => message,
        }
    }
}

/// Every error in the answers of SQS's cases.
fn answered() -> Vec<Answered> {
    let mut errors = Vec::new();
    for exchange in cases::of_service("sqs") {
        let Exchange {
            status, head, body, ..
        } = &exchange;
        errors.extend(Answered::read(*status, head, body));
        errors.extend(Answered::read_entries(body));
    }
    assert!(!errors.is_empty(), "no case is answered an error");
    errors
}

fn table() -> Vec<Row> {
    let table: Table =
        serde_json::from_str(include_str!("../../fixtures/sqs-errors.json")).expect("the table");
    table.errors
}

fn shape(row: &Row) -> &str {
    row.json_type.split_once('#').expect("a namespace").1
}

#[test]
fn every_error_of_the_table_is_answered_or_never_raised() {
    let answered = answered();
    for row in table() {
        let is_never_raised = NEVER_RAISED.iter().any(|(never, _)| *never == shape(&row));
        for protocol in ["json", "query"] {
            // Only Query can lack a queue's address: in JSON the target header names the action.
            let is_impossible = shape(&row) == "InvalidAddress" && protocol == "json";
            let is_raised = answered
                .iter()
                .any(|error| error.protocol() == protocol && error.is(&row));
            assert_eq!(
                is_raised,
                !is_never_raised && !is_impossible,
                "{protocol}: {row:?}"
            );
        }
    }
}

#[test]
fn every_answered_error_is_in_the_table() {
    let table = table();
    for error in answered() {
        let is_known = match &error {
            Answered::Entry { code, .. } => table.iter().any(|row| row.query_code == *code),
            _ => table.iter().any(|row| error.is(row)) || COMMON.contains(&error.code()),
        };
        assert!(is_known, "{error:?}");
    }
}

#[test]
fn every_message_of_the_table_is_answered() {
    let answered = answered();
    for row in table() {
        if NEVER_RAISED.iter().any(|(never, _)| *never == shape(&row))
            || shape(&row) == "InvalidParameterValueException"
        {
            continue;
        }
        for message in &row.messages {
            for protocol in ["json", "query"] {
                if message.protocol != "both" && message.protocol != protocol {
                    continue;
                }
                for pattern in patterns(&message.text) {
                    let is_answered = answered.iter().any(|error| {
                        error.protocol() == protocol
                            && error.is(&row)
                            && matches(error.message(), &pattern)
                    });
                    assert!(is_answered, "{protocol} {}: {pattern:?}", row.json_type);
                }
            }
        }
    }
}

#[test]
fn every_sentence_of_the_specification_is_answered_in_both_protocols() {
    let answered = answered();
    let sentences = include_str!("../../fixtures/sqs-error-texts.txt");
    for line in sentences.lines().filter(|line| !line.starts_with('#')) {
        let (code, text) = line.split_once(": ").expect("a code and a text");
        let pattern = text.replace("{}", "\0");
        for protocol in ["json", "query"] {
            let is_answered = answered.iter().any(|error| {
                error.protocol() == protocol
                    && error.code() == code
                    && matches(error.message(), &pattern)
            });
            assert!(is_answered, "{protocol}: {line}");
        }
    }
}
