//! Where requests go.

use crate::api::Operation;
use crate::cli::aws::failure::Failure;

/// The address of a service.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Address {
    scheme: String,
    host: String,
    port: String,
    path: String,
    /// Whether the host is this computer.
    pub(super) is_loopback: bool,
    /// Whether some operations have a host of their own (`sync-…`).
    pub(super) has_prefixes: bool,
}

impl Address {
    /// Reads an address; `has_prefixes` if the configuration does not switch host prefixes off. A host that is this
    /// computer gets none, since `sync-localhost` is nowhere.
    ///
    /// # Errors
    /// A text that is no address.
    pub(super) fn read(text: &str, has_prefixes: bool) -> Result<Self, Failure> {
        let invalid = || Failure::Other(format!("Invalid endpoint: {text}"));
        let uri: http::Uri = text.parse().map_err(|_| invalid())?;
        let (Some(scheme @ ("http" | "https")), Some(authority)) = (uri.scheme_str(), uri.authority()) else {
            return Err(invalid());
        };
        if authority.as_str().contains('@') {
            return Err(invalid());
        }
        let host = authority.host().to_owned();
        let is_loopback = is_loopback(&host);
        Ok(Self {
            scheme: scheme.to_owned(),
            port: authority.port().map_or_else(String::new, |port| format!(":{port}")),
            path: uri.path().to_owned(),
            is_loopback,
            has_prefixes: has_prefixes && !is_loopback,
            host,
        })
    }

    /// AWS's own address.
    pub(super) fn of_region(region: &str, fips: bool, dual_stack: bool, has_prefixes: bool) -> Result<Self, Failure> {
        let is_name = !region.is_empty() && region.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
        if !is_name {
            return Err(Failure::Other(format!("Provided region_name '{region}' doesn't match a supported format.")));
        }
        Self::read(&format!("https://{}", host(region, fips, dual_stack)), has_prefixes)
    }

    /// The address for `operation`.
    pub(super) fn uri(&self, operation: Operation) -> String {
        let prefix = operation.host_prefix().filter(|_| self.has_prefixes).unwrap_or_default();
        format!("{}://{prefix}{}{}{}", self.scheme, self.host, self.port, self.path)
    }

    /// Whether the connection is encrypted.
    pub(super) fn is_encrypted(&self) -> bool {
        self.scheme == "https"
    }
}

fn is_loopback(host: &str) -> bool {
    let host = host.trim_start_matches('[').trim_end_matches(']');
    let is_name = host.eq_ignore_ascii_case("localhost") || host.to_ascii_lowercase().ends_with(".localhost");
    is_name || host.parse::<std::net::IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

/// Beginnings of regions, the domain of their hosts, and that of hosts with both versions of IP.
const PARTITIONS: &[(&str, &str, &str)] = &[
    ("cn-", "amazonaws.com.cn", "api.amazonwebservices.com.cn"),
    ("us-iso-", "c2s.ic.gov", "api.aws.ic.gov"),
    ("us-isob-", "sc2s.sgov.gov", "api.aws.scloud"),
    ("eu-isoe-", "cloud.adc-e.uk", "api.cloud-aws.adc-e.uk"),
    ("us-isof-", "csp.hci.ic.gov", "api.aws.hci.ic.gov"),
    ("eusc-", "amazonaws.eu", "api.amazonwebservices.eu"),
    ("", "amazonaws.com", "api.aws"),
];

fn host(region: &str, fips: bool, dual_stack: bool) -> String {
    let partition = PARTITIONS.iter().find(|(start, ..)| region.starts_with(start));
    let (_, domain, dual_domain) = *partition.expect("the last row is for every region");
    // Hosts of us-gov regions with both versions of IP always are FIPS endpoints, those of us-gov-west-1 by themselves.
    let is_fips = if region.starts_with("us-gov-") && dual_stack { true } else { fips && region != "us-gov-west-1" };
    let service = if is_fips || fips && dual_stack { "states-fips" } else { "states" };
    format!("{service}.{region}.{}", if dual_stack { dual_domain } else { domain })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn uri(text: &str, has_prefixes: bool) -> String {
        Address::read(text, has_prefixes).expect("an address").uri(Operation::TestState)
    }

    #[test]
    fn some_operations_have_hosts_of_their_own() {
        assert_eq!(uri("https://states.eu-west-1.amazonaws.com", true), "https://sync-states.eu-west-1.amazonaws.com/");
        assert_eq!(uri("https://states.eu-west-1.amazonaws.com", false), "https://states.eu-west-1.amazonaws.com/");
        assert_eq!(uri("http://box:8083/x", true), "http://sync-box:8083/x");
        let address = Address::read("http://box:8083", true).expect("an address");
        assert_eq!(address.uri(Operation::StartExecution), "http://box:8083/");
    }

    #[test]
    fn this_computer_has_one_host() {
        for host in ["localhost", "LOCALHOST", "sfn.localhost", "127.0.0.1", "127.1.2.3", "[::1]"] {
            let uri = uri(&format!("http://{host}:8083"), true);
            assert!(!uri.contains("sync-"), "{uri}");
        }
    }

    #[test]
    fn what_is_no_address_is_refused() {
        for text in ["localhost:8083", "ftp://x", "http://", "", "http://a b", "http://me:secret@x"] {
            assert_eq!(Address::read(text, true), Err(Failure::Other(format!("Invalid endpoint: {text}"))));
        }
    }

    /// The endpoint rules of the service model.
    #[test]
    fn regions_have_hosts() {
        for (region, fips, dual, expected) in [
            ("us-east-1", false, false, "states.us-east-1.amazonaws.com"),
            ("us-east-1", true, false, "states-fips.us-east-1.amazonaws.com"),
            ("us-east-1", false, true, "states.us-east-1.api.aws"),
            ("us-east-1", true, true, "states-fips.us-east-1.api.aws"),
            ("cn-north-1", false, false, "states.cn-north-1.amazonaws.com.cn"),
            ("us-gov-west-1", true, false, "states.us-gov-west-1.amazonaws.com"),
            ("us-gov-east-1", true, false, "states-fips.us-gov-east-1.amazonaws.com"),
            ("us-gov-east-1", false, true, "states-fips.us-gov-east-1.api.aws"),
            ("us-iso-east-1", false, false, "states.us-iso-east-1.c2s.ic.gov"),
        ] {
            assert_eq!(host(region, fips, dual), expected);
        }
        assert!(Address::of_region("eu west", false, false, true).is_err());
    }
}
