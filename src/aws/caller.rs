//! The caller of an operation, and the address that it called.

use super::{AccountId, Region};

/// What an operation may know of the request that calls it, besides its input.
#[derive(Clone, Copy, Debug)]
pub struct Caller<'a> {
    /// The account of the caller's access key.
    pub account: AccountId,
    /// The region that the request is signed for.
    pub region: Region,
    /// The name of the called action, as policies have it after the service: `SendMessage`.
    pub action: &'a str,
    /// Whether the request carries credentials, good or not. The links in SNS's messages do not.
    pub is_signed: bool,
    /// The address by which the caller reached topiq, without a final slash (`http://localhost:4566`): what URLs in
    /// answers start with, so that they work for this caller.
    pub endpoint: &'a str,
    /// The request's `X-Amzn-Trace-Id` header. `SendMessage` keeps it as the message's `AWSTraceHeader`.
    pub trace_header: Option<&'a str>,
    /// The path of a Query request's URL, which may name the queue; `None` in protocols where it says nothing.
    pub path: Option<&'a str>,
}

impl Caller<'_> {
    /// The ARN of the caller, an IAM user of the account.
    pub fn arn(&self) -> String {
        format!(
            "arn:{}:iam::{}:user/topiq",
            self.region.partition(),
            self.account
        )
    }
}
