//! `DeleteConnection`: deletes a connection. API destinations that use it become inactive.

use serde::Deserialize;

use super::create_connection::ConnectionOutput;
use crate::aws::Caller;
use crate::aws::validation::Validation;
use crate::clock::Timestamp;
use crate::services::events::Events;
use crate::services::events::connections::connection::Connection;
use crate::services::events::constraints::NAMES;
use crate::services::events::error::Error;
use crate::wire::Text;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct DeleteConnectionInput<'a> {
    #[serde(borrow)]
    name: Option<Text<'a>>,
}

pub(super) fn call(
    events: &Events,
    caller: &Caller<'_>,
    input: DeleteConnectionInput<'_>,
) -> Result<ConnectionOutput, Error> {
    change(
        events,
        caller,
        input.name.as_deref(),
        "DELETING",
        Connection::delete,
    )
}

/// Changes a connection from now until a moment; the answer shows it in this state, whatever it is by then.
pub(super) fn change(
    events: &Events,
    caller: &Caller<'_>,
    name: Option<&str>,
    state: &'static str,
    change: impl FnOnce(&Connection, Timestamp, Timestamp),
) -> Result<ConnectionOutput, Error> {
    let mut validation = Validation::default();
    let name = validation.required_text("name", name, &NAMES);
    validation.finish()?;
    let connection = events.connection(caller, name)?;
    let now = events.now();
    change(&connection, now, now + events.transition());
    let mut output = ConnectionOutput::of(&connection, events);
    output.connection_state = state;
    Ok(output)
}
