//! Blocks of addresses.

use core::net::{IpAddr, Ipv6Addr};
use std::fmt;

use super::super::dialect::Dialect;
use super::super::refused::Reason;

/// The addresses that share their first bits. The families are apart: no IPv4 block holds an IPv6 address.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(in crate::pattern) struct Cidr {
    network: IpAddr,
    host_bits: u32,
}

impl Cidr {
    /// `address/bits`; the bits of the address beyond these do not matter.
    pub(in crate::pattern) fn parse(text: &str, dialect: Dialect) -> Result<Self, Reason> {
        let (address, bits) = text
            .split_once('/')
            .filter(|(_, bits)| !bits.contains('/'))
            .ok_or(Reason::CidrSlash)?;
        // Which of two mistakes AWS names: one of the recorded policies has a bad address and a bad mask, and is told of
        // the mask.
        let bits: i32 = bits.parse().map_err(|_| Reason::CidrMask)?;
        let network = dialect.address(address).ok_or_else(|| refusal(address))?;
        let bits = u32::try_from(bits).map_err(|_| Reason::CidrMaskNegative)?;
        let width = match network {
            IpAddr::V4(_) if bits >= 32 => return Err(Reason::CidrMaskV4),
            IpAddr::V6(_) if bits >= 128 => return Err(Reason::CidrMaskV6),
            IpAddr::V4(_) => 32,
            IpAddr::V6(_) => 128,
        };
        Ok(Self {
            network,
            host_bits: width - bits,
        })
    }

    /// The first address, and how many bits follow the mask.
    pub(in crate::pattern) fn block(&self) -> (IpAddr, usize) {
        let host_bits = self.host_bits as usize;
        (first_of_block(self.network, host_bits), host_bits)
    }

    pub(in crate::pattern) fn contains(&self, address: IpAddr) -> bool {
        let differing = match (self.network, address) {
            (IpAddr::V4(network), IpAddr::V4(address)) => {
                u128::from(network.to_bits() ^ address.to_bits())
            }
            (IpAddr::V6(network), IpAddr::V6(address)) => network.to_bits() ^ address.to_bits(),
            _ => return false,
        };
        differing.checked_shr(self.host_bits).unwrap_or(0) == 0
    }
}

/// The first address of the block that an address is in, of those with so many bits after the mask.
pub(in crate::pattern) fn first_of_block(address: IpAddr, host_bits: usize) -> IpAddr {
    let host_bits = u32::try_from(host_bits).unwrap_or(u32::MAX);
    match address {
        IpAddr::V4(address) => {
            let mask = u32::MAX.checked_shl(host_bits).unwrap_or(0);
            IpAddr::V4((address.to_bits() & mask).into())
        }
        IpAddr::V6(address) => {
            let mask = u128::MAX.checked_shl(host_bits).unwrap_or(0);
            IpAddr::V6((address.to_bits() & mask).into())
        }
    }
}

impl fmt::Display for Cidr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let width = if self.network.is_ipv4() { 32 } else { 128 };
        write!(f, "{}/{}", self.network, width - self.host_bits)
    }
}

/// Why a text is no address.
fn refusal(text: &str) -> Reason {
    if is_four_numbers(text) {
        Reason::InvalidAddress(text.into())
    } else {
        Reason::NonstandardAddress(text.into())
    }
}

/// Whether a text looks like an IPv4 address, even if one of its numbers is too large.
fn is_four_numbers(text: &str) -> bool {
    let is_number = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    text.split('.').count() == 4 && text.split('.').all(is_number)
}

/// An address as AWS's own matcher reads it, which is as Java does: IPv4's numbers may have zeroes before them, an IPv4
/// address in IPv6's form is the IPv4 address, and nothing that has both colons and dots is an address.
pub(in crate::pattern) fn parse_address(text: &str) -> Option<IpAddr> {
    const LONGEST: usize = 15;
    if !text.contains(':') {
        if text.len() > LONGEST || !is_four_numbers(text) {
            return None;
        }
        let mut octets = [0; 4];
        for (octet, part) in octets.iter_mut().zip(text.split('.')) {
            *octet = part.parse().ok()?;
        }
        return Some(octets.into());
    }
    let address: Ipv6Addr = text.parse().ok().filter(|_| !text.contains('.'))?;
    Some(address.to_canonical())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn contains(cidr: &str, address: &str) -> bool {
        Cidr::parse(cidr, Dialect::FilterPolicy)
            .unwrap()
            .contains(address.parse().unwrap())
    }

    #[test]
    fn a_block_holds_the_addresses_of_its_first_bits() {
        assert!(contains("10.0.0.77/24", "10.0.0.255"));
        assert!(!contains("10.0.0.0/24", "10.0.1.0"));
        assert!(contains("0.0.0.0/0", "255.1.2.3"));
        assert!(!contains("0.0.0.0/0", "::1"));
        assert!(contains("::/0", "ffff::1"));
        assert!(contains("2001:db8::/127", "2001:db8::1"));
        assert!(!contains("2001:db8::/127", "2001:db8::2"));
    }

    #[test]
    fn addresses_of_event_patterns_are_javas() {
        for (text, address) in [
            ("10.0.0.1", "10.0.0.1"),
            ("010.000.000.01", "10.0.0.1"),
            ("::ffff:a00:1", "10.0.0.1"),
            ("2001:DB8:0::1", "2001:db8::1"),
        ] {
            assert_eq!(parse_address(text), address.parse().ok(), "{text}");
        }
        for text in [
            "::ffff:10.0.0.1",
            "10.0.0.256",
            "10.0.0",
            "10.0.0.1:80",
            "+1.0.0.1",
            "0000000010.0.0.1",
            "",
            "x",
            "1::2::3",
        ] {
            assert_eq!(parse_address(text), None, "{text}");
        }
        assert_eq!(
            Cidr::parse("::ffff:0:0/96", Dialect::EventPattern),
            Err(Reason::CidrMaskV4)
        );
    }
}
