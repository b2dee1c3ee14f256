//! The caller of an operation, and the address that they called.

use super::{AccountId, Region};

/// What an operation may know about its request besides the input.
#[derive(Clone, Copy, Debug)]
pub struct Caller<'a> {
    /// The account of the caller's access key.
    pub account: AccountId,
    /// The region that the request is signed for.
    pub region: Region,
    /// The name of the called action, as in policies after the service's prefix: `SendMessage`.
    pub action: &'a str,
    /// Whether the request carries credentials, good or not. Requests by the links in SNS's messages carry none.
    pub is_signed: bool,
    /// The address at which the caller reached topiq, without a final slash (`http://localhost:4566`): what URLs in
    /// answers start with, so that they work for this caller.
    pub endpoint: &'a str,
    /// The request's `X-Amzn-Trace-Id` header. `SendMessage` keeps it as the message's `AWSTraceHeader`.
    pub trace_header: Option<&'a str>,
    /// The message of SNS's whose delivery this request is (`x-amz-sns-message-id`): an endpoint can be topiq itself.
    pub delivered_message: Option<&'a str>,
    /// The request's `User-Agent`.
    pub user_agent: Option<&'a str>,
    /// The path of a Query request's URL, which may name the queue; `None` in protocols where the path means nothing.
    pub path: Option<&'a str>,
}

impl<'a> Caller<'a> {
    /// One who calls from within topiq, of whom no more is known.
    pub const fn within(
        account: AccountId,
        region: Region,
        action: &'a str,
        endpoint: &'a str,
    ) -> Self {
        Self {
            account,
            region,
            action,
            is_signed: true,
            endpoint,
            trace_header: None,
            delivered_message: None,
            user_agent: None,
            path: None,
        }
    }

    /// The ARN of the caller, as an IAM user of the account.
    pub fn arn(&self) -> String {
        format!(
            "arn:{}:iam::{}:user/topiq",
            self.region.partition(),
            self.account
        )
    }
}
