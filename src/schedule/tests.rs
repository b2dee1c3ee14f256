//! What AWS's table (`tests/services/schedules.rs`) leaves out, and random expressions against a walk from day to day.

use proptest::prelude::*;
use proptest::sample::subsequence;
use time::{Date, Duration, Weekday};

use super::{NotASchedule, Schedule};
use crate::aws::calendar;
use crate::clock::Timestamp;

fn moment(text: &str) -> Timestamp {
    calendar::parse(text).expect("a moment")
}

fn schedule(expression: &str) -> Schedule {
    Schedule::parse(expression).unwrap_or_else(|refused| panic!("{expression}: {refused}"))
}

/// The first `count` moments after one.
fn next(expression: &str, after: Timestamp, count: usize) -> Vec<Timestamp> {
    let schedule = schedule(expression);
    std::iter::successors(schedule.next_after(after), |&last| {
        schedule.next_after(last)
    })
    .take(count)
    .collect()
}

fn check(expression: &str, after: &str, expected: &[&str]) {
    let expected: Vec<_> = expected.iter().map(|text| moment(text)).collect();
    let found = next(expression, moment(after), expected.len().max(1));
    assert_eq!(found, expected, "{expression}");
}

#[test]
fn other_forms_of_the_grammar_are_read() {
    let after = "2026-11-30T00:00:00Z";
    // Recorded of EventBridge Scheduler, which has the same fields: ranges of one value, ranges with steps.
    check(
        "cron(0-15/10 8-8 ? * 2,3,4,5,6,7 *)",
        after,
        &[
            "2026-11-30T08:00:00Z",
            "2026-11-30T08:10:00Z",
            "2026-12-01T08:00:00Z",
        ],
    );
    check(
        "cron(1-31/30 1-1 ? * 1,7 *)",
        after,
        &[
            "2026-12-05T01:01:00Z",
            "2026-12-05T01:31:00Z",
            "2026-12-06T01:01:00Z",
        ],
    );
    check("cron(*/15 * ? * L *)", after, &["2026-12-05T00:00:00Z"]);
    check("cron(0 0 ? jun monL *)", after, &["2027-06-28T00:00:00Z"]);
    check(
        "cron(0 0 1,15W,L 5 ? *)",
        after,
        &[
            "2027-05-01T00:00:00Z",
            "2027-05-14T00:00:00Z",
            "2027-05-31T00:00:00Z",
        ],
    );
    // The 31st of October 2027 is a Sunday; November has no 31st.
    check(
        "cron(0 0 31W 10-12 ? *)",
        "2027-10-01T00:00:00Z",
        &["2027-10-29T00:00:00Z", "2027-12-31T00:00:00Z"],
    );
    check(
        "cron(0 0 1 1 ? 2190/9)",
        after,
        &["2190-01-01T00:00:00Z", "2199-01-01T00:00:00Z"],
    );
    check(
        "cron(59 23 31 DEC ? *)",
        "2199-12-31T23:58:59.999Z",
        &["2199-12-31T23:59:00Z"],
    );
}

#[test]
fn other_texts_are_refused() {
    for text in [
        "",
        "rate",
        "rate(",
        "rate(5 minutes",
        "rate(5 minutes))",
        "rate(5 minutes) ",
        "rate(+5 minutes)",
        "rate(5 minutes hours)",
        "rate(10000000000000000000000 days)",
        "Rate(5 minutes)",
        "CRON(0 12 * * ? *)",
        "cron( 0 12 * * ? *)",
        "cron(0 12 * * ? * )",
        "cron(0 12 ? * ? *)",
        "cron(? 12 * * ? *)",
        "cron(0 12 * ? ? *)",
        "cron(0,,5 12 * * ? *)",
        "cron(0/0 12 * * ? *)",
        "cron(/5 12 * * ? *)",
        "cron(5/ 12 * * ? *)",
        "cron(5-1 12 * * ? *)",
        "cron(-5 12 * * ? *)",
        "cron(1-2-3 12 * * ? *)",
        "cron(1/2/3 12 * * ? *)",
        "cron(0 */24 * * ? *)",
        "cron(0 12 0 * ? *)",
        "cron(0 12 32W * ? *)",
        "cron(0 12 W * ? *)",
        "cron(0 12 ?,1 * ? *)",
        "cron(0 12 * */12 ? *)",
        "cron(0 12 ? * 2/2 *)",
        "cron(0 12 ? * MON#6 *)",
        "cron(0 12 ? * MON#0 *)",
        "cron(0 12 ? * #1 *)",
        "cron(0 12 ? * 0 *)",
        "cron(0 12 ? * 8L *)",
        "cron(0 12 * * ? 1969)",
        "cron(0 12 * * ? 2200)",
        "cron(0 12 * * ? */230)",
        "cron(99999999999999999999 12 * * ? *)",
        "cron(ü 12 * * ? *)",
    ] {
        assert_eq!(Schedule::parse(text), Err(NotASchedule), "{text}");
    }
}

#[test]
fn schedules_come_to_an_end() {
    // No such day, dates that are past, and the ends of the calendar and of time.
    check("cron(0 0 30 2 ? *)", "1970-01-01T00:00:00Z", &[]);
    check("cron(* * * * ? 1970-2025)", "2026-01-01T00:00:00Z", &[]);
    check("cron(* * * * ? *)", "2199-12-31T23:59:00Z", &[]);
    let end = Timestamp::from_millis(u64::MAX);
    for expression in ["cron(* * * * ? *)", "rate(1 minute)"] {
        assert_eq!(next(expression, end, 1), []);
    }
}

/// Days that an expression may choose: its two fields, and what they mean.
#[derive(Clone, Debug)]
enum Chosen {
    OfMonth(Vec<u8>),
    Last,
    Nearest(u8),
    OfWeek(Vec<u8>),
    LastOfWeek(u8),
    Nth(u8, u8),
}

impl Chosen {
    fn fields(&self) -> (String, String) {
        let other = || "?".to_owned();
        match self {
            Self::OfMonth(days) => (list(days), other()),
            Self::Last => ("L".to_owned(), other()),
            Self::Nearest(day) => (format!("{day}W"), other()),
            Self::OfWeek(days) => (other(), list(days)),
            Self::LastOfWeek(day) => (other(), format!("{day}L")),
            Self::Nth(day, nth) => (other(), format!("{day}#{nth}")),
        }
    }

    fn contains(&self, date: Date) -> bool {
        let weekday = date.weekday().number_from_sunday();
        let is_same_month = |days: i64| (date + Duration::days(days)).month() == date.month();
        match self {
            Self::OfMonth(days) => days.contains(&date.day()),
            Self::Last => !is_same_month(1),
            Self::Nearest(day) => {
                let Ok(wanted) = date.replace_day(*day) else {
                    return false;
                };
                let is_workday =
                    |date: Date| !matches!(date.weekday(), Weekday::Saturday | Weekday::Sunday);
                let mut candidates: Vec<Date> = (-2..=2)
                    .map(|days| wanted + Duration::days(days))
                    .filter(|&near| near.month() == wanted.month() && is_workday(near))
                    .collect();
                candidates.sort_by_key(|&near| (near - wanted).abs());
                candidates[0] == date
            }
            Self::OfWeek(days) => days.contains(&weekday),
            Self::LastOfWeek(day) => weekday == *day && !is_same_month(7),
            Self::Nth(day, nth) => {
                let before = i64::from(*nth) * 7;
                weekday == *day && !is_same_month(-before) && is_same_month(7 - before)
            }
        }
    }
}

fn list(values: &[u8]) -> String {
    let values: Vec<_> = values.iter().map(u8::to_string).collect();
    values.join(",")
}

fn some_of(values: std::ops::RangeInclusive<u8>) -> impl Strategy<Value = Vec<u8>> {
    subsequence(values.collect::<Vec<_>>(), 1..=4)
}

fn chosen() -> impl Strategy<Value = Chosen> {
    prop_oneof![
        some_of(1..=31).prop_map(Chosen::OfMonth),
        Just(Chosen::Last),
        (1..=31_u8).prop_map(Chosen::Nearest),
        some_of(1..=7).prop_map(Chosen::OfWeek),
        (1..=7_u8).prop_map(Chosen::LastOfWeek),
        (1..=7_u8, 1..=5_u8).prop_map(|(day, nth)| Chosen::Nth(day, nth)),
    ]
}

proptest! {
    #[test]
    fn cron_finds_what_a_walk_from_day_to_day_finds(
        days in chosen(),
        hours in some_of(0..=23),
        minutes in some_of(0..=59),
        months in some_of(1..=12),
        after in 1_000_000_000_u64..3_000_000_000,
    ) {
        let after = Timestamp::from_secs(after);
        let (of_month, of_week) = days.fields();
        let expression = format!(
            "cron({} {} {of_month} {} {of_week} *)",
            list(&minutes), list(&hours), list(&months),
        );
        let start = calendar::utc(after).date();
        let walked = (0..12 * 366).find_map(|day| {
            let date = start + Duration::days(day);
            if !months.contains(&u8::from(date.month())) || !days.contains(date) {
                return None;
            }
            let times = hours.iter().flat_map(|hour| minutes.iter().map(move |minute| (hour, minute)));
            let mut moments = times.map(|(&hour, &minute)| {
                let midnight = calendar::midnight(date.year(), date.month().into(), date.day());
                let millis = (i64::from(hour) * 60 + i64::from(minute)) * 60_000;
                calendar::moment(midnight.expect("a date") + millis).expect("after 1970")
            });
            moments.find(|&moment| moment > after)
        });
        // Rarer days than those of 12 years end the walk, not the schedule.
        let found = next(&expression, after, 1).first().copied();
        let is_rare = walked.is_none() && found.is_none_or(|found| found.since(after).as_secs() > 12 * 365 * 86_400);
        prop_assert!(is_rare || found == walked, "{}: {:?}, {:?}", expression, found, walked);
    }
}
