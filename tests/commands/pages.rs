//! Pages of an endpoint.

use super::endpoint::Endpoint;
use super::program::Home;

const FIRST: &str = r#"{"activities": [{"activityArn": "a", "name": "x", "creationDate": 0},
    {"activityArn": "b", "name": "y", "creationDate": 0}], "nextToken": "t1"}"#;
const SECOND: &str = r#"{"activities": [{"activityArn": "c", "name": "z", "creationDate": 0}]}"#;

fn list(endpoint: &Endpoint, extra: &[&str]) -> String {
    let line = ["list-activities", "--endpoint-url", &endpoint.url];
    Home::empty().run(&[&line[..], extra].concat()).printed()
}

fn bodies(endpoint: &Endpoint) -> Vec<String> {
    endpoint.seen().into_iter().map(|seen| seen.body).collect()
}

fn both() -> Endpoint {
    Endpoint::answering(&[(200, FIRST), (200, SECOND)])
}

#[test]
fn all_pages_are_got() {
    let endpoint = both();
    assert_eq!(list(&endpoint, &["--query", "activities[].name"]), "[\n    \"x\",\n    \"y\",\n    \"z\"\n]\n");
    assert_eq!(bodies(&endpoint), ["{}", r#"{"nextToken":"t1"}"#]);
    let endpoint = both();
    list(&endpoint, &["--page-size", "2"]);
    assert_eq!(bodies(&endpoint), [r#"{"maxResults":2}"#, r#"{"maxResults":2,"nextToken":"t1"}"#]);
}

#[test]
fn one_page_is_got_on_request() {
    for extra in [&["--no-paginate"][..], &["--max-results", "2"], &["--cli-input-json", r#"{"maxResults": 2}"#]] {
        let endpoint = both();
        assert_eq!(
            list(&endpoint, &[extra, &["--query", "[length(activities), nextToken]", "--output", "text"]].concat()),
            "2\tt1\n"
        );
        assert_eq!(endpoint.seen().len(), 1, "{extra:?}");
    }
}

#[test]
fn one_can_go_on_where_max_items_stopped() {
    let endpoint = both();
    let out =
        list(&endpoint, &["--max-items", "1", "--query", "[activities[].name, [NextToken]][]", "--output", "text"]);
    // For text, the query is asked of each page and of the token.
    let lines: Vec<&str> = out.lines().collect();
    assert_eq!(lines.len(), 2, "{out}");
    let endpoint = both();
    let json = list(&endpoint, &["--max-items", "1"]);
    let token = "eyJuZXh0VG9rZW4iOiBudWxsLCAiYm90b190cnVuY2F0ZV9hbW91bnQiOiAxfQ==";
    assert!(json.contains(&format!("    ],\n    \"NextToken\": \"{token}\"\n}}\n")), "{json}");
    let endpoint = both();
    let rest = list(&endpoint, &["--starting-token", token, "--query", "activities[].name | join(',', @)"]);
    assert_eq!(rest, "\"y,z\"\n");
}

#[test]
fn text_and_yaml_streams_come_page_by_page() {
    let endpoint = both();
    let time = "1970-01-01T00:00:00+00:00";
    assert_eq!(
        list(&endpoint, &["--output", "text", "--max-items", "2"]),
        format!("ACTIVITIES\ta\t{time}\tx\nACTIVITIES\tb\t{time}\ty\nNEXTTOKEN\teyJuZXh0VG9rZW4iOiAidDEifQ==\n")
    );
    let endpoint = both();
    let stream = list(&endpoint, &["--output", "yaml-stream", "--query", "activities[].name"]);
    assert_eq!(stream, "- - x\n  - y\n- - z\n");
}
