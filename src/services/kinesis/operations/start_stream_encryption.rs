//! `StartStreamEncryption`: says that a stream is encrypted.

use super::encryption::{EncryptionInput, set};
use crate::aws::Caller;
use crate::services::kinesis::Kinesis;
use crate::services::kinesis::error::Error;

pub(super) fn call(
    kinesis: &Kinesis,
    caller: &Caller<'_>,
    input: EncryptionInput,
) -> Result<(), Error> {
    set(kinesis, caller, &input, true)
}
