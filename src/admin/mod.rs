//! topiq's own HTTP API beside the APIs of AWS: the paths under `/_topiq`, and those of other emulators that test suites
//! already ask.
//!
//! It is a table of routes ([`crate::routes`]): each service's own, which see the service only through its `inspect`, and
//! those here, in reading order: `export` is `/_topiq/export`, `index` lists all routes at `/_topiq`, `openapi` describes
//! them at `/_topiq/openapi.json`. Every answer but a certificate and an export is JSON, and an error is
//! `{"Message": "…"}`.

mod export;
mod index;
mod openapi;

use crate::routes::{Answer, Description, Media, Route, Schema, Table};
use crate::services::resource::Inventory;

const JSON: &str = "application/json";

/// The whole table: the routes of services, and those over what all services hold together.
pub fn table<S: Inventory + Sync + 'static>(services: Vec<Route<S>>) -> Table<S> {
    let mut routes = vec![export::route()];
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
