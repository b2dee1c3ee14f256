//! EventBridge as topiq's own API, exports and `--init` see it, beside AWS's API.
//!
//! `deliveries` lists captured ones, `explain` says why rules match or do not, `health_checks` sets what global endpoints
//! depend on, `rules` lists buses and rules; `held` is what exports are made of, `traces` says which rules did not let an event
//! through.

mod deliveries;
mod explain;
mod health_checks;
mod held;
mod rules;
mod traces;

use super::Events;
use crate::routes::Route;

pub use held::{API_DESTINATION, ARCHIVE, CONNECTION, ENDPOINT, EVENT_BUS, RULE};
pub(super) use held::{held, namespaces};

/// EventBridge's routes of topiq's own API.
pub(super) fn routes() -> Vec<Route<Events>> {
    let mut routes = deliveries::routes();
    routes.push(explain::route());
    routes.extend(health_checks::routes());
    routes.extend(rules::routes());
    routes
}
