//! `/_topiq`: a line for each route, for people who look around.

use http::Method;
use serde_json::{Value, json};

use super::{Description, JSON, Media, Schema};
use crate::routes::Member;

pub(super) const DESCRIPTION: Description = Description {
    method: Method::GET,
    path: "/_topiq",
    summary: "Lists the routes of topiq's own API.",
    parameters: &[],
    body: None,
    status: 200,
    media: &[Media {
        name: JSON,
        schema: Schema::Object(&[Member::always(
            "Routes",
            Schema::List(&Schema::Object(&[
                Member::always("Method", Schema::Text),
                Member::always("Path", Schema::Text),
                Member::always("Summary", Schema::Text),
            ])),
        )]),
    }],
};

/// The list of these routes.
pub(super) fn index(routes: &[&Description]) -> Value {
    let routes = routes.iter().map(|route| {
        json!({
            "Method": route.method.as_str(),
            "Path": route.path,
            "Summary": route.summary,
        })
    });
    json!({ "Routes": routes.collect::<Vec<_>>() })
}
