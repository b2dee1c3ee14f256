//! Receipt handles: the opaque text with which a receiver deletes a message or changes its visibility.
//!
//! A handle holds its queue, its message and which of the message's receives it is from, under a seal. So a random text
//! or another queue's handle can be told from a stale one, and a stale one needs no memory: its message is just gone.
//!
//! AWS's handles have some 412 characters, and clients, schemas and columns of databases are made for them. topiq's have
//! as many, at the price of copying them: all behind the first 32 characters is the same for all handles of a queue.

use std::hash::Hasher;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use siphasher::sip::SipHasher24;

use super::queue::Receipt;

/// `AQEB` in Base64, with which AWS's handles begin too.
const PREFIX: [u8; 3] = [1, 1, 1];
const SEAL: usize = PREFIX.len();
const SERIAL: usize = SEAL + 8;
const RECEIVE: usize = SERIAL + 8;
/// The bytes that are a receipt's own; one more makes them a multiple of three, so that Base64 writes them apart.
const OWN: usize = RECEIVE + 4 + 1;
const OWN_TEXT: usize = OWN / 3 * 4;
const TAIL: usize = 285;
const TAIL_TEXT: usize = TAIL / 3 * 4;
const TEXT: usize = OWN_TEXT + TAIL_TEXT;

/// Why a text is no handle of a queue.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum HandleRefused {
    /// It is no handle at all.
    Malformed,
    /// It is another queue's, or that of a former queue of the same name.
    OfAnotherQueue,
}

/// Writes and reads the handles of one queue.
#[derive(Debug)]
pub(crate) struct ReceiptHandles {
    queue: u64,
    /// The characters in which all its handles end.
    tail: Box<str>,
}

impl ReceiptHandles {
    /// The handles of the queue with this ARN. `incarnation` distinguishes queues that had the same name one after
    /// another.
    pub(crate) fn new(arn: &str, incarnation: u64) -> Self {
        let mut hasher = SipHasher24::new_with_keys(incarnation, 0);
        hasher.write(arn.as_bytes());
        let queue = hasher.finish();
        Self {
            queue,
            tail: tail(queue).into(),
        }
    }

    /// The handle of a receipt.
    pub(crate) fn encode(&self, receipt: Receipt) -> String {
        let seal = seal(self.queue, receipt.serial, receipt.receive);
        let mut bytes = [0; OWN];
        bytes[..SEAL].copy_from_slice(&PREFIX);
        bytes[SEAL..SERIAL].copy_from_slice(&seal.to_be_bytes());
        let (serial, receive) = veiled(receipt, seal);
        bytes[SERIAL..RECEIVE].copy_from_slice(&serial.to_be_bytes());
        bytes[RECEIVE..OWN - 1].copy_from_slice(&receive.to_be_bytes());
        let mut text = String::with_capacity(TEXT);
        STANDARD.encode_string(bytes, &mut text);
        text.push_str(&self.tail);
        text
    }

    /// The receipt of a handle of this queue.
    pub(crate) fn decode(&self, handle: &str) -> Result<Receipt, HandleRefused> {
        let parts = handle.split_at_checked(OWN_TEXT);
        let (own, tail) = parts.ok_or(HandleRefused::Malformed)?;
        if tail == &*self.tail {
            return open(own, self.queue).ok_or(HandleRefused::Malformed);
        }
        let other = queue_of(tail).filter(|other| open(own, *other).is_some());
        Err(match other {
            Some(_) => HandleRefused::OfAnotherQueue,
            None => HandleRefused::Malformed,
        })
    }
}

/// The receipt in a handle's own part, if the queue has sealed it.
fn open(own: &str, queue: u64) -> Option<Receipt> {
    let mut bytes = [0; OWN];
    STANDARD.decode_slice(own, &mut bytes).ok()?;
    let given = number_at(&bytes, SEAL);
    let receive = bytes[RECEIVE..OWN - 1].try_into().expect("four bytes");
    let veil = Receipt {
        serial: number_at(&bytes, SERIAL),
        receive: u32::from_be_bytes(receive),
    };
    let (serial, receive) = veiled(veil, given);
    let is_ours =
        bytes[..SEAL] == PREFIX && bytes[OWN - 1] == 0 && given == seal(queue, serial, receive);
    is_ours.then_some(Receipt { serial, receive })
}

/// The characters in which a queue's handles end: its number, and what follows from it.
fn tail(queue: u64) -> String {
    let words = (0u64..).map(|number| match number {
        0 => queue,
        number => seal(queue, number, 0),
    });
    let bytes: Vec<u8> = words.flat_map(u64::to_be_bytes).take(TAIL).collect();
    STANDARD.encode(bytes)
}

/// The queue whose handles end like this.
fn queue_of(text: &str) -> Option<u64> {
    let mut bytes = [0; 9];
    STANDARD.decode_slice(text.get(..12)?, &mut bytes).ok()?;
    let queue = number_at(&bytes, 0);
    (tail(queue) == text).then_some(queue)
}

fn number_at(bytes: &[u8], place: usize) -> u64 {
    u64::from_be_bytes(bytes[place..place + 8].try_into().expect("eight bytes"))
}

/// The numbers of a receipt under a veil, or again without it: with small numbers in plain sight, one handle would look
/// like another.
fn veiled(receipt: Receipt, seal: u64) -> (u64, u32) {
    let short = (seal >> 32) as u32;
    let serial = receipt.serial ^ seal.rotate_left(17);
    (serial, receipt.receive ^ short)
}

/// Guards against chance, not against an attacker: a client that reaches topiq may read and delete every message
/// anyway.
fn seal(queue: u64, serial: u64, receive: u32) -> u64 {
    let mut hasher = SipHasher24::new_with_keys(0x0074_6f70_6971, queue);
    hasher.write_u64(serial);
    hasher.write_u32(receive);
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
        assert!((410..=460).contains(&handle.len()), "{handle}");
        let is_base64 = |c: char| c.is_ascii_alphanumeric() || "+/=".contains(c);
        assert!(handle.chars().all(is_base64), "{handle}");
        assert_eq!(handles.decode(&handle), Ok(RECEIPT));
    }

    #[test]
    fn every_receipt_has_a_handle_of_its_own() {
        let handles = ReceiptHandles::new("arn:q", 1);
        let mut seen = std::collections::HashSet::new();
        for serial in [0, 1, 2, 64, u64::MAX] {
            for receive in [1, 2, 3, u32::MAX] {
                let receipt = Receipt { serial, receive };
                let handle = handles.encode(receipt);
                assert_eq!(handles.decode(&handle), Ok(receipt));
                assert!(seen.insert(handle[..16].to_owned()), "{handle}");
            }
        }
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
            &"é".repeat(TEXT / 2),
            &"A".repeat(TEXT),
        ] {
            assert_eq!(handles.decode(wrong), malformed, "{wrong}");
        }
        let (own, _) = handle.split_at(OWN_TEXT);
        let mixed = format!("{own}{}", tail(7));
        assert_eq!(handles.decode(&mixed), malformed, "two queues' halves");
        for place in 0..handle.len() {
            let mut bytes = handle.clone().into_bytes();
            bytes[place] = if bytes[place] == b'x' { b'y' } else { b'x' };
            let changed = String::from_utf8(bytes).expect("ASCII");
            assert_eq!(handles.decode(&changed), malformed, "{changed}");
        }
    }
}
