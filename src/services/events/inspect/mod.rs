//! The routes of topiq's own API on EventBridge: `deliveries` lists captured ones, `explain` says why rules match or do not,
//! `health_checks` sets what global endpoints depend on.

mod deliveries;
mod explain;
mod health_checks;

use super::Events;
use crate::routes::Route;

/// EventBridge's routes of topiq's own API.
pub(super) fn routes() -> Vec<Route<Events>> {
    let mut routes = deliveries::routes();
    routes.push(explain::route());
    routes.extend(health_checks::routes());
    routes
}
