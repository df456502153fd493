//! Addresses and the networks they belong to.

use std::net::{IpAddr, Ipv6Addr};
use std::str::FromStr;

/// One address or a whole network: `10.0.0.7`, `10.0.0.0/8`, `fd00::/8`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Network {
    address: IpAddr,
    prefix: u8,
}

impl FromStr for Network {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let (address, prefix) = text.split_once('/').map_or((text, None), |(head, tail)| (head, Some(tail)));
        let address = plain(address.trim().parse().map_err(|_unreadable| ())?);
        let longest = if address.is_ipv4() { 32 } else { 128 };
        let prefix = match prefix {
            Some(text) => text.trim().parse().map_err(|_unreadable| ())?,
            None => longest,
        };
        if prefix > longest { Err(()) } else { Ok(Self { address, prefix }) }
    }
}

impl std::fmt::Display for Network {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "{}/{}", self.address, self.prefix)
    }
}

impl Network {
    pub fn contains(&self, address: IpAddr) -> bool {
        match (self.address, plain(address)) {
            (IpAddr::V4(own), IpAddr::V4(other)) => {
                own.to_bits().checked_shr(32 - u32::from(self.prefix)).unwrap_or(0)
                    == other.to_bits().checked_shr(32 - u32::from(self.prefix)).unwrap_or(0)
            }
            (IpAddr::V6(own), IpAddr::V6(other)) => {
                own.to_bits().checked_shr(128 - u32::from(self.prefix)).unwrap_or(0)
                    == other.to_bits().checked_shr(128 - u32::from(self.prefix)).unwrap_or(0)
            }
            _ => false,
        }
    }
}

/// An IPv4 address that arrived in IPv6 clothes, as sockets of both families give it, without them.
pub fn plain(address: IpAddr) -> IpAddr {
    address.to_canonical()
}

/// What limits count by: an IPv4 address, or the first 64 bits of an IPv6 address, since one household has all of those.
pub fn counted(address: IpAddr) -> String {
    match plain(address) {
        IpAddr::V4(address) => address.to_string(),
        IpAddr::V6(address) => format!("{}/64", Ipv6Addr::from_bits(address.to_bits() >> 64 << 64)),
    }
}
