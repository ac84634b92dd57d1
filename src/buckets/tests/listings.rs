//! Listings, what lies below a prefix, and manifests.

use super::*;

fn list(bucket: &Bucket, arguments: &str, config: &str) -> ReadItems {
    bucket.read("listObjectsV2", arguments, config).expect("items")
}

fn keys(read: &ReadItems) -> Vec<&str> {
    read.items.iter().filter_map(|item| item.get("Key")?.as_str()).collect()
}

#[test]
fn a_listing_knows_what_s3_knows() {
    let bucket = Bucket::with(&[("b/hello.txt", b"hello"), ("a.txt", b"")]);
    let read = list(&bucket, r#"{"Bucket":"data"}"#, "{}");
    assert_eq!(&*read.source, "S3://data");
    assert_eq!(&**read.source_of(1), "S3://data");
    let item = &read.items[1];
    let members: Vec<_> = item.as_object().expect("an object").keys().map(|key| &**key).collect();
    assert_eq!(members, ["Etag", "LastModified", "Key", "Size", "StorageClass"]);
    assert_eq!(item.get("Etag").and_then(Value::as_str), Some("\"5d41402abc4b2a76b9719d911017c592\""));
    assert_eq!(item.get("Size"), Some(&Value::from(5)));
    assert_eq!(item.get("StorageClass").and_then(Value::as_str), Some("STANDARD"));
    let modified = std::fs::metadata(bucket.dir.path().join("b/hello.txt")).expect("there").modified().expect("a time");
    let seconds = modified.duration_since(std::time::UNIX_EPOCH).expect("after 1970").as_secs();
    assert_eq!(
        item.get("LastModified").and_then(Value::as_number).and_then(value::Number::as_i64),
        i64::try_from(seconds).ok()
    );
}

#[test]
fn keys_are_in_the_order_of_their_bytes() {
    let names = ["a/b", "a-b", "a.b", "a0", "B", "z", "é", "a/", "日本"];
    let files: Vec<(&str, &[u8])> =
        names.iter().filter(|name| !name.ends_with('/')).map(|name| (*name, &b""[..])).collect();
    let bucket = Bucket::with(&files);
    let read = list(&bucket, r#"{"Bucket":"data"}"#, "{}");
    assert_eq!(keys(&read), ["B", "a-b", "a.b", "a/b", "a0", "z", "é", "日本"]);
}

#[test]
fn a_prefix_is_a_beginning_of_the_key() {
    let bucket = Bucket::with(&[("in/a", b""), ("in/b/c", b""), ("input", b""), ("out/a", b""), ("日/x", b"")]);
    for (prefix, expected) in [
        ("", vec!["in/a", "in/b/c", "input", "out/a", "日/x"]),
        ("in", vec!["in/a", "in/b/c", "input"]),
        ("in/", vec!["in/a", "in/b/c"]),
        ("in/b", vec!["in/b/c"]),
        ("in/b/", vec!["in/b/c"]),
        ("in/a", vec!["in/a"]),
        ("日", vec!["日/x"]),
        ("missing/", vec![]),
        ("/in", vec![]),
        ("../", vec![]),
        ("in/../out/", vec![]),
        ("in/a/", vec![]),
    ] {
        let arguments = format!(r#"{{"Bucket":"data","Prefix":"{prefix}"}}"#);
        assert_eq!(keys(&list(&bucket, &arguments, "{}")), expected, "{prefix}");
    }
    assert_eq!(keys(&list(&bucket, r#"{"Bucket":"data"}"#, r#"{"MaxItems":2}"#)), ["in/a", "in/b/c"]);
}

#[test]
fn large_objects_have_the_tag_of_parts() {
    let bucket = Bucket::with(&[("large", &vec![0; (8 << 20) + 1])]);
    let read = list(&bucket, r#"{"Bucket":"data"}"#, "{}");
    let tag = read.items[0].get("Etag").and_then(Value::as_str).expect("a tag");
    assert!(tag.ends_with("-2\"") && tag.len() == 36, "{tag}");
}

#[test]
fn the_items_of_all_objects_below_a_prefix() {
    let bucket = Bucket::with(&[
        ("in/2.csv", b"a\n3\n"),
        ("in/1.csv", b"a\n1\n2\n"),
        ("in/empty.csv", b""),
        ("json/1", b"[1,2]"),
        ("json/2", b"[3]"),
        ("other", b"x"),
    ]);
    let config = r#"{"InputType":"CSV","Transformation":"LOAD_AND_FLATTEN"}"#;
    let read = list(&bucket, r#"{"Bucket":"data","Prefix":"in/"}"#, config);
    assert_eq!(Value::from(read.items.clone()).to_json(), r#"[{"a":"1"},{"a":"2"},{"a":"3"}]"#);
    let sources: Vec<_> = (0..3).map(|at| &**read.source_of(at)).collect();
    assert_eq!(sources, ["S3://data/in/1.csv", "S3://data/in/1.csv", "S3://data/in/2.csv"]);
    let config = r#"{"InputType":"JSON","Transformation":"LOAD_AND_FLATTEN","MaxItems":2}"#;
    let read = list(&bucket, r#"{"Bucket":"data","Prefix":"json/"}"#, config);
    assert_eq!(read.items, [Value::from(1), Value::from(2)]);
    for config in
        [r#"{"Transformation":"LOAD_AND_FLATTEN"}"#, r#"{"Transformation":"LOAD_AND_FLATTEN","InputType":"MANIFEST"}"#]
    {
        let failure = bucket.read("listObjectsV2", r#"{"Bucket":"data"}"#, config).expect_err("no format");
        assert!(failure.cause.starts_with("field InputType must be one of CSV, JSON, JSONL, PARQUET when"));
    }
}

const INVENTORY: &str = r#"{
  "sourceBucket": "images", "destinationBucket": "arn:aws:s3:::data", "version": "2016-11-30",
  "creationTimestamp": "1666915200000", "fileFormat": "CSV", "fileSchema": "Bucket, Key, Size",
  "files": [ {"key": "inv/data/1.csv.gz", "size": 10, "MD5checksum": "x"}, {"key": "inv/data/2.csv", "size": 10} ]
}"#;

#[test]
fn the_rows_of_an_inventory() {
    let packed = gzip(b"\"images\",\"a%2Bb.png\",\"12\"\n\"images\",\"c.png\",\"3\"\n");
    let files: [(&str, &[u8]); 3] = [
        ("inv/manifest.json", INVENTORY.as_bytes()),
        ("inv/data/1.csv.gz", &packed),
        ("inv/data/2.csv", b"images,d.png,4"),
    ];
    let bucket = Bucket::with(&files);
    let expected = concat!(
        r#"[{"Bucket":"images","Size":"12","Key":"a%2Bb.png"},{"Bucket":"images","Size":"3","Key":"c.png"},"#,
        r#"{"Bucket":"images","Size":"4","Key":"d.png"}]"#
    );
    for config in [r#"{"ManifestType":"S3_INVENTORY"}"#, r#"{"InputType":"MANIFEST"}"#] {
        let items = bucket.get("inv/manifest.json", config).expect("items");
        assert_eq!(json(&items), json(expected), "{config}");
    }
    let arguments = r#"{"Bucket":"data","Key":"inv/manifest.json"}"#;
    let read = bucket.read("getObject", arguments, r#"{"InputType":"MANIFEST","MaxItems":3}"#).expect("items");
    assert_eq!(&**read.source_of(2), "S3://data/inv/data/2.csv");
}

#[test]
fn manifests_that_are_none() {
    let orc = INVENTORY.replace("\"CSV\"", "\"ORC\"");
    let elsewhere = INVENTORY.replace(":::data", ":::elsewhere");
    for (manifest, cause) in [
        (
            "{",
            "The manifest is not valid: the text ends inside an object, which starts at byte 0; it seems to be cut off.",
        ),
        ("{}", "The manifest is not valid: fileFormat is missing."),
        (r#"{"fileFormat":"CSV"}"#, "The manifest is not valid: fileSchema is missing."),
        (&orc, "The inventory must be in CSV, but its fileFormat is ORC."),
        (&elsewhere, "The specified bucket does not exist (Service: S3, Status Code: 404)"),
        (INVENTORY, "The specified key does not exist. (Service: S3, Status Code: 404)"),
        (
            &INVENTORY.replace("inv/data/1.csv.gz", "../x"),
            "The specified key is not valid. (Service: S3, Status Code: 400, Key: ../x)",
        ),
    ] {
        let bucket = Bucket::with(&[("m", manifest.as_bytes())]);
        assert_eq!(bucket.get("m", r#"{"ManifestType":"S3_INVENTORY"}"#), Err(cause.to_owned()), "{manifest}");
    }
}

#[test]
fn the_objects_of_a_query() {
    let packed = gzip(b"1,2\n");
    let files: [(&str, &[u8]); 4] = [
        ("q-manifest.csv", b"s3://data/out/1.gz\n\"s3://data/out/2,b\"\n"),
        ("out/1.gz", &packed),
        ("out/2,b", b"3,4\n"),
        ("bad.csv", b"https://data/x\n"),
    ];
    let bucket = Bucket::with(&files);
    let config =
        r#"{"ManifestType":"ATHENA_DATA","InputType":"CSV","CSVHeaderLocation":"GIVEN","CSVHeaders":["a","b"]}"#;
    let read = bucket.read("getObject", r#"{"Bucket":"data","Key":"q-manifest.csv"}"#, config).expect("items");
    assert_eq!(Value::from(read.items.clone()).to_json(), r#"[{"a":"1","b":"2"},{"a":"3","b":"4"}]"#);
    assert_eq!(&**read.source_of(1), "S3://data/out/2,b");
    let cause = "The manifest is not valid: https://data/x is no URI of an S3 object.";
    assert_eq!(bucket.get("bad.csv", config), Err(cause.to_owned()));
    let cause = "field InputType must be one of CSV, JSONL, PARQUET for ATHENA_DATA";
    assert_eq!(bucket.get("q-manifest.csv", r#"{"ManifestType":"ATHENA_DATA"}"#), Err(cause.to_owned()));
}
