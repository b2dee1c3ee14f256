//! EventBridge's table of schedule expressions, checked whole.

use serde::Deserialize;
use topiq::clock::Timestamp;
use topiq::schedule::Schedule;
use topiq::wire::DateTime;

#[derive(Deserialize)]
struct Table {
    cron_valid: Vec<Cron>,
    rate_valid: Vec<Rate>,
    invalid: Vec<Invalid>,
}

#[derive(Deserialize)]
struct Cron {
    id: String,
    expression: String,
    after: String,
    next: Vec<String>,
}

#[derive(Deserialize)]
struct Rate {
    id: String,
    expression: String,
    created: String,
    first: String,
    period_s: u64,
}

#[derive(Deserialize)]
struct Invalid {
    expression: String,
    event_bus: Option<String>,
}

fn table() -> Table {
    serde_json::from_str(include_str!("../fixtures/events-schedule-cases.json")).expect("the table")
}

fn moment(text: &str) -> Timestamp {
    DateTime::parse(text).expect("a moment").0
}

fn schedule(expression: &str) -> Schedule {
    Schedule::parse(expression).unwrap_or_else(|refused| panic!("{expression}: {refused}"))
}

#[test]
fn every_cron_row_holds() {
    let rows = table().cron_valid;
    assert_eq!(rows.len(), 23);
    for row in rows {
        let schedule = schedule(&row.expression);
        let expected: Vec<_> = row.next.iter().map(|text| moment(text)).collect();
        let mut last = moment(&row.after);
        // A row without moments is of a schedule that is never due.
        for at in 0..expected.len().max(1) {
            let next = schedule.next_after(last);
            assert_eq!(next, expected.get(at).copied(), "{}", row.id);
            last = next.unwrap_or(last);
        }
    }
}

#[test]
fn every_rate_row_holds() {
    let rows = table().rate_valid;
    assert_eq!(rows.len(), 6);
    for row in rows {
        let schedule = schedule(&row.expression);
        let first = schedule.next_after(moment(&row.created));
        assert_eq!(first, Some(moment(&row.first)), "{}", row.id);
        let second = schedule.next_after(moment(&row.first)).expect("a second");
        let period = second.since(moment(&row.first)).as_secs();
        assert_eq!(period, row.period_s, "{}", row.id);
    }
}

#[test]
fn every_refused_row_is_refused() {
    let rows = table().invalid;
    assert_eq!(rows.len(), 33);
    for row in rows {
        // The one row about another bus has a good expression: which bus a rule is on, the service knows.
        let is_refused = Schedule::parse(&row.expression).is_err();
        assert_eq!(is_refused, row.event_bus.is_none(), "{}", row.expression);
    }
}
