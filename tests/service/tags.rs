//! Tags.

use asldb::value::{self, Value};

use crate::support::{PREFIX, object, text, told, with_service};

fn tags(resource: &str, tags: &[(&str, &str)]) -> String {
    let tag = |(key, value): &(&str, &str)| {
        value::read(&object(&[("key", (*key).into()), ("value", (*value).into())])).expect("JSON")
    };
    object(&[("resourceArn", resource.into()), ("tags", tags.iter().map(tag).collect::<Vec<Value>>().into())])
}

#[test]
fn tags_are_put_on_and_taken_off() {
    with_service(|f| async move {
        let machine = f.machine("m", "STANDARD", "A: {Type: Succeed}").await;
        let activity = text(&f.ok("CreateActivity", r#"{"name":"a"}"#).await, "activityArn");
        for resource in [machine.as_str(), &activity] {
            let of = object(&[("resourceArn", resource.into())]);
            f.ok("TagResource", &tags(resource, &[("k1", "v1"), ("k2", "")])).await;
            f.ok("TagResource", &tags(resource, &[("k1", "other")])).await;
            let listed = f.ok("ListTagsForResource", &of).await;
            assert_eq!(listed.to_json(), r#"{"tags":[{"key":"k1","value":"other"},{"key":"k2","value":""}]}"#);
            let untag = object(&[("resourceArn", resource.into()), ("tagKeys", vec!["k1".into(), "x".into()].into())]);
            f.ok("UntagResource", &untag).await;
            assert_eq!(f.ok("ListTagsForResource", &of).await.to_json(), r#"{"tags":[{"key":"k2","value":""}]}"#);
        }
        let many: Vec<(String, String)> = (0..50).map(|n| (format!("n{n}"), String::new())).collect();
        let many: Vec<(&str, &str)> = many.iter().map(|(key, value)| (&**key, &**value)).collect();
        assert_eq!(f.error("TagResource", &tags(&machine, &many)).await.name, "TooManyTags");
        let version = format!("{PREFIX}:stateMachine:m:1");
        let message = format!("Resource not found: '{version}'");
        assert_eq!(told(&f.error("TagResource", &tags(&version, &[])).await), ("ResourceNotFound", &*message));
    });
}
