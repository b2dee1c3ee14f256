//! The mails that subscribers of the protocols `email` and `email-json` get.

use super::envelope::Envelope;
use super::links::Links;
use crate::services::sns::message::Message;

/// A mail without its recipient.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Email {
    pub(crate) from: String,
    pub(crate) subject: String,
    pub(crate) body: String,
}

const SERVICE_NAME: &str = "AWS Notifications";
const DEFAULT_SUBJECT: &str = "AWS Notification Message";

/// A notification for a subscriber of the protocol `email`. A topic without a `DisplayName` has an empty one.
pub(crate) fn notification(message: &Message, display_name: &str, links: &Links) -> Email {
    Email {
        from: sender(display_name),
        subject: subject(message),
        body: format!(
            "{}\n\n--\n\
             If you wish to stop receiving notifications from this topic, please click or visit the link below to unsubscribe:\n\
             {}\n",
            message.text_for("email"),
            links.unsubscribe_url()
        ),
    }
}

/// A notification for a subscriber of the protocol `email-json`, in the envelope made for it.
pub(crate) fn json_notification(
    message: &Message,
    display_name: &str,
    envelope: Envelope<'_>,
) -> Email {
    Email {
        from: sender(display_name),
        subject: subject(message),
        body: envelope.text(),
    }
}

/// The mail that asks a subscriber of the protocol `email` to confirm. AWS's link leads to a page; this one is the call
/// itself, so that it works here.
pub(crate) fn confirmation(topic_arn: &str, subscribe_url: &str) -> Email {
    confirming(format!(
        "You have chosen to subscribe to the topic:\n{topic_arn}\n\n\
         To confirm this subscription, click or visit the link below (If this was in error no action is necessary):\n\
         {subscribe_url}\n"
    ))
}

/// The mail that asks a subscriber of the protocol `email-json` to confirm, with the body of a
/// [`Confirmation`](super::confirmation::Confirmation).
pub(crate) fn json_confirmation(body: String) -> Email {
    confirming(body)
}

fn confirming(body: String) -> Email {
    Email {
        from: sender(SERVICE_NAME),
        subject: "AWS Notification - Subscription Confirmation".into(),
        body,
    }
}

fn subject(message: &Message) -> String {
    message.subject.as_deref().unwrap_or(DEFAULT_SUBJECT).into()
}

fn sender(display_name: &str) -> String {
    let name = if display_name.is_empty() {
        SERVICE_NAME
    } else {
        display_name
    };
    format!("{name} <no-reply@sns.amazonaws.com>")
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::super::envelope::Envelopes;
    use super::super::testing::{TOPIC, links, message, signer};
    use super::*;

    #[test]
    fn a_mail_has_aws_names_where_topic_and_message_have_none() {
        let mail = notification(&message("Hello"), "", &links());
        assert_eq!(mail.from, "AWS Notifications <no-reply@sns.amazonaws.com>");
        assert_eq!(mail.subject, "AWS Notification Message");
        assert_eq!(
            mail.body,
            "Hello\n\n--\nIf you wish to stop receiving notifications from this topic, please click or visit the link \
             below to unsubscribe:\nhttp://localhost:4566/?Action=Unsubscribe&SubscriptionArn=\
             arn:aws:sns:us-west-2:123456789012:MyTopic:c7fe3a54-ab0e-4ec2-88e0-db410a0f2bee\n"
        );
    }

    #[test]
    fn display_name_subject_and_own_text_are_used() {
        let message = Message {
            subject: Some("S".into()),
            texts: [("email".into(), "for mail".into())].into(),
            ..message("Hello")
        };
        let mail = notification(&message, "My topic", &links());
        assert_eq!(mail.from, "My topic <no-reply@sns.amazonaws.com>");
        assert_eq!(mail.subject, "S");
        assert!(mail.body.starts_with("for mail\n\n--\n"));
    }

    #[test]
    fn email_json_is_the_envelope() {
        let envelopes = Envelopes::new(Arc::new(message("Hello")), signer());
        let links = links();
        let envelope = envelopes.notification("email-json", &links);
        let mail = json_notification(envelopes.message(), "", envelope);
        assert_eq!(mail.subject, "AWS Notification Message");
        assert_eq!(mail.body, envelope.text());
    }

    #[test]
    fn confirmations_come_from_aws_whatever_the_topics_name() {
        let mail = confirmation(TOPIC, "http://localhost:4566/?Token=1");
        assert_eq!(mail.from, "AWS Notifications <no-reply@sns.amazonaws.com>");
        assert_eq!(mail.subject, "AWS Notification - Subscription Confirmation");
        assert_eq!(
            mail.body,
            "You have chosen to subscribe to the topic:\narn:aws:sns:us-west-2:123456789012:MyTopic\n\n\
             To confirm this subscription, click or visit the link below (If this was in error no action is necessary):\n\
             http://localhost:4566/?Token=1\n"
        );
        let json = json_confirmation("{}".into());
        assert_eq!((json.subject, json.body), (mail.subject, "{}".into()));
    }
}
