//! Receipt handles: the opaque text with which a receiver deletes a message or changes its visibility.
//!
//! A handle holds its queue, its message and which of the message's receives it is from, under a seal. So a random text
//! or another queue's handle can be told from a stale one, and a stale one needs no memory: its message is just gone.

use std::hash::Hasher;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use siphasher::sip::SipHasher24;

use super::queue::Receipt;

/// `AQEB` in Base64, with which AWS's handles begin too.
const PREFIX: [u8; 3] = [1, 1, 1];
const SEALED: usize = PREFIX.len() + 8 + 8 + 4;
const LENGTH: usize = SEALED + 8;
const TEXT_LENGTH: usize = LENGTH.div_ceil(3) * 4;

/// Why a text is no handle of a queue.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum HandleRefused {
    /// It is no handle at all.
    Malformed,
    /// It is another queue's, or that of a former queue of the same name.
    OfAnotherQueue,
}

/// Writes and reads the handles of one queue.
#[derive(Debug, Clone, Copy)]
pub(crate) struct ReceiptHandles {
    queue: u64,
}

impl ReceiptHandles {
    /// The handles of the queue with this ARN. `incarnation` distinguishes queues that had the same name one after
    /// another.
    pub(crate) fn new(arn: &str, incarnation: u64) -> Self {
        let mut hasher = SipHasher24::new_with_keys(incarnation, 0);
        hasher.write(arn.as_bytes());
        Self {
            queue: hasher.finish(),
        }
    }

    /// The handle of a receipt.
    pub(crate) fn encode(self, receipt: Receipt) -> String {
        let mut bytes = [0; LENGTH];
        bytes[..3].copy_from_slice(&PREFIX);
        bytes[3..11].copy_from_slice(&receipt.serial.to_be_bytes());
        bytes[11..15].copy_from_slice(&receipt.receive.to_be_bytes());
        bytes[15..23].copy_from_slice(&self.queue.to_be_bytes());
        let seal = seal(&bytes[..SEALED]);
        bytes[SEALED..].copy_from_slice(&seal.to_be_bytes());
        STANDARD.encode(bytes)
    }

    /// The receipt of a handle of this queue.
    pub(crate) fn decode(self, handle: &str) -> Result<Receipt, HandleRefused> {
        if handle.len() != TEXT_LENGTH {
            return Err(HandleRefused::Malformed);
        }
        let mut bytes = [0; LENGTH + 2];
        let length = STANDARD.decode_slice(handle, &mut bytes).unwrap_or(0);
        let bytes = match bytes.get(..length) {
            Some(bytes) if length == LENGTH => bytes,
            _ => return Err(HandleRefused::Malformed),
        };
        let number = |place: usize| {
            u64::from_be_bytes(bytes[place..place + 8].try_into().expect("eight bytes"))
        };
        if number(SEALED) != seal(&bytes[..SEALED]) {
            return Err(HandleRefused::Malformed);
        }
        if number(15) != self.queue {
            return Err(HandleRefused::OfAnotherQueue);
        }
        let receive = u32::from_be_bytes(bytes[11..15].try_into().expect("four bytes"));
        Ok(Receipt {
            serial: number(3),
            receive,
        })
    }
}

/// Guards against chance, not against an attacker: a client that reaches topiq may read and delete every message
/// anyway.
fn seal(bytes: &[u8]) -> u64 {
    let mut hasher = SipHasher24::new_with_keys(0x0074_6f70_6971, 0x0073_6561_6c00);
    hasher.write(bytes);
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    const RECEIPT: Receipt = Receipt {
        serial: 7,
        receive: 2,
    };

    #[test]
    fn handles_round_trip_and_look_like_awss() {
        let handles = ReceiptHandles::new("arn:aws:sqs:us-east-1:000000000000:q", 1);
        let handle = handles.encode(RECEIPT);
        assert!(handle.starts_with("AQEB"), "{handle}");
        assert_eq!(handles.decode(&handle), Ok(RECEIPT));
    }

    #[test]
    fn other_queues_handles_and_other_texts_are_refused() {
        let handles = ReceiptHandles::new("arn:q", 1);
        let handle = handles.encode(RECEIPT);
        let of_another = Err(HandleRefused::OfAnotherQueue);
        let malformed = Err(HandleRefused::Malformed);
        let other = ReceiptHandles::new("arn:other", 1);
        assert_eq!(other.decode(&handle), of_another);
        let former = ReceiptHandles::new("arn:q", 2);
        assert_eq!(former.decode(&handle), of_another);
        for wrong in [
            "",
            "garbage",
            &handle[1..],
            &format!("{handle}="),
            &"é".repeat(22),
            &"A".repeat(44),
        ] {
            assert_eq!(handles.decode(wrong), malformed, "{wrong}");
        }
        for place in 0..handle.len() {
            let mut bytes = handle.clone().into_bytes();
            bytes[place] = if bytes[place] == b'x' { b'y' } else { b'x' };
            let changed = String::from_utf8(bytes).expect("ASCII");
            assert_eq!(handles.decode(&changed), malformed, "{changed}");
        }
    }
}
