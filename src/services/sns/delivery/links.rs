//! The URLs in messages: they lead back to this server, since subscribers fetch them.

use std::collections::BTreeMap;

use super::json_text::{Part, pretty};

/// The addresses in a subscription's notifications. They are written once, when the subscription is made, so that a
/// delivery only copies them.
#[derive(Debug)]
pub(crate) struct Links {
    signing_cert_url: Box<str>,
    unsubscribe_url: Box<str>,
    /// Both as members of an envelope, where they are adjacent.
    members: Box<str>,
    unsubscribe_member_at: usize,
}

impl Links {
    /// The links of a subscription, given the address at which its subscriber reaches this server
    /// (`http://localhost:4566`) and that of the certificate, whose host may differ: validators insist on AWS's.
    pub(crate) fn new(base_url: &str, signing_cert_url: &str, subscription_arn: &str) -> Self {
        let base_url = base_url.trim_end_matches('/');
        let unsubscribe_url =
            format!("{base_url}/?Action=Unsubscribe&SubscriptionArn={subscription_arn}");
        let member = |key, url| pretty(&BTreeMap::from([(key, url)]), Part::Middle);
        let mut members = member("SigningCertURL", signing_cert_url);
        let unsubscribe_member_at = members.len();
        members.push_str(&member("UnsubscribeURL", &unsubscribe_url));
        Self {
            signing_cert_url: signing_cert_url.into(),
            unsubscribe_url: unsubscribe_url.into(),
            members: members.into(),
            unsubscribe_member_at,
        }
    }

    pub(crate) fn signing_cert_url(&self) -> &str {
        &self.signing_cert_url
    }

    pub(crate) fn unsubscribe_url(&self) -> &str {
        &self.unsubscribe_url
    }

    /// `SigningCertURL` and `UnsubscribeURL` as members of an envelope.
    pub(super) fn members(&self) -> &str {
        &self.members
    }

    /// `UnsubscribeURL` alone.
    pub(super) fn unsubscribe_member(&self) -> &str {
        &self.members[self.unsubscribe_member_at..]
    }
}

/// The URL at which a token confirms its subscription, with AWS's order of parameters; like AWS's, its ARN is not
/// percent-encoded.
pub(crate) fn subscribe_url(base_url: &str, topic_arn: &str, token: &str) -> String {
    let base_url = base_url.trim_end_matches('/');
    format!("{base_url}/?Action=ConfirmSubscription&TopicArn={topic_arn}&Token={token}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_lead_to_the_root_of_the_server() {
        for base_url in ["http://localhost:4566", "http://localhost:4566/"] {
            let links = Links::new(base_url, "https://x/c.pem", "arn:aws:sns:r:1:t:uuid");
            assert_eq!(
                links.unsubscribe_url(),
                "http://localhost:4566/?Action=Unsubscribe&SubscriptionArn=arn:aws:sns:r:1:t:uuid"
            );
            assert_eq!(
                subscribe_url(base_url, "arn:aws:sns:r:1:t", "abc"),
                "http://localhost:4566/?Action=ConfirmSubscription&TopicArn=arn:aws:sns:r:1:t&Token=abc"
            );
        }
    }
}
