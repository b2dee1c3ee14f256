//! The credential scope of a signed request: the account, region and service.

use http::header::{AUTHORIZATION, HeaderMap};
use memchr::{memchr2, memmem};

use super::query::Form;
use crate::aws::{AccountId, Region};

const CREDENTIAL: &[u8] = b"Credential=";

/// The credential scope of a request: `{access key id}/{date}/{region}/{service}/aws4_request`.
#[derive(Debug, Default)]
pub(super) struct Scope<'a> {
    /// The account that the access key id names, if it names one.
    pub(super) account: Option<AccountId>,
    pub(super) region: Option<Region>,
    /// The signing name of the service.
    pub(super) service: Option<&'a str>,
}

impl<'a> Scope<'a> {
    pub(super) fn of_header(headers: &'a HeaderMap) -> Option<Self> {
        let authorization = headers.get(AUTHORIZATION)?.as_bytes();
        // Every SDK's header begins like this; only others need a search through the long header.
        let credential = match authorization.strip_prefix(b"AWS4-HMAC-SHA256 Credential=") {
            Some(credential) => credential,
            None => &authorization[memmem::find(authorization, CREDENTIAL)? + CREDENTIAL.len()..],
        };
        let end = memchr2(b',', b' ', credential).unwrap_or(credential.len());
        Some(Self::parse(&credential[..end]))
    }

    pub(super) fn of_form(form: &'a Form<'_>) -> Option<Self> {
        match form.get("X-Amz-Credential") {
            Some(credential) => Some(Self::parse(credential.as_bytes())),
            // Signature version 2 names only the key.
            None => form
                .get("AWSAccessKeyId")
                .map(|key| Self::parse(key.as_bytes())),
        }
    }

    fn parse(credential: &'a [u8]) -> Self {
        // By hand: the parts are short, for which str's search is slow.
        let mut parts = credential
            .split(|&byte| byte == b'/')
            .map(|part| std::str::from_utf8(part).unwrap_or_default());
        let account = parts.next().and_then(AccountId::parse);
        let region = parts.nth(1).and_then(Region::parse);
        Self {
            account,
            region,
            service: parts.next(),
        }
    }
}
