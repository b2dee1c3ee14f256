//! A zip archive of files that are stored as they are: a few kilobytes of text are not worth a library that compresses.
//! (PKWARE's APPNOTE, version 2.0 of the format.)

use super::File;
use crate::crc32;

const FILE: u32 = 0x0403_4b50;
const ENTRY: u32 = 0x0201_4b50;
const END: u32 = 0x0605_4b50;

/// 1 January 1980, the first day that the format knows: same files, same bytes.
const DATE: u16 = 1 << 5 | 1;

/// The version of the format that is needed to read it.
const VERSION: u16 = 20;

pub(super) fn archive(files: &[File]) -> Vec<u8> {
    let mut archive = Vec::new();
    let mut entries = Vec::new();
    for file in files {
        let start = length(archive.len());
        let mut described = Vec::new();
        // No flags, stored, at midnight.
        for number in [VERSION, 0, 0, 0, DATE] {
            described.extend(number.to_le_bytes());
        }
        let size = length(file.text.len());
        for number in [crc32::of(file.text.as_bytes()), size, size] {
            described.extend(number.to_le_bytes());
        }
        // The lengths of the path and of further data.
        for number in [short(file.path.len()), 0] {
            described.extend(number.to_le_bytes());
        }
        archive.extend(FILE.to_le_bytes());
        archive.extend(&described);
        archive.extend(file.path.as_bytes());
        archive.extend(file.text.as_bytes());

        entries.extend(ENTRY.to_le_bytes());
        entries.extend(VERSION.to_le_bytes());
        entries.extend(&described);
        // No comment, the first disk, no attributes.
        entries.extend([0; 10]);
        entries.extend(start.to_le_bytes());
        entries.extend(file.path.as_bytes());
    }
    let (start, count) = (length(archive.len()), short(files.len()));
    archive.extend(&entries);
    archive.extend(END.to_le_bytes());
    for number in [0, 0, count, count] {
        archive.extend(number.to_le_bytes());
    }
    for number in [length(entries.len()), start] {
        archive.extend(number.to_le_bytes());
    }
    archive.extend(0_u16.to_le_bytes());
    archive
}

fn length(length: usize) -> u32 {
    u32::try_from(length).expect("a schema's content is bounded, and so are its types")
}

fn short(length: usize) -> u16 {
    u16::try_from(length).expect("a schema's content is bounded, and so are its names")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_archive_ends_with_its_directory() {
        let file = |path: &str, text: &str| File {
            path: path.to_owned(),
            text: text.to_owned(),
        };
        let archive = archive(&[file("a/b", "text"), file("c", "")]);
        assert_eq!(archive[..4], *b"PK\x03\x04");
        assert_eq!(archive[30..37], *b"a/btext");
        let end = &archive[archive.len() - 22..];
        assert_eq!(end[..4], *b"PK\x05\x06");
        assert_eq!(end[8..12], [2, 0, 2, 0]);
        let number = |at: usize| usize::from(end[at]) + 256 * usize::from(end[at + 1]);
        assert_eq!(number(16) + number(12) + 22, archive.len());
    }
}
