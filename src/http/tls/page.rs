//! `GET /_topiq/ca.pem`: the certificate that clients must trust. It is served over HTTP too, for clients that do not trust
//! it yet.

use bytes::Bytes;
use http::{Method, StatusCode};
use serde_json::json;

use crate::http::reply::Reply;

pub(super) const PATH: &str = "/_topiq/ca.pem";

/// The authority that clients must trust to call by HTTPS.
#[derive(Clone, Debug, Default)]
pub(in crate::http) enum Trust {
    /// None: there is no HTTPS.
    #[default]
    None,
    /// The one that signed the user's own certificate.
    Given,
    /// This authority, in PEM.
    Authority(Bytes),
}

impl Trust {
    /// The answer when `path` is the authority's; nothing when it is not.
    pub(in crate::http) fn answer(&self, method: &Method, path: &str) -> Option<Reply> {
        if path != PATH || !matches!(*method, Method::GET | Method::HEAD) {
            return None;
        }
        Some(match self {
            Self::Authority(pem) => {
                Reply::new(StatusCode::OK, "application/x-pem-file", pem.clone())
            }
            Self::None => {
                missing("There is no HTTPS here. Start topiq with --tls (or TOPIQ_TLS=1).")
            }
            Self::Given => missing(
                "This server did not make its certificate: trust the authority that signed the one in --tls-cert.",
            ),
        })
    }
}

fn missing(message: &str) -> Reply {
    let body = json!({ "Message": message }).to_string();
    Reply::new(StatusCode::NOT_FOUND, "application/json", body)
}
