//! Bytes as hexadecimal digits, in lower case.

/// The digits of `bytes`.
pub(crate) fn encode(bytes: &[u8]) -> String {
    let mut digits = vec![0; bytes.len() * 2];
    encode_into(bytes, &mut digits).to_owned()
}

/// Writes the digits of `bytes` into `digits`, which is twice as long.
pub(crate) fn encode_into<'a>(bytes: &[u8], digits: &'a mut [u8]) -> &'a str {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    for (pair, byte) in digits.chunks_exact_mut(2).zip(bytes) {
        pair[0] = DIGITS[usize::from(byte >> 4)];
        pair[1] = DIGITS[usize::from(byte & 15)];
    }
    std::str::from_utf8(digits).expect("hexadecimal digits are ASCII")
}

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
