//! What the options, the environment and the configuration files say about a service elsewhere.

use aws_config::ecs::EcsCredentialsProvider;
use aws_config::environment::{EnvironmentVariableCredentialsProvider, EnvironmentVariableRegionProvider};
use aws_config::meta::credentials::CredentialsProviderChain;
use aws_config::meta::region::RegionProviderChain;
use aws_config::profile::{ProfileFileCredentialsProvider, ProfileFileRegionProvider};
use aws_config::provider_config::ProviderConfig;
use aws_config::web_identity_token::WebIdentityTokenCredentialsProvider;
use aws_config::{BehaviorVersion, Region, SdkConfig};
use aws_credential_types::Credentials;
use aws_credential_types::provider::error::CredentialsError;
use aws_credential_types::provider::{ProvideCredentials, SharedCredentialsProvider};
use aws_types::os_shim_internal::{Env, Fs};
use aws_types::service_config::ServiceConfigKey;

use super::Remote;
use super::connection::{Connection, for_credentials};
use super::endpoint::Address;
use crate::api::Operation;
use crate::cli::aws::failure::Failure;
use crate::cli::aws::options::{Layout, Options, Place};
use crate::cli::complain;

const NO_CREDENTIALS: &str =
    "Unable to locate credentials. You can configure credentials by running \"aws configure\".";
const NO_REGION: &str = "You must specify a region. You can also configure your region by running \"aws configure\".";

/// The service that the options name, if they name one.
pub(super) async fn open(operation: Operation, options: &Options) -> Result<Option<Remote>, Failure> {
    let place = &options.place;
    if place.endpoint.is_none() && place.profile.is_none() && !has_region_and_credentials(place).await {
        return Ok(None);
    }
    if let Some(profile) = &place.profile {
        check_profile(profile).await?;
    }
    let given = place.endpoint.as_deref().map(|endpoint| Address::read(endpoint, false)).transpose()?;
    let is_loopback = given.as_ref().is_some_and(|address| address.is_loopback);
    let region = region(place, is_loopback).await?;
    let sdk = load(place, &region).await;
    let has_prefixes = !is_set(&sdk, "AWS_DISABLE_HOST_PREFIX_INJECTION", "disable_host_prefix_injection");
    let address = address(place, &sdk, &region, has_prefixes)?;
    let credentials = credentials(place, &sdk, &address).await?;
    if options.debug {
        tell(operation, &address, &region, credentials.is_some());
    }
    let attempts = sdk.retry_config().map_or(3, |retry| retry.max_attempts());
    Ok(Some(Remote {
        connection: Connection::new(place, operation, &address)?,
        address,
        region,
        credentials,
        attempts: attempts.max(1),
        debug: options.debug,
        layout: setting(&sdk, "AWS_DEFAULT_OUTPUT", "output").and_then(|name| Layout::named(&name)),
    }))
}

fn tell(operation: Operation, address: &Address, region: &str, is_signed: bool) {
    let uri = address.uri(operation);
    let signed = if is_signed { "signed" } else { "not signed" };
    complain(&format!("asldb: {} goes to {uri}, region {region}, {signed}", operation.name()));
    if operation.host_prefix().is_some() && address.is_loopback {
        complain("asldb: the host prefix of this operation is left out for a host that is this computer");
    }
}

/// Whether `--region` means AWS: credentials can be found without asking the network.
async fn has_region_and_credentials(place: &Place) -> bool {
    place.region.is_some() && !place.no_sign && without_metadata(place).provide_credentials().await.is_ok()
}

/// All sources but the metadata service of virtual machines, which takes seconds where it is not there.
fn without_metadata(place: &Place) -> CredentialsProviderChain {
    let region = place.region.clone().unwrap_or_else(|| "us-east-1".to_owned());
    let config =
        ProviderConfig::without_region().with_region(Some(Region::new(region))).with_http_client(for_credentials());
    let mut profile = ProfileFileCredentialsProvider::builder().configure(&config);
    if let Some(name) = &place.profile {
        profile = profile.profile_name(name);
    }
    let web_identity = WebIdentityTokenCredentialsProvider::builder().configure(&config).build();
    let container = EcsCredentialsProvider::builder().configure(&config).build();
    CredentialsProviderChain::first_try("Environment", EnvironmentVariableCredentialsProvider::new())
        .or_else("Profile", profile.build())
        .or_else("WebIdentityToken", web_identity)
        .or_else("Container", container)
}

async fn check_profile(name: &str) -> Result<(), Failure> {
    let profiles = aws_config::profile::load(&Fs::real(), &Env::real(), &Default::default(), None).await;
    let profiles = profiles.map_err(|error| Failure::Configuration(format!("Unable to parse config file: {error}")))?;
    match profiles.get_profile(name) {
        Some(_) => Ok(()),
        None => Err(Failure::Configuration(format!("The config profile ({name}) could not be found"))),
    }
}

async fn region(place: &Place, is_loopback: bool) -> Result<String, Failure> {
    if let Some(region) = &place.region {
        return Ok(region.clone());
    }
    let mut profile = ProfileFileRegionProvider::builder();
    if let Some(name) = &place.profile {
        profile = profile.profile_name(name);
    }
    let chain = RegionProviderChain::first_try(EnvironmentVariableRegionProvider::new()).or_else(profile.build());
    let found = match chain.region().await {
        // Only signatures need it, and what listens on this computer seldom looks at them.
        None if is_loopback => Some(Region::from_static("us-east-1")),
        None => {
            let config = ProviderConfig::without_region().with_http_client(for_credentials());
            aws_config::imds::region::ImdsRegionProvider::builder().configure(&config).build().region().await
        }
        found => found,
    };
    found.map(|region| region.to_string()).ok_or_else(|| Failure::Configuration(NO_REGION.to_owned()))
}

async fn load(place: &Place, region: &str) -> SdkConfig {
    let mut loader = aws_config::defaults(BehaviorVersion::latest())
        .region(Region::new(region.to_owned()))
        .http_client(for_credentials());
    if let Some(profile) = &place.profile {
        loader = loader.profile_name(profile);
    }
    loader.load().await
}

/// A setting of this service from the environment or the profile.
fn setting(sdk: &SdkConfig, env: &str, profile: &str) -> Option<String> {
    let key = ServiceConfigKey::builder().service_id("SFN").env(env).profile(profile).build().ok()?;
    sdk.service_config()?.load_config(key)
}

fn is_set(sdk: &SdkConfig, env: &str, profile: &str) -> bool {
    let is_set_here = std::env::var(env).is_ok_and(|value| value.eq_ignore_ascii_case("true"));
    is_set_here || setting(sdk, env, profile).is_some_and(|value| value.eq_ignore_ascii_case("true"))
}

fn address(place: &Place, sdk: &SdkConfig, region: &str, has_prefixes: bool) -> Result<Address, Failure> {
    let configured = || {
        let ignored = is_set(sdk, "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "ignore_configured_endpoint_urls");
        if ignored { None } else { setting(sdk, "AWS_ENDPOINT_URL", "endpoint_url") }
    };
    match place.endpoint.clone().or_else(configured) {
        Some(endpoint) => Address::read(&endpoint, has_prefixes),
        None => {
            let (fips, dual_stack) = (sdk.use_fips().unwrap_or(false), sdk.use_dual_stack().unwrap_or(false));
            Address::of_region(region, fips, dual_stack, has_prefixes)
        }
    }
}

/// Who gives credentials; none where requests are not signed.
async fn credentials(
    place: &Place,
    sdk: &SdkConfig,
    address: &Address,
) -> Result<Option<SharedCredentialsProvider>, Failure> {
    if place.no_sign {
        return Ok(None);
    }
    if address.is_loopback {
        // A service on this computer wants a signature at most, not a particular one.
        let found = without_metadata(place).provide_credentials().await;
        let credentials = found.unwrap_or_else(|_| Credentials::new("test", "test", None, None, "none"));
        return Ok(Some(SharedCredentialsProvider::new(credentials)));
    }
    let provider = sdk.credentials_provider().ok_or_else(|| Failure::Configuration(NO_CREDENTIALS.to_owned()))?;
    // Asked for now, so that their absence is told before anything is sent.
    let credentials = provider.provide_credentials().await.map_err(|error| credentials_fault(&error))?;
    Ok(Some(SharedCredentialsProvider::new(credentials)))
}

/// Why there are no credentials.
pub(super) fn credentials_fault(error: &CredentialsError) -> Failure {
    match error {
        CredentialsError::CredentialsNotLoaded(_) => Failure::Configuration(NO_CREDENTIALS.to_owned()),
        other => {
            let cause = std::error::Error::source(other).map_or_else(String::new, |cause| format!(": {cause}"));
            Failure::Other(format!("Error when retrieving credentials: {other}{cause}"))
        }
    }
}
