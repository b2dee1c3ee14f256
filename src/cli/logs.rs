//! Where log lines go and how they look. Containers collect standard output, so they go there.

use std::io::{IsTerminal, stdout};

use clap::ValueEnum;
use tracing_subscriber::filter::{ParseError, Targets};
use tracing_subscriber::fmt;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum LogFormat {
    /// For people
    Human,
    /// One JSON object per line
    Json,
}

/// Starts logging what `filter` lets through. A panic becomes a log line too, in the same format.
pub(crate) fn start(filter: &str, format: LogFormat) -> Result<(), ParseError> {
    let filter = if filter.trim().is_empty() {
        "info"
    } else {
        filter
    };
    // Our dependencies' debug lines are about frames and files, not requests: a filter that wants them names them.
    let filter: Targets = format!("h2=info,hyper=info,mio=info,{filter}").parse()?;
    let lines = fmt::layer()
        .with_target(false)
        .with_ansi(stdout().is_terminal() && std::env::var_os("NO_COLOR").is_none());
    let filtered = tracing_subscriber::registry().with(filter);
    match format {
        LogFormat::Human => filtered.with(lines).init(),
        LogFormat::Json => filtered.with(lines.json().flatten_event(true)).init(),
    }
    std::panic::set_hook(Box::new(|panic| tracing::error!("{panic}")));
    Ok(())
}
