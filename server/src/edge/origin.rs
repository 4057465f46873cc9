//! Whether a POST comes from our own pages.

use axum::http::{HeaderMap, HeaderValue, Uri, header};

use super::Client;
use crate::error::Error;

/// Every browser names the page that a POST comes from. A program that names none carries no cookie by itself.
pub fn check(client: &Client, public_host: Option<&str>, headers: &HeaderMap, uri: &Uri) -> Result<(), Error> {
    let site = headers.get("sec-fetch-site").map(HeaderValue::as_bytes);
    if site.is_some_and(|site| site != b"same-origin" && site != b"none") {
        return Err(Error::ForeignSite);
    }
    let mut origins = headers.get_all(header::ORIGIN).iter();
    let Some(origin) = origins.next() else { return Ok(()) };
    let host = origin.to_str().ok().and_then(host_of);
    let Some(host) = host.filter(|_| origins.next().is_none()) else { return Err(Error::ForeignSite) };
    // A proxy may send on another `Host` than it was asked for; the browser itself still knows the page, and no page can forge that.
    let is_vouched_for = client.is_proxied && site == Some(b"same-origin");
    let asked = headers.get(header::HOST).and_then(|host| host.to_str().ok());
    let own =
        [asked, uri.authority().map(axum::http::uri::Authority::as_str), client.forwarded_host.as_deref(), public_host];
    if is_vouched_for || own.into_iter().flatten().any(|own| host.is(own)) { Ok(()) } else { Err(Error::ForeignSite) }
}

/// Host and port of an origin, with the port that its scheme may leave out.
struct Host<'a> {
    host: &'a str,
    usual_port: &'static str,
}

/// `null`, which sandboxed pages send, has no host.
fn host_of(origin: &str) -> Option<Host<'_>> {
    let (scheme, host) = origin.split_once("://")?;
    let usual_port = match scheme {
        "https" => ":443",
        "http" => ":80",
        _ => return None,
    };
    (!host.is_empty()).then_some(Host { host, usual_port })
}

impl Host<'_> {
    fn is(&self, other: &str) -> bool {
        let bare = |host| str::strip_suffix(host, self.usual_port).unwrap_or(host);
        bare(self.host).eq_ignore_ascii_case(bare(other))
    }
}

#[cfg(test)]
mod tests {
    use std::net::{IpAddr, Ipv4Addr};

    use axum::http::HeaderName;

    use super::*;

    const NONE: &[&str] = &[];

    fn is_ours(client: &Client, origins: &[&str], host: &str, site: Option<&str>) -> bool {
        let mut headers = HeaderMap::new();
        let mut add = |name: &'static str, value: &str| {
            headers.append(HeaderName::from_static(name), HeaderValue::from_str(value).expect("a value"));
        };
        add("host", host);
        for origin in origins {
            add("origin", origin);
        }
        if let Some(site) = site {
            add("sec-fetch-site", site);
        }
        check(client, Some("cong-khai.example"), &headers, &Uri::from_static("/api/sync")).is_ok()
    }

    fn client(is_proxied: bool, forwarded_host: Option<&str>) -> Client {
        let address = IpAddr::V4(Ipv4Addr::LOCALHOST);
        Client { address, is_https: false, forwarded_host: forwarded_host.map(str::to_owned), is_proxied }
    }

    #[test]
    fn an_origin_must_be_the_requests_own() {
        let direct = client(false, None);
        for (origins, host, wanted) in [
            (NONE, "tungnha.example", true),
            (&["https://tungnha.example"][..], "tungnha.example", true),
            (&["https://tungnha.example"], "tungnha.example:443", true),
            (&["https://TungNha.example:443"], "tungnha.example", true),
            (&["http://localhost:8080"], "localhost:8080", true),
            (&["http://[::1]:8080"], "[::1]:8080", true),
            (&["https://cong-khai.example"], "127.0.0.1:8080", true),
            (&["http://localhost:8081"], "localhost:8080", false),
            (&["https://tungnha.example"], "tungnha.example:80", false),
            (&["https://evil.example"], "tungnha.example", false),
            (&["https://evil.example/tungnha.example"], "tungnha.example", false),
            (&["https://tungnha.example.evil.example"], "tungnha.example", false),
            (&["null"], "null", false),
            (&[""], "", false),
            (&["https://"], "", false),
            (&["ftp://tungnha.example"], "tungnha.example", false),
            (&["https://tungnha.example", "https://evil.example"], "tungnha.example", false),
        ] {
            assert_eq!(is_ours(&direct, origins, host, None), wanted, "{origins:?} {host}");
        }
    }

    #[test]
    fn behind_a_proxy_the_host_may_be_another() {
        let origin = &["https://tungnha.example"];
        assert!(is_ours(&client(true, Some("tungnha.example")), origin, "127.0.0.1:8080", None));
        assert!(is_ours(&client(true, None), origin, "127.0.0.1:8080", Some("same-origin")));
        assert!(!is_ours(&client(true, None), origin, "127.0.0.1:8080", None));
        assert!(!is_ours(&client(false, None), origin, "127.0.0.1:8080", Some("same-origin")));
        assert!(!is_ours(&client(true, None), &["null"], "127.0.0.1:8080", Some("same-origin")));
        assert!(!is_ours(&client(true, None), origin, "tungnha.example", Some("cross-site")));
    }
}
