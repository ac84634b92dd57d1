//! Result files, and the result of a Map that writes none.

use super::*;

fn child(name: &str, status: ChildStatus, output: Option<&str>) -> ChildResult {
    let has_failed = matches!(status, ChildStatus::Failed | ChildStatus::TimedOut | ChildStatus::Aborted);
    let is_started = status != ChildStatus::Pending;
    ChildResult {
        execution_arn: is_started.then(|| format!("arn:execution:m/label:{name}").into()),
        name: is_started.then(|| name.into()),
        machine_arn: "arn:stateMachine:m/label".into(),
        input: json(r#"{"n":1}"#),
        output: output.map(json),
        error: has_failed.then(|| "E".into()),
        cause: has_failed.then(|| "because".into()),
        status,
        start: is_started.then_some(value::Timestamp(0)),
        stop: is_started.then_some(value::Timestamp(1500)),
        redrive: Redrive::never(status),
    }
}

fn children() -> Vec<ChildResult> {
    vec![
        child("a", ChildStatus::Succeeded, Some(r#"[1,{"x":2}]"#)),
        child("b", ChildStatus::Failed, None),
        child("c", ChildStatus::Succeeded, Some("3")),
        child("d", ChildStatus::Pending, None),
        child("e", ChildStatus::TimedOut, None),
    ]
}

const SUCCEEDED: &str = concat!(
    r#"{"ExecutionArn":"arn:execution:m/label:c","Input":"{\"n\":1}","InputDetails":{"Included":true},"Name":"c","#,
    r#""Output":"3","OutputDetails":{"Included":true},"RedriveCount":0,"RedriveStatus":"NOT_REDRIVABLE","#,
    r#""RedriveStatusReason":"Execution is SUCCEEDED and cannot be redriven","StartDate":"1970-01-01T00:00:00Z","#,
    r#""StateMachineArn":"arn:stateMachine:m/label","Status":"SUCCEEDED","StopDate":"1970-01-01T00:00:01.5Z"}"#
);
const FAILED: &str = concat!(
    r#"{"Cause":"because","Error":"E","ExecutionArn":"arn:execution:m/label:b","Input":"{\"n\":1}","#,
    r#""InputDetails":{"Included":true},"Name":"b","RedriveCount":0,"RedriveStatus":"REDRIVABLE","#,
    r#""StartDate":"1970-01-01T00:00:00Z","StateMachineArn":"arn:stateMachine:m/label","Status":"FAILED","#,
    r#""StopDate":"1970-01-01T00:00:01.5Z"}"#
);
const PENDING: &str = concat!(
    r#"{"Input":"{\"n\":1}","InputDetails":{"Included":true},"RedriveCount":0,"RedriveStatus":"REDRIVABLE","#,
    r#""StateMachineArn":"arn:stateMachine:m/label","Status":"PENDING"}"#
);

#[test]
fn records_of_executions() {
    let children = children();
    assert_eq!(children[2].record().to_json(), SUCCEEDED);
    assert_eq!(children[1].record().to_json(), FAILED);
    assert_eq!(children[3].record().to_json(), PENDING);
}

#[test]
fn the_result_without_files() {
    let children = children();
    let shaped = |count: usize, transformation, kind| shape(&children[..count], transformation, kind);
    let array = shaped(3, ResultTransformation::Compact, OutputType::Json);
    assert_eq!(array.to_json(), format!(r#"[[1,{{"x":2}}],{FAILED},3]"#));
    let array = shaped(3, ResultTransformation::Flatten, OutputType::Json);
    assert_eq!(array.to_json(), format!(r#"[1,{{"x":2}},{FAILED},3]"#));
    let array = shaped(3, ResultTransformation::None, OutputType::Json);
    assert_eq!(array.as_array().map(|items| items[2].to_json()), Some(SUCCEEDED.to_owned()));
    let lines = shaped(1, ResultTransformation::Flatten, OutputType::Jsonl);
    assert_eq!(lines, Value::from("1\n{\"x\":2}"));
    assert_eq!(shape(&[], ResultTransformation::None, OutputType::Json).to_json(), "[]");
}

/// Writes into the bucket; the manifest's key and what is in it.
fn write(
    bucket: &Bucket,
    arguments: &str,
    config: &str,
    results: &[ChildResult],
) -> Result<(String, Value), WriteFailure> {
    let written = bucket.buckets.write(&WriteRequest {
        arguments: json(arguments),
        config: WriterConfig::from_value(&json(config))?,
        map_run_arn: "arn:mapRun:m/label:uuid".into(),
        uuid: "uuid".into(),
        results,
    })?;
    assert_eq!(&*written.bucket, "data");
    Ok((written.key.to_string(), json(&content(bucket, &written.key))))
}

fn content(bucket: &Bucket, key: &str) -> String {
    std::fs::read_to_string(bucket.dir.path().join(key)).expect("the file was written")
}

#[test]
fn result_files_and_their_manifest() {
    let bucket = Bucket::with(&[]);
    for prefix in ["jobs/x", "jobs/x/"] {
        let arguments = format!(r#"{{"Bucket":"data","Prefix":"{prefix}"}}"#);
        let (key, manifest) = write(&bucket, &arguments, "null", &children()).expect("written");
        assert_eq!(key, "jobs/x/uuid/manifest.json");
        assert_eq!(manifest.get("DestinationBucket"), Some(&Value::from("data")));
        assert_eq!(manifest.get("MapRunArn"), Some(&Value::from("arn:mapRun:m/label:uuid")));
        for (group, count) in [("FAILED", 2), ("PENDING", 1), ("SUCCEEDED", 2)] {
            let key = format!("jobs/x/uuid/{group}_0.json");
            let content = content(&bucket, &key);
            let expected = format!(r#"[{{"Key":"{key}","Size":{}}}]"#, content.len());
            assert_eq!(
                manifest.get("ResultFiles").and_then(|files| files.get(group)).map(Value::to_json),
                Some(expected)
            );
            assert_eq!(json(&content).as_array().map(|records| records.len()), Some(count), "{group}");
        }
        assert_eq!(content(&bucket, "jobs/x/uuid/PENDING_0.json"), format!("[{PENDING}]"));
        let mut files: Vec<_> = std::fs::read_dir(bucket.dir.path().join("jobs/x/uuid")).expect("a folder").collect();
        assert_eq!(files.drain(..).count(), 4, "nothing temporary is left");
    }
}

#[test]
fn the_manifest_of_nothing() {
    let bucket = Bucket::with(&[]);
    let (key, manifest) = write(&bucket, r#"{"Bucket":"data"}"#, "null", &[]).expect("written");
    assert_eq!(key, "uuid/manifest.json");
    assert_eq!(
        manifest.get("ResultFiles").map(Value::to_json),
        Some(r#"{"FAILED":[],"PENDING":[],"SUCCEEDED":[]}"#.to_owned())
    );
}

#[test]
fn transformed_result_files() {
    let bucket = Bucket::with(&[]);
    for (config, expected) in [
        (r#"{"Transformation":"COMPACT"}"#, "[[1,{\"x\":2}],3]"),
        (r#"{"Transformation":"FLATTEN","OutputType":"JSON"}"#, "[1,{\"x\":2},3]"),
        (r#"{"Transformation":"COMPACT","OutputType":"JSONL"}"#, "[1,{\"x\":2}]\n3\n"),
        (r#"{"Transformation":"FLATTEN","OutputType":"JSONL"}"#, "1\n{\"x\":2}\n3\n"),
    ] {
        write(&bucket, r#"{"Bucket":"data","Prefix":"p"}"#, config, &children()).expect("written");
        assert_eq!(content(&bucket, "p/uuid/SUCCEEDED_0.json"), expected, "{config}");
        assert!(content(&bucket, "p/uuid/FAILED_0.json").contains(FAILED), "{config}");
    }
    let failure = write(&bucket, "{}", r#"{"OutputType":"CSV"}"#, &[]).expect_err("no such type");
    assert_eq!(failure.cause, "field OutputType must be one of JSON, JSONL");
}

#[test]
fn full_files_are_followed_by_others() {
    let mut bucket = Bucket::with(&[]);
    let limits = Limits { result_file: 20, ..Limits::default() };
    bucket.buckets = bucket.buckets.clone().with_limits(limits);
    let results: Vec<_> = (0..7).map(|n| child("x", ChildStatus::Succeeded, Some(&format!("\"{n}234\"")))).collect();
    let config = r#"{"Transformation":"COMPACT"}"#;
    let (_, manifest) = write(&bucket, r#"{"Bucket":"data"}"#, config, &results).expect("written");
    let files =
        manifest.get("ResultFiles").and_then(|files| files.get("SUCCEEDED")).and_then(Value::as_array).expect("files");
    assert_eq!(files.len(), 4);
    let mut read = Vec::new();
    for (at, file) in files.iter().enumerate() {
        let key = format!("uuid/SUCCEEDED_{at}.json");
        let text = content(&bucket, &key);
        assert_eq!(file.to_json(), format!(r#"{{"Key":"{key}","Size":{}}}"#, text.len()));
        assert!(text.len() <= 20);
        read.extend(json(&text).as_array().expect("an array").iter().cloned());
    }
    assert_eq!(Value::from(read), shape(&results, ResultTransformation::Compact, OutputType::Json));
}

#[test]
fn results_that_cannot_be_written() {
    let bucket = Bucket::with(&[("file", b"x")]);
    let failure = |arguments: &str| write(&bucket, arguments, "null", &[]).expect_err("refused");
    assert_eq!(failure("{}").cause, "field Bucket must be given in the arguments of the ResultWriter");
    let missing = failure(r#"{"Bucket":"orders"}"#);
    assert_eq!(missing.cause, "The specified bucket does not exist (Service: S3, Status Code: 404)");
    assert!(missing.hint.is_some_and(|hint| hint.ends_with("give one with --s3 orders=DIR")));
    for prefix in ["..", "../x", "/x", "a/../../x", "a//b", "a\\u0000"] {
        let failure = failure(&format!(r#"{{"Bucket":"data","Prefix":"{prefix}"}}"#));
        assert!(failure.cause.starts_with("The specified key is not valid."), "{prefix}: {failure}");
    }
    // A file where a folder must be.
    let failure = failure(r#"{"Bucket":"data","Prefix":"file"}"#);
    assert!(failure.hint.is_some_and(|hint| hint.starts_with("writing ")), "{}", failure.cause);
    assert_eq!(content(&bucket, "file"), "x");
}

#[cfg(unix)]
#[test]
fn nothing_is_written_through_links() {
    use std::os::unix::fs::symlink;
    let outer = TempDir::new().expect("a folder");
    put(outer.path(), "kept", b"x");
    let bucket = Bucket::with(&[("p/uuid/old", b"")]);
    symlink(outer.path(), bucket.dir.path().join("out")).expect("a link");
    let failure = write(&bucket, r#"{"Bucket":"data","Prefix":"out/deep"}"#, "null", &[]).expect_err("refused");
    assert!(failure.cause.starts_with("The specified key is not valid."), "{failure}");
    assert_eq!(std::fs::read_dir(outer.path()).expect("a folder").count(), 1, "nothing was made outside");
    // A link in the place of a file is replaced.
    symlink(outer.path().join("kept"), bucket.dir.path().join("p/uuid/manifest.json")).expect("a link");
    write(&bucket, r#"{"Bucket":"data","Prefix":"p"}"#, "null", &[]).expect("written");
    assert_eq!(std::fs::read_to_string(outer.path().join("kept")).expect("there"), "x");
}

#[test]
fn what_is_written_can_be_read() {
    let bucket = Bucket::with(&[]);
    write(&bucket, r#"{"Bucket":"data","Prefix":"p"}"#, r#"{"OutputType":"JSONL"}"#, &children()).expect("written");
    let read = bucket.get("p/uuid/SUCCEEDED_0.json", r#"{"InputType":"JSONL","MaxItems":2}"#).expect("items");
    assert_eq!(json(&read).as_array().map(|items| items[1].to_json()), Some(SUCCEEDED.to_owned()));
}
