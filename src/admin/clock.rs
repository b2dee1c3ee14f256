//! `/_topiq/clock`: what time it is for the services, and another time than the machine's.

use std::time::Duration;

use http::Method;
use serde::{Deserialize, Serialize};

use super::Host;
use crate::agenda::Agenda;
use crate::clock::{Clock, ManualClock, NotManual, SystemClock, Timestamp};
use crate::routes::{Given, Json, Member, Parameter, Query, Refusal, Route, Schema, Waiting, now};
use crate::wire::DateTime;

const PATH: &str = "/_topiq/clock";

/// What a body may be, for refusals.
const EXAMPLES: &str =
    r#"{"advance": "30s"}, {"set": "2026-01-02T03:04:05Z"}, {"freeze": true} or {"resume": true}"#;

/// The last moment that has a text.
pub(super) const END: Timestamp = Timestamp::from_millis(253_402_300_799_999);

pub(super) fn routes<S: Host>() -> [Route<S>; 2] {
    [
        Route::new(
            Method::GET,
            PATH,
            "Says what time it is for the services, and whether it stands still.",
            |server: &S, ()| now(Ok(shown(server.agenda()))),
        ),
        Route::new(
            Method::POST,
            PATH,
            "Moves the services' time on, and carries out all that falls due; or has it stand still, or run on.",
            |server: &S, change: Change| steer(server.agenda(), change),
        ),
    ]
}

/// What becomes of the clock: in the order of the members, so that a clock that was frozen by the same request shows just
/// the moment that it was moved to.
#[derive(Debug, Default, PartialEq, Eq)]
struct Change {
    is_frozen: bool,
    target: Option<Target>,
    is_resumed: bool,
}

#[derive(Debug, PartialEq, Eq)]
enum Target {
    In(Duration),
    At(Timestamp),
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Body {
    advance: Option<Amount>,
    set: Option<DateTime>,
    freeze: bool,
    resume: bool,
}

/// `"1h 30m"`, or a number of seconds.
#[derive(Deserialize)]
#[serde(
    untagged,
    expecting = r#"a duration is a text such as "90s" or "1h 30m", or a number of seconds"#
)]
pub(super) enum Amount {
    Seconds(u64),
    Text(String),
}

impl Query for Change {
    const PARAMETERS: &'static [Parameter] = &[];
    const BODY: Option<Schema> = Some(Schema::Object(&[
        Member::sometimes("advance", Schema::Text),
        Member::sometimes("set", Schema::Moment),
        Member::sometimes("freeze", Schema::Boolean),
        Member::sometimes("resume", Schema::Boolean),
    ]));

    fn read(given: &Given<'_>) -> Result<Self, Refusal> {
        let body = given.object(EXAMPLES)?;
        Self::of(body).map_err(|message| Refusal::new(400, message))
    }
}

impl Change {
    fn of(body: Body) -> Result<Self, String> {
        if body.freeze && body.resume {
            return Err("freeze and resume contradict each other.".to_owned());
        }
        let target = match (body.advance, body.set) {
            (Some(_), Some(_)) => return Err("advance and set contradict each other.".to_owned()),
            (Some(amount), None) => Some(Target::In(amount.duration("advance")?)),
            (None, set) => set.map(|DateTime(moment)| Target::At(moment)),
        };
        if target.is_none() && !body.freeze && !body.resume {
            return Err(format!("The body is a JSON object such as {EXAMPLES}."));
        }
        Ok(Self {
            is_frozen: body.freeze,
            target,
            is_resumed: body.resume,
        })
    }
}

impl Amount {
    /// What it says as the value of a member.
    pub(super) fn duration(&self, member: &str) -> Result<Duration, String> {
        match self {
            Self::Seconds(seconds) => Ok(Duration::from_secs(*seconds)),
            Self::Text(text) => humantime::parse_duration(text)
                .map_err(|error| format!("{member} is a duration such as 90s or 1h 30m: {error}.")),
        }
    }
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Shown {
    now: DateTime,
    machine: DateTime,
    frozen: bool,
}

impl Json for Shown {
    const SCHEMA: Schema = Schema::Object(&[
        Member::always("Now", Schema::Moment),
        Member::always("Machine", Schema::Moment),
        Member::always("Frozen", Schema::Boolean),
    ]);
}

fn shown(agenda: &Agenda) -> Shown {
    let clock = agenda.clock();
    Shown {
        now: DateTime(clock.now()),
        machine: DateTime(SystemClock::new().now()),
        frozen: clock.as_manual().is_some_and(ManualClock::is_frozen),
    }
}

fn steer(agenda: &Agenda, change: Change) -> Waiting<'_, Result<Shown, Refusal>> {
    Box::pin(async move {
        if change.is_frozen {
            agenda.freeze(true).await.map_err(not_manual)?;
        }
        if let Some(target) = change.target {
            let duration = target.from(agenda.clock().now())?;
            agenda.advance(duration).await.map_err(not_manual)?;
        }
        if change.is_resumed {
            agenda.freeze(false).await.map_err(not_manual)?;
        }
        Ok(shown(agenda))
    })
}

impl Target {
    /// How far it is from now.
    fn from(self, now: Timestamp) -> Result<Duration, Refusal> {
        let refused = |message: String| Refusal::new(400, message);
        let moment = match self {
            Self::In(duration) => now + duration,
            Self::At(moment) => moment,
        };
        if moment < now {
            let now = DateTime(now);
            return Err(refused(format!("Time moves on only: it is {now} already.")));
        }
        if moment > END {
            return Err(refused("Time ends with the year 9999.".to_owned()));
        }
        Ok(moment.since(now))
    }
}

fn not_manual(error: NotManual) -> Refusal {
    Refusal::new(409, format!("{error}."))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::routes::object;

    fn parse(body: &str) -> Result<Change, String> {
        object(body.as_bytes(), EXAMPLES).and_then(Change::of)
    }

    #[test]
    fn durations_are_texts_or_seconds() {
        let hour_and_half = Some(Target::In(Duration::from_mins(90)));
        for body in [
            r#"{"advance":"1h 30m"}"#,
            r#"{"advance":"90m"}"#,
            r#"{"advance":"1h30min"}"#,
            r#" {"advance":5400}"#,
            r#"{"advance":"5400 seconds"}"#,
        ] {
            assert_eq!(parse(body).unwrap().target, hour_and_half, "{body}");
        }
        let fortnight = parse(r#"{"advance":"14days","freeze":true}"#).unwrap();
        let expected = Change {
            is_frozen: true,
            target: Some(Target::In(Duration::from_hours(24 * 14))),
            is_resumed: false,
        };
        assert_eq!(fortnight, expected);
    }

    #[test]
    fn a_body_that_says_nothing_or_something_else_is_refused() {
        for (body, reason) in [
            ("", "The body is a JSON object"),
            ("{}", "The body is a JSON object"),
            ("[\"1s\",null,false,false]", "The body is a JSON object"),
            (r#"{"freeze":false}"#, "The body is a JSON object"),
            (r#"{"advnace":"1s"}"#, "unknown field `advnace`"),
            (r#"{"advance":"-1s"}"#, "advance is a duration"),
            (r#"{"advance":-1}"#, "a duration is a text"),
            (r#"{"advance":"soon"}"#, "advance is a duration"),
            (r#"{"set":"tomorrow"}"#, "The body is a JSON object"),
            (r#"{"freeze":true,"resume":true}"#, "contradict each other"),
            (
                r#"{"advance":1,"set":"2026-01-02T03:04:05Z"}"#,
                "contradict each other",
            ),
        ] {
            let refused = parse(body).expect_err(body);
            assert!(refused.contains(reason), "{body}: {refused}");
        }
    }

    #[test]
    fn time_moves_on_only_and_ends() {
        let now = Timestamp::from_secs(1_800_000_000);
        assert_eq!(Target::At(now).from(now), Ok(Duration::ZERO));
        let earlier = Target::At(Timestamp::from_secs(1)).from(now);
        assert!(format!("{earlier:?}").contains("Time moves on only: it is 2027-01-15T08:00:00Z"));
        let never = Target::In(Duration::MAX).from(now);
        assert!(format!("{never:?}").contains("Time ends"));
    }
}
