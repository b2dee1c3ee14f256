//! The credential scope of a signed request: the account, region and service.

use std::cell::RefCell;
use std::ops::Range;

use http::header::HeaderName;
use memchr::{memchr_iter, memchr2, memmem};

use super::query::Form;
use crate::aws::{AccountId, Region};
use crate::head::Head;

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
    pub(super) fn of_header(head: &Head<'a>) -> Option<Self> {
        let authorization = head.authorization.first()?.as_bytes();
        // Every SDK's header begins like this; only others need a search through the long header.
        let credential = match authorization.strip_prefix(b"AWS4-HMAC-SHA256 Credential=") {
            Some(credential) => credential,
            None => &authorization[memmem::find(authorization, CREDENTIAL)? + CREDENTIAL.len()..],
        };
        let end = memchr2(b',', b' ', credential).unwrap_or(credential.len());
        let mut scope = Self::parse(&credential[..end]);
        if scope.region.is_none() {
            let regions = head
                .headers
                .get(REGION_SET)
                .and_then(|set| set.to_str().ok());
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

    /// Most requests that a thread serves are signed by the same client, so the last credential is remembered.
    fn parse(credential: &'a [u8]) -> Self {
        thread_local! {
            static LAST: RefCell<Parsed> = const { RefCell::new(Parsed::NONE) };
        }
        LAST.with_borrow_mut(|last| {
            if last.credential != credential {
                *last = Parsed::new(credential);
            }
            let service = last.service.clone();
            Self {
                account: last.account,
                region: last.region,
                service: service.and_then(|place| std::str::from_utf8(&credential[place]).ok()),
            }
        })
    }
}

/// What a credential says.
struct Parsed {
    credential: Vec<u8>,
    account: Option<AccountId>,
    region: Option<Region>,
    /// Where the name of the service stands.
    service: Option<Range<usize>>,
}

impl Parsed {
    const NONE: Self = Self {
        credential: Vec::new(),
        account: None,
        region: None,
        service: None,
    };

    fn new(credential: &[u8]) -> Self {
        let mut ends = memchr_iter(b'/', credential).chain([credential.len()]);
        let mut start = 0;
        let mut parts = std::iter::from_fn(|| {
            let end = ends.next()?;
            let part = start..end;
            start = end + 1;
            Some(part)
        });
        let text = |part: Range<usize>| std::str::from_utf8(&credential[part]).unwrap_or_default();
        let account = parts.next().and_then(|part| AccountId::parse(text(part)));
        let (place, service) = (parts.nth(1), parts.next());
        // Version 4a signs for several regions, which stand in a header of their own.
        let is_4a = service.clone().is_some_and(|part| text(part) == END);
        let (region, service) = if is_4a {
            (None, place)
        } else {
            (place, service)
        };
        Self {
            credential: credential.to_vec(),
            account,
            region: region.and_then(|part| Region::parse(text(part))),
            service,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_request_has_its_own_scope() {
        let read = |authorization: &'static str, set: &'static str| {
            let request = http::Request::builder()
                .header("Authorization", authorization)
                .header(REGION_SET, set);
            let (parts, ()) = request.body(()).unwrap().into_parts();
            let scope = Scope::of_header(&Head::of(&parts)).expect("a credential");
            let account = scope.account.map(|account| account.to_string());
            let region = scope.region.map(|region| region.as_str().to_owned());
            (account, region, scope.service.map(str::to_owned))
        };
        let of = |account: Option<&str>, region: Option<&str>, service: Option<&str>| {
            let owned = |text: &str| text.to_owned();
            (account.map(owned), region.map(owned), service.map(owned))
        };
        for _ in 0..2 {
            assert_eq!(
                read(
                    "AWS4-HMAC-SHA256 Credential=111111111111/20260102/eu-west-1/sqs/aws4_request, SignedHeaders=host",
                    ""
                ),
                of(Some("111111111111"), Some("eu-west-1"), Some("sqs"))
            );
            assert_eq!(
                read("x Credential=key/20260102/us-east-1/sns/aws4_request", ""),
                of(None, Some("us-east-1"), Some("sns"))
            );
            assert_eq!(
                read(
                    "AWS4-ECDSA-P256-SHA256 Credential=key/20260102/sqs/aws4_request, SignedHeaders=host",
                    "eu-north-1"
                ),
                of(None, Some("eu-north-1"), Some("sqs"))
            );
            assert_eq!(read("AWS Credential=key", ""), of(None, None, None));
        }
    }
}
