//! topiq's own HTTP API beside the APIs of AWS: the paths under `/_topiq`, and those of other emulators that test suites
//! already ask.
//!
//! It is a table of routes ([`crate::routes`]): each service's own, which see the service only through its `inspect`, and
//! those here, in reading order: [`Host`] is what they see of the server; `reset` is `/_topiq/reset`, `accounts`
//! `/_topiq/accounts`, `clock` `/_topiq/clock`, `faults` `/_topiq/faults`, `traces` `/_topiq/traces`, `advice`
//! `/_topiq/advice`, `export` `/_topiq/export`, `namespaces` `/_topiq/namespaces`, `localstack` the paths of another
//! emulator; `index` lists all routes at `/_topiq`, `openapi` describes them at `/_topiq/openapi.json`. Every answer but a certificate
//! and an export is JSON, and an error is `{"Message": "…"}`.

mod accounts;
mod advice;
mod clock;
mod export;
mod faults;
mod index;
mod localstack;
mod namespaces;
mod openapi;
mod reset;
mod traces;

use crate::agenda::Agenda;
use crate::aws::{AccountId, Home};
use crate::clock::Timestamp;
use crate::faults::Faults;
use crate::routes::{Answer, Description, Media, Route, Schema, Table};
use crate::services::resource::Inventory;
use crate::trace::Traces;

const JSON: &str = "application/json";

/// The server, as its own API sees it.
pub(crate) trait Host: Inventory + Send + Sync + 'static {
    /// The account and region of requests that name none.
    fn home(&self) -> Home;

    /// Its time, and what falls due by it.
    fn agenda(&self) -> &Agenda;

    /// What goes wrong on purpose.
    fn faults(&self) -> &Faults;

    /// What became of its services' messages.
    fn traces(&self) -> &Traces;

    /// The names of its services, each with whether it has been called since the server started.
    fn usage(&self) -> Vec<(&'static str, bool)>;

    /// Forgets all that an account holds.
    fn forget(&self, account: AccountId);

    /// The same at this moment.
    fn forget_at(&self, account: AccountId, at: Timestamp);

    /// Forgets all that the services hold, and creates the initial resources again. If that fails, which the sentence is
    /// about, nothing is forgotten.
    fn reset(&self) -> impl Future<Output = Result<(), String>> + Send;
}

/// The whole table: the routes of services, and those over the server as a whole.
pub(crate) fn table<S: Host>(services: Vec<Route<S>>) -> Table<S> {
    let mut routes = vec![
        reset::route(),
        export::route(),
        namespaces::route(),
        advice::route(),
    ];
    routes.extend(accounts::routes());
    routes.extend(clock::routes());
    routes.extend(faults::routes());
    routes.extend(traces::routes());
    routes.extend(localstack::routes());
    routes.extend(services);
    let own = [index::DESCRIPTION, openapi::DESCRIPTION];
    let described = own.iter().chain(routes.iter().map(Route::description));
    let described: Vec<&Description> = described.collect();
    let [index, openapi] = [index::index(&described), openapi::document(&described)];
    let answer = |body: serde_json::Value| Answer::whole(JSON, body.to_string());
    routes.push(Route::fixed(index::DESCRIPTION, answer(index)));
    routes.push(Route::fixed(openapi::DESCRIPTION, answer(openapi)));
    Table::new(routes)
}

#[cfg(test)]
mod tests;
