//! The credential scope of a signed request: the account, region and service.

use http::header::{AUTHORIZATION, HeaderMap, HeaderName};
use memchr::{memchr2, memmem};

use super::query::Form;
use crate::aws::{AccountId, Region};

const CREDENTIAL: &[u8] = b"Credential=";
const REGION_SET: HeaderName = HeaderName::from_static("x-amz-region-set");

/// The last part of every scope.
const END: &str = "aws4_request";

/// The first region of a set; `*` names none.
fn first_region(set: &str) -> Option<Region> {
    set.split(',')
        .find_map(|region| Region::parse(region.trim()))
}

/// The credential scope of a request: `{access key id}/{date}/{region}/{service}/aws4_request`, without the region in
/// version 4a of signatures.
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
        let mut scope = Self::parse(&credential[..end]);
        if scope.region.is_none() {
            let regions = headers.get(REGION_SET).and_then(|set| set.to_str().ok());
            scope.region = regions.and_then(first_region);
        }
        Some(scope)
    }

    pub(super) fn of_form(form: &'a Form<'_>) -> Option<Self> {
        match form.get("X-Amz-Credential") {
            Some(credential) => {
                let mut scope = Self::parse(credential.as_bytes());
                if scope.region.is_none() {
                    scope.region = form.get("X-Amz-Region-Set").and_then(first_region);
                }
                Some(scope)
            }
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
        let (place, service) = (parts.nth(1), parts.next());
        if service == Some(END) {
            // Version 4a signs for several regions, which stand in a header of their own.
            return Self {
                account,
                region: None,
                service: place,
            };
        }
        Self {
            account,
            region: place.and_then(Region::parse),
            service,
        }
    }
}
