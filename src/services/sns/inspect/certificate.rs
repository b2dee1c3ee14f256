//! `/SimpleNotificationService-….pem`: the certificate at a message's `SigningCertURL`.

use http::Method;

use super::Inspect;
use crate::routes::{Answer, Content, Given, Media, Parameter, Query, Refusal, Route, Schema, now};

const START: &str = "/SimpleNotificationService-";
const PEM: &str = "application/x-pem-file";

pub(super) fn routes<S: Inspect + 'static>() -> [Route<S>; 1] {
    [Route::new(
        Method::GET,
        "/SimpleNotificationService-{file}",
        "The certificate by which the signatures of messages are verified.",
        |sns: &S, wanted: Wanted| now(certificate(sns, &wanted)),
    )]
}

/// The certificate that is wanted.
struct Wanted {
    path: String,
}

impl Query for Wanted {
    const PARAMETERS: &'static [Parameter] = &[Parameter::path(
        "file",
        "The rest of the path that SigningCertURL has.",
    )];

    fn read(given: &Given<'_>) -> Result<Self, Refusal> {
        let file = given.text("file").unwrap_or_default();
        Ok(Self {
            path: format!("{START}{file}"),
        })
    }
}

/// A certificate in PEM.
struct Certificate(String);

impl Content for Certificate {
    const STATUS: u16 = 200;
    const MEDIA: &'static [Media] = &[Media {
        name: PEM,
        schema: Schema::Text,
    }];

    fn into_answer(self) -> Answer {
        Answer::whole(PEM, self.0)
    }
}

fn certificate(sns: &impl Inspect, wanted: &Wanted) -> Result<Certificate, Refusal> {
    let path = &wanted.path;
    let certificate = sns.certificate(path).map(Certificate);
    certificate.ok_or_else(|| Refusal::new(404, format!("There is no certificate at {path}.")))
}
