//! `POST /_topiq/reset`: forgets everything that the services hold.

use http::Method;

use super::Host;
use crate::routes::{NoContent, Refusal, Route, Waiting};

pub(super) fn route<S: Host>() -> Route<S> {
    Route::new(
        Method::POST,
        "/_topiq/reset",
        "Deletes all resources, messages, captured deliveries and faults, and creates the resources from --init again.",
        |server: &S, ()| reset(server, NoContent),
    )
}

/// Resets the server, then answers with `done`.
pub(super) fn reset<S: Host, C: Send + 'static>(
    server: &S,
    done: C,
) -> Waiting<'_, Result<C, Refusal>> {
    Box::pin(async move {
        match server.reset().await {
            Ok(()) => Ok(done),
            Err(reason) => {
                let message = format!("Nothing was reset, since --init fails: {reason}");
                Err(Refusal::new(500, message))
            }
        }
    })
}
