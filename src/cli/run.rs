//! `topiq run`: a server until SIGTERM or SIGINT.

use std::io;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::builder::{PossibleValuesParser, RangedU64ValueParser, TypedValueParser};
use clap::{Args, CommandFactory};
use topiq::config::DEFAULT_PORT;
use topiq::delivery::http::{Egress, Settings, Trust};
use topiq::faults::Chaos;
use topiq::services::{
    self,
    settings::{IN_FLIGHT_LIMIT, PUT_EVENTS_LIMIT, RULES_PER_BUS, TRACES},
};
use topiq::{Config, Server};

use super::Arguments;
use super::addresses::AddressArguments;
use super::init::InitArguments;
use super::logs::{self, Filter, LogFormat};
use super::port_file::PortFile;
use super::settings::environment;
use super::values::{allowed_host, base_url, host, origin, switch};

/// The groups of `topiq --help`.
const SERVER: &str = "Server";
const ADDRESSES: &str = "Addresses";
const RESOURCES: &str = "Resources";
const QUEUES: &str = "Queues";
const TOPICS: &str = "Topics";
const EVENTS: &str = "Events";
const SECURITY: &str = "Security";
const LOGGING: &str = "Logging";

#[derive(Clone, Debug, Args)]
pub(crate) struct RunArguments {
    /// File of settings, in YAML or JSON, named like these flags; flags and variables override it
    #[arg(long, env = "TOPIQ_CONFIG", value_name = "FILE", help_heading = SERVER)]
    config: Option<PathBuf>,
    /// Port to listen on; 0 picks a free one and prints it
    #[arg(long, env = "TOPIQ_PORT", default_value_t = DEFAULT_PORT, help_heading = SERVER)]
    port: u16,
    /// File to write the port to when the server is ready, for programs that start one with --port 0
    #[arg(long, env = "TOPIQ_PORT_FILE", value_name = "FILE", help_heading = SERVER)]
    port_file: Option<PathBuf>,
    /// Address or host name to listen on; 0.0.0.0 for all of this machine's addresses
    #[arg(long, env = "TOPIQ_HOST", default_value = "127.0.0.1", value_parser = host, help_heading = SERVER)]
    host: String,
    /// Bytes held for clients and endpoints that are slow or gone: a number, or one with KiB, MiB or GiB
    #[arg(long, env = "TOPIQ_MEMORY_BUDGET", value_name = "BYTES", default_value = "256MiB", value_parser = bytes, help_heading = SERVER)]
    memory_budget: usize,
    /// Number of steps of messages to keep, for `topiq why` and /_topiq/traces; 0 keeps none
    #[arg(long, env = "TOPIQ_TRACES", value_name = "STEPS", default_value_t = TRACES, help_heading = SERVER)]
    traces: usize,
    #[command(flatten, next_help_heading = ADDRESSES)]
    addresses: AddressArguments,
    #[command(flatten, next_help_heading = RESOURCES)]
    init: InitArguments,
    /// Base of queue URLs; the request's own Host by default
    #[arg(long, env = "TOPIQ_PUBLIC_URL", value_name = "URL", value_parser = base_url, help_heading = ADDRESSES)]
    public_url: Option<String>,
    /// Host name to accept besides local ones and AWS's own; `*.example.com` for all subdomains
    #[arg(
        long = "allow-host",
        env = "TOPIQ_ALLOW_HOST",
        value_name = "NAME",
        value_parser = allowed_host,
        help_heading = SECURITY,
        value_delimiter = ','
    )]
    allow_hosts: Vec<String>,
    /// Origin of web pages that may call topiq, besides this machine's own
    #[arg(
        long = "allow-origin",
        env = "TOPIQ_ALLOW_ORIGIN",
        value_name = "ORIGIN",
        value_parser = origin,
        help_heading = SECURITY,
        value_delimiter = ','
    )]
    allow_origins: Vec<String>,
    /// Faults to start with: fallacies (duplicates, latency, throttling, another order), or fallacies:SEED
    #[arg(long, env = "TOPIQ_CHAOS", value_name = "SET", value_parser = str::parse::<Chaos>, help_heading = SERVER)]
    chaos: Option<Chaos>,
    /// Enforce AWS's waits too: 60 seconds after deleting a queue and between purges
    #[arg(long, env = "TOPIQ_STRICT_TIMING", value_parser = switch, help_heading = QUEUES)]
    strict_timing: bool,
    /// Maximum number of in-flight messages of a queue; AWS's by default
    #[arg(long, env = "TOPIQ_IN_FLIGHT_LIMIT", value_name = "COUNT", default_value_t = IN_FLIGHT_LIMIT, value_parser = RangedU64ValueParser::<usize>::new().range(1..), help_heading = QUEUES)]
    in_flight_limit: usize,
    /// Maximum bytes of all events that are put at once; 262144 is what AWS had until September 2026
    #[arg(long, env = "TOPIQ_PUT_EVENTS_LIMIT", value_name = "BYTES", default_value_t = PUT_EVENTS_LIMIT, value_parser = RangedU64ValueParser::<usize>::new().range(1..), help_heading = EVENTS)]
    put_events_limit: usize,
    /// Maximum number of rules of an event bus; AWS's by default
    #[arg(long, env = "TOPIQ_RULES_PER_BUS", value_name = "COUNT", default_value_t = RULES_PER_BUS, value_parser = RangedU64ValueParser::<usize>::new().range(1..), help_heading = EVENTS)]
    rules_per_bus: usize,
    /// How far deliveries to HTTP endpoints may reach: this machine (loopback), private networks too, or the internet
    /// (all)
    #[arg(long, env = "TOPIQ_EGRESS", value_name = "REACH", default_value_t, value_parser = egress_parser(), help_heading = TOPICS)]
    egress: Egress,
    /// Deliver to HTTPS endpoints without checking their certificates
    #[arg(long, env = "TOPIQ_INSECURE_DELIVERIES", value_parser = switch, help_heading = TOPICS)]
    insecure_deliveries: bool,
    /// Enforce access policies: of queues and topics for deliveries, of queues, topics and buses for other accounts
    #[arg(long, env = "TOPIQ_ENFORCE_POLICIES", value_parser = switch, help_heading = SECURITY)]
    enforce_policies: bool,
    /// Format of log lines
    #[arg(long, env = "TOPIQ_LOG_FORMAT", value_enum, default_value_t = LogFormat::Human, help_heading = LOGGING)]
    log_format: LogFormat,
    /// What to log: off, error, warn, info, debug or trace; with `topiq::services::sns=debug`, another level for a module
    #[arg(long, env = "TOPIQ_LOG", value_name = "FILTER", default_value = "info", help_heading = LOGGING)]
    log: Filter,
}

impl RunArguments {
    /// The file with further settings.
    pub(crate) fn config(&self) -> Option<&Path> {
        self.config.as_deref()
    }

    /// Whether the system picks a port, which nobody knows until it is printed.
    fn picks_port(&self) -> bool {
        self.port == 0 || self.addresses.picks_port()
    }

    pub(crate) fn into_config(self) -> Config {
        // Compose files set a variable to an empty text to mean that it is not set.
        let given = |text: &String| !text.trim().is_empty();
        let deliveries = Settings {
            egress: self.egress,
            trust: if self.insecure_deliveries {
                Trust::Anyone
            } else {
                Trust::Platform
            },
            ..Settings::default()
        };
        Config {
            host: self.host,
            port: self.port,
            home: self.init.home(),
            init: self.init.into_init(),
            public_url: self.public_url.filter(given),
            allow_hosts: self.allow_hosts.into_iter().filter(given).collect(),
            allow_origins: self.allow_origins.into_iter().filter(given).collect(),
            services: services::Settings {
                strict_timing: self.strict_timing,
                enforce_policies: self.enforce_policies,
                in_flight_limit: self.in_flight_limit,
                put_events_limit: self.put_events_limit,
                rules_per_bus: self.rules_per_bus,
                chaos: self.chaos,
                traces: self.traces,
                deliveries,
                ..services::Settings::default()
            },
            memory_budget: self.memory_budget,
            ..Config::default()
        }
    }
}

fn egress_parser() -> impl TypedValueParser<Value = Egress> {
    PossibleValuesParser::new(Egress::ALL.map(Egress::name)).try_map(|name| name.parse::<Egress>())
}

/// The smallest budget that has room for the largest request.
const LEAST_BUDGET: usize = 32 << 20;

/// A number of bytes such as `256MiB`.
fn bytes(text: &str) -> Result<usize, String> {
    let end = text.find(|c: char| !c.is_ascii_digit());
    let (number, unit) = text.split_at(end.unwrap_or(text.len()));
    let unit = match unit.trim_start().to_ascii_lowercase().as_str() {
        "" => Some(1),
        "kib" => Some(1 << 10),
        "mib" => Some(1 << 20),
        "gib" => Some(1 << 30),
        _ => None,
    };
    let bytes = number.parse::<usize>().ok().zip(unit);
    bytes
        .and_then(|(number, unit)| number.checked_mul(unit))
        .filter(|&bytes| bytes >= LEAST_BUDGET)
        .ok_or_else(|| {
            "it is a number of bytes of at least 32MiB, such as 256MiB or 1GiB".to_owned()
        })
}

/// Runs a server until it stops.
pub(crate) fn run(arguments: &RunArguments) -> ExitCode {
    logs::start(&arguments.log, arguments.log_format, arguments.picks_port());
    for warning in environment::warnings(&Arguments::command(), &environment::variables()) {
        tracing::warn!("{warning}");
    }
    let served = runtime().and_then(|runtime| {
        let served = runtime.block_on(serve(arguments.clone()));
        // The lookup of a delivery's host may still be stuck in the system's resolver: the program's end does not wait
        // for it.
        runtime.shutdown_background();
        served
    });
    match served {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // A start with --init can have several errors.
            for line in error.to_string().lines() {
                tracing::error!("{line}");
            }
            ExitCode::FAILURE
        }
    }
}

/// One worker for each core that we may use. With one core no other thread could run at the same time, so there is
/// none.
fn runtime() -> io::Result<tokio::runtime::Runtime> {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let mut builder = match cores {
        1 => tokio::runtime::Builder::new_current_thread(),
        _ => tokio::runtime::Builder::new_multi_thread(),
    };
    builder.enable_all().build()
}

async fn serve(arguments: RunArguments) -> io::Result<()> {
    let addresses = arguments.addresses.clone();
    let port_file = arguments.port_file.clone();
    let chaos = arguments.chaos;
    let config = addresses.apply_to(arguments.into_config())?;
    let mut port_file = port_file.map(PortFile::cleared).transpose()?;
    let mut signal = std::pin::pin!(stop_signal()?);
    let server = tokio::select! {
        started = Server::start(config) => started?,
        () = &mut signal => {
            tracing::info!("Stopping.");
            return Ok(());
        }
    };
    if let Some(file) = &mut port_file {
        file.write(server.address().port())?;
    }
    let https = server.tls_url().map(|url| format!(" and {url}"));
    tracing::info!(
        target: logs::READY,
        "topiq {} listens on {} ({}{}). Ready.",
        env!("CARGO_PKG_VERSION"),
        server.address(),
        server.url(),
        https.unwrap_or_default(),
    );
    if let Some(Chaos { seed }) = chaos {
        tracing::warn!(
            seed,
            "chaos is on: messages come twice or out of order, calls are slow or throttled, now and then; GET /_topiq/faults lists the faults"
        );
    }
    signal.await;
    drop(port_file);
    tracing::info!("Stopping.");
    server.stop().await;
    Ok(())
}

/// Waits for SIGTERM or SIGINT. From the call on they no longer end the process by themselves.
#[cfg(unix)]
fn stop_signal() -> io::Result<impl Future<Output = ()>> {
    use tokio::signal::unix::{SignalKind, signal};

    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    Ok(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
    })
}

/// Waits for Ctrl-C.
#[cfg(not(unix))]
fn stop_signal() -> io::Result<impl Future<Output = ()>> {
    Ok(async {
        let _ = tokio::signal::ctrl_c().await;
    })
}

#[cfg(test)]
mod tests {
    use super::bytes;

    #[test]
    fn bytes_have_units() {
        for (text, expected) in [
            ("33554432", 32 << 20),
            ("32768KiB", 32 << 20),
            ("256MiB", 256 << 20),
            ("256 mib", 256 << 20),
            ("2GiB", 2 << 30),
        ] {
            assert_eq!(bytes(text), Ok(expected), "{text}");
        }
        for text in [
            "",
            "MiB",
            "256M",
            "1.5GiB",
            "-1",
            "31MiB",
            "99999999999GiB",
            "x",
        ] {
            assert!(bytes(text).is_err(), "{text}");
        }
    }
}
