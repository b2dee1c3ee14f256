//! The routes of topiq's own API on EventBridge: `deliveries` lists captured ones, `health_checks` sets what global endpoints
//! depend on.

mod deliveries;
mod health_checks;

use super::Events;
use crate::routes::Route;

/// EventBridge's routes of topiq's own API.
pub(super) fn routes() -> Vec<Route<Events>> {
    let mut routes = deliveries::routes();
    routes.extend(health_checks::routes());
    routes
}
