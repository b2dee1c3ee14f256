//! OAuth's client credentials (RFC 6749, 4.4): the request for a token, and its answer.

use std::borrow::Cow;
use std::time::Duration;

use bytes::Bytes;
use http::Method;
use serde::Deserialize;
use serde_json::Value;

use super::headers::Headers;
use super::{HttpRequest, Unsendable, method, url};
use crate::services::events::connections::parameters::{HttpParameters, OAuth};

/// How long a token is taken to be valid that does not say so.
const LIFETIME: Duration = Duration::from_hours(1);

/// No token is kept longer than this, whatever it says: moments must stay within the calendar.
const LONGEST: Duration = Duration::from_hours(24 * 365);

/// An access token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::services::events) struct AccessToken {
    pub(in crate::services::events) token: String,
    pub(in crate::services::events) lifetime: Duration,
}

/// The request for a token: the client's credentials and the owner's parameters, as a form; with GET in the query.
pub(in crate::services::events) fn token_request(oauth: &OAuth) -> Result<HttpRequest, Unsendable> {
    let endpoint = oauth.authorization_endpoint.as_deref().unwrap_or_default();
    let method = method(oauth.http_method.as_deref().unwrap_or_default())?;
    let parameters = oauth.oauth_http_parameters.as_ref();
    let own: Vec<_> = parameters
        .into_iter()
        .flat_map(HttpParameters::body)
        .collect();
    let client = oauth.client_parameters.as_ref();
    let id = client.and_then(|client| client.client_id.as_deref());
    let secret = client.and_then(|client| client.client_secret.as_deref());
    let form = [
        ("grant_type", "client_credentials"),
        ("client_id", id.unwrap_or_default()),
        ("client_secret", secret.unwrap_or_default()),
    ];
    let is_own = |name: &str| own.iter().any(|(other, _)| *other == name);
    let form: Vec<_> = form
        .into_iter()
        .filter(|(name, _)| !is_own(name))
        .chain(own.iter().copied())
        .collect();
    let mut query: Vec<_> = parameters
        .into_iter()
        .flat_map(HttpParameters::query)
        .collect();
    let mut body = Bytes::new();
    if method == Method::GET {
        query.extend(form);
    } else {
        let pairs: Vec<_> = form
            .iter()
            .map(|(name, value)| url::pair(name, value))
            .collect();
        body = pairs.join("&").into();
    }
    let (endpoint, path_and_query) =
        url::fill(endpoint, std::iter::empty::<Cow<'_, str>>(), &[], &query)?;
    let mut headers = Headers::of_token_requests();
    for (name, value) in parameters.into_iter().flat_map(HttpParameters::headers) {
        headers.set(name, value)?;
    }
    Ok(HttpRequest {
        endpoint,
        method,
        path_and_query,
        headers: headers.into_map(),
        body,
    })
}

/// The token that an answer holds.
pub(in crate::services::events) fn read_token(body: &[u8]) -> Option<AccessToken> {
    #[derive(Deserialize)]
    struct Answer {
        access_token: String,
        expires_in: Option<Value>,
    }

    // `serde_json` would take the elements of a list for members.
    if !body.trim_ascii_start().starts_with(b"{") {
        return None;
    }
    let answer: Answer = serde_json::from_slice(body).ok()?;
    // Some servers write the number as a text.
    let seconds = answer.expires_in.and_then(|value| match value {
        Value::Number(number) => number.as_f64(),
        Value::String(text) => text.parse().ok(),
        _ => None,
    });
    let lifetime = seconds
        .map(|seconds: f64| Duration::try_from_secs_f64(seconds.max(0.0)).unwrap_or(LONGEST));
    Some(AccessToken {
        token: answer.access_token,
        lifetime: lifetime.unwrap_or(LIFETIME).min(LONGEST),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request(oauth: &str) -> HttpRequest {
        let oauth = serde_json::from_str(oauth).expect("parameters");
        token_request(&oauth).expect("a request")
    }

    #[test]
    fn a_form_has_the_clients_credentials_unless_the_owner_says_otherwise() {
        let request = request(
            r#"{"ClientParameters":{"ClientID":"c d","ClientSecret":"s&"},"AuthorizationEndpoint":"http://a/t?x=1","HttpMethod":"PUT","OAuthHttpParameters":{"HeaderParameters":[{"Key":"accept","Value":"application/json"}],"QueryStringParameters":[{"Key":"q","Value":"é"}],"BodyParameters":[{"Key":"client_id","Value":"own"},{"Key":"scope","Value":"write"}]}}"#,
        );
        assert_eq!(request.method, Method::PUT);
        assert_eq!(request.path_and_query, "/t?x=1&q=%C3%A9");
        assert_eq!(
            request.body,
            "grant_type=client_credentials&client_secret=s%26&client_id=own&scope=write"
        );
        assert_eq!(request.headers["accept"], "application/json");
        assert_eq!(
            request.headers["content-type"],
            "application/x-www-form-urlencoded"
        );
    }

    #[test]
    fn get_has_all_in_the_query() {
        let request = request(
            r#"{"ClientParameters":{"ClientID":"c","ClientSecret":"s"},"AuthorizationEndpoint":"http://a","HttpMethod":"GET"}"#,
        );
        assert_eq!(
            request.path_and_query,
            "/?grant_type=client_credentials&client_id=c&client_secret=s"
        );
        assert!(request.body.is_empty());
    }

    #[test]
    fn tokens_say_how_long_they_are_valid() {
        let seconds = |body: &str| read_token(body.as_bytes()).map(|it| it.lifetime.as_secs());
        assert_eq!(seconds(r#"{"access_token":"t"}"#), Some(3600));
        assert_eq!(seconds(r#"{"access_token":"t","expires_in":60}"#), Some(60));
        assert_eq!(
            seconds(r#"{"access_token":"t","expires_in":"60"}"#),
            Some(60)
        );
        assert_eq!(seconds(r#"{"access_token":"t","expires_in":-5}"#), Some(0));
        let longest = Some(LONGEST.as_secs());
        assert_eq!(
            seconds(r#"{"access_token":"t","expires_in":1e300}"#),
            longest
        );
        for other in [
            "",
            "{}",
            "[]",
            r#"["t",5]"#,
            r#"{"access_token":5}"#,
            "access_token=t",
        ] {
            assert_eq!(seconds(other), None, "{other}");
        }
    }
}
