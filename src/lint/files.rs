//! The advice on files: what they describe is made by the services, as a server would make it, and then looked at.

use std::sync::Arc;

use super::places::Places;
use super::subject::Subject;
use super::{Advice, advice};
use crate::agenda::Agenda;
use crate::aws::Home;
use crate::budget::Budget;
use crate::clock::SystemClock;
use crate::delivery::http::Egress;
use crate::ids::Ids;
use crate::init::error::InitError;
use crate::init::{self, Init};
use crate::services::resource::Inventory;
use crate::services::{Services, Settings};

/// The start of queues' URLs, which nobody calls.
const ENDPOINT: &str = "http://localhost:4566";

/// All advice on what files describe for an account and a region. Nothing is sent to the endpoints of subscriptions.
pub async fn of_files(files: &Init, home: Home) -> Result<Vec<Advice>, InitError> {
    let services = Services::new(
        Arc::new(Agenda::new(Arc::new(SystemClock::new()))),
        Arc::new(Ids::from_entropy()),
        home,
        Arc::new(Budget::default()),
        settings(),
    );
    let made = init::make(&services, files, home, ENDPOINT).await;
    let resources = services.held(home.account, home.region);
    services.stop().await;
    let places = Places::of(&made?);
    let subject = Subject::new(&resources, home, Some(&places));
    Ok(advice(&subject))
}

/// A quota that AWS raises on request is no reason to refuse a file.
fn settings() -> Settings {
    let mut settings = Settings {
        rules_per_bus: usize::MAX,
        ..Settings::default()
    };
    settings.deliveries.egress = Egress::None;
    settings
}
