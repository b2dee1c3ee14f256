//! The arguments that all subcommands share: the server's URL, and the account and region they are about.

use clap::Args;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use topiq::config::DEFAULT_PORT;

use super::settings::file;

#[derive(Clone, Debug, Args)]
pub(crate) struct EndpointArguments {
    #[arg(
        long,
        value_name = "URL",
        help = "The server's URL; else TOPIQ_ENDPOINT, else AWS_ENDPOINT_URL, else this machine at TOPIQ_PORT, at TOPIQ_CONFIG's port or at 4566"
    )]
    endpoint: Option<String>,
}

impl EndpointArguments {
    /// The server's URL, without a final slash.
    pub(crate) fn url(&self) -> String {
        url(self.endpoint.as_deref(), |name| std::env::var(name).ok())
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

fn url(flag: Option<&str>, variable: impl Fn(&str) -> Option<String>) -> String {
    let given = |text: &String| !text.trim().is_empty();
    let url = flag
        .map(str::to_owned)
        .or_else(|| variable("TOPIQ_ENDPOINT").filter(given))
        .or_else(|| variable("AWS_ENDPOINT_URL").filter(given))
        .unwrap_or_else(|| {
            let number = |port: String| port.parse().ok();
            let port = variable("TOPIQ_PORT")
                .and_then(number)
                .or_else(|| port_of_file(&variable("TOPIQ_CONFIG")?).and_then(number))
                .unwrap_or(DEFAULT_PORT);
            format!("http://localhost:{port}")
        });
    url.trim_end_matches('/').to_owned()
}

fn port_of_file(path: &str) -> Option<String> {
    file::value_of(path.as_ref(), "port")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(flag: Option<&str>, variables: &[(&str, &str)], expected: &str) {
        let found = url(flag, |name| {
            let variable = variables.iter().find(|(known, _)| *known == name);
            variable.map(|(_, value)| (*value).to_owned())
        });
        assert_eq!(found, expected);
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
    }

    #[test]
    fn owners_are_said_where_they_are_given() {
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
