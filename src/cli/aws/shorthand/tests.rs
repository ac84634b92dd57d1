//! Compared with the AWS CLI 1.46.

use super::*;
use crate::api::Operation;

fn load(value: &str) -> Result<String, String> {
    value.strip_prefix("file://").map_or_else(|| Ok(value.to_owned()), |name| Ok(format!("<{name}>")))
}

#[track_caller]
fn reads(text: &str, json: &str) {
    assert_eq!(parse(text, &load).map(|value| value.to_json()), Ok(json.to_owned()), "{text}");
}

#[track_caller]
fn fails(text: &str, message: &str) {
    assert_eq!(parse(text, &load).map_err(|error| error.0), Err(message.to_owned()), "{text}");
}

/// Compared with the AWS CLI 1.46.
#[test]
fn shorthand() {
    reads("a=b", r#"{"a":"b"}"#);
    reads("a=", r#"{"a":""}"#);
    reads("a=b,c=d", r#"{"a":"b","c":"d"}"#);
    reads("a=b,c", r#"{"a":["b","c"]}"#);
    reads("a=b,c,d=e", r#"{"a":["b","c"],"d":"e"}"#);
    reads("a=[]", r#"{"a":[]}"#);
    reads("a=[b,c],d={e=f,g=[h]}", r#"{"a":["b","c"],"d":{"e":"f","g":["h"]}}"#);
    reads("a = b , c = d", r#"{"a":"b","c":"d"}"#);
    reads("a='x,y',b=\"q\\\"r\"", r#"{"a":"x,y","b":"q\"r"}"#);
    reads("a=x\\,y", r#"{"a":"x,y"}"#);
    reads("a=x=y", r#"{"a":"x=y"}"#);
    reads("a=b,,c=d", r#"{"a":"b","c":"d"}"#);
    reads("a=b c , d e", r#"{"a":["b c","d e"]}"#);
    reads("a='x\\'", r#"{"a":"x\\"}"#);
    reads("=b", r#"{"":"b"}"#);
    reads("a=[b,[c,{d=e}]]", r#"{"a":["b",["c",{"d":"e"}]]}"#);
    reads("a=\\,x,y\\,z", r#"{"a":[",x","y,z"]}"#);
    reads("a='it\\'s' , b=2", r#"{"a":"it's","b":"2"}"#);
    reads("a=b,'c d',e", r#"{"a":["b","c d","e"]}"#);
    reads("a=[ b , c ]", r#"{"a":["b","c"]}"#);
    reads("a={ b = c , d = e }", r#"{"a":{"b":"c","d":"e"}}"#);
    reads("a=b,c=", r#"{"a":"b","c":""}"#);
    reads("a=x\ny,b", r#"{"a":["x\ny","b"]}"#);
}

#[test]
fn files_of_values() {
    reads("a@=file://x,b=file://y", r#"{"a":"<x>","b":"file://y"}"#);
}

#[test]
fn faults_have_a_place() {
    fails("foo", "Expected: '=', received: 'EOF' for input:\nfoo\n   ^");
    fails("a=[b", "Expected: ',', received: 'EOF' for input:\na=[b\n    ^");
    fails("a={\"b\"=1}", "Expected: '=', received: '\"' for input:\na={\"b\"=1}\n   ^");
    fails("a='x", "Expected: '<singled quoted>', received: '<none>' for input:\na='x\n  ^");
    fails("a=[b]c", "Expected: ',', received: 'c' for input:\na=[b]c\n     ^");
    fails("a=b,", "Expected: '<second>', received: '<none>' for input:\na=b,\n    ^");
    fails("a=ä]b", "Expected: ',', received: ']' for input:\na=ä]b\n   ^");
    fails("a={b=c,d", "Expected: '=', received: 'EOF' for input:\na={b=c,d\n        ^");
    fails(&format!("a={}", "[".repeat(100_000)), "More than 100 levels of lists and objects");
    fails(
        "key=a,key=b",
        "Second instance of key \"key\" encountered for input:\nkey=a,key=b\n      ^\nThis is often because there \
         is a preceding \",\" instead of a space.",
    );
}

#[test]
fn values_become_what_the_parameter_is() {
    let shape = |operation: Operation, member: &str| {
        operation.description().input.member(member).map(|member| member.shape).expect("a member")
    };
    let routing = shape(Operation::CreateStateMachineAlias, "routingConfiguration");
    let parsed = parse("stateMachineVersionArn=x,weight=50", &load).expect("shorthand");
    let fitted = fit(vec![parsed].into(), routing).expect("it fits");
    assert_eq!(fitted.to_json(), r#"[{"stateMachineVersionArn":"x","weight":50}]"#);
    let logging = shape(Operation::CreateStateMachine, "loggingConfiguration");
    let parsed =
        parse("level=ALL,includeExecutionData=TRUE,destinations={cloudWatchLogsLogGroup={logGroupArn=a}}", &load);
    let fitted = fit(parsed.expect("shorthand"), logging).expect("it fits");
    assert_eq!(
        fitted.to_json(),
        r#"{"level":"ALL","includeExecutionData":true,"destinations":[{"cloudWatchLogsLogGroup":{"logGroupArn":"a"}}]}"#
    );
    assert_eq!(
        fit_scalar("abc", shape(Operation::ListActivities, "maxResults")),
        Err("invalid literal for int() with base 10: 'abc'".to_owned())
    );
}

proptest::proptest! {
    #[test]
    fn any_text_is_read_or_refused(text in "[a-c=,@{}'\"\\\\ ä\\[\\]]{0,40}") {
        let _ = parse(&text, &load);
    }
}
