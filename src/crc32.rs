//! The checksum of zip archives and event streams: CRC-32 as IEEE 802.3 has it.

/// What each byte does to the checksum.
const TABLE: [u32; 256] = table();

const fn table() -> [u32; 256] {
    let mut table = [0; 256];
    let mut number: u32 = 0;
    while number < 256 {
        let mut crc = number;
        let mut bit = 0;
        while bit < 8 {
            crc = crc >> 1 ^ if crc & 1 == 1 { 0xedb8_8320 } else { 0 };
            bit += 1;
        }
        table[number as usize] = crc;
        number += 1;
    }
    table
}

/// The checksum of some bytes.
pub(crate) fn of(bytes: &[u8]) -> u32 {
    let of_byte = |crc: u32, byte: &u8| {
        let [low, ..] = crc.to_le_bytes();
        crc >> 8 ^ TABLE[usize::from(low ^ byte)]
    };
    !bytes.iter().fold(!0, of_byte)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_checksum_is_the_one_that_everybody_has() {
        assert_eq!(of(b"123456789"), 0xcbf4_3926);
        assert_eq!(of(b""), 0);
    }
}
