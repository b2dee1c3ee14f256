//! Bytes as hexadecimal digits, in lower case.

/// The newtype's name under which texts serialize that are digits, letters and the like. Serializers of topiq's own write
/// them as they are, without a look for something to escape; to others they are texts.
pub(crate) const PLAIN: &str = "topiq::Plain";

/// The digits of `bytes`.
pub(crate) fn encode(bytes: &[u8]) -> String {
    let mut digits = vec![0; bytes.len() * 2];
    encode_into(bytes, &mut digits).to_owned()
}

/// Writes the digits of `bytes` into `digits`, which is twice as long.
pub(crate) fn encode_into<'a>(bytes: &[u8], digits: &'a mut [u8]) -> &'a str {
    let (pairs, _) = digits.as_chunks_mut::<2>();
    for (digits, byte) in pairs.iter_mut().zip(bytes) {
        *digits = pair(*byte);
    }
    std::str::from_utf8(digits).expect("hexadecimal digits are ASCII")
}

/// The two digits of a byte.
pub(crate) fn pair(byte: u8) -> [u8; 2] {
    PAIRS[usize::from(byte)]
}

/// The digits of every byte.
static PAIRS: [[u8; 2]; 256] = {
    let digits = b"0123456789abcdef";
    let mut pairs = [[0; 2]; 256];
    let mut byte = 0;
    while byte < 256 {
        pairs[byte] = [digits[byte >> 4], digits[byte & 15]];
        byte += 1;
    }
    pairs
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_byte_has_two_digits() {
        assert_eq!(encode(&[0x00, 0x0f, 0xa9, 0xff]), "000fa9ff");
        assert_eq!(encode(&[]), "");
        assert_eq!(encode_into(&[0x5e, 0x1f], &mut [0; 4]), "5e1f");
    }
}
