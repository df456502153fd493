//! Where the program listens and what it calls itself.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use axum::http::Uri;

use super::network::Network;
use super::{ConfigFault, given};

const DEFAULT_ADDR: SocketAddr = SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 3000);

#[derive(Clone, Debug, Default, clap::Args)]
#[command(next_help_heading = "HTTP")]
pub struct HttpArgs {
    /// Where to listen: an IP address and a port [default: 127.0.0.1:3000]
    #[arg(long, env = "UNVEIL_ADDR", value_name = "IP:PORT", global = true, hide_env_values = true)]
    pub addr: Option<String>,

    /// The address people use, as in links of letters; with https cookies are bound to it [default: http:// and --addr]
    #[arg(long, env = "UNVEIL_BASE_URL", value_name = "URL", global = true, hide_env_values = true)]
    pub base_url: Option<String>,

    /// Proxies whose X-Forwarded-For is believed: addresses or networks, separated by commas [default: none]
    #[arg(
        long,
        env = "UNVEIL_TRUSTED_PROXIES",
        value_name = "NETWORKS",
        global = true,
        hide_env_values = true
    )]
    pub trusted_proxies: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HttpConfig {
    pub addr: SocketAddr,
    /// `https://unveil.example.org`, without a slash at the end.
    pub base_url: String,
    /// Host of the base address without its port.
    pub host: String,
    /// The base address begins with https.
    pub is_secure: bool,
    pub trusted_proxies: Vec<Network>,
}

impl HttpArgs {
    pub(super) fn resolve(&self) -> Result<HttpConfig, ConfigFault> {
        let addr = match given(self.addr.as_ref()) {
            Some(text) => text.parse().map_err(|_unreadable| {
                ConfigFault::new(
                    "UNVEIL_ADDR",
                    format!("`{text}` is no IP address with a port, such as {DEFAULT_ADDR}"),
                )
            })?,
            None => DEFAULT_ADDR,
        };
        let base_url = match given(self.base_url.as_ref()) {
            Some(text) => text.trim_end_matches('/').to_owned(),
            None => format!("http://{}", reachable(addr)),
        };
        let (is_secure, host) = read_base(&base_url)?;
        let trusted_proxies = given(self.trusted_proxies.as_ref()).map(read_networks).transpose()?;
        Ok(HttpConfig {
            addr,
            base_url,
            host,
            is_secure,
            trusted_proxies: trusted_proxies.unwrap_or_default(),
        })
    }
}

/// An address one can open in a browser: "every interface" is none.
fn reachable(addr: SocketAddr) -> SocketAddr {
    let ip = match addr.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => IpAddr::V4(Ipv4Addr::LOCALHOST),
        IpAddr::V6(ip) if ip.is_unspecified() => IpAddr::V6(Ipv6Addr::LOCALHOST),
        ip => ip,
    };
    SocketAddr::new(ip, addr.port())
}

/// Whether it is https, and its host.
fn read_base(base_url: &str) -> Result<(bool, String), ConfigFault> {
    let fault = || {
        ConfigFault::new(
            "UNVEIL_BASE_URL",
            format!("`{base_url}` is no address such as https://unveil.example.org (no path, no user)"),
        )
    };
    let uri: Uri = base_url.parse().map_err(|_unreadable| fault())?;
    let is_secure = match uri.scheme_str() {
        Some("https") => true,
        Some("http") => false,
        _ => return Err(fault()),
    };
    let bare = uri.path() == "/" && uri.query().is_none() && !base_url.contains(['@', '#']);
    match uri.host() {
        Some(host) if bare && !host.is_empty() => Ok((is_secure, host.to_owned())),
        _ => Err(fault()),
    }
}

fn read_networks(text: &str) -> Result<Vec<Network>, ConfigFault> {
    text.split(',')
        .map(str::trim)
        .filter(|word| !word.is_empty())
        .map(|word| {
            word.parse().map_err(|()| {
                ConfigFault::new(
                    "UNVEIL_TRUSTED_PROXIES",
                    format!("`{word}` is no address or network, such as 127.0.0.1 or 10.0.0.0/8"),
                )
            })
        })
        .collect()
}
