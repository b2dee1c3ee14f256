//! What `PutTargets` refuses of a target's input, in AWS's words, and why an event gives a target none.

use crate::pattern::JsonMistake;

/// A target's input is refused. Displays the message of the `ValidationException`.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InputRefused {
    /// More than one of the three members.
    #[error("Only one of Input, InputPath, or InputTransformer must be provided for target {id}.")]
    MoreThanOne {
        /// The target's id.
        id: String,
    },
    /// A name in angle brackets that is neither mapped nor reserved.
    #[error("InputTemplate for target {id} contains invalid placeholder {name}.")]
    Placeholder {
        /// The target's id.
        id: String,
        /// What stands in the brackets.
        name: String,
    },
    /// A constant that is not JSON. AWS's sentence about such a template is not recorded; this is what it gets too.
    #[error("JSON syntax error in input for target {id}: {mistake}")]
    Syntax {
        /// The target's id.
        id: String,
        /// Where it ceases to be JSON.
        mistake: JsonMistake,
    },
    /// A log group's template that is not `{"timestamp":<t>,"message":<m>}`.
    #[error("Input for target {id} is not a valid JSON text.")]
    NotALogEvent {
        /// The target's id.
        id: String,
    },
}

impl InputRefused {
    /// Refuses `text` if it is not JSON; `shown` is what its user wrote, of the same length.
    pub(super) fn unless_json(id: &str, text: &str, shown: &str) -> Result<(), Self> {
        match JsonMistake::in_text(text, shown) {
            None => Ok(()),
            Some(mistake) => Err(Self::Syntax {
                id: id.to_owned(),
                mistake,
            }),
        }
    }
}

/// An event that gives a target no input: it is not delivered, now or later.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InputFailed {
    /// A filled template is not JSON, or the value of `InputPath` is not there: `INVALID_JSON` in a dead letter.
    #[error("the input for the target is not valid JSON")]
    InvalidJson,
    /// A filled template is larger than what any target takes.
    #[error("the input for the target is too large")]
    TooLarge,
}
