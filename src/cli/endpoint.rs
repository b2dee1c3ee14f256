//! The arguments that all subcommands share: the server's URL, and the account and region of the resources.
//!
//! Health checks run with the server's variables in their environment, so what these say of the port counts, and is
//! held to the same rules as in the server.

use std::collections::BTreeMap;
use std::io;
use std::process::ExitCode;

use clap::Args;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Deserialize;
use topiq::aws::Home;
use topiq::config::DEFAULT_PORT;

use super::WRONG_USE;
use super::init::{account, region};
use super::settings::environment::is_kubernetes;
use super::settings::file;
use super::values::base_url;

#[derive(Clone, Debug, Args)]
pub(crate) struct EndpointArguments {
    #[arg(
        long,
        value_name = "URL",
        help = "The server's URL; by default TOPIQ_ENDPOINT, else AWS_ENDPOINT_URL, else this machine at the port in TOPIQ_PORT_FILE, at TOPIQ_PORT, at TOPIQ_CONFIG's port or at 4566"
    )]
    endpoint: Option<String>,
}

impl EndpointArguments {
    /// The server's URL, without a final slash; or which setting of it is wrong, and how.
    pub(crate) fn url(&self) -> Result<String, String> {
        url(self.endpoint.as_deref(), |name| std::env::var(name).ok())
    }

    /// Asks the server at its URL; says why that fails, if it does.
    pub(crate) fn ask(&self, ask: impl FnOnce(&str) -> io::Result<()>) -> ExitCode {
        let endpoint = match self.url() {
            Ok(endpoint) => endpoint,
            Err(refusal) => return refused(&refusal),
        };
        match ask(&endpoint) {
            Ok(()) => ExitCode::SUCCESS,
            Err(error) => {
                eprintln!("topiq: cannot ask {endpoint}: {error}");
                ExitCode::FAILURE
            }
        }
    }
}

/// The account and region of resources. The server has defaults, and checks them.
#[derive(Clone, Debug, Args)]
pub(crate) struct OwnerArguments {
    /// The account; the server's own by default
    #[arg(long, env = "TOPIQ_ACCOUNT", value_name = "ID")]
    account: Option<String>,
    /// The region; the server's own by default
    #[arg(long, env = "TOPIQ_REGION", value_name = "NAME")]
    region: Option<String>,
}

impl OwnerArguments {
    /// The account and region, where no server has defaults.
    pub(crate) fn home(&self) -> Result<Home, String> {
        let given = |flag: &Option<String>| flag.clone().unwrap_or_default();
        let refused = |name: &str, reason: &str| format!("--{name}: {reason}");
        Ok(Home {
            account: account(given(&self.account).trim())
                .map_err(|reason| refused("account", reason))?,
            region: region(given(&self.region).trim())
                .map_err(|reason| refused("region", reason))?,
        })
    }

    /// As parameters of a query string, with an `&` before each.
    pub(crate) fn parameters(&self) -> String {
        let named = [("account", &self.account), ("region", &self.region)];
        let parameters = named.into_iter().filter_map(|(name, value)| {
            // Compose files set a variable to an empty text to mean that it is not set.
            let value = value.as_deref().filter(|value| !value.trim().is_empty())?;
            let value = utf8_percent_encode(value, NON_ALPHANUMERIC);
            Some(format!("&{name}={value}"))
        });
        parameters.collect()
    }
}

/// What `/_topiq/namespaces` answers.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Namespaces {
    default: Default,
    namespaces: Vec<Namespace>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Default {
    account: String,
    region: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Namespace {
    account: String,
    region: String,
    resources: BTreeMap<String, usize>,
}

impl OwnerArguments {
    /// What the namespaces besides the one of these arguments hold, a line for each.
    pub(crate) fn others(&self, listed: &str) -> Vec<String> {
        let Ok(Namespaces {
            default,
            namespaces,
        }) = serde_json::from_str(listed)
        else {
            return Vec::new();
        };
        let own = |flag: &Option<String>, default| {
            let flag = flag.clone().filter(|value| !value.trim().is_empty());
            flag.unwrap_or(default)
        };
        let account = own(&self.account, default.account);
        let region = own(&self.region, default.region);
        let others = namespaces
            .iter()
            .filter(|one| (&one.account, &one.region) != (&account, &region));
        others.map(Namespace::hint).collect()
    }
}

impl Namespace {
    /// `2 AWS::SQS::Queue of account … in region …`, and the flags that export it.
    fn hint(&self) -> String {
        let Self {
            account,
            region,
            resources,
        } = self;
        let counts = resources
            .iter()
            .map(|(kind, count)| format!("{count} {kind}"));
        let counts = counts.collect::<Vec<_>>().join(", ");
        format!("{counts} (--account {account} --region {region})")
    }
}

/// Says which setting is wrong.
pub(super) fn refused(refusal: &str) -> ExitCode {
    eprintln!("topiq: {refusal}");
    ExitCode::from(WRONG_USE)
}

fn url(flag: Option<&str>, variable: impl Fn(&str) -> Option<String>) -> Result<String, String> {
    let given = |text: &String| !text.trim().is_empty();
    let variable = |name: &'static str| Some((name, variable(name).filter(given)?));
    let flag = flag.map(|url| ("--endpoint", url.to_owned()));
    let named = flag
        .or_else(|| variable("TOPIQ_ENDPOINT"))
        .or_else(|| variable("AWS_ENDPOINT_URL"));
    let url = match named {
        Some((name, url)) => base_url(&url).map_err(|reason| format!("{name} {url}: {reason}"))?,
        None => format!("http://localhost:{}", port(variable)?),
    };
    Ok(url.trim_end_matches('/').to_owned())
}

/// The port of the server on this machine.
fn port(variable: impl Fn(&'static str) -> Option<(&'static str, String)>) -> Result<u16, String> {
    let number = |name: &str, text: &str| {
        let port = text.trim().parse::<u16>().ok().filter(|port| *port > 0);
        port.ok_or_else(|| format!("{name}: there is no port {}", text.trim()))
    };
    if let Some((name, path)) = variable("TOPIQ_PORT_FILE") {
        let text = std::fs::read_to_string(&path);
        let text = text.map_err(|error| format!("{name}: cannot read {path}: {error}"))?;
        return number(&format!("{name}: {path}"), &text);
    }
    if let Some((name, text)) = variable("TOPIQ_PORT")
        && !is_kubernetes(name, &text)
    {
        return number(name, &text);
    }
    if let Some((name, path)) = variable("TOPIQ_CONFIG") {
        let port = file::value_of(path.as_ref(), "port");
        if let Some(port) = port.map_err(|reason| format!("{name}: {reason}"))? {
            return number(&format!("{name}: {path}: port"), &port);
        }
    }
    Ok(DEFAULT_PORT)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(flag: Option<&str>, variables: &[(&str, &str)]) -> Result<String, String> {
        url(flag, |name| {
            let variable = variables.iter().find(|(known, _)| *known == name);
            variable.map(|(_, value)| (*value).to_owned())
        })
    }

    fn check(flag: Option<&str>, variables: &[(&str, &str)], expected: &str) {
        assert_eq!(found(flag, variables).as_deref(), Ok(expected));
    }

    #[test]
    fn server_is_found_by_flag_then_variables_then_port() {
        let all = [
            ("TOPIQ_ENDPOINT", "http://a:1"),
            ("AWS_ENDPOINT_URL", "http://b:2/"),
            ("TOPIQ_PORT", "3"),
        ];
        check(Some("http://f:9"), &all, "http://f:9");
        check(None, &all, "http://a:1");
        check(None, &all[1..], "http://b:2");
        check(None, &all[2..], "http://localhost:3");
        check(None, &[("TOPIQ_ENDPOINT", "")], "http://localhost:4566");
        let injected = ("TOPIQ_PORT", "tcp://10.0.0.11:4566");
        check(None, &[injected], "http://localhost:4566");
    }

    #[test]
    fn wrong_settings_are_named() {
        for (flag, variables, start) in [
            (
                Some("b:2"),
                &[][..],
                "--endpoint b:2: it begins with http://",
            ),
            (None, &[("TOPIQ_ENDPOINT", "x y")], "TOPIQ_ENDPOINT x y: "),
            (
                None,
                &[("AWS_ENDPOINT_URL", "b:2")],
                "AWS_ENDPOINT_URL b:2: ",
            ),
            (
                None,
                &[("TOPIQ_PORT", "four")],
                "TOPIQ_PORT: there is no port four",
            ),
            (
                None,
                &[("TOPIQ_PORT", "0")],
                "TOPIQ_PORT: there is no port 0",
            ),
            (
                None,
                &[("TOPIQ_CONFIG", "/no/such")],
                "TOPIQ_CONFIG: cannot read /no/such",
            ),
            (
                None,
                &[("TOPIQ_PORT_FILE", "/no/such")],
                "TOPIQ_PORT_FILE: cannot read /no/such",
            ),
        ] {
            let refused = found(flag, variables).expect_err(start);
            assert!(refused.starts_with(start), "{refused}");
        }
    }

    #[test]
    fn namespaces_that_are_not_exported_are_named() {
        let listed = r#"{
            "Default": {"Account": "000000000000", "Region": "us-east-1"},
            "Namespaces": [
                {"Account": "000000000000", "Region": "us-east-1", "Resources": {"AWS::SQS::Queue": 1}},
                {"Account": "000000000042", "Region": "us-east-1",
                 "Resources": {"AWS::SNS::Topic": 1, "AWS::SQS::Queue": 2}}
            ]
        }"#;
        let others = |account: Option<&str>| {
            let owner = OwnerArguments {
                account: account.map(str::to_owned),
                region: None,
            };
            owner.others(listed)
        };
        let other =
            "1 AWS::SNS::Topic, 2 AWS::SQS::Queue (--account 000000000042 --region us-east-1)";
        assert_eq!(others(None), [other]);
        let home = "1 AWS::SQS::Queue (--account 000000000000 --region us-east-1)";
        assert_eq!(others(Some("000000000042")), [home]);
        assert_eq!(others(Some("000000000043")), [home, other]);
    }

    #[test]
    fn account_and_region_are_sent_if_given() {
        let parameters = |account: Option<&str>, region: Option<&str>| {
            let owner = OwnerArguments {
                account: account.map(str::to_owned),
                region: region.map(str::to_owned),
            };
            owner.parameters()
        };
        assert_eq!(parameters(None, Some("")), "");
        let both = parameters(Some("123456789012"), Some("eu-west-1"));
        assert_eq!(both, "&account=123456789012&region=eu%2Dwest%2D1");
    }
}
