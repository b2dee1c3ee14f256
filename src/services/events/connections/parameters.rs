//! `AuthParameters`: how a connection authorises, and what it adds to requests; as they are sent, checked, kept and shown.

#![expect(
    clippy::struct_field_names,
    reason = "AWS's names: the `BasicAuthParameters` of `AuthParameters`"
)]

use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use crate::aws::validation::{Pattern, Rule, Validation, Value};
use crate::services::events::constraints::{
    ENDPOINTS, HEADER_KEYS, HEADER_VALUES, QUERY_KEYS, QUERY_VALUES,
};
use crate::services::events::error::Error;

static CREDENTIAL: Pattern = Pattern::by(
    r"^[ \t]*[^\x00-\x1F:\x7F]+([ \t]+[^\x00-\x1F:\x7F]+)*[ \t]*$",
    is_credential,
);
static CREDENTIALS: [Rule; 3] = [
    Rule::Matches(&CREDENTIAL),
    Rule::LengthAtLeast(1),
    Rule::LengthAtMost(512),
];
static METHODS: [Rule; 1] = [Rule::OneOf(&["POST", "GET", "PUT"])];

static PARAMETER_LISTS: [Rule; 1] = [Rule::LengthAtMost(100)];

/// `AuthorizationType`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::services::events) enum AuthorizationType {
    Basic,
    OAuth,
    ApiKey,
}

/// The types' names, in the order in which AWS lists them (recorded).
pub(in crate::services::events) const TYPES: [Rule; 1] = [Rule::OneOf(&[
    "BASIC",
    "OAUTH_CLIENT_CREDENTIALS",
    "API_KEY",
])];

impl AuthorizationType {
    /// The type with this name.
    pub(in crate::services::events) fn named(name: &str) -> Option<Self> {
        let types = [Self::Basic, Self::OAuth, Self::ApiKey];
        types.into_iter().find(|kind| kind.as_str() == name)
    }

    pub(in crate::services::events) fn as_str(self) -> &'static str {
        match self {
            Self::Basic => "BASIC",
            Self::OAuth => "OAUTH_CLIENT_CREDENTIALS",
            Self::ApiKey => "API_KEY",
        }
    }
}

/// The member `AuthParameters`, in requests and, without its secrets, in answers.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(in crate::services::events) struct AuthParameters {
    #[serde(skip_serializing_if = "Option::is_none")]
    basic_auth_parameters: Option<Basic>,
    #[serde(rename = "OAuthParameters", skip_serializing_if = "Option::is_none")]
    oauth_parameters: Option<OAuth>,
    #[serde(skip_serializing_if = "Option::is_none")]
    api_key_auth_parameters: Option<ApiKey>,
    #[serde(skip_serializing_if = "Option::is_none")]
    invocation_http_parameters: Option<HttpParameters>,
    #[serde(skip_serializing)]
    connectivity_parameters: Option<Json>,
}

/// A user's name and password.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(in crate::services::events) struct Basic {
    pub(in crate::services::events) username: Option<String>,
    #[serde(skip_serializing)]
    pub(in crate::services::events) password: Option<String>,
}

/// A header and its value.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(in crate::services::events) struct ApiKey {
    pub(in crate::services::events) api_key_name: Option<String>,
    #[serde(skip_serializing)]
    pub(in crate::services::events) api_key_value: Option<String>,
}

/// Where a token comes from, and for what.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(in crate::services::events) struct OAuth {
    pub(in crate::services::events) client_parameters: Option<Client>,
    pub(in crate::services::events) authorization_endpoint: Option<String>,
    pub(in crate::services::events) http_method: Option<String>,
    #[serde(rename = "OAuthHttpParameters")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::services::events) oauth_http_parameters: Option<HttpParameters>,
}

/// OAuth's client.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, Serialize)]
pub(in crate::services::events) struct Client {
    #[serde(rename = "ClientID")]
    pub(in crate::services::events) client_id: Option<String>,
    #[serde(rename = "ClientSecret", skip_serializing)]
    pub(in crate::services::events) client_secret: Option<String>,
}

/// What is added to requests: `InvocationHttpParameters` and `OAuthHttpParameters`.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(in crate::services::events) struct HttpParameters {
    #[serde(skip_serializing_if = "Option::is_none")]
    header_parameters: Option<Vec<HttpParameter>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    query_string_parameters: Option<Vec<HttpParameter>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    body_parameters: Option<Vec<HttpParameter>>,
}

/// One of them. Its value is not shown if it is secret.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase", default)]
struct HttpParameter {
    #[serde(skip_serializing_if = "Option::is_none")]
    key: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    value: Option<String>,
    is_value_secret: bool,
}

/// Whether a request must have all members of its credentials, or keeps those that are there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::services::events) enum Presence {
    Required,
    Optional,
}

/// How a connection authorises, and what it adds to requests: whole.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::services::events) struct Authorization {
    pub(in crate::services::events) credentials: Credentials,
    pub(in crate::services::events) invocation: Option<HttpParameters>,
}

/// Whole credentials: each member is there.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::services::events) enum Credentials {
    Basic(Basic),
    OAuth(OAuth),
    ApiKey(ApiKey),
}

impl AuthParameters {
    /// Checks the constraints of the model.
    pub(in crate::services::events) fn validate(
        &self,
        validation: &mut Validation,
        presence: Presence,
    ) {
        if let Some(basic) = &self.basic_auth_parameters {
            let path = "authParameters.basicAuthParameters";
            let (username, password) = (basic.username.as_deref(), basic.password.as_deref());
            let member = format_args!("{path}.username");
            validation.check_if(presence, member, username.map(Value::Text), &CREDENTIALS);
            let member = format_args!("{path}.password");
            validation.check_if(presence, member, password.map(Value::Secret), &CREDENTIALS);
        }
        if let Some(oauth) = &self.oauth_parameters {
            oauth.validate(validation, presence);
        }
        if let Some(key) = &self.api_key_auth_parameters {
            let path = "authParameters.apiKeyAuthParameters";
            let (name, value) = (key.api_key_name.as_deref(), key.api_key_value.as_deref());
            let member = format_args!("{path}.apiKeyName");
            validation.check_if(presence, member, name.map(Value::Text), &CREDENTIALS);
            let member = format_args!("{path}.apiKeyValue");
            validation.check_if(presence, member, value.map(Value::Secret), &CREDENTIALS);
        }
        if let Some(parameters) = &self.invocation_http_parameters {
            parameters.validate(validation, "authParameters.invocationHttpParameters");
        }
    }

    /// Refuses endpoints on private networks, which there are none of here.
    pub(in crate::services::events) fn refuse_connectivity(&self) -> Result<(), Error> {
        refuse_connectivity(self.connectivity_parameters.as_ref())
    }

    /// What they come to for a connection of a type; members that are not given are those that are `present`.
    pub(in crate::services::events) fn complete(
        self,
        kind: AuthorizationType,
        present: Option<&Authorization>,
    ) -> Result<Authorization, Error> {
        let given = [
            (
                AuthorizationType::Basic,
                self.basic_auth_parameters.is_some(),
            ),
            (AuthorizationType::OAuth, self.oauth_parameters.is_some()),
            (
                AuthorizationType::ApiKey,
                self.api_key_auth_parameters.is_some(),
            ),
        ];
        if given.iter().any(|(of, is_given)| *is_given && *of != kind) {
            return Err(mismatch(kind));
        }
        let kept = present.map(|present| &present.credentials);
        let credentials = match (kind, kept) {
            (AuthorizationType::Basic, Some(Credentials::Basic(kept))) => {
                Credentials::Basic(self.basic_auth_parameters.unwrap_or_default().or(kept))
            }
            (AuthorizationType::OAuth, Some(Credentials::OAuth(kept))) => {
                Credentials::OAuth(self.oauth_parameters.unwrap_or_default().or(kept))
            }
            (AuthorizationType::ApiKey, Some(Credentials::ApiKey(kept))) => {
                Credentials::ApiKey(self.api_key_auth_parameters.unwrap_or_default().or(kept))
            }
            (AuthorizationType::Basic, _) => {
                Credentials::Basic(self.basic_auth_parameters.unwrap_or_default())
            }
            (AuthorizationType::OAuth, _) => {
                Credentials::OAuth(self.oauth_parameters.unwrap_or_default())
            }
            (AuthorizationType::ApiKey, _) => {
                Credentials::ApiKey(self.api_key_auth_parameters.unwrap_or_default())
            }
        };
        if !credentials.is_whole() {
            return Err(mismatch(kind));
        }
        let kept = present.and_then(|present| present.invocation.clone());
        Ok(Authorization {
            credentials,
            invocation: self.invocation_http_parameters.or(kept),
        })
    }
}

/// AWS's sentence is not recorded.
fn mismatch(kind: AuthorizationType) -> Error {
    let member = match kind {
        AuthorizationType::Basic => "BasicAuthParameters",
        AuthorizationType::OAuth => "OAuthParameters",
        AuthorizationType::ApiKey => "ApiKeyAuthParameters",
    };
    Error::invalid(format!(
        "AuthParameters must have {member}, whole, and no parameters of another type for the authorization type {}.",
        kind.as_str()
    ))
}

/// Refuses endpoints on private networks, which there are none of here.
pub(in crate::services::events) fn refuse_connectivity(
    parameters: Option<&Json>,
) -> Result<(), Error> {
    match parameters {
        None => Ok(()),
        Some(_) => Err(Error::invalid(
            "topiq has no private networks: leave the connectivity parameters out, and give the endpoint's address.",
        )),
    }
}

impl Authorization {
    /// It as answers show it.
    pub(in crate::services::events) fn shown(&self) -> AuthParameters {
        let mut shown = AuthParameters {
            invocation_http_parameters: self.invocation.as_ref().map(HttpParameters::shown),
            ..AuthParameters::default()
        };
        match &self.credentials {
            Credentials::Basic(basic) => shown.basic_auth_parameters = Some(basic.clone()),
            Credentials::ApiKey(key) => shown.api_key_auth_parameters = Some(key.clone()),
            Credentials::OAuth(oauth) => {
                let http = oauth.oauth_http_parameters.as_ref();
                shown.oauth_parameters = Some(OAuth {
                    oauth_http_parameters: http.map(HttpParameters::shown),
                    ..oauth.clone()
                });
            }
        }
        shown
    }
}

impl Credentials {
    fn is_whole(&self) -> bool {
        match self {
            Self::Basic(basic) => basic.username.is_some() && basic.password.is_some(),
            Self::ApiKey(key) => key.api_key_name.is_some() && key.api_key_value.is_some(),
            Self::OAuth(oauth) => {
                let client = oauth.client_parameters.as_ref();
                client.is_some_and(|it| it.client_id.is_some() && it.client_secret.is_some())
                    && oauth.authorization_endpoint.is_some()
                    && oauth.http_method.is_some()
            }
        }
    }
}

impl Basic {
    fn or(self, kept: &Self) -> Self {
        Self {
            username: self.username.or_else(|| kept.username.clone()),
            password: self.password.or_else(|| kept.password.clone()),
        }
    }
}

impl ApiKey {
    fn or(self, kept: &Self) -> Self {
        Self {
            api_key_name: self.api_key_name.or_else(|| kept.api_key_name.clone()),
            api_key_value: self.api_key_value.or_else(|| kept.api_key_value.clone()),
        }
    }
}

impl OAuth {
    fn or(self, kept: &Self) -> Self {
        let client = match (self.client_parameters, &kept.client_parameters) {
            (Some(client), Some(kept)) => Some(Client {
                client_id: client.client_id.or_else(|| kept.client_id.clone()),
                client_secret: client.client_secret.or_else(|| kept.client_secret.clone()),
            }),
            (given, kept) => given.or_else(|| kept.clone()),
        };
        let endpoint = self.authorization_endpoint;
        let http = self.oauth_http_parameters;
        Self {
            client_parameters: client,
            authorization_endpoint: endpoint.or_else(|| kept.authorization_endpoint.clone()),
            http_method: self.http_method.or_else(|| kept.http_method.clone()),
            oauth_http_parameters: http.or_else(|| kept.oauth_http_parameters.clone()),
        }
    }

    fn validate(&self, validation: &mut Validation, presence: Presence) {
        let path = "authParameters.oAuthParameters";
        match &self.client_parameters {
            None if presence == Presence::Required => {
                validation.refuse_null(format_args!("{path}.clientParameters"));
            }
            None => {}
            Some(client) => {
                let (id, secret) = (client.client_id.as_deref(), client.client_secret.as_deref());
                let path = "authParameters.oAuthParameters.clientParameters";
                let member = format_args!("{path}.clientID");
                validation.check_if(presence, member, id.map(Value::Text), &CREDENTIALS);
                let member = format_args!("{path}.clientSecret");
                validation.check_if(presence, member, secret.map(Value::Secret), &CREDENTIALS);
            }
        }
        let endpoint = self.authorization_endpoint.as_deref().map(Value::Text);
        let member = format_args!("{path}.authorizationEndpoint");
        validation.check_if(presence, member, endpoint, &ENDPOINTS);
        let method = self.http_method.as_deref().map(Value::Text);
        let member = format_args!("{path}.httpMethod");
        validation.check_if(presence, member, method, &METHODS);
        if let Some(parameters) = &self.oauth_http_parameters {
            parameters.validate(
                validation,
                "authParameters.oAuthParameters.oAuthHttpParameters",
            );
        }
    }
}

/// A check of members that one action requires and another does not.
trait CheckIf {
    fn check_if(
        &mut self,
        presence: Presence,
        path: std::fmt::Arguments<'_>,
        value: Option<Value<'_>>,
        rules: &[Rule],
    );
}

impl CheckIf for Validation {
    fn check_if(
        &mut self,
        presence: Presence,
        path: std::fmt::Arguments<'_>,
        value: Option<Value<'_>>,
        rules: &[Rule],
    ) {
        if value.is_none() && presence == Presence::Required {
            return self.refuse_null(path);
        }
        self.check(path, value, rules);
    }
}

impl HttpParameters {
    /// Names and values of headers.
    pub(in crate::services::events) fn headers(&self) -> impl Iterator<Item = (&str, &str)> {
        pairs(self.header_parameters.as_ref())
    }

    /// Names and values of query parameters.
    pub(in crate::services::events) fn query(&self) -> impl Iterator<Item = (&str, &str)> {
        pairs(self.query_string_parameters.as_ref())
    }

    /// Names and values of what is added to the body.
    pub(in crate::services::events) fn body(&self) -> impl Iterator<Item = (&str, &str)> {
        pairs(self.body_parameters.as_ref())
    }

    fn shown(&self) -> Self {
        let shown = |parameters: &Vec<HttpParameter>| {
            let parameters = parameters.iter().cloned().map(|parameter| HttpParameter {
                value: parameter.value.filter(|_| !parameter.is_value_secret),
                ..parameter
            });
            parameters.collect()
        };
        Self {
            header_parameters: self.header_parameters.as_ref().map(shown),
            query_string_parameters: self.query_string_parameters.as_ref().map(shown),
            body_parameters: self.body_parameters.as_ref().map(shown),
        }
    }

    fn validate(&self, validation: &mut Validation, path: &str) {
        let lists = [
            (
                "headerParameters",
                &self.header_parameters,
                &HEADER_KEYS[..],
                &HEADER_VALUES[..],
            ),
            (
                "queryStringParameters",
                &self.query_string_parameters,
                &QUERY_KEYS[..],
                &QUERY_VALUES[..],
            ),
            ("bodyParameters", &self.body_parameters, &[][..], &[][..]),
        ];
        for (member, parameters, keys, values) in lists {
            let parameters = parameters.as_deref().unwrap_or_default();
            let list = Value::List {
                length: parameters.len(),
                // AWS shows the entries as Java writes them, which is not recorded.
                shown: &"[...]",
            };
            validation.check(
                format_args!("{path}.{member}"),
                Some(list),
                &PARAMETER_LISTS,
            );
            for (place, parameter) in (1..).zip(parameters) {
                let path = format!("{path}.{member}.{place}.member");
                validation.check(format_args!("{path}.key"), parameter.key.as_deref(), keys);
                let value = parameter.value.as_deref().map(Value::Secret);
                validation.check(format_args!("{path}.value"), value, values);
            }
        }
    }
}

fn pairs(parameters: Option<&Vec<HttpParameter>>) -> impl Iterator<Item = (&str, &str)> {
    let parameters = parameters.into_iter().flatten();
    parameters.filter_map(|parameter| {
        let value = parameter.value.as_deref().unwrap_or_default();
        Some((parameter.key.as_deref()?, value))
    })
}

/// Something other than blanks, without colons and without control characters except for tabs.
fn is_credential(text: &str) -> bool {
    let is_allowed = |c: char| c == '\t' || !(c.is_ascii_control() || c == ':');
    text.chars().all(is_allowed) && text.chars().any(|c| c != '\t')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parameters(json: &str) -> AuthParameters {
        serde_json::from_str(json).expect("parameters")
    }

    #[test]
    fn a_loop_decides_as_the_pattern_does() {
        let pieces = ["", " ", "\t", "a", ":", "\n", "\u{7f}", "é", "~"];
        let regex = |pattern: &str| regex_lite::Regex::new(pattern).expect("a pattern");
        let credential = regex(r"^[ \t]*[^\x00-\x1F:\x7F]+([ \t]+[^\x00-\x1F:\x7F]+)*[ \t]*$");
        for first in pieces {
            for second in pieces {
                for third in pieces {
                    let text = [first, second, third].concat();
                    assert_eq!(is_credential(&text), credential.is_match(&text), "{text:?}");
                }
            }
        }
    }

    #[test]
    fn what_is_not_given_is_kept_of_the_same_type() {
        let first = r#"{"BasicAuthParameters":{"Username":"u","Password":"p"},"InvocationHttpParameters":{}}"#;
        let first = parameters(first).complete(AuthorizationType::Basic, None);
        let first = first.expect("whole");
        let update = parameters(r#"{"BasicAuthParameters":{"Username":"v"}}"#);
        let second = update
            .clone()
            .complete(AuthorizationType::Basic, Some(&first));
        let second = second.expect("whole");
        let Credentials::Basic(basic) = &second.credentials else {
            panic!("{second:?}");
        };
        assert_eq!(basic.username.as_deref(), Some("v"));
        assert_eq!(basic.password.as_deref(), Some("p"));
        assert_eq!(second.invocation, first.invocation);
        let key = parameters(r#"{"ApiKeyAuthParameters":{"ApiKeyName":"k"}}"#);
        for (refused, kind) in [
            (update.clone(), AuthorizationType::ApiKey),
            (key, AuthorizationType::ApiKey),
            (AuthParameters::default(), AuthorizationType::OAuth),
        ] {
            assert!(refused.complete(kind, Some(&first)).is_err());
        }
        assert!(update.complete(AuthorizationType::Basic, None).is_err());
    }

    #[test]
    fn secrets_are_not_shown() {
        let given = r#"{"OAuthParameters":{"ClientParameters":{"ClientID":"c","ClientSecret":"S1"},"AuthorizationEndpoint":"https://a","HttpMethod":"POST","OAuthHttpParameters":{"BodyParameters":[{"Key":"k","Value":"S2","IsValueSecret":true},{"Key":"l","Value":"v"}]}},"InvocationHttpParameters":{"HeaderParameters":[{"Key":"h","Value":"S3","IsValueSecret":true}]}}"#;
        let kept = parameters(given).complete(AuthorizationType::OAuth, None);
        let shown = serde_json::to_string(&kept.expect("whole").shown()).expect("JSON");
        assert_eq!(
            shown,
            r#"{"OAuthParameters":{"ClientParameters":{"ClientID":"c"},"AuthorizationEndpoint":"https://a","HttpMethod":"POST","OAuthHttpParameters":{"BodyParameters":[{"Key":"k","IsValueSecret":true},{"Key":"l","Value":"v","IsValueSecret":false}]}},"InvocationHttpParameters":{"HeaderParameters":[{"Key":"h","IsValueSecret":true}]}}"#
        );
    }
}
