//! `/_topiq/traces`: what became of messages.

use std::sync::Arc;

use http::Method;
use serde::Serialize;

use super::Host;
use crate::ids::Id;
use crate::routes::{
    Given, Json, Limit, Member, Parameter, Query, Refusal, Route, Schema, Since, Waiting, now,
};
use crate::trace::lineage::{Lineage, Lives, Recorded};
use crate::trace::story::{Fate, Place, Story};
use crate::trace::told::Told;
use crate::trace::whereabouts::Withheld;
use crate::trace::{Step, Traces};
use crate::wire::DateTime;

const PATH: &str = "/_topiq/traces";

pub(super) fn routes<S: Host>() -> [Route<S>; 2] {
    [
        Route::new(
            Method::GET,
            PATH,
            "Lists what was sent, published and put, the newest first, each with what became of it.",
            |server: &S, wanted: Wanted| now(list(server.traces(), &wanted)),
        ),
        Route::new(
            Method::GET,
            "/_topiq/traces/{id}",
            "Tells the life of one message or event, where it is now, and what to do.",
            |server: &S, asked: Asked| tell(server, asked),
        ),
    ]
}

/// Which lives are wanted.
struct Wanted {
    /// The service in ARNs, and the name or ARN.
    resources: Vec<(&'static str, String)>,
    message: Option<Id>,
    contains: Option<String>,
    since: Since,
    before: Option<u64>,
    limit: usize,
}

impl Query for Wanted {
    const PARAMETERS: &'static [Parameter] = &[
        Parameter::query(
            "queue",
            "Those that touched this queue, by name or ARN.",
            Schema::Text,
        ),
        Parameter::query(
            "topic",
            "Those that touched this topic, by name or ARN.",
            Schema::Text,
        ),
        Parameter::query(
            "bus",
            "Those that touched this event bus, by name or ARN.",
            Schema::Text,
        ),
        Parameter::query(
            "message",
            "The one of this message or event, by any of its ids.",
            Schema::Text,
        ),
        Parameter::query(
            "contains",
            "Those whose text has this one in it.",
            Schema::Text,
        ),
        Since::PARAMETER,
        Parameter::query(
            "before",
            "The Sequence of an entry: those before it, for the next page.",
            Schema::Number,
        ),
        Limit::PARAMETER,
    ];

    fn read(given: &Given<'_>) -> Result<Self, Refusal> {
        let services = [("queue", "sqs"), ("topic", "sns"), ("bus", "events")];
        let named = services
            .into_iter()
            .filter_map(|(name, service)| Some((service, given.text(name)?.to_owned())));
        let message = given.text("message").map(|text| {
            Id::parse(text)
                .ok_or_else(|| Refusal::new(400, "message is the id of a message or event."))
        });
        let before = given.text("before").map(|text| {
            text.parse()
                .map_err(|_| Refusal::new(400, "before is a whole number."))
        });
        let Limit(limit) = Limit::read(given)?;
        Ok(Self {
            resources: named.collect(),
            message: message.transpose()?,
            contains: given.text("contains").map(str::to_owned),
            since: Since::read(given)?,
            before: before.transpose()?,
            limit,
        })
    }
}

impl Wanted {
    fn has(&self, lineage: &Lineage) -> bool {
        let Some(first) = lineage.steps.first() else {
            return false;
        };
        let touches = |(service, name): &(&str, String)| lineage.touches(service, name);
        self.since.has(first.step.at, first.sequence)
            && self.before.is_none_or(|before| first.sequence < before)
            && self.message.is_none_or(|id| lineage.has(id))
            && self.resources.iter().all(touches)
            && self
                .contains
                .as_ref()
                .is_none_or(|text| lineage.contains(text))
    }
}

/// The answer of the listing.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Listed {
    traces: Vec<Entry>,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    more: bool,
    forgotten: u64,
}

/// A life in a listing.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Entry {
    sequence: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<Id>,
    at: DateTime,
    steps: Vec<String>,
}

impl Entry {
    fn of(lineage: &Lineage) -> Self {
        let steps = lineage.steps.iter().map(|recorded| &recorded.step);
        Self {
            sequence: lineage.sequence(),
            id: lineage.id(),
            at: DateTime(
                lineage
                    .steps
                    .first()
                    .map(|first| first.step.at)
                    .unwrap_or_default(),
            ),
            steps: steps.map(|step| Told(step).to_string()).collect(),
        }
    }
}

impl Json for Listed {
    const SCHEMA: Schema = Schema::Object(&[
        Member::always(
            "Traces",
            Schema::List(&Schema::Object(&[
                Member::always("Sequence", Schema::Number),
                Member::sometimes("Id", Schema::Text),
                Member::always("At", Schema::Moment),
                Member::always("Steps", Schema::List(&Schema::Text)),
            ])),
        ),
        Member::sometimes("More", Schema::Boolean),
        Member::always("Forgotten", Schema::Number),
    ]);
}

fn list(traces: &Traces, wanted: &Wanted) -> Result<Listed, Refusal> {
    check_on(traces)?;
    let lives = Lives::of(traces.recorded());
    let mut meant = lives.lineages.iter().rev().filter(|one| wanted.has(one));
    let listed = meant.by_ref().take(wanted.limit).map(Entry::of).collect();
    Ok(Listed {
        traces: listed,
        more: meant.next().is_some(),
        forgotten: traces.forgotten(),
    })
}

fn check_on(traces: &Traces) -> Result<(), Refusal> {
    if traces.are_on() {
        return Ok(());
    }
    Err(Refusal::new(
        409,
        "Nothing is traced: topiq runs with --traces 0.",
    ))
}

/// The message that is asked about.
enum Asked {
    Id(Id),
    Sequence(u64),
}

impl Query for Asked {
    const PARAMETERS: &'static [Parameter] = &[Parameter::path(
        "id",
        "The id of a message or event at any place of its way, or the Sequence of one of its steps.",
    )];

    fn read(given: &Given<'_>) -> Result<Self, Refusal> {
        let text = given.text("id").unwrap_or_default();
        let sequence = || text.parse().ok().map(Self::Sequence);
        let asked = Id::parse(text).map(Self::Id).or_else(sequence);
        asked.ok_or_else(|| {
            Refusal::new(
                400,
                "It is the id of a message or event, or the Sequence of a step.",
            )
        })
    }
}

/// The answer about one life.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Answer {
    sequence: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<Id>,
    steps: Vec<ShownStep>,
    withheld: Vec<ShownWithheld>,
    messages: Vec<ShownPlace>,
    sentences: Vec<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct ShownStep {
    sequence: u64,
    at: DateTime,
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<Id>,
    kind: &'static str,
    resources: Vec<Arc<str>>,
    #[serde(rename = "As", skip_serializing_if = "Option::is_none")]
    becomes: Option<Id>,
    #[serde(skip_serializing_if = "Option::is_none")]
    account: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    user_agent: Option<Arc<str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    status: Option<u16>,
    #[serde(skip_serializing_if = "Option::is_none")]
    milliseconds: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    until: Option<DateTime>,
    text: String,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct ShownWithheld {
    sequence: u64,
    by: Arc<str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    to: Option<Arc<str>>,
    reason: String,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct ShownPlace {
    id: Id,
    queue: Arc<str>,
    state: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    behind: Option<Id>,
}

impl Json for Answer {
    const SCHEMA: Schema = Schema::Object(&[
        Member::always("Sequence", Schema::Number),
        Member::sometimes("Id", Schema::Text),
        Member::always(
            "Steps",
            Schema::List(&Schema::Object(&[
                Member::always("Sequence", Schema::Number),
                Member::always("At", Schema::Moment),
                Member::sometimes("Id", Schema::Text),
                Member::always("Kind", Schema::Text),
                Member::always("Resources", Schema::List(&Schema::Text)),
                Member::sometimes("As", Schema::Text),
                Member::sometimes("Account", Schema::Text),
                Member::sometimes("UserAgent", Schema::Text),
                Member::sometimes("Reason", Schema::Text),
                Member::sometimes("Status", Schema::Number),
                Member::sometimes("Milliseconds", Schema::Number),
                Member::sometimes("Until", Schema::Moment),
                Member::always("Text", Schema::Text),
            ])),
        ),
        Member::always(
            "Withheld",
            Schema::List(&Schema::Object(&[
                Member::always("Sequence", Schema::Number),
                Member::always("By", Schema::Text),
                Member::sometimes("To", Schema::Text),
                Member::always("Reason", Schema::Text),
            ])),
        ),
        Member::always(
            "Messages",
            Schema::List(&Schema::Object(&[
                Member::always("Id", Schema::Text),
                Member::always("Queue", Schema::Text),
                Member::always("State", Schema::Words(Fate::WORDS)),
                Member::sometimes("Behind", Schema::Text),
            ])),
        ),
        Member::always("Sentences", Schema::List(&Schema::Text)),
    ]);
}

impl From<&Recorded> for ShownStep {
    fn from(Recorded { sequence, step }: &Recorded) -> Self {
        let what = &step.what;
        let resources = what.resources().into_iter().flatten();
        let took = what.took().map(|took| took.as_millis());
        Self {
            sequence: *sequence,
            at: DateTime(step.at),
            id: (step.id != Step::OF_NO_MESSAGE).then_some(step.id),
            kind: what.word(),
            resources: resources.map(Arc::clone).collect(),
            becomes: what.next_id(),
            account: what.by().map(|by| by.account.to_string()),
            user_agent: what.by().and_then(|by| by.agent.clone()),
            reason: what.reason().map(str::to_owned),
            status: what.status(),
            milliseconds: took.map(|took| u64::try_from(took).unwrap_or(u64::MAX)),
            until: what.until().map(DateTime),
            text: Told(step).to_string(),
        }
    }
}

impl From<&(u64, Withheld)> for ShownWithheld {
    fn from((sequence, withheld): &(u64, Withheld)) -> Self {
        Self {
            sequence: *sequence,
            by: Arc::clone(&withheld.by),
            to: withheld.to.clone(),
            reason: withheld.reason.clone(),
        }
    }
}

impl From<&Place> for ShownPlace {
    fn from(place: &Place) -> Self {
        Self {
            id: place.id,
            queue: Arc::clone(&place.queue),
            state: place.fate.word(),
            behind: place.fate.behind(),
        }
    }
}

impl From<Story> for Answer {
    fn from(story: Story) -> Self {
        Self {
            sequence: story.lineage.sequence(),
            id: story.lineage.id(),
            steps: story.lineage.steps.iter().map(ShownStep::from).collect(),
            withheld: story.withheld.iter().map(ShownWithheld::from).collect(),
            messages: story.ends.iter().map(ShownPlace::from).collect(),
            sentences: story.sentences(),
        }
    }
}

fn tell<S: Host>(server: &S, asked: Asked) -> Waiting<'_, Result<Answer, Refusal>> {
    Box::pin(async move {
        let traces = server.traces();
        check_on(traces)?;
        let story = story(server, &asked).await?;
        if story.is_certain() {
            return Ok(story.into());
        }
        // What was found out may have been recorded just then: that a message is over is noticed by who looks for it.
        Ok(self::story(server, &asked).await?.into())
    })
}

async fn story<S: Host>(server: &S, asked: &Asked) -> Result<Story, Refusal> {
    let traces = server.traces();
    let lives = Lives::of(traces.recorded());
    let lineage = match asked {
        Asked::Id(id) => lives.with(*id),
        Asked::Sequence(sequence) => lives.with_step(*sequence),
    };
    let lineage = lineage.ok_or_else(|| {
        let message = "No step of it is kept: it is of another server, was never accepted, or is forgotten (--traces).";
        Refusal::new(404, message)
    })?;
    let now = server.agenda().clock().now();
    Ok(Story::of(traces, &lives, lineage, now).await)
}
