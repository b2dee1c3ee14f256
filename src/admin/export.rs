//! `/_topiq/export`: what an account holds in a region, as a file that recreates it.

use http::Method;

use super::{Host, JSON};
use crate::aws::{AccountId, Region};
use crate::export::{Format, Held, Output, export};
use crate::routes::{Answer, Content, Given, Media, Parameter, Query, Refusal, Route, Schema, now};
use crate::services::resource::Inventory;

const YAML: &str = "application/yaml";

pub(super) fn route<S: Host>() -> Route<S> {
    Route::new(
        Method::GET,
        "/_topiq/export",
        "Exports what an account holds in a region.",
        |services: &S, wanted: Wanted| now(Ok(exported(services, &wanted))),
    )
}

/// What is exported, and as what.
struct Wanted {
    format: Format,
    output: Output,
    account: AccountId,
    region: Region,
}

impl Query for Wanted {
    const PARAMETERS: &'static [Parameter] = &[
        Parameter::query(
            "format",
            "A CloudFormation template, which is the default, or topiq's own format.",
            Schema::Words(&["cloudformation", "topiq"]),
        ),
        Parameter::query(
            "output",
            "YAML, which is the default, or JSON.",
            Schema::Words(&["yaml", "json"]),
        ),
        Parameter::ACCOUNT,
        Parameter::REGION,
    ];

    fn read(given: &Given<'_>) -> Result<Self, Refusal> {
        let format = Format::parse(given.text("format").unwrap_or("cloudformation"));
        let output = Output::parse(given.text("output").unwrap_or("yaml"));
        let (Some(format), Some(output)) = (format, output) else {
            let message = "format is cloudformation or topiq, output is yaml or json.";
            return Err(Refusal::new(400, message));
        };
        let (account, region) = given.owner()?;
        Ok(Self {
            format,
            output,
            account,
            region,
        })
    }
}

/// A file.
struct Exported {
    output: Output,
    text: String,
}

impl Content for Exported {
    const STATUS: u16 = 200;
    const MEDIA: &'static [Media] = &[
        Media {
            name: YAML,
            schema: Schema::Text,
        },
        Media {
            name: JSON,
            schema: Schema::AnyObject,
        },
    ];

    fn into_answer(self) -> Answer {
        let content_type = match self.output {
            Output::Yaml => YAML,
            Output::Json => JSON,
        };
        Answer::whole(content_type, self.text)
    }
}

fn exported(services: &impl Inventory, wanted: &Wanted) -> Exported {
    let Wanted {
        format,
        output,
        account,
        region,
    } = *wanted;
    let held = Held {
        account,
        region,
        resources: services.held(account, region),
    };
    Exported {
        output,
        text: export(&held, format, output),
    }
}
