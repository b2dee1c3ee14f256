//! A message as filter policies see it.

use std::sync::Arc;

use super::message::Message;
use super::protocol::Protocol;
use crate::pattern::{Event, Scope};

/// The events of one message, each read when the first policy looks at it.
#[derive(Debug)]
pub(crate) struct Events<'m> {
    message: &'m Message,
    attributes: Option<Event<'m>>,
    /// Most messages have one text for all protocols, so that the last one is enough to remember.
    body: Option<(&'m Arc<str>, Event<'m>)>,
}

impl<'m> Events<'m> {
    pub(crate) fn new(message: &'m Message) -> Self {
        Self {
            message,
            attributes: None,
            body: None,
        }
    }

    /// What a policy of this scope looks at, for a subscriber by this protocol.
    pub(super) fn of(&mut self, scope: Scope, protocol: Protocol) -> &Event<'m> {
        match scope {
            Scope::MessageAttributes => self.attributes(),
            Scope::MessageBody => self.body(protocol),
        }
    }

    pub(super) fn attributes(&mut self) -> &Event<'m> {
        let message = self.message;
        self.attributes.get_or_insert_with(|| {
            let attributes = message.attributes.iter().flat_map(|all| &all.attributes);
            Event::from_attributes(attributes.map(|attribute| {
                (
                    &*attribute.name,
                    &*attribute.data_type,
                    attribute.value.as_text(),
                )
            }))
        })
    }

    pub(super) fn body(&mut self, protocol: Protocol) -> &Event<'m> {
        let text = self.message.text_for(protocol.as_str());
        let (_, event) = match self.body.take() {
            Some((read, event)) if read == text => self.body.insert((text, event)),
            _ => self.body.insert((text, Event::from_body(text))),
        };
        event
    }
}
