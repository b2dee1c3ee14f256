//! `DeleteConnection`: deletes a connection. API destinations that use it become inactive.

use serde::Deserialize;

use super::create_connection::ConnectionOutput;
use crate::aws::Caller;
use crate::aws::validation::Validation;
use crate::services::events::Events;
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
    let mut validation = Validation::default();
    let name = validation.required_text("name", input.name.as_deref(), &NAMES);
    validation.finish()?;
    let connection = events.connection(caller, name)?;
    let now = events.now();
    connection.delete(now, now + events.transition());
    // Whatever it is by now.
    let mut output = ConnectionOutput::of(&connection, events);
    output.connection_state = "DELETING";
    Ok(output)
}
