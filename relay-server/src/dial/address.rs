//! Which addresses may be dialled.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use ipnet::IpNet;

/// Which addresses may be dialled, asked of the very address that is connected to: a name cannot be looked up once for
/// the check and once more, with another answer, for the connection.
///
/// Whoever can register a workflow makes this server open connections. On a server for strangers that is a way into the
/// network that the server stands in. On one's own server it is the purpose: most workflows run beside it, on private
/// addresses. So everything is permitted unless told otherwise.
#[derive(Debug, Clone, Default)]
#[non_exhaustive]
pub enum AddressPolicy {
    /// All. The default.
    #[default]
    Any,
    /// The public Internet, and these networks.
    Public {
        /// Networks that may be dialled although they are not public.
        besides: Vec<IpNet>,
    },
}

impl AddressPolicy {
    /// Whether this address may be dialled.
    pub fn permits(&self, address: IpAddr) -> bool {
        match self {
            Self::Any => true,
            Self::Public { besides } => {
                let address = unwrapped(address);
                besides.iter().any(|net| net.contains(&address)) || is_public(address)
            }
        }
    }
}

/// An IPv4 address that is written as an IPv6 one reaches the same machine.
fn unwrapped(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V6(v6) => v6.to_ipv4_mapped().map_or(address, IpAddr::V4),
        IpAddr::V4(_) => address,
    }
}

fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(v4) => is_public_v4(v4),
        IpAddr::V6(v6) => is_public_v6(v6),
    }
}

/// Not on the list of special purpose addresses of IANA.
fn is_public_v4(address: Ipv4Addr) -> bool {
    !matches!(
        address.octets(),
        [0 | 10 | 127 | 224.., ..] // this network, private, loopback, multicast and reserved
            | [100, 64..=127, ..] // shared by carriers
            | [169, 254, ..] // link-local, where clouds keep their metadata
            | [172, 16..=31, ..]
            | [192, 168, ..]
            | [192, 0, 0 | 2, _] // protocol assignments, documentation
            | [192, 88, 99, _] // relays from 6to4
            | [198, 18..=19, ..] // benchmarks
            | [198, 51, 100, _]
            | [203, 0, 113, _]
    )
}

/// Global unicast is 2000::/3. Of it, what leads on to an IPv4 address is left out, since that may be any.
fn is_public_v6(address: Ipv6Addr) -> bool {
    match address.segments() {
        [0x2001, 0..=0x1ff, ..] | [0x2001, 0xdb8, ..] => false, // Teredo and other protocols, documentation
        [0x2002, ..] => false,                                  // 6to4
        [0x3fff, 0..=0xfff, ..] => false,                       // documentation
        [first, ..] => first & 0xe000 == 0x2000,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn permits(policy: &AddressPolicy, address: &str) -> bool {
        policy.permits(address.parse().unwrap())
    }

    #[test]
    fn one_may_dial_anything_unless_told_otherwise() {
        assert!(permits(&AddressPolicy::default(), "127.0.0.1"));
    }

    #[test]
    fn the_public_internet_has_no_special_addresses() {
        let public = AddressPolicy::Public { besides: Vec::new() };
        for address in ["1.1.1.1", "100.63.0.1", "172.32.0.1", "192.0.1.1", "198.20.0.1", "2606:4700::1111"] {
            assert!(permits(&public, address), "{address}");
        }
        let special = [
            "0.0.0.0",
            "10.1.2.3",
            "100.64.0.1",
            "127.0.0.1",
            "169.254.169.254",
            "172.16.0.1",
            "192.0.0.8",
            "192.0.2.1",
            "192.88.99.1",
            "192.168.1.1",
            "198.18.0.1",
            "198.51.100.1",
            "203.0.113.1",
            "224.0.0.1",
            "240.0.0.1",
            "255.255.255.255",
            "::",
            "::1",
            "::ffff:10.0.0.1",
            "64:ff9b::a00:1",
            "100::1",
            "2001::1",
            "2001:db8::1",
            "2002:a00:1::",
            "3fff::1",
            "5f00::1",
            "fc00::1",
            "fd00:ec2::254",
            "fe80::1",
            "ff02::1",
        ];
        for address in special {
            assert!(!permits(&public, address), "{address}");
        }
    }

    #[test]
    fn own_networks_can_be_listed() {
        let policy = AddressPolicy::Public { besides: vec!["10.1.0.0/16".parse().unwrap()] };
        assert!(permits(&policy, "10.1.2.3"));
        assert!(permits(&policy, "::ffff:10.1.2.3"));
        assert!(!permits(&policy, "10.2.2.3"));
    }
}
