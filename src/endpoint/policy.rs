//! Whose requests are answered.
//!
//! A server on this computer can be reached by every web page that its user looks at. Pages are recognized by the
//! `Origin` and `Sec-Fetch-Site` headers of their requests, and pages that made their own name point to this computer
//! (DNS rebinding) by the name in the `Host` header.

use std::net::{IpAddr, Ipv6Addr};

use hyper::header::{HOST, HeaderName, HeaderValue, ORIGIN};
use hyper::http::request::Parts;
use hyper::http::uri::Authority;
use hyper::{StatusCode, Version};

use super::answer::Refusal;

const SEC_FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");
/// What clients put before the host for some operations ([`Operation::host_prefix`](crate::api::Operation)).
const HOST_PREFIX: &str = "sync-";

/// Which names the endpoint goes by, and which web pages may use it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Policy {
    bound: IpAddr,
    hosts: Vec<String>,
    origins: Vec<HeaderValue>,
}

/// What is no origin.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no origin; an origin is a scheme, a host and perhaps a port, as in http://localhost:3000")]
pub struct BadOrigin(String);

impl Policy {
    /// For an endpoint at the address `bound`. Names of this computer's loopback interface are known, and `bound`
    /// itself; when that can be reached from elsewhere, all addresses are.
    #[must_use]
    pub fn new(bound: IpAddr) -> Self {
        Self { bound, hosts: Vec::new(), origins: Vec::new() }
    }

    /// The endpoint also goes by `name`.
    #[must_use]
    pub fn allow_host(mut self, name: &str) -> Self {
        self.hosts.push(normal(name));
        self
    }

    /// Web pages of `origin` may use the endpoint.
    ///
    /// # Errors
    /// It is none: `*`, `null`, or with a path.
    pub fn allow_origin(mut self, origin: &str) -> Result<Self, BadOrigin> {
        let bad = || BadOrigin(origin.to_owned());
        let (scheme, authority) = origin.split_once("://").ok_or_else(bad)?;
        let is_scheme = !scheme.is_empty() && scheme.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
        // Browsers write schemes and hosts in small letters; what cannot match should not look as if it could.
        let parsed = authority.parse::<Authority>().map_err(|_| bad())?;
        if !is_scheme || authority.contains('@') || origin != origin.to_ascii_lowercase() || parsed.host().is_empty() {
            return Err(bad());
        }
        self.origins.push(HeaderValue::from_str(origin).map_err(|_| bad())?);
        Ok(self)
    }

    /// The origin of the web page that `request` comes from, if it comes from one that may.
    ///
    /// # Errors
    /// The request is none for this endpoint, or comes from another web page.
    pub(super) fn check(&self, request: &Parts) -> Result<Option<HeaderValue>, Refusal> {
        self.check_host(request)?;
        self.check_origin(request)
    }

    fn check_host(&self, request: &Parts) -> Result<(), Refusal> {
        let bad = |message: &str| Refusal::new(StatusCode::BAD_REQUEST, "ValidationException", message);
        // What the request line says goes before the header (RFC 9112, 3.2.2).
        let named = request.uri.authority().map(Authority::as_str);
        let mut headers = request.headers.get_all(HOST).iter();
        let (header, None) = (headers.next(), headers.next()) else {
            return Err(bad("the request has several Host headers"));
        };
        let header = match header.map(|header| header.to_str()) {
            Some(Ok(host)) => Some(host),
            None if request.version < Version::HTTP_11 => None,
            _ => return Err(bad("the request has no usable Host header")),
        };
        for host in named.into_iter().chain(header) {
            if !self.is_known(host) {
                return Err(Refusal::forbidden(format!(
                    "the host name of the request, `{host}`, is not known; start the server with --allow-host NAME if \
                     that is a name of it"
                )));
            }
        }
        Ok(())
    }

    /// Whether `host`, with or without a port, is a name of the endpoint.
    fn is_known(&self, host: &str) -> bool {
        let Ok(authority) = host.parse::<Authority>() else { return false };
        let host = normal(authority.host());
        // Names themselves may begin with the prefix.
        self.is_name(&host) || host.strip_prefix(HOST_PREFIX).is_some_and(|host| self.is_name(host))
    }

    fn is_name(&self, host: &str) -> bool {
        if let Some(address) = address(host) {
            return address.is_loopback() || address == self.bound || !self.bound.is_loopback();
        }
        host == "localhost" || host.ends_with(".localhost") || self.hosts.iter().any(|known| known == host)
    }

    fn check_origin(&self, request: &Parts) -> Result<Option<HeaderValue>, Refusal> {
        let mut origins = request.headers.get_all(ORIGIN).iter();
        match (origins.next(), origins.next()) {
            (Some(origin), None) if self.origins.contains(origin) => Ok(Some(origin.clone())),
            (None, _) => self.check_site(request),
            (Some(origin), _) => Err(Refusal::forbidden(format!(
                "web pages of {} may not use this server; start it with --allow-origin ORIGIN to let them",
                String::from_utf8_lossy(origin.as_bytes())
            ))),
        }
    }

    /// Some requests of web pages have no `Origin`.
    fn check_site(&self, request: &Parts) -> Result<Option<HeaderValue>, Refusal> {
        let is_foreign = |site: &HeaderValue| site == "cross-site";
        if request.headers.get_all(SEC_FETCH_SITE).iter().any(is_foreign) {
            return Err(Refusal::forbidden("web pages of other sites may not use this server"));
        }
        Ok(None)
    }
}

/// Names are the same in small and capital letters, and with a dot at the end.
fn normal(host: &str) -> String {
    host.strip_suffix('.').unwrap_or(host).to_ascii_lowercase()
}

/// The address that `host` is.
fn address(host: &str) -> Option<IpAddr> {
    match host.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
        Some(inner) => inner.parse::<Ipv6Addr>().ok().map(|address| IpAddr::V6(address).to_canonical()),
        None => host.parse().ok(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(host: &str, headers: &[(&str, &str)]) -> Parts {
        let mut request = hyper::Request::builder().method("POST").uri("/").header(HOST, host);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        request.body(()).expect("a request").into_parts().0
    }

    fn policy(bound: &str) -> Policy {
        Policy::new(bound.parse().expect("an address"))
    }

    #[test]
    fn names_of_the_loopback_interface_are_known() {
        for host in [
            "localhost:8083",
            "LOCALHOST",
            "localhost.",
            "127.0.0.1:1",
            "127.9.9.9",
            "[::1]:8083",
            "[::ffff:127.0.0.1]",
            "states.localhost",
            "sync-localhost:8083",
            "sync-states.localhost",
            "sync-127.0.0.1:8083",
        ] {
            assert_eq!(policy("127.0.0.1").check(&parts(host, &[])), Ok(None), "{host}");
        }
    }

    #[test]
    fn other_names_are_not() {
        for host in [
            "evil.example",
            "localhost.evil.example",
            "evillocalhost",
            "sync-evil.example",
            "sync-sync-localhost",
            "0.0.0.0:8083",
            "192.168.0.1",
            "127.0.0.1.evil.example",
            "[::2]",
            "",
            ":80",
            "user@evil.example",
        ] {
            let refused = policy("127.0.0.1").check(&parts(host, &[]));
            assert_eq!(refused.map_err(|refusal| refusal.status), Err(StatusCode::FORBIDDEN), "{host}");
        }
    }

    #[test]
    fn an_endpoint_for_others_is_known_by_all_addresses_and_the_names_it_was_given() {
        let policy = policy("0.0.0.0").allow_host("Steps.Example.");
        for (host, known) in [
            ("10.1.2.3:80", true),
            ("[2001:db8::1]", true),
            ("sync-10.1.2.3", true),
            ("steps.example:80", true),
            ("sync-steps.example", true),
            ("other.example", false),
            ("a.steps.example", false),
        ] {
            assert_eq!(policy.check(&parts(host, &[])).is_ok(), known, "{host}");
        }
        assert!(self::policy("192.168.0.1").check(&parts("192.168.0.1:8083", &[])).is_ok());
    }

    #[test]
    fn the_request_line_counts_as_well() {
        let mut request = parts("localhost", &[]);
        request.uri = "http://evil.example/".parse().expect("an address");
        assert!(policy("127.0.0.1").check(&request).is_err());
        request.uri = "http://localhost/".parse().expect("an address");
        assert!(policy("127.0.0.1").check(&request).is_ok());
    }

    #[test]
    fn a_host_must_be_named_once() {
        let status = |request: &Parts| policy("127.0.0.1").check(request).map_err(|refusal| refusal.status);
        assert_eq!(status(&parts("localhost", &[("host", "localhost")])), Err(StatusCode::BAD_REQUEST));
        let mut request = parts("localhost", &[]);
        request.headers.remove(HOST);
        assert_eq!(status(&request), Err(StatusCode::BAD_REQUEST));
        request.version = Version::HTTP_10;
        assert_eq!(status(&request), Ok(None));
    }

    #[test]
    fn web_pages_are_refused_unless_their_origin_was_allowed() {
        let allowing = policy("127.0.0.1").allow_origin("http://localhost:3000").expect("an origin");
        let page = |headers: &[(&str, &str)]| allowing.check(&parts("localhost", headers));
        let origin = Ok(Some(HeaderValue::from_static("http://localhost:3000")));
        assert_eq!(page(&[("origin", "http://localhost:3000")]), origin);
        assert_eq!(page(&[("origin", "http://localhost:3000"), ("sec-fetch-site", "cross-site")]), origin);
        assert_eq!(page(&[("sec-fetch-site", "same-origin")]), Ok(None));
        for headers in [
            &[("origin", "http://localhost:3001")][..],
            &[("origin", "https://localhost:3000")],
            &[("origin", "http://localhost:3000.evil.example")],
            &[("origin", "null")],
            &[("origin", "")],
            &[("origin", "http://localhost:3000"), ("origin", "http://evil.example")],
            &[("sec-fetch-site", "cross-site")],
        ] {
            assert_eq!(page(headers).map_err(|refusal| refusal.status), Err(StatusCode::FORBIDDEN), "{headers:?}");
        }
        assert!(policy("127.0.0.1").check(&parts("localhost", &[("origin", "http://localhost:3000")])).is_err());
    }

    #[test]
    fn what_is_no_origin_cannot_be_allowed() {
        for origin in
            ["*", "null", "", "localhost:3000", "http://", "http://a/", "http://a/b", "http://u@a", "HTTP://a"]
        {
            assert_eq!(policy("127.0.0.1").allow_origin(origin), Err(BadOrigin(origin.to_owned())));
        }
        for origin in ["http://localhost:3000", "https://a.example", "http://[::1]:5173", "chrome-extension://abc"] {
            assert!(policy("127.0.0.1").allow_origin(origin).is_ok(), "{origin}");
        }
    }
}
