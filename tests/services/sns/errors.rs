//! SNS's error table, compared whole with the answers of the wire cases: each row is answered by each of its actions,
//! or is one that topiq never gives, for a stated reason. No server runs here.

use serde::Deserialize;
use topiq::services::sns::Sns;

use crate::support::cases::{self, Exchange, element, matches, patterns};

#[derive(Deserialize)]
struct Table {
    errors: Vec<Row>,
}

#[derive(Debug, Deserialize)]
struct Row {
    /// The actions that answer it, by name, or `any` or `any with an ARN`.
    actions: String,
    when: String,
    code: String,
    http: u16,
    message: String,
}

/// Rows that are never answered, by their code and a part of their message, and why.
const NEVER_ANSWERED: [(&str, &str, &str); 2] = [
    (
        "FilterPolicyLimitExceeded",
        "",
        "ten thousand policies are too many for a case",
    ),
    (
        "AuthorizationError",
        "no identity-based policy",
        "there are no policies of identities: the topic's is the reason",
    ),
];

/// Errors common to AWS's services that are not in SNS's table, and those of its model whose text nobody recorded.
const BESIDE_THE_TABLE: [&str; 9] = [
    "MissingAction",
    "InvalidAction",
    "MalformedQueryString",
    "MalformedInput",
    "SubscriptionLimitExceeded",
    "TagLimitExceeded",
    "OptedOut",
    "UserError",
    "VerificationException",
];

impl Row {
    fn is_of_any_action(&self) -> bool {
        self.actions.starts_with("any")
    }

    /// The actions that must each be seen to answer it; for some rows one is enough.
    fn actions(&self) -> Vec<Option<&str>> {
        if self.is_of_any_action() {
            vec![None]
        } else {
            self.actions.split(' ').map(Some).collect()
        }
    }

    /// The sentences that it stands for. `[Attributes Reason: ]` is optional, also where a row does not say so, in the
    /// actions that take attributes in a map (SNS's texts of errors, conventions).
    fn sentences(&self, action: Option<&str>) -> Vec<String> {
        if self.message == "(text not recorded)" {
            return vec!["\0".to_owned()];
        }
        let plain = self.message.replace("[Attributes Reason: ]", "");
        let is_of_map =
            plain != self.message || matches!(action, Some("CreateTopic" | "Subscribe"));
        let start = "Invalid parameter: ";
        let with_map = plain.replacen(start, &format!("{start}Attributes Reason: "), 1);
        let sentences = [Some(plain), is_of_map.then_some(with_map)];
        sentences
            .iter()
            .flatten()
            .flat_map(|text| patterns(text))
            .collect()
    }

    fn never_answered(&self) -> bool {
        NEVER_ANSWERED
            .iter()
            .any(|(code, part, _)| self.code == *code && self.message.contains(part))
    }

    /// Whether an answer has its code and status.
    fn is_like(&self, error: &Error) -> bool {
        (&self.code, self.http) == (&error.code, error.status)
    }
}

/// An error in a case.
#[derive(Debug)]
struct Error {
    action: Option<String>,
    status: u16,
    fault: String,
    code: String,
    message: String,
}

impl Error {
    fn read(exchange: &Exchange) -> Option<Self> {
        let Exchange { status, body, .. } = exchange;
        body.contains("<ErrorResponse").then(|| Self {
            action: exchange.action().map(str::to_owned),
            status: *status,
            fault: element(body, "Type"),
            code: element(body, "Code"),
            message: element(body, "Message"),
        })
    }
}

fn answered() -> Vec<Error> {
    let exchanges = cases::of_service("sns");
    exchanges.iter().filter_map(Error::read).collect()
}

fn table() -> Vec<Row> {
    let table: Table =
        serde_json::from_str(include_str!("../../fixtures/sns-errors.json")).expect("the table");
    table.errors
}

#[test]
fn every_row_is_answered_by_each_of_its_actions_or_never() {
    let answered = answered();
    let mut missing = Vec::new();
    for row in table() {
        for action in row.actions() {
            let is_met = answered.iter().any(|error| {
                row.is_like(error)
                    && action.is_none_or(|action| error.action.as_deref() == Some(action))
                    && row
                        .sentences(action)
                        .iter()
                        .any(|sentence| matches(&error.message, sentence))
            });
            if is_met == row.never_answered() {
                missing.push(format!("{action:?}: {}: {}", row.when, row.message));
            }
        }
    }
    assert!(missing.is_empty(), "{}", missing.join("\n"));
}

#[test]
fn every_answered_error_is_in_the_table() {
    let table = table();
    for error in answered() {
        let is_known = table.iter().any(|row| row.is_like(&error));
        assert!(
            is_known || BESIDE_THE_TABLE.contains(&&*error.code),
            "{error:?}"
        );
        let fault = if error.status < 500 {
            "Sender"
        } else {
            "Receiver"
        };
        assert_eq!(error.fault, fault, "{error:?}");
    }
}

#[test]
fn the_table_names_operations() {
    for row in table() {
        for action in row.actions().into_iter().flatten() {
            assert!(Sns::OPERATIONS.contains(&action), "{action}");
        }
    }
}
