//! `/_topiq/export`: what an account has in a region, as a file from which it can be made again.
//!
//! `format` is `cloudformation`, which is meant without it, or `topiq`; `output` is `yaml`, which is meant without it, or
//! `json`. `account` and `region` are the server's own unless they are given.

use super::Answer;
use super::parameters::Parameters;
use crate::export::{Format, Inventory, Output, export};

pub(super) fn answer(parameters: &Parameters<'_>, inventory: &impl Inventory) -> Answer {
    let format = parameters.text("format").unwrap_or("cloudformation");
    let output = parameters.text("output").unwrap_or("yaml");
    let (Some(format), Some(output)) = (Format::parse(format), Output::parse(output)) else {
        let message = "format is cloudformation or topiq, output is yaml or json.";
        return Answer::error(400, message);
    };
    let (Some(account), Some(region)) = (parameters.account("account"), parameters.region()) else {
        return Answer::error(400, "account has twelve digits, region is a region's name.");
    };
    Answer {
        status: 200,
        content_type: Some(match output {
            Output::Yaml => "application/yaml",
            Output::Json => "application/json",
        }),
        allow: None,
        body: export(&inventory.held(account, region), format, output),
    }
}
