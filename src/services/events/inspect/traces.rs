//! What buses say to those who ask what became of an event: which rules did not let it through, and why not.

use std::sync::Arc;

use crate::pattern::Event;
use crate::services::events::Events;
use crate::services::events::buses::BusName;
use crate::services::events::rule::Rule;
use crate::trace::What;
use crate::trace::whereabouts::{Changed, Withheld, Witness};

impl Witness for Events {
    fn withheld(&self, arrival: &What, changed: &Changed<'_>) -> Vec<Withheld> {
        let What::Arrived { bus, event } = arrival else {
            return Vec::new();
        };
        let event = Event::from_json(event);
        let rules = self.rules_then(bus, changed);
        let withheld = rules.iter().filter_map(|rule| {
            Some(Withheld {
                by: Arc::clone(&rule.arn),
                to: None,
                reason: rule.withholds(&event)?,
            })
        });
        withheld.collect()
    }
}

impl Events {
    /// The rules of a bus, with those that have been changed since as they were before.
    fn rules_then(&self, bus: &str, changed: &Changed<'_>) -> Vec<Arc<Rule>> {
        let before = changed.values().copied().flatten();
        let before = before.filter_map(|before| Arc::clone(before).downcast().ok());
        let mut all: Vec<Arc<Rule>> = before.collect();
        if let Some(bus) = BusName::parse(bus).and_then(|name| self.buses.present(&name)) {
            let is_changed = |rule: &Rule| changed.contains_key(&*rule.name);
            all.extend(bus.rules_after(None, usize::MAX, |rule| !is_changed(rule)));
        }
        all.retain(|rule| rule.managed_by.is_none());
        all
    }
}
