//! One bus: its name, what its owner says of it, and its rules.

use std::collections::{BTreeMap, VecDeque};
use std::ops::Bound;
use std::sync::Arc;

use parking_lot::{Mutex, RwLock};
use serde::{Deserialize, Serialize};

use super::archive::Archiving;
use super::buses::BusName;
use super::error::Error;
use super::managed;
use super::rule::{Pattern, Rule};
use super::schedules::{Schedules, Tick, Ticking};
use crate::aws::tags::Tags;
use crate::clock::Timestamp;
use crate::pattern::{Event, Index, Work};
use crate::trace::{Traces, What};

/// A bus as the service holds it.
#[derive(Debug)]
pub(super) struct Bus {
    pub(super) name: BusName,
    pub(super) arn: Arc<str>,
    pub(super) archiving: Archiving,
    described: Mutex<Described>,
    rules: RwLock<Rules>,
    schedules: Arc<Schedules>,
    traces: Arc<Traces>,
}

/// The rules of a bus. A rule is a value: whoever changes one puts another in its place, and deliveries that are under way
/// go by the one that they found.
#[derive(Debug, Default)]
struct Rules {
    by_name: BTreeMap<Arc<str>, Slot>,
    /// The rules, with holes where some were deleted.
    slots: Vec<Option<Held>>,
    free: Vec<Slot>,
    /// Those that let events through, by their patterns.
    index: Index<Slot>,
    /// The bus is deleted: what would be added now would be lost.
    is_closed: bool,
}

/// A rule, and when its schedule falls due.
#[derive(Debug)]
struct Held {
    rule: Arc<Rule>,
    ticking: Option<Ticking>,
}

/// The place of a rule, which it keeps while it exists.
type Slot = u32;

/// The rules that let an event through, in the order in which they were created, as far as they have been asked. They are
/// as they were when the event came.
#[derive(Debug, Default)]
pub(super) struct Matching {
    rules: VecDeque<Arc<Rule>>,
    /// Those that have not been asked yet.
    rest: VecDeque<Arc<Rule>>,
}

/// What callers have set of a bus.
#[derive(Debug, Default)]
pub(super) struct Described {
    pub(super) settings: BusSettings,
    pub(super) policy: Option<String>,
    pub(super) tags: Tags,
    pub(super) created_at: Timestamp,
    pub(super) modified_at: Timestamp,
}

/// The settings of a bus. They are kept and shown; nothing here is encrypted or logged by bus.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct BusSettings {
    pub(super) description: Option<String>,
    pub(super) kms_key_identifier: Option<String>,
    pub(super) dead_letter_config: Option<DeadLetterConfig>,
    pub(super) log_config: Option<LogConfig>,
}

/// Where events go that cannot be delivered.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct DeadLetterConfig {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) arn: Option<String>,
}

/// What of a bus is logged.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct LogConfig {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) include_detail: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) level: Option<String>,
}

impl Matching {
    /// A rule that gets an event without being asked.
    pub(super) fn only(rule: Arc<Rule>) -> Self {
        Self {
            rules: VecDeque::from([rule]),
            rest: VecDeque::new(),
        }
    }

    /// Keeps these rules only.
    pub(super) fn retain(&mut self, is_meant: impl Fn(&Rule) -> bool) {
        self.rules.retain(|rule| is_meant(rule));
        self.rest.retain(|rule| is_meant(rule));
    }

    /// The next of those that have been asked.
    pub(super) fn next(&mut self) -> Option<Arc<Rule>> {
        self.rules.pop_front()
    }

    /// Whether every rule has been asked.
    pub(super) fn is_complete(&self) -> bool {
        self.rest.is_empty()
    }

    /// Asks further rules, as far as the work goes.
    pub(super) fn proceed(&mut self, event: &str, work: &mut Work) {
        let event = Event::from_json(event);
        while !work.is_used_up()
            && let Some(rule) = self.rest.pop_front()
        {
            let asked = rule.asked();
            if asked.is_some_and(|pattern| pattern.matches_within(&event, work)) {
                self.rules.push_back(rule);
            }
        }
    }
}

impl Described {
    pub(super) fn new(created_at: Timestamp) -> Self {
        Self {
            created_at,
            modified_at: created_at,
            ..Self::default()
        }
    }
}

impl Bus {
    pub(super) fn new(
        name: BusName,
        described: Described,
        schedules: Arc<Schedules>,
        traces: Arc<Traces>,
    ) -> Self {
        Self {
            arn: name.arn().into(),
            name,
            archiving: Archiving::default(),
            described: Mutex::new(described),
            rules: RwLock::default(),
            schedules,
            traces,
        }
    }

    pub(super) fn look<R>(&self, look: impl FnOnce(&Described) -> R) -> R {
        look(&self.described.lock())
    }

    pub(super) fn change<R>(&self, change: impl FnOnce(&mut Described) -> R) -> R {
        change(&mut self.described.lock())
    }

    /// The rule of this name.
    pub(super) fn rule(&self, name: &str) -> Result<Arc<Rule>, Error> {
        let rules = self.rules.read();
        let found = rules.get(name).map(|(_, rule)| rule.clone());
        found.ok_or_else(|| self.no_rule(name))
    }

    /// The rules that let an event through, as far as the work goes. What it costs depends on how many could match, not on
    /// how many there are.
    pub(super) fn matching(&self, event: &str, work: &mut Work) -> Matching {
        let mut matching = Matching::default();
        let rules = self.rules.read();
        if rules.index.is_empty() {
            return matching;
        }
        let (mut found, mut rest) = (Vec::new(), Vec::new());
        let event = rules.index.event(event);
        rules
            .index
            .matches_within(&event, work, &mut found, &mut rest);
        let held = |slot| rules.at(slot).cloned();
        matching.rules.extend(found.into_iter().filter_map(held));
        let rest = rest.into_iter().map(|(slot, _)| slot);
        matching.rest.extend(rest.filter_map(held));
        matching
    }

    /// The first rules after the one named `last` that `is_meant` says are meant, ordered by name.
    pub(super) fn rules_after(
        &self,
        last: Option<&str>,
        count: usize,
        is_meant: impl Fn(&Rule) -> bool,
    ) -> Vec<Arc<Rule>> {
        let start = last.map_or(Bound::Unbounded, Bound::Excluded);
        let rules = self.rules.read();
        let after = rules.by_name.range::<str, _>((start, Bound::Unbounded));
        let meant = after.filter_map(|(_, slot)| rules.at(*slot));
        let meant = meant.filter(|rule| is_meant(rule));
        meant.take(count).cloned().collect()
    }

    /// How many rules it has.
    pub(super) fn rule_count(&self) -> usize {
        self.rules.read().by_name.len()
    }

    /// When the rule of this name runs by its schedule, if it does.
    pub(super) fn next_run(&self, name: &str) -> Option<Timestamp> {
        let rules = self.rules.read();
        let slot = rules.by_name.get(name)?;
        let held = rules.slots.get(*slot as usize)?.as_ref()?;
        Some(held.ticking.as_ref()?.due())
    }

    /// Puts what `make` returns in the place of the rule of this name, which there may be, or beside fewer than `most` others.
    pub(super) fn put_rule(
        &self,
        name: &str,
        most: usize,
        make: impl FnOnce(Option<&Rule>) -> Rule,
    ) -> Result<Arc<Rule>, Error> {
        let mut rules = self.rules.write();
        if rules.is_closed {
            return Err(self.gone());
        }
        let present = rules.get(name);
        if let Some((_, present)) = present {
            present.check_change(false)?;
        }
        if present.is_none() && rules.are_at_least(most) {
            return Err(Error::LimitExceeded);
        }
        let rule = Arc::new(make(present.map(|(_, rule)| &**rule)));
        self.put(&mut rules, rule.clone());
        Ok(rule)
    }

    /// Changes the rule of this name, or leaves it as it is.
    pub(super) fn change_rule(
        &self,
        name: &str,
        is_forced: bool,
        change: impl FnOnce(&mut Rule) -> Result<(), Error>,
    ) -> Result<(), Error> {
        let mut rules = self.rules.write();
        let (_, present) = rules.get(name).ok_or_else(|| self.no_rule(name))?;
        present.check_change(is_forced)?;
        let mut changed = Rule::clone(present);
        change(&mut changed)?;
        if changed.managed_by == Some(managed::ARCHIVES) && changed.targets.is_empty() {
            self.archiving.end_by_rule(name);
        }
        self.put(&mut rules, Arc::new(changed));
        Ok(())
    }

    /// Deletes the rule of this name, if it is there.
    pub(super) fn delete_rule(&self, name: &str, is_forced: bool) -> Result<(), Error> {
        let mut rules = self.rules.write();
        let Some((slot, present)) = rules.get(name) else {
            return Ok(());
        };
        present.check_change(is_forced)?;
        if !present.targets.is_empty() {
            return Err(Error::invalid(
                "Rule can't be deleted since it has targets.",
            ));
        }
        self.note_change(&present.name, Some(present));
        rules.remove(name, slot);
        Ok(())
    }

    /// Keeps a rule of a service's, unless the bus is deleted. If an owner of the bus has made one of that name, theirs stays.
    pub(super) fn keep_rule(&self, rule: Rule) {
        let mut rules = self.rules.write();
        let present = rules.get(&rule.name);
        let is_free = present.is_none_or(|(_, present)| present.managed_by == rule.managed_by);
        if is_free && !rules.is_closed {
            self.put(&mut rules, Arc::new(rule));
        }
    }

    /// Gives a rule that is managed by this principal another pattern, if it is still there.
    pub(super) fn change_managed(&self, name: &str, managed_by: &str, pattern: Arc<Pattern>) {
        let mut rules = self.rules.write();
        if let Some((_, present)) = rules.get(name)
            && present.managed_by == Some(managed_by)
        {
            let changed = Rule {
                pattern: Some(pattern),
                ..Rule::clone(present)
            };
            self.put(&mut rules, Arc::new(changed));
        }
    }

    /// Deletes the rule of this name, if it is managed by this principal.
    pub(super) fn drop_rule(&self, name: &str, managed_by: &str) {
        let mut rules = self.rules.write();
        if let Some((slot, present)) = rules.get(name)
            && present.managed_by == Some(managed_by)
        {
            rules.remove(name, slot);
        }
    }

    /// The rule of a tick that has come, with its next one set; none if it has been changed meanwhile.
    pub(super) fn fall_due(&self, tick: &Tick) -> Option<Arc<Rule>> {
        let mut rules = self.rules.write();
        let slot = *rules.by_name.get(&tick.rule)?;
        let held = rules.slots.get_mut(slot as usize)?.as_mut()?;
        if !held.ticking.as_ref().is_some_and(|next| next.is(tick)) {
            return None;
        }
        let schedule = held.rule.runs_by()?;
        held.ticking = self
            .schedules
            .set(&self.name, &tick.rule, schedule, tick.due);
        Some(held.rule.clone())
    }

    /// Adds a rule, or puts it in the place of the one with its name. A schedule counts from now, unless it runs already.
    fn put(&self, rules: &mut Rules, rule: Arc<Rule>) {
        let schedule = rule.runs_by().cloned();
        let name = rule.name.clone();
        let (held, before) = rules.put(rule);
        self.note_change(&name, before.as_ref());
        let ran_by = before.as_ref().and_then(|before| before.runs_by());
        if ran_by != schedule.as_ref() {
            held.ticking = schedule.and_then(|schedule| {
                let now = self.schedules.now();
                self.schedules.set(&self.name, &name, &schedule, now)
            });
        }
    }

    /// Keeps for traces what a rule was before it is changed; nothing if there was none of its name.
    fn note_change(&self, name: &Arc<str>, before: Option<&Arc<Rule>>) {
        self.traces.note(self.schedules.now(), || What::Changed {
            of: Arc::clone(&self.arn),
            name: Arc::clone(name),
            before: before.map(|before| Arc::clone(before) as _),
            bytes: before.map_or(0, |before| before.size()),
        });
    }

    /// Lets no further rule in, unless there is one.
    pub(super) fn close(&self) -> Result<(), Error> {
        let mut rules = self.rules.write();
        if !rules.by_name.is_empty() {
            return Err(Error::invalid(
                "EventBus can't be deleted since it has rules.",
            ));
        }
        rules.is_closed = true;
        Ok(())
    }

    /// The bus is no longer there, and its rules with it.
    pub(super) fn end(&self) {
        let ended = Rules {
            is_closed: true,
            ..Rules::default()
        };
        let rules = std::mem::replace(&mut *self.rules.write(), ended);
        // Outside of the lock: alarms are taken off the agenda.
        drop(rules);
    }

    fn no_rule(&self, name: &str) -> Error {
        Error::RuleDoesNotExist {
            rule: name.to_owned(),
            bus: self.name.name.to_string(),
        }
    }

    fn gone(&self) -> Error {
        Error::BusDoesNotExist(self.name.name.to_string())
    }
}

impl Rules {
    fn at(&self, slot: Slot) -> Option<&Arc<Rule>> {
        let held = self.slots.get(slot as usize)?.as_ref()?;
        Some(&held.rule)
    }

    fn get(&self, name: &str) -> Option<(Slot, &Arc<Rule>)> {
        let slot = *self.by_name.get(name)?;
        Some((slot, self.at(slot)?))
    }

    /// Whether there are at least so many, not counting those of services.
    fn are_at_least(&self, count: usize) -> bool {
        if self.by_name.len() < count {
            return false;
        }
        let held = self.slots.iter().flatten();
        held.filter(|held| held.rule.managed_by.is_none()).count() >= count
    }

    /// Adds a rule, or puts it in the place of the one with its name, which it returns.
    fn put(&mut self, rule: Arc<Rule>) -> (&mut Held, Option<Arc<Rule>>) {
        let slot = match self.by_name.get(&rule.name) {
            Some(&slot) => slot,
            None => self.add(&rule.name),
        };
        let before = self.at(slot).cloned();
        let asked_before = before.as_ref().and_then(|before| before.asked());
        match (asked_before, rule.asked()) {
            (Some(before), Some(now)) if Arc::ptr_eq(before, now) => {}
            (_, Some(pattern)) => self.index.insert(slot, pattern.clone()),
            (_, None) => {
                self.index.remove(&slot);
            }
        }
        let place = &mut self.slots[slot as usize];
        let ticking = place.take().and_then(|held| held.ticking);
        (place.insert(Held { rule, ticking }), before)
    }

    fn add(&mut self, name: &Arc<str>) -> Slot {
        let slot = self.free.pop().unwrap_or_else(|| {
            self.slots.push(None);
            Slot::try_from(self.slots.len() - 1).expect("fewer rules than 32 bits can count")
        });
        self.by_name.insert(name.clone(), slot);
        slot
    }

    fn remove(&mut self, name: &str, slot: Slot) {
        self.index.remove(&slot);
        self.by_name.remove(name);
        self.slots[slot as usize] = None;
        self.free.push(slot);
    }
}
