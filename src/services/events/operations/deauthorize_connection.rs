//! `DeauthorizeConnection`: takes a connection's parameters away. API destinations that use it become inactive.

use serde::Deserialize;

use super::create_connection::ConnectionOutput;
use super::delete_connection;
use crate::aws::Caller;
use crate::services::events::Events;
use crate::services::events::connections::connection::Connection;
use crate::services::events::error::Error;
use crate::wire::Text;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct DeauthorizeConnectionInput<'a> {
    #[serde(borrow)]
    name: Option<Text<'a>>,
}

pub(super) fn call(
    events: &Events,
    caller: &Caller<'_>,
    input: DeauthorizeConnectionInput<'_>,
) -> Result<ConnectionOutput, Error> {
    let name = input.name.as_deref();
    delete_connection::change(
        events,
        caller,
        name,
        "DEAUTHORIZING",
        Connection::deauthorize,
    )
}
