//! The shared parts of the three batch actions: the checks of the whole, and the failed entries.

use std::borrow::Cow;

use serde::Serialize;

use crate::aws::batch::{self, BatchRefused};
use crate::services::sqs::error::Error;
use crate::wire::{ErrorInfo, Fault, Refusal, Text};

/// An entry of a batch that failed.
#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct BatchResultErrorEntry<'a> {
    id: Text<'a>,
    sender_fault: bool,
    code: Cow<'static, str>,
    message: Cow<'static, str>,
}

/// Checks a batch as a whole. `entry` is the entries' type as AWS names it.
pub(super) fn check<'a>(
    ids: impl ExactSizeIterator<Item = Option<&'a str>>,
    entry: &'static str,
) -> Result<(), Error> {
    batch::check(ids).map_err(|refused| match refused {
        BatchRefused::Empty => Error::EmptyBatchRequest(entry),
        BatchRefused::TooMany(count) => Error::TooManyEntriesInBatchRequest(count),
        BatchRefused::MissingId(place) => Error::missing(format!("{entry}.{place}.Id")),
        BatchRefused::InvalidId => Error::InvalidBatchEntryId,
        BatchRefused::Repeated(id) => Error::BatchEntryIdsNotDistinct(id),
    })
}

/// The results of a batch's entries: the successful and the failed ones, each in the order of the request, and absent
/// if there are none.
#[derive(Debug)]
pub(super) struct Results<'a, T> {
    pub(super) successful: Option<Vec<T>>,
    pub(super) failed: Option<Vec<BatchResultErrorEntry<'a>>>,
}

/// Runs `run` for every entry.
pub(super) fn run<'a, E, T>(
    entries: &[E],
    id: impl Fn(&E) -> &Option<Text<'a>>,
    mut run: impl FnMut(&E, Text<'a>) -> Result<T, Box<ErrorInfo>>,
) -> Results<'a, T> {
    let (mut successful, mut failed) = (Vec::with_capacity(entries.len()), Vec::new());
    for entry in entries {
        let id = id(entry).clone().unwrap_or_default();
        match run(entry, id.clone()) {
            Ok(result) => successful.push(result),
            Err(info) => failed.push(failure(id, *info)),
        }
    }
    let absent_if_empty = |failed: Vec<_>| (!failed.is_empty()).then_some(failed);
    Results {
        successful: (!successful.is_empty()).then_some(successful),
        failed: absent_if_empty(failed),
    }
}

/// What the log says of failed entries: how many, and the first one's error.
pub(super) fn refusal(failed: Option<&[BatchResultErrorEntry<'_>]>) -> Option<Refusal> {
    let failed = failed?;
    let first = failed.first()?;
    Some(Refusal {
        code: first.code.clone(),
        message: first.message.clone(),
        entries: Some(failed.len()),
    })
}

fn failure(id: Text<'_>, info: ErrorInfo) -> BatchResultErrorEntry<'_> {
    BatchResultErrorEntry {
        id,
        sender_fault: info.fault() == Fault::Sender,
        code: info.query_code,
        message: info.message,
    }
}
