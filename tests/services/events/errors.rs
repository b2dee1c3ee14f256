//! EventBridge's errors, compared whole with the answers of the wire cases: the cases must prove every error of the table,
//! and no other. No server runs here.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::support::cases;

/// The errors of calls, with their status.
const ERRORS: [(&str, u16); 15] = [
    ("ValidationException", 400),
    ("InvalidEventPatternException", 400),
    ("ResourceNotFoundException", 400),
    ("ResourceAlreadyExistsException", 400),
    ("LimitExceededException", 400),
    ("IllegalStatusException", 400),
    ("InvalidStateException", 400),
    ("ManagedRuleException", 400),
    ("ConcurrentModificationException", 400),
    ("PolicyLengthExceededException", 400),
    ("OperationDisabledException", 400),
    ("AccessDeniedException", 400),
    ("ThrottlingException", 400),
    ("InternalException", 500),
    ("InvalidToken", 400),
];

/// The errors of entries in a `PutEvents`.
const ENTRIES: [&str; 9] = [
    "InvalidArgument",
    "MalformedDetail",
    "NotAuthorizedForSourceException",
    "NotAuthorizedForDetailTypeException",
    "InvalidAccountIdException",
    "AccessDeniedException",
    "RedactionFailure",
    "InternalFailure",
    "ThrottlingException",
];

/// Errors that AWS has for all its services.
const COMMON: [(&str, u16); 2] = [
    ("SerializationException", 400),
    ("UnknownOperationException", 400),
];

/// Errors that no case need prove, and why.
const NOT_PROVEN: [(&str, &str); 8] = [
    (
        "ConcurrentModificationException",
        "changes wait for each other",
    ),
    ("OperationDisabledException", "no action is switched off"),
    ("ThrottlingException", "topiq does not throttle"),
    ("InternalException", "topiq has no faults to report"),
    (
        "NotAuthorizedForDetailTypeException",
        "in the model's text alone",
    ),
    ("InvalidAccountIdException", "in the model's text alone"),
    ("RedactionFailure", "in the model's text alone"),
    ("InternalFailure", "topiq has no faults to report"),
];

#[test]
fn the_cases_prove_every_error_and_no_other() {
    let known: BTreeSet<(&str, u16)> = ERRORS.into_iter().chain(COMMON).collect();
    let mut proven = BTreeSet::new();
    for exchange in cases::of_service("events") {
        let body: Value = serde_json::from_str(&exchange.body).unwrap_or_default();
        if let Some(code) = body["__type"].as_str() {
            // The front's errors name a namespace.
            let code = code.rsplit('#').next().unwrap_or_default();
            let error = (code, exchange.status);
            // Cases also call queues and topics.
            if exchange.request.contains("AWSEvents.") {
                assert!(known.contains(&error), "{error:?} {}", exchange.request);
                assert!(
                    body["message"]
                        .as_str()
                        .is_some_and(|text| !text.is_empty()),
                    "{body}"
                );
                proven.insert(code.to_owned());
            }
        }
        for entry in body["Entries"].as_array().into_iter().flatten() {
            if let Some(code) = entry["ErrorCode"].as_str() {
                assert_eq!(exchange.status, 200, "{body}");
                assert!(ENTRIES.contains(&code), "{code}");
                proven.insert(code.to_owned());
            }
        }
    }
    for (excused, _) in NOT_PROVEN {
        assert!(!proven.contains(excused), "a case proves {excused}");
    }
    let codes = known.iter().map(|(code, _)| *code).chain(ENTRIES);
    for code in codes {
        let is_excused = NOT_PROVEN.iter().any(|(excused, _)| *excused == code);
        assert!(is_excused || proven.contains(code), "no case proves {code}");
    }
}
