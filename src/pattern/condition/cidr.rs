//! Blocks of addresses.

use core::net::IpAddr;
use std::fmt;

use super::super::refused::Reason;

/// The addresses that share their first bits. The families are apart: no IPv4 block holds an IPv6 address.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(in crate::pattern) struct Cidr {
    network: IpAddr,
    host_bits: u32,
}

impl Cidr {
    /// `address/bits`; the bits of the address beyond these do not matter.
    pub(in crate::pattern) fn parse(text: &str) -> Result<Self, Reason> {
        let (address, bits) = text
            .split_once('/')
            .filter(|(_, bits)| !bits.contains('/'))
            .ok_or(Reason::CidrSlash)?;
        // Which of two mistakes AWS names: one of the recorded policies has a bad address and a bad mask, and is told of
        // the mask.
        let bits: i32 = bits.parse().map_err(|_| Reason::CidrMask)?;
        let network = parse_address(address)?;
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

impl fmt::Display for Cidr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let width = if self.network.is_ipv4() { 32 } else { 128 };
        write!(f, "{}/{}", self.network, width - self.host_bits)
    }
}

fn parse_address(text: &str) -> Result<IpAddr, Reason> {
    text.parse().map_err(|_| {
        // Four numbers look like an address, even if one of them is too large.
        let is_number = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
        let looks_right = text.split('.').count() == 4 && text.split('.').all(is_number);
        if looks_right {
            Reason::InvalidAddress(text.into())
        } else {
            Reason::NonstandardAddress(text.into())
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn contains(cidr: &str, address: &str) -> bool {
        Cidr::parse(cidr)
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
}
