//! The region a request is for.

use std::fmt;

const CAPACITY: usize = 31;

/// A region's name, such as `eu-central-1`. Small enough to copy, so that no request allocates for it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Region {
    bytes: [u8; CAPACITY],
    length: u8,
}

impl Region {
    /// The region whose name is `name`: lower-case letters, digits and hyphens, 31 at most. AWS may add regions, so any
    /// such name is taken.
    pub fn parse(name: &str) -> Option<Self> {
        let fits = (1..=CAPACITY).contains(&name.len());
        let allowed = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
        if !fits || !name.bytes().all(allowed) {
            return None;
        }
        let mut bytes = [0; CAPACITY];
        bytes[..name.len()].copy_from_slice(name.as_bytes());
        Some(Self {
            bytes,
            length: u8::try_from(name.len()).ok()?,
        })
    }

    /// The region's name.
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.bytes[..usize::from(self.length)])
            .expect("a region's name is ASCII")
    }

    /// The partition that the region belongs to: the second part of its ARNs.
    pub fn partition(&self) -> &'static str {
        match self.as_str() {
            name if name.starts_with("cn-") => "aws-cn",
            name if name.starts_with("us-gov-") => "aws-us-gov",
            _ => "aws",
        }
    }
}

impl Default for Region {
    /// `us-east-1`, the region of a server without another setting.
    fn default() -> Self {
        Self::parse("us-east-1").expect("a region's name")
    }
}

impl fmt::Display for Region {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for Region {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_round_trip_and_wrong_ones_are_refused() {
        assert_eq!(
            Region::parse("eu-central-1").expect("a region").to_string(),
            "eu-central-1"
        );
        for wrong in [
            "",
            "EU-WEST-1",
            "eu west 1",
            "a-name-that-is-much-too-long-for-a-region",
            "eu/west",
        ] {
            assert_eq!(Region::parse(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn partitions_follow_the_region() {
        assert_eq!(Region::default().partition(), "aws");
        assert_eq!(
            Region::parse("cn-north-1").expect("a region").partition(),
            "aws-cn"
        );
        assert_eq!(
            Region::parse("us-gov-west-1")
                .expect("a region")
                .partition(),
            "aws-us-gov"
        );
    }
}
