//! Where a request comes from: the peer itself, or whom a trusted proxy names.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::str::FromStr;
use std::sync::Arc;

use axum::extract::{ConnectInfo, Request, State};
use axum::http::HeaderMap;
use axum::middleware::Next;
use axum::response::Response;
use ipnet::IpNet;

use super::Edge;

const FORWARDED_FOR: &str = "x-forwarded-for";
const FORWARDED_PROTO: &str = "x-forwarded-proto";
const FORWARDED_HOST: &str = "x-forwarded-host";

/// The networks whose proxies are believed. This machine alone, when nothing is said.
#[derive(Clone, Debug)]
pub struct Proxies(Vec<IpNet>);

impl Default for Proxies {
    fn default() -> Self {
        Self(vec![IpNet::from(IpAddr::V6(Ipv6Addr::LOCALHOST)), v4_loopback()])
    }
}

/// All of 127.0.0.0/8.
fn v4_loopback() -> IpNet {
    IpNet::new_assert(IpAddr::V4(Ipv4Addr::LOCALHOST), 8)
}

impl Proxies {
    /// Those that were named; none named: this machine.
    pub fn named(networks: Vec<IpNet>) -> Self {
        if networks.is_empty() { Self::default() } else { Self(networks) }
    }

    pub fn trusts(&self, address: IpAddr) -> bool {
        let address = address.to_canonical();
        self.0.iter().any(|network| network.contains(&address))
    }
}

/// An address or a network in CIDR form, as somebody writes it on the command line.
pub fn network(text: &str) -> Result<IpNet, &'static str> {
    let network = match text.split_once('/') {
        None => IpAddr::from_str(text).map(IpNet::from).ok(),
        Some(_) => IpNet::from_str(text).ok(),
    };
    network.ok_or("cần một địa chỉ IP hoặc một dải như 10.0.0.0/8")
}

/// Who is asking, as far as the network tells.
#[derive(Clone, Debug)]
pub struct Client {
    pub address: IpAddr,
    /// Whether the browser spoke https to the proxy.
    pub is_https: bool,
    /// The host that a trusted proxy says the browser asked for.
    pub forwarded_host: Option<String>,
    /// Whether the peer is a trusted proxy.
    pub is_proxied: bool,
}

impl Client {
    /// Reads the headers of a request from `peer`.
    pub fn of(peer: IpAddr, headers: &HeaderMap, proxies: &Proxies) -> Self {
        let peer = peer.to_canonical();
        if !proxies.trusts(peer) {
            return Self { address: peer, is_https: false, forwarded_host: None, is_proxied: false };
        }
        Self {
            address: forwarded(peer, headers, proxies),
            is_https: last(headers, FORWARDED_PROTO).is_some_and(|proto| proto.eq_ignore_ascii_case("https")),
            forwarded_host: last(headers, FORWARDED_HOST).map(str::to_owned),
            is_proxied: true,
        }
    }

    /// What limits count against: one provider's customer has a whole /64 of IPv6.
    pub fn limit_key(&self) -> IpAddr {
        limit_key(self.address)
    }
}

/// The address, or the /64 that an IPv6 address is in.
pub fn limit_key(address: IpAddr) -> IpAddr {
    const NETWORK_BITS: u128 = !0 << 64;
    match address.to_canonical() {
        IpAddr::V6(v6) => IpAddr::V6(Ipv6Addr::from_bits(v6.to_bits() & NETWORK_BITS)),
        v4 @ IpAddr::V4(_) => v4,
    }
}

/// From the right, past the trusted proxies: what stands further left, anybody may have invented.
fn forwarded(peer: IpAddr, headers: &HeaderMap, proxies: &Proxies) -> IpAddr {
    let mut nearest = peer;
    for line in headers.get_all(FORWARDED_FOR).iter().rev() {
        for hop in line.to_str().unwrap_or_default().rsplit(',') {
            let Some(address) = hop_address(hop.trim()) else { return nearest };
            nearest = address;
            if !proxies.trusts(address) {
                return nearest;
            }
        }
    }
    nearest
}

/// Some proxies write the port too.
fn hop_address(hop: &str) -> Option<IpAddr> {
    let bare = hop.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or(hop);
    let address = bare.parse().ok().or_else(|| hop.parse::<SocketAddr>().ok().map(|address| address.ip()));
    address.map(|address: IpAddr| address.to_canonical())
}

/// The value that the nearest proxy wrote.
fn last<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let line = headers.get_all(name).iter().next_back()?.to_str().ok()?;
    line.rsplit(',').next().map(str::trim).filter(|value| !value.is_empty())
}

/// Tells every layer and handler further in who is asking.
pub async fn tell(State(edge): State<Arc<Edge>>, mut request: Request, next: Next) -> Response {
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>().map(|info| info.0.ip());
    let peer = peer.unwrap_or(IpAddr::V4(Ipv4Addr::LOCALHOST));
    let client = Client::of(peer, request.headers(), &edge.settings.proxies);
    request.extensions_mut().insert(client);
    next.run(request).await
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    fn headers(lines: &[(&'static str, &'static str)]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for (name, value) in lines {
            headers.append(*name, HeaderValue::from_static(value));
        }
        headers
    }

    fn proxies(list: &[&str]) -> Proxies {
        Proxies::named(list.iter().map(|text| network(text).expect("a network")).collect())
    }

    #[test]
    fn only_what_trusted_proxies_added_is_believed() {
        let usual = Proxies::default();
        let chain = proxies(&["127.0.0.1", "10.0.0.0/8", "fd00::/8"]);
        let cases: &[(&str, &Proxies, &[&'static str], &str)] = &[
            ("127.0.0.1", &usual, &[], "127.0.0.1"),
            ("127.0.0.1", &usual, &["203.0.113.9"], "203.0.113.9"),
            ("::1", &usual, &["203.0.113.9"], "203.0.113.9"),
            ("::ffff:127.0.0.1", &usual, &["203.0.113.9"], "203.0.113.9"),
            // The client wrote the first itself; the proxy appended to the line, or added one.
            ("127.0.0.1", &usual, &["198.51.100.1, 203.0.113.9"], "203.0.113.9"),
            ("127.0.0.1", &usual, &["198.51.100.1", "203.0.113.9"], "203.0.113.9"),
            ("203.0.113.7", &usual, &["198.51.100.1"], "203.0.113.7"),
            ("10.0.0.2", &usual, &["198.51.100.1"], "10.0.0.2"),
            ("10.0.0.2", &chain, &["198.51.100.1"], "198.51.100.1"),
            ("127.0.0.1", &chain, &["198.51.100.1, 203.0.113.9, 10.1.1.1", "10.2.2.2"], "203.0.113.9"),
            ("127.0.0.1", &chain, &["::ffff:203.0.113.9, ::ffff:10.1.1.1"], "203.0.113.9"),
            ("127.0.0.1", &chain, &["2001:db8::7, fd00::5"], "2001:db8::7"),
            ("127.0.0.1", &chain, &["203.0.113.9:51000, [fd00::5]:443"], "203.0.113.9"),
            ("127.0.0.1", &chain, &["10.9.9.9"], "10.9.9.9"),
            // Words that are no address: the last hop that was one.
            ("127.0.0.1", &chain, &["198.51.100.1, unknown, 10.1.1.1"], "10.1.1.1"),
            ("127.0.0.1", &usual, &[""], "127.0.0.1"),
        ];
        for (peer, proxies, lines, wanted) in cases {
            let lines: Vec<_> = lines.iter().map(|line| (FORWARDED_FOR, *line)).collect();
            let client = Client::of(peer.parse().expect("an address"), &headers(&lines), proxies);
            assert_eq!(client.address.to_string(), *wanted, "{peer} {lines:?}");
        }
    }

    #[test]
    fn https_and_the_host_are_told_by_trusted_proxies_only() {
        let told = headers(&[(FORWARDED_PROTO, "https"), (FORWARDED_HOST, "bia-dat.example, tungnha.example")]);
        let near = Client::of(IpAddr::V4(Ipv4Addr::LOCALHOST), &told, &Proxies::default());
        assert_eq!((near.is_https, near.forwarded_host.as_deref()), (true, Some("tungnha.example")));
        let stranger = Client::of("203.0.113.9".parse().expect("an address"), &told, &Proxies::default());
        assert_eq!((stranger.is_https, stranger.forwarded_host, stranger.is_proxied), (false, None, false));
    }

    #[test]
    fn limits_count_a_network_of_ipv6_as_one() {
        let key = |text: &str| limit_key(text.parse().expect("an address")).to_string();
        assert_eq!(key("2001:db8:1:2:aaaa::1"), key("2001:db8:1:2:bbbb::9"));
        assert_ne!(key("2001:db8:1:2::1"), key("2001:db8:1:3::1"));
        assert_eq!(key("::ffff:203.0.113.9"), "203.0.113.9");
    }

    #[test]
    fn networks_are_read_as_they_are_written() {
        for good in ["10.0.0.1", "10.0.0.0/8", "fd00::/8", "::1"] {
            assert!(network(good).is_ok(), "{good}");
        }
        for bad in ["", "proxy", "10.0.0.0/33", "10.0.0/8", "10.0.0.1/"] {
            assert!(network(bad).is_err(), "{bad}");
        }
    }
}
