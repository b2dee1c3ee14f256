//! `/_topiq/events/health-checks`: the health checks by which global endpoints fail over. On AWS they are Route 53's.
//!
//! `GET` lists those that endpoints depend on; `POST` of one with its status has it fail, or succeed again.

use std::sync::Arc;

use http::Method;
use serde::Serialize;

use crate::routes::{
    Given, Json, Member, NoContent, Parameter, Query, Refusal, Route, Schema, now,
};
use crate::services::events::Events;
use crate::services::events::endpoint::HealthCheck;

const HEALTHY: &str = "healthy";
const UNHEALTHY: &str = "unhealthy";
const STATUSES: &[&str] = &[HEALTHY, UNHEALTHY];

pub(super) fn routes() -> [Route<Events>; 2] {
    [
        Route::new(
            Method::GET,
            "/_topiq/events/health-checks",
            "Lists the health checks of global endpoints.",
            |events: &Events, ()| now(Ok(list(events))),
        ),
        Route::new(
            Method::POST,
            "/_topiq/events/health-checks/{id}",
            "Has a health check fail, or succeed again: its endpoints send events to their secondary bus while it fails.",
            |events: &Events, wanted: Wanted| now(Ok(set(events, &wanted))),
        ),
    ]
}

/// The state to put a health check in.
struct Wanted {
    id: String,
    is_healthy: bool,
}

impl Query for Wanted {
    const PARAMETERS: &'static [Parameter] = &[
        Parameter::path(
            "id",
            "The id of the health check: the end of its ARN, after healthcheck/.",
        ),
        Parameter::required("status", "How it is from now on.", Schema::Words(STATUSES)),
    ];

    fn read(given: &Given<'_>) -> Result<Self, Refusal> {
        let text = |name| given.text(name).unwrap_or_default();
        Ok(Self {
            id: text("id").to_owned(),
            is_healthy: text("status") == HEALTHY,
        })
    }
}

fn set(events: &Events, wanted: &Wanted) -> NoContent {
    events.endpoints.set_health(&wanted.id, wanted.is_healthy);
    NoContent
}

/// The answer of `GET`.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Listed {
    health_checks: Vec<Shown>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Shown {
    id: String,
    status: &'static str,
    endpoints: Vec<Arc<str>>,
}

impl Json for Listed {
    const SCHEMA: Schema = Schema::Object(&[Member::always(
        "HealthChecks",
        Schema::List(&Schema::Object(&[
            Member::always("Id", Schema::Text),
            Member::always("Status", Schema::Words(STATUSES)),
            Member::always("Endpoints", Schema::List(&Schema::Text)),
        ])),
    )]);
}

fn list(events: &Events) -> Listed {
    let shown = |check: HealthCheck| Shown {
        id: check.id,
        status: if check.is_healthy { HEALTHY } else { UNHEALTHY },
        endpoints: check.endpoints,
    };
    let checks = events.endpoints.health_checks().into_iter();
    Listed {
        health_checks: checks.map(shown).collect(),
    }
}
