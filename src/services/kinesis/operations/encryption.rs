//! The key that a stream is said to be encrypted by: what both of its actions do. Nothing is encrypted.

use serde::Deserialize;

use crate::aws::Caller;
use crate::aws::validation::Rule;
use crate::services::kinesis::constraints::{KEYS, check_named, validation};
use crate::services::kinesis::error::Error;
use crate::services::kinesis::hosted_stream::Transition;
use crate::services::kinesis::{Kinesis, Named};

static TYPES: [Rule; 1] = [Rule::OneOf(&["KMS", "NONE"])];

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct EncryptionInput {
    stream_name: Option<String>,
    #[serde(rename = "StreamARN")]
    stream_arn: Option<String>,
    encryption_type: Option<String>,
    key_id: Option<String>,
}

/// Sets the key if the stream is to be encrypted, and takes it away if not.
pub(super) fn set(
    kinesis: &Kinesis,
    caller: &Caller<'_>,
    input: &EncryptionInput,
    is_encrypted: bool,
) -> Result<(), Error> {
    let named = Named {
        name: input.stream_name.as_deref(),
        arn: input.stream_arn.as_deref(),
    };
    let mut validation = validation();
    let kind = input.encryption_type.as_deref();
    let kind = validation.required_text("encryptionType", kind, &TYPES);
    let key = validation.required_text("keyId", input.key_id.as_deref(), &KEYS);
    check_named(&mut validation, named);
    validation.finish()?;
    if kind != "KMS" {
        return Err(Error::invalid("EncryptionType must be KMS."));
    }
    let now = kinesis.now();
    let stream = kinesis.stream(caller, now, named)?;
    let mut state = stream.lock_active(now)?;
    state.key = is_encrypted.then(|| key.to_owned());
    state.pass(Transition::Updating, kinesis.transition_end(now));
    Ok(())
}
