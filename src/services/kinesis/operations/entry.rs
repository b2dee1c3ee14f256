//! The records of `PutRecord` and `PutRecords`: their checks, and which shard gets them.

use std::fmt;

use serde::Deserialize;

use crate::aws::validation::Validation;
use crate::services::kinesis::constraints::{HASH_KEYS, PARTITION_KEYS, check_data};
use crate::services::kinesis::error::Error;
use crate::services::kinesis::hosted_stream::{HostedStream, Place, State, Strategy};
use crate::services::kinesis::stream::{Entry, hash};
use crate::wire::{Blob, Text};

/// A record as it is sent.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(in crate::services::kinesis) struct SentRecord<'a> {
    data: Option<Blob>,
    #[serde(borrow)]
    partition_key: Option<Text<'a>>,
    #[serde(borrow)]
    explicit_hash_key: Option<Text<'a>>,
}

impl<'a> SentRecord<'a> {
    pub(super) const fn new(
        data: Option<Blob>,
        partition_key: Option<Text<'a>>,
        explicit_hash_key: Option<Text<'a>>,
    ) -> Self {
        Self {
            data,
            partition_key,
            explicit_hash_key,
        }
    }

    /// Checks the constraints of the model; `prefix` is what stands before the names of members.
    pub(super) fn validate(&self, prefix: impl fmt::Display, validation: &mut Validation) {
        let key = self.partition_key.as_deref();
        validation.check(format_args!("{prefix}partitionKey"), key, &PARTITION_KEYS);
        let data = self.data.as_ref().map(|data| &data.0[..]);
        check_data(validation, format_args!("{prefix}data"), data);
        let hash = self.explicit_hash_key.as_deref();
        validation.check(format_args!("{prefix}explicitHashKey"), hash, &HASH_KEYS);
    }

    /// The record, and which shard gets it.
    pub(super) fn check(
        &self,
        stream: &HostedStream,
        state: &State,
    ) -> Result<(Place, Entry<'_>), Error> {
        let explicit = self.explicit_hash_key.as_deref();
        let explicit = explicit.map(hash_key).transpose()?;
        let place = match (state.strategy, &self.partition_key) {
            (Strategy::Auto, _) => Place::InTurn,
            (Strategy::PartitionKey, Some(key)) => {
                Place::Hash(explicit.unwrap_or_else(|| hash::of_key(key)))
            }
            (Strategy::PartitionKey, None) => {
                return Err(Error::invalid("PartitionKey must be specified."));
            }
        };
        let entry = Entry {
            key: self.partition_key.as_deref().unwrap_or_default(),
            data: self.data.as_ref().map_or(&[], |data| &data.0),
            is_encrypted: state.key.is_some(),
        };
        check_size(stream, state, entry.key, entry.data)?;
        Ok((place, entry))
    }

    /// Bytes of its data and its key.
    pub(super) fn size(&self) -> usize {
        let data = self.data.as_ref().map_or(0, |data| data.0.len());
        data + self.partition_key.as_deref().map_or(0, str::len)
    }
}

/// The number of an explicit hash key.
fn hash_key(text: &str) -> Result<u128, Error> {
    text.parse().map_err(|_| {
        Error::invalid(format!(
            "Invalid ExplicitHashKey. ExplicitHashKey must be in the range: [0, 2^128-1]. Specified value was {text}"
        ))
    })
}

/// Checks that a record is not larger than its stream's may be.
pub(in crate::services::kinesis) fn check_size(
    stream: &HostedStream,
    state: &State,
    key: &str,
    data: &[u8],
) -> Result<(), Error> {
    let (size, most) = (key.len() + data.len(), state.record_kib);
    if size <= most as usize * 1024 {
        return Ok(());
    }
    let (name, account) = (&stream.name.name, stream.name.account);
    Err(Error::invalid(format!(
        "A record of {size} bytes exceeds the maximum record size of {most} KiB of stream {name} under account {account}."
    )))
}
