//! Profiles, regions, credentials.

use super::endpoint::Endpoint;
use super::program::Home;

const LIST: [&str; 2] = ["list-tags-for-resource", "--resource-arn=a"];

fn profiles(endpoint: &Endpoint) -> Home {
    Home::with_profiles(&format!(
        "[default]\nregion = eu-west-1\noutput = text\n[profile work]\nregion = eu-north-1\naws_access_key_id = AKWORK\n\
         aws_secret_access_key = s\nendpoint_url = {}\n",
        endpoint.url
    ))
}

#[test]
fn a_profile_gives_region_credentials_and_endpoint() {
    let endpoint = Endpoint::answering(&[(200, "{}")]);
    let done = profiles(&endpoint).run(&[&LIST[..], &["--profile", "work"]].concat());
    assert_eq!(done.printed(), "");
    let signature = endpoint.seen()[0].header("authorization").map(str::to_owned).expect("it is signed");
    assert!(signature.contains("credential=akwork/") && signature.contains("/eu-north-1/states/"), "{signature}");
}

#[test]
fn options_win_over_the_profile_and_the_environment() {
    let endpoint = Endpoint::answering(&[(200, "{}")]);
    let home = profiles(&endpoint).with("AWS_REGION", "ap-south-1").with("AWS_ACCESS_KEY_ID", "AKENV");
    let home = home.with("AWS_SECRET_ACCESS_KEY", "s").with("AWS_SESSION_TOKEN", "session");
    let line = [&LIST[..], &["--endpoint-url", &endpoint.url]].concat();
    assert_eq!(home.run(&line).printed(), "");
    assert_eq!(home.run(&[&line[..], &["--region", "sa-east-1"]].concat()).printed(), "");
    let seen = endpoint.seen();
    let signature = |at: usize| seen[at].header("authorization").expect("it is signed");
    assert!(signature(0).contains("credential=akenv/") && signature(0).contains("/ap-south-1/"), "{}", signature(0));
    assert!(signature(1).contains("/sa-east-1/"), "{}", signature(1));
    assert_eq!(seen[0].header("x-amz-security-token"), Some("session"));
}

#[test]
fn a_region_with_credentials_means_a_service_elsewhere() {
    let endpoint = Endpoint::answering(&[(200, "{}")]);
    let home = Home::empty().with("AWS_ACCESS_KEY_ID", "AK").with("AWS_SECRET_ACCESS_KEY", "s");
    let home = home.with("AWS_ENDPOINT_URL_SFN", &endpoint.url);
    assert_eq!(home.run(&[&LIST[..], &["--region", "us-west-2"]].concat()).printed(), "");
    assert_eq!(endpoint.seen().len(), 1);
}

#[test]
fn requests_need_no_signature() {
    let endpoint = Endpoint::answering(&[(200, "{}")]);
    let line = [&LIST[..], &["--no-sign-request", "--endpoint-url", &endpoint.url]].concat();
    assert_eq!(Home::empty().run(&line).printed(), "");
    assert_eq!(endpoint.seen()[0].header("authorization"), None);
}

#[test]
fn what_is_missing_ends_with_253() {
    let home = Home::with_profiles("[profile bare]\nregion = eu-west-1\n[profile nowhere]\n");
    let run = |extra: &[&str]| home.run(&[&LIST[..], extra].concat());
    run(&["--profile", "nope"]).failed(253, "\nThe config profile (nope) could not be found\n");
    let configure = "You can also configure your region by running \"aws configure\".";
    run(&["--profile", "nowhere"]).failed(253, &format!("\nYou must specify a region. {configure}\n"));
    run(&["--profile", "bare"])
        .failed(253, "\nUnable to locate credentials. You can configure credentials by running \"aws configure\".\n");
}

#[test]
fn certificates_are_always_checked() {
    let https = ["--endpoint-url", "https://localhost:9"];
    let done = Home::empty().run(&[&LIST[..], &https, &["--no-verify-ssl"]].concat());
    assert_eq!(done.status, 252);
    assert!(done.err.contains("argument --no-verify-ssl: certificates are always checked"), "{}", done.err);
    let done = Home::empty().run(&[&LIST[..], &https, &["--ca-bundle", "no.pem"]].concat());
    assert_eq!(done.status, 255);
    assert!(done.err.contains("invalid path: no.pem"), "{}", done.err);
}

#[test]
fn options_of_the_embedded_service_are_for_it_alone() {
    let done = Home::empty().run(&[&LIST[..], &["--in-memory", "--endpoint-url", "http://127.0.0.1:9"]].concat());
    assert_eq!(done.status, 252);
    assert!(done.err.contains("--store, --in-memory and --mocks are for the embedded service"), "{}", done.err);
}

#[test]
fn a_profile_may_have_a_layout() {
    let endpoint = Endpoint::answering(&[(200, r#"{"tags": [{"key": "k", "value": "v"}]}"#)]);
    let line = [&LIST[..], &["--endpoint-url", &endpoint.url]].concat();
    let home = profiles(&endpoint);
    assert_eq!(home.run(&line).printed(), "TAGS\tk\tv\n");
    assert!(home.run(&[&line[..], &["--output", "json"]].concat()).printed().starts_with('{'));
}
