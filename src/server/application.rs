//! What the front serves: AWS's calls by the services of now, and topiq's own API.

use std::collections::BTreeSet;
use std::sync::Arc;

use bytes::Bytes;
use http::StatusCode;
use http::header::{ACCEPT, ALLOW, HeaderValue};

use super::world::World;
use crate::admin;
use crate::agenda::Agenda;
use crate::aws::{AccountId, Home, Region};
use crate::clock::Timestamp;
use crate::faults::Faults;
use crate::head::Head;
use crate::http::{Application, Reply, Request};
use crate::ids::RequestId;
use crate::routes::{self, Question, Route, Table};
use crate::services::resource::{Inventory, Resource};
use crate::services::{Services, refusals};
use crate::trace::Traces;
use crate::wire::ErrorInfo;

/// The services, and topiq's own API beside them.
#[derive(Debug)]
pub(super) struct Served {
    world: Arc<World>,
    api: Table<Seen>,
}

/// What a request to topiq's own API sees.
#[derive(Debug)]
struct Seen {
    world: Arc<World>,
    services: Arc<Services>,
}

impl Served {
    pub(super) fn new(world: Arc<World>) -> Self {
        let routes = Services::routes().into_iter();
        let within = |route: Route<Services>| route.within(|seen: &Seen| &*seen.services);
        Self {
            world,
            api: admin::table(routes.map(within).collect()),
        }
    }
}

impl Application for Served {
    async fn answer(&self, request: &Request<'_>) -> Reply {
        let head = request.head;
        if self.api.has(head.uri.path()) {
            let seen = Seen {
                services: self.world.services(),
                world: self.world.clone(),
            };
            let question = Question {
                method: &head.method,
                path: head.uri.path(),
                query: head.uri.query().unwrap_or_default(),
                accept: &accepted(head),
                body: &request.body,
                request_id: request.request_id,
                home: seen.services.home(),
            };
            let answer = self.api.answer(&seen, &question).await;
            if let Some(reason) = &answer.refusal {
                refusals::log_request(head, &answer.status.to_string(), reason);
            }
            return reply(answer);
        }
        self.world.for_call().await.answer(request).await
    }

    fn refuse(&self, head: &Head<'_>, request_id: RequestId, error: ErrorInfo) -> Reply {
        crate::services::refuse(head, request_id, &error)
    }

    fn is_at_aws(name: &str) -> bool {
        Services::is_at_aws(name)
    }

    fn stop(&self) {
        self.world.stop_waiting();
    }
}

fn reply(answer: routes::Answer) -> Reply {
    let allow = answer.allow.map(|methods| {
        let methods = HeaderValue::try_from(methods).expect("methods are plain ASCII");
        (ALLOW, methods)
    });
    Reply {
        status: StatusCode::from_u16(answer.status).expect("routes answer HTTP statuses"),
        content_type: answer.content_type.map(HeaderValue::from_static),
        headers: allow.into_iter().collect(),
        body: Bytes::from(answer.body).into(),
        is_cut: false,
    }
}

/// All that the headers `Accept` say, in one line.
fn accepted(head: &Head<'_>) -> String {
    let lines = head.headers.get_all(ACCEPT).iter();
    let lines: Vec<_> = lines.filter_map(|line| line.to_str().ok()).collect();
    lines.join(",")
}

impl Inventory for Seen {
    fn namespaces(&self) -> BTreeSet<(AccountId, Region)> {
        self.services.namespaces()
    }

    fn held(&self, account: AccountId, region: Region) -> Vec<Resource> {
        self.services.held(account, region)
    }
}

impl admin::Host for Seen {
    fn home(&self) -> Home {
        self.services.home()
    }

    fn usage(&self) -> Vec<(&'static str, bool)> {
        self.services.usage()
    }

    fn agenda(&self) -> &Agenda {
        self.services.agenda()
    }

    fn forget(&self, account: AccountId) {
        self.services.forget(account);
    }

    fn forget_at(&self, account: AccountId, at: Timestamp) {
        self.services.forget_at(account, at);
    }

    fn faults(&self) -> &Faults {
        self.services.faults()
    }

    fn traces(&self) -> &Traces {
        self.services.traces()
    }

    async fn reset(&self) -> Result<(), String> {
        let reset = self.world.reset().await;
        reset.map_err(|error| error.to_string())
    }
}
