//! Which addresses deliveries may connect to.
//!
//! Callers choose a subscription's endpoint, so deliveries must not let them reach what they could not reach
//! themselves: a cloud machine's metadata service hands out credentials to every caller on that machine. Its addresses
//! are refused at every level. The rest depends on the level, and on the address that is really connected to, not on
//! the name: see [`connect`](super::connect).

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::str::FromStr;

/// How far deliveries reach.
///
/// `Private` is the default: this machine and private networks are where an emulator's receivers are (`localhost`,
/// other containers, a cluster's services), while a test with a production URL by mistake reaches nothing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Egress {
    /// No address.
    None,
    /// This machine.
    Loopback,
    /// This machine and private networks.
    #[default]
    Private,
    /// The internet as well.
    All,
}

impl Egress {
    /// Every level, from the narrowest.
    pub const ALL: [Self; 4] = [Self::None, Self::Loopback, Self::Private, Self::All];

    /// Its name in flags and configuration.
    pub const fn name(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Loopback => "loopback",
            Self::Private => "private",
            Self::All => "all",
        }
    }

    /// Whether deliveries may connect to `address`.
    pub fn permits(self, address: IpAddr) -> bool {
        needed(address).is_some_and(|needed| needed <= self)
    }
}

impl fmt::Display for Egress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Egress {
    type Err = &'static str;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        Self::ALL
            .into_iter()
            .find(|level| level.name() == name)
            .ok_or("one of none, loopback, private, all")
    }
}

/// The narrowest level that permits `address`, if any does.
fn needed(address: IpAddr) -> Option<Egress> {
    match address {
        IpAddr::V4(v4) => needed_v4(v4),
        IpAddr::V6(v6) => match embedded_v4(v6) {
            Some(v4) => needed_v4(v4),
            None => needed_v6(v6),
        },
    }
}

fn needed_v4(address: Ipv4Addr) -> Option<Egress> {
    /// Metadata services outside the link-local range: Azure's, Alibaba's, Oracle's.
    const METADATA: [Ipv4Addr; 3] = [
        Ipv4Addr::new(168, 63, 129, 16),
        Ipv4Addr::new(100, 100, 100, 200),
        Ipv4Addr::new(192, 0, 0, 192),
    ];
    let [first, second, ..] = address.octets();
    // 100.64.0.0/10 is shared address space (RFC 6598), which clusters and VPNs give to their members.
    let is_shared = first == 100 && (64..128).contains(&second);
    if METADATA.contains(&address)
        || address.is_link_local()
        || address.is_multicast()
        || address.is_broadcast()
    {
        None
    // Connecting to 0.0.0.0 reaches this machine.
    } else if address.is_loopback() || address.is_unspecified() {
        Some(Egress::Loopback)
    } else if address.is_private() || is_shared {
        Some(Egress::Private)
    } else {
        Some(Egress::All)
    }
}

fn needed_v6(address: Ipv6Addr) -> Option<Egress> {
    let segments = address.segments();
    // AWS reserves fd00:ec2::/32 for its instances' services: metadata at ::254, credentials at ::23. The other address
    // is Google's.
    let is_metadata = segments[..2] == [0xfd00, 0x0ec2]
        || address == Ipv6Addr::new(0xfd20, 0xce, 0, 0, 0, 0, 0, 0x254);
    if is_metadata || address.is_unicast_link_local() || address.is_multicast() {
        None
    } else if address.is_loopback() || address.is_unspecified() {
        Some(Egress::Loopback)
    } else if address.is_unique_local() {
        Some(Egress::Private)
    } else {
        Some(Egress::All)
    }
}

/// The IPv4 address that an IPv6 address leads to: mapped, compatible, by NAT64 or by 6to4.
fn embedded_v4(address: Ipv6Addr) -> Option<Ipv4Addr> {
    let v4 = |high: u16, low: u16| Ipv4Addr::from((u32::from(high) << 16) | u32::from(low));
    match address.segments() {
        [0, 0, 0, 0, 0, 0xffff, high, low] | [0x64, 0xff9b, 0, 0, 0, 0, high, low] => {
            Some(v4(high, low))
        }
        // ::, ::1 and the like are no IPv4 addresses.
        [0, 0, 0, 0, 0, 0, high, low] if high != 0 => Some(v4(high, low)),
        [0x2002, high, low, ..] => Some(v4(high, low)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_need_their_level() {
        for (address, expected) in [
            ("127.0.0.1", Some(Egress::Loopback)),
            ("127.255.0.9", Some(Egress::Loopback)),
            ("0.0.0.0", Some(Egress::Loopback)),
            ("::1", Some(Egress::Loopback)),
            ("::", Some(Egress::Loopback)),
            ("::ffff:127.0.0.1", Some(Egress::Loopback)),
            ("10.1.2.3", Some(Egress::Private)),
            ("172.17.0.1", Some(Egress::Private)),
            ("172.32.0.1", Some(Egress::All)),
            ("192.168.65.254", Some(Egress::Private)),
            ("100.64.0.1", Some(Egress::Private)),
            ("100.128.0.1", Some(Egress::All)),
            ("fd12:3456::1", Some(Egress::Private)),
            ("::ffff:192.168.0.1", Some(Egress::Private)),
            ("93.184.216.34", Some(Egress::All)),
            ("2606:2800:220:1::1", Some(Egress::All)),
        ] {
            assert_eq!(needed(address.parse().unwrap()), expected, "{address}");
        }
    }

    #[test]
    fn metadata_and_link_local_addresses_are_refused_in_every_form() {
        for address in [
            "169.254.169.254",
            "169.254.170.2",
            "::ffff:169.254.169.254",
            "::169.254.169.254",
            "64:ff9b::169.254.169.254",
            "2002:a9fe:a9fe::",
            "fe80::1",
            "fd00:ec2::254",
            "fd00:ec2::23",
            "fd20:ce::254",
            "100.100.100.200",
            "168.63.129.16",
            "192.0.0.192",
            "224.0.0.1",
            "255.255.255.255",
            "ff02::1",
        ] {
            assert!(!Egress::All.permits(address.parse().unwrap()), "{address}");
        }
    }

    #[test]
    fn each_level_permits_what_narrower_ones_do() {
        let permitted = |egress: Egress| {
            ["127.0.0.1", "10.0.0.1", "8.8.8.8"]
                .map(|address| egress.permits(address.parse().unwrap()))
        };
        assert_eq!(permitted(Egress::None), [false, false, false]);
        assert_eq!(permitted(Egress::Loopback), [true, false, false]);
        assert_eq!(permitted(Egress::Private), [true, true, false]);
        assert_eq!(permitted(Egress::All), [true, true, true]);
    }

    #[test]
    fn names_are_read_back() {
        for level in Egress::ALL {
            assert_eq!(level.name().parse(), Ok(level));
        }
        assert!("public".parse::<Egress>().is_err());
    }
}
