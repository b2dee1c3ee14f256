//! The flags of `topiq run` for resources that exist from the start, and their account and region.

use std::path::PathBuf;
use std::str::FromStr;

use clap::Args;
use topiq::aws::{AccountId, Home, Region};
use topiq::init::Init;

#[derive(Clone, Debug, Args)]
pub(crate) struct InitArguments {
    /// Resources to create at start: a CloudFormation template, a topiq file, a directory of these, or - for standard
    /// input
    #[arg(
        long = "init",
        env = "TOPIQ_INIT",
        value_name = "FILE",
        value_delimiter = ','
    )]
    paths: Vec<PathBuf>,
    /// Parameter of a file that --init names, or @FILE for several
    #[arg(
        long = "init-param",
        env = "TOPIQ_INIT_PARAM",
        value_name = "NAME=VALUE"
    )]
    parameters: Vec<Parameters>,
    /// Account of the resources from --init, and of requests whose access key id is not an account
    #[arg(long, env = "TOPIQ_ACCOUNT", value_name = "ID", default_value_t, value_parser = account)]
    account: AccountId,
    /// Region of the resources from --init, and of requests that name none
    #[arg(long, env = "TOPIQ_REGION", value_name = "NAME", default_value_t, value_parser = region)]
    region: Region,
}

/// `A=1,B=2`. A part without an `=` belongs to the value before it: values may be lists. `@FILE` is a file of parameters.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Parameters {
    files: Vec<PathBuf>,
    given: Vec<(String, String)>,
}

impl InitArguments {
    pub(crate) fn home(&self) -> Home {
        Home {
            account: self.account,
            region: self.region,
        }
    }

    pub(crate) fn into_init(self) -> Init {
        // Compose files set a variable to an empty text to mean that it is not set.
        let given = |path: &PathBuf| !path.as_os_str().is_empty();
        let mut init = Init {
            paths: self.paths.into_iter().filter(given).collect(),
            ..Init::default()
        };
        for parameters in self.parameters {
            parameters.add_to(&mut init);
        }
        init
    }
}

impl Parameters {
    pub(super) fn add_to(self, init: &mut Init) {
        init.parameter_files.extend(self.files);
        init.parameters.extend(self.given);
    }
}

impl FromStr for Parameters {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let mut parameters = Self::default();
        for part in text.split(',').filter(|_| !text.is_empty()) {
            if let Some(file) = part.strip_prefix('@') {
                parameters.files.push(file.into());
                continue;
            }
            match (part.split_once('='), parameters.given.last_mut()) {
                (Some((name, value)), _) => {
                    parameters
                        .given
                        .push((name.trim().to_owned(), value.to_owned()));
                }
                (None, Some((_, value))) => {
                    value.push(',');
                    value.push_str(part);
                }
                (None, None) => return Err("a parameter looks like NAME=VALUE or @FILE".to_owned()),
            }
        }
        Ok(parameters)
    }
}

/// The account of `text`; an empty variable counts as not set. So do regions.
pub(super) fn account(text: &str) -> Result<AccountId, &'static str> {
    if text.is_empty() {
        return Ok(AccountId::default());
    }
    AccountId::parse(text).ok_or("an account has twelve digits")
}

pub(super) fn region(text: &str) -> Result<Region, &'static str> {
    if text.is_empty() {
        return Ok(Region::default());
    }
    Region::parse(text).ok_or("a region looks like eu-central-1")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_are_names_and_values_that_may_be_lists() {
        let parsed = |text: &str| {
            let Parameters { files, given } = text.parse().unwrap();
            let files = files.into_iter().map(|file| format!("@{}", file.display()));
            let given = given
                .into_iter()
                .map(|(name, value)| format!("{name}: {value}"));
            files.chain(given).collect::<Vec<_>>()
        };
        assert_eq!(parsed("Stage=test"), ["Stage: test"]);
        assert_eq!(parsed("A=x=y,B="), ["A: x=y", "B: "]);
        assert_eq!(parsed("Zones=a,b,Stage=t"), ["Zones: a,b", "Stage: t"]);
        assert_eq!(
            parsed("@a/params.json,Stage=t"),
            ["@a/params.json", "Stage: t"]
        );
        assert!(parsed("").is_empty());
        assert!("Stage".parse::<Parameters>().is_err());
    }

    #[test]
    fn accounts_and_regions_are_checked_and_may_be_empty() {
        assert_eq!(account(""), Ok(AccountId::DEFAULT));
        assert_eq!(region(""), Ok(Region::default()));
        assert!(account("12").is_err());
        assert!(region("EU").is_err());
        assert_eq!(account("123456789012").unwrap().to_string(), "123456789012");
    }
}
