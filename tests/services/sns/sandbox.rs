//! The SMS sandbox through a socket: a one-time password is found in its captured message, which no phone gets.

use std::time::Duration;

use topiq::Config;
use topiq::services::Settings;

use crate::support::{Answer, Host, Request};

const AUTHORIZATION: &str = "AWS4-HMAC-SHA256 Credential=123456789012/20260102/eu-west-1/sns/aws4_request, SignedHeaders=host, Signature=0";
const NUMBER: &str = "PhoneNumber=%2B15551234567";

async fn call(host: &Host, form: &str) -> Answer {
    let request = Request::query(form).header("Authorization", AUTHORIZATION);
    host.ask(&request).await
}

/// The captured messages, as listed at the path of other emulators.
async fn messages(host: &Host) -> Vec<serde_json::Value> {
    let target = "GET /_aws/sns/sms-messages?accountId=123456789012&region=eu-west-1&phoneNumber=%2B15551234567";
    let answer = host.ask(&Request::new(target)).await.value();
    let messages = answer["sms_messages"]["+15551234567"].as_array();
    messages.expect("a list").clone()
}

/// Adds the number, and returns the password in its message.
async fn add(host: &Host) -> String {
    let added = call(
        host,
        &format!("Action=CreateSMSSandboxPhoneNumber&{NUMBER}"),
    )
    .await;
    assert_eq!(added.status(), 200);
    let messages = messages(host).await;
    let message = messages.last().expect("a message")["Message"].clone();
    let text = message.as_str().expect("a text");
    let password: String = text.chars().filter(char::is_ascii_digit).collect();
    assert_eq!(text, format!("Your verification code is {password}."));
    assert_eq!(password.len(), 6);
    password
}

async fn verify(host: &Host, password: &str) -> Answer {
    let form = format!("Action=VerifySMSSandboxPhoneNumber&{NUMBER}&OneTimePassword={password}");
    call(host, &form).await
}

async fn status(host: &Host) -> Option<String> {
    let listed = call(host, "Action=ListSMSSandboxPhoneNumbers").await;
    listed.element("Status").map(str::to_owned)
}

#[tokio::test]
async fn the_captured_password_verifies_the_number() {
    let host = Host::start().await;
    let password = add(&host).await;
    assert_eq!(status(&host).await.as_deref(), Some("Pending"));
    let verified = verify(&host, &password).await;
    assert_eq!(verified.status(), 200);
    assert!(
        verified
            .body
            .contains("  <VerifySMSSandboxPhoneNumberResult/>\n"),
        "{verified:?}"
    );
    assert_eq!(status(&host).await.as_deref(), Some("Verified"));
    let again = verify(&host, &password).await;
    assert_eq!(again.element("Code"), Some("VerificationException"));
    assert_eq!(messages(&host).await.len(), 1);
}

#[tokio::test]
async fn strict_timing_keeps_a_verified_number_for_a_day() {
    let host = Host::with(Config {
        services: Settings {
            strict_timing: true,
            ..Settings::default()
        },
        ..Config::default()
    })
    .await;
    let password = add(&host).await;
    assert_eq!(verify(&host, &password).await.status(), 200);
    let delete = format!("Action=DeleteSMSSandboxPhoneNumber&{NUMBER}");
    host.advance(Duration::from_secs(24 * 60 * 60 - 1)).await;
    let refused = call(&host, &delete).await;
    assert_eq!(refused.element("Code"), Some("UserError"));
    host.advance(Duration::from_secs(1)).await;
    assert_eq!(call(&host, &delete).await.status(), 200);
    assert_eq!(status(&host).await, None);
}
