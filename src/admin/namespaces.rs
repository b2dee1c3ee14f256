//! `/_topiq/namespaces`: which accounts hold something in which regions.

use std::collections::BTreeMap;

use http::Method;
use serde::Serialize;

use super::Host;
use crate::aws::{AccountId, Region};
use crate::routes::{Json, Member, Route, Schema, now};
use crate::services::resource::Inventory;

pub(super) fn route<S: Host>() -> Route<S> {
    Route::new(
        Method::GET,
        "/_topiq/namespaces",
        "Lists the accounts and regions that hold resources, with their counts by type.",
        |server: &S, ()| now(Ok(Namespaces::of(server))),
    )
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Namespaces {
    default: Default,
    namespaces: Vec<Namespace>,
}

/// The namespace of requests that name none.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Default {
    account: String,
    region: String,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Namespace {
    account: String,
    region: String,
    resources: BTreeMap<&'static str, usize>,
}

impl Namespaces {
    fn of(server: &impl Host) -> Self {
        let home = server.home();
        let all = server.namespaces().into_iter();
        let all = all.map(|(account, region)| Namespace {
            account: account.to_string(),
            region: region.to_string(),
            resources: counts(server, account, region),
        });
        Self {
            default: Default {
                account: home.account.to_string(),
                region: home.region.to_string(),
            },
            namespaces: all.collect(),
        }
    }
}

fn counts(
    server: &impl Inventory,
    account: AccountId,
    region: Region,
) -> BTreeMap<&'static str, usize> {
    let mut counts = BTreeMap::new();
    for resource in server.held(account, region) {
        *counts.entry(resource.kind).or_default() += 1;
    }
    counts
}

impl Json for Namespaces {
    const SCHEMA: Schema = Schema::Object(&[
        Member::always(
            "Default",
            Schema::Object(&[
                Member::always("Account", Schema::Text),
                Member::always("Region", Schema::Text),
            ]),
        ),
        Member::always(
            "Namespaces",
            Schema::List(&Schema::Object(&[
                Member::always("Account", Schema::Text),
                Member::always("Region", Schema::Text),
                Member::always("Resources", Schema::Map(&Schema::Number)),
            ])),
        ),
    ]);
}
