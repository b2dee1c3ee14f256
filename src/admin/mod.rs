//! What topiq says of itself beside the APIs of AWS: its own paths under `/_topiq`, and those of other emulators that
//! test suites already ask.
//!
//! In reading order: [`answer`] and its routes; `deliveries` is `/_topiq/sns/deliveries`, `retrospection` the paths
//! under `/_aws/sns`, `export` is `/_topiq/export`; `parameters` reads a query string.
//!
//! | Path | Methods | Query |
//! |---|---|---|
//! | `/_topiq/export` | GET | `format`, `output`, `account`, `region` |
//! | `/_topiq/sns/deliveries` | GET, DELETE | `topic`, `protocol`, `since` |
//! | `/_aws/sns/platform-endpoint-messages` | GET, DELETE | `accountId`, `region`, `endpointArn` |
//! | `/_aws/sns/sms-messages` | GET, DELETE | `accountId`, `region`, `phoneNumber` |
//! | `/_aws/sns/subscription-tokens/{arn}` | GET | |
//! | `/SimpleNotificationService-….pem` | GET | |
//!
//! It sees services only through their `inspect`. Every answer but a certificate and an export is JSON, and an error is
//! `{"Message": "…"}`.

mod deliveries;
mod export;
mod parameters;
mod retrospection;

use percent_encoding::percent_decode_str;
use serde_json::{Value, json};

use crate::aws::Home;
use crate::export::Inventory;
use crate::services::sns::inspect::Inspect;
use parameters::Parameters;

const CERTIFICATE: &str = "/SimpleNotificationService-";

/// What is asked.
#[derive(Clone, Copy, Debug)]
pub struct Question<'a> {
    /// The request's method.
    pub method: &'a str,
    /// Its path, as it came.
    pub path: &'a str,
    /// Its query string, as it came.
    pub query: &'a str,
    /// The account and region it is about where it names none.
    pub home: Home,
}

/// What is answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// The HTTP status.
    pub status: u16,
    /// The body's media type; none of an empty body.
    pub content_type: Option<&'static str>,
    /// The methods that the path has, where the one asked is none of them.
    pub allow: Option<&'static str>,
    /// The body.
    pub body: String,
}

/// What is at a path.
#[derive(Clone, Copy, Debug)]
enum Route<'a> {
    Export,
    Deliveries,
    PlatformMessages,
    SmsMessages,
    /// Of the subscription with this ARN.
    SubscriptionToken(&'a str),
    /// With this path.
    Certificate(&'a str),
}

/// What may be done at a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Verb {
    Get,
    Delete,
}

/// Whether a path is one of these, known or not: no AWS request has it.
pub fn is_path(path: &str) -> bool {
    let own = ["/_topiq", "/_aws"].iter().any(|prefix| {
        let rest = path.strip_prefix(prefix);
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    });
    own || path.starts_with(CERTIFICATE)
}

/// Answers a question whose path [`is_path`].
pub fn answer(question: &Question<'_>, sns: &impl Inspect, inventory: &impl Inventory) -> Answer {
    let Ok(path) = percent_decode_str(question.path).decode_utf8() else {
        return Answer::error(400, "The path is not UTF-8.");
    };
    let Some(route) = Route::at(&path) else {
        return Answer::error(404, format!("There is nothing at {path}."));
    };
    let Some(verb) = route.verb(question.method) else {
        let methods = route.methods();
        return Answer {
            allow: Some(methods),
            ..Answer::error(405, format!("{path} takes {methods}."))
        };
    };
    let Some(parameters) = Parameters::parse(question.query, question.home) else {
        return Answer::error(400, "The query string is malformed.");
    };
    match route {
        Route::Export => export::answer(&parameters, inventory),
        Route::Deliveries => deliveries::answer(verb, &parameters, sns),
        Route::PlatformMessages => retrospection::platform_messages(verb, &parameters, sns),
        Route::SmsMessages => retrospection::sms_messages(verb, &parameters, sns),
        Route::SubscriptionToken(arn) => retrospection::subscription_token(arn, sns),
        Route::Certificate(path) => certificate(path, sns),
    }
}

impl<'a> Route<'a> {
    fn at(path: &'a str) -> Option<Self> {
        Some(match path {
            "/_topiq/export" => Self::Export,
            "/_topiq/sns/deliveries" => Self::Deliveries,
            "/_aws/sns/platform-endpoint-messages" => Self::PlatformMessages,
            "/_aws/sns/sms-messages" => Self::SmsMessages,
            path if path.starts_with(CERTIFICATE) => Self::Certificate(path),
            path => Self::SubscriptionToken(path.strip_prefix("/_aws/sns/subscription-tokens/")?),
        })
    }

    const fn methods(self) -> &'static str {
        match self {
            Self::Deliveries | Self::PlatformMessages | Self::SmsMessages => "GET, DELETE",
            Self::Export | Self::SubscriptionToken(_) | Self::Certificate(_) => "GET",
        }
    }

    fn verb(self, method: &str) -> Option<Verb> {
        match method {
            "GET" | "HEAD" => Some(Verb::Get),
            "DELETE" if self.methods().contains(method) => Some(Verb::Delete),
            _ => None,
        }
    }
}

fn certificate(path: &str, sns: &impl Inspect) -> Answer {
    match sns.certificate(path) {
        Some(body) => Answer {
            status: 200,
            content_type: Some("application/x-pem-file"),
            allow: None,
            body,
        },
        None => Answer::error(404, format!("There is no certificate at {path}.")),
    }
}

impl Answer {
    fn json(body: &Value) -> Self {
        Self {
            status: 200,
            content_type: Some("application/json"),
            allow: None,
            body: body.to_string(),
        }
    }

    fn error(status: u16, message: impl Into<String>) -> Self {
        Self {
            status,
            ..Self::json(&json!({ "Message": message.into() }))
        }
    }

    /// Done, and nothing to say.
    fn nothing() -> Self {
        Self {
            status: 204,
            content_type: None,
            allow: None,
            body: String::new(),
        }
    }
}

#[cfg(test)]
mod tests;
