//! What the admin API may see of SNS.

use super::Sns;
use super::delivery::captured::CapturedLog;

/// The parts of SNS that are no API of AWS's.
pub trait Inspect {
    /// What was captured instead of being handed over.
    fn captured(&self) -> &CapturedLog;

    /// The token that confirms a subscription, or restores one that was ended; nothing if none is good for that.
    fn confirmation_token(&self, subscription_arn: &str) -> Option<String>;

    /// The certificate, in PEM, whose path a message's `SigningCertURL` has: `/SimpleNotificationService-….pem`.
    fn certificate(&self, path: &str) -> Option<String>;
}

impl Inspect for Sns {
    fn captured(&self) -> &CapturedLog {
        &self.captured
    }

    fn confirmation_token(&self, subscription_arn: &str) -> Option<String> {
        let token = self.tokens.of_subscription(self.now(), subscription_arn);
        token.map(|token| token.to_string())
    }

    fn certificate(&self, path: &str) -> Option<String> {
        (path == self.signer.certificate_path()).then(|| self.signer.certificate_pem().to_owned())
    }
}
