//! `/_localstack/…`: the paths of `LocalStack` that health checks, scripts and test suites call, in its bytes: people
//! search answers for `"sqs": "running"` and `"completed": true`, with the space.

use std::collections::BTreeMap;
use std::io;

use http::Method;
use serde::Serialize;
use serde_json::ser::{Formatter, Serializer};
use serde_json::{Map, Value};

use super::{Host, JSON};
use crate::routes::{
    Answer, Content, Given, Json, Media, Member, Parameter, Query, Refusal, Route, Schema, now,
};

pub(super) fn routes<S: Host>() -> [Route<S>; 4] {
    [
        Route::new(
            Method::GET,
            "/_localstack/health",
            "Lists the services: available before its first call, then running.",
            |server: &S, ()| now(Ok(Spaced(Health::of(server)))),
        ),
        Route::new(
            Method::GET,
            "/_localstack/init",
            "Lists the stages of the start. All are completed when the server answers.",
            |_: &S, ()| now(Ok(Spaced(Stages::now()))),
        ),
        Route::new(
            Method::GET,
            "/_localstack/init/{stage}",
            "Says whether a stage of the start is completed.",
            |_: &S, stage: Stage| now(Ok(Spaced(stage))),
        ),
        Route::new(
            Method::POST,
            "/_localstack/state/reset",
            "The same as POST /_topiq/reset.",
            |server: &S, ()| super::reset::reset(server, Done),
        ),
    ]
}

#[derive(Serialize)]
struct Health {
    services: BTreeMap<&'static str, &'static str>,
    edition: &'static str,
    version: &'static str,
}

impl Health {
    fn of(server: &impl Host) -> Self {
        let states = server.usage().into_iter();
        let states = states.map(|(name, is_used)| {
            let state = if is_used { "running" } else { "available" };
            (name, state)
        });
        Self {
            services: states.collect(),
            edition: "community",
            version: env!("CARGO_PKG_VERSION"),
        }
    }
}

impl Json for Health {
    const SCHEMA: Schema = Schema::Object(&[
        Member::always(
            "services",
            Schema::Map(&Schema::Words(&["available", "running"])),
        ),
        Member::always("edition", Schema::Text),
        Member::always("version", Schema::Text),
    ]);
}

/// The stages, in that emulator's order. No request is served before all initial resources exist, and none after the
/// server has stopped.
const STAGES: [(&str, bool); 4] = [
    ("BOOT", true),
    ("START", true),
    ("READY", true),
    ("SHUTDOWN", false),
];

/// Scripts that ran, of which there are none.
type Scripts = [(); 0];

const SCRIPTS: Schema = Schema::List(&Schema::AnyObject);

#[derive(Serialize)]
struct Stages {
    completed: Map<String, Value>,
    scripts: Scripts,
}

impl Stages {
    fn now() -> Self {
        let completed = STAGES.map(|(stage, completed)| (stage.to_owned(), completed.into()));
        Self {
            completed: completed.into_iter().collect(),
            scripts: [],
        }
    }
}

impl Json for Stages {
    const SCHEMA: Schema = Schema::Object(&[
        Member::always(
            "completed",
            Schema::Object(&[
                Member::always("BOOT", Schema::Boolean),
                Member::always("START", Schema::Boolean),
                Member::always("READY", Schema::Boolean),
                Member::always("SHUTDOWN", Schema::Boolean),
            ]),
        ),
        Member::always("scripts", SCRIPTS),
    ]);
}

#[derive(Serialize)]
struct Stage {
    completed: bool,
    scripts: Scripts,
}

impl Query for Stage {
    const PARAMETERS: &'static [Parameter] = &[Parameter::path(
        "stage",
        "boot, start, ready or shutdown, in either case.",
    )];

    fn read(given: &Given<'_>) -> Result<Self, Refusal> {
        let name = given.text("stage").unwrap_or_default();
        let mut stages = STAGES.into_iter();
        let stage = stages.find(|(stage, _)| stage.eq_ignore_ascii_case(name));
        let Some((_, completed)) = stage else {
            let message =
                format!("There is no stage {name}: it is boot, start, ready or shutdown.");
            return Err(Refusal::new(404, message));
        };
        Ok(Self {
            completed,
            scripts: [],
        })
    }
}

impl Json for Stage {
    const SCHEMA: Schema = Schema::Object(&[
        Member::always("completed", Schema::Boolean),
        Member::always("scripts", SCRIPTS),
    ]);
}

/// Done: that emulator's answer is empty, but its status is 200.
struct Done;

impl Content for Done {
    const STATUS: u16 = 200;
    const MEDIA: &'static [Media] = &[];

    fn into_answer(self) -> Answer {
        Answer {
            content_type: None,
            ..Answer::whole(JSON, String::new())
        }
    }
}

/// JSON with a space after each `:` and `,`, as Python writes it.
struct Spaced<T>(T);

impl<T: Json> Content for Spaced<T> {
    const STATUS: u16 = T::STATUS;
    const MEDIA: &'static [Media] = T::MEDIA;

    fn into_answer(self) -> Answer {
        let mut body = Vec::new();
        let mut serializer = Serializer::with_formatter(&mut body, Spaces);
        let written = self.0.serialize(&mut serializer);
        written.expect("keys of maps are texts");
        Answer::whole(JSON, String::from_utf8(body).expect("JSON is UTF-8"))
    }
}

struct Spaces;

impl Formatter for Spaces {
    fn begin_array_value<W: ?Sized + io::Write>(
        &mut self,
        writer: &mut W,
        first: bool,
    ) -> io::Result<()> {
        separate(writer, first)
    }

    fn begin_object_key<W: ?Sized + io::Write>(
        &mut self,
        writer: &mut W,
        first: bool,
    ) -> io::Result<()> {
        separate(writer, first)
    }

    fn begin_object_value<W: ?Sized + io::Write>(&mut self, writer: &mut W) -> io::Result<()> {
        writer.write_all(b": ")
    }
}

fn separate<W: ?Sized + io::Write>(writer: &mut W, is_first: bool) -> io::Result<()> {
    writer.write_all(if is_first { b"" } else { b", " })
}
