//! `GET /health`: whether the server is there, and its version. `GET /ready`: whether everything exists that is to exist
//! from the start.

use http::{Method, StatusCode};
use serde_json::json;

use super::reply::Reply;

const VERSION: &str = env!("CARGO_PKG_VERSION");

/// The answer when `path` is a health path; nothing when it is not.
pub(super) fn answer(method: &Method, path: &str) -> Option<Reply> {
    if !matches!(*method, Method::GET | Method::HEAD) {
        return None;
    }
    let body = match path {
        "/health" => json!({ "status": "running", "version": VERSION }),
        // No request is served before all of it exists, so there is no other answer.
        "/ready" => json!({ "status": "ready", "version": VERSION }),
        _ => return None,
    };
    let body = body.to_string();
    Some(Reply::new(StatusCode::OK, "application/json", body))
}
