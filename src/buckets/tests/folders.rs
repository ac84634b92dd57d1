//! Names, folders, and keys that must not lead out of them.

use super::*;

#[test]
fn bucket_and_folder_of_an_option() {
    let parsed = |text| Buckets::parse(text).map(|(name, dir)| (name.to_string(), dir.display().to_string()));
    assert_eq!(parsed("orders=./data").expect("both"), ("orders".to_owned(), "./data".to_owned()));
    assert_eq!(parsed("${Bucket}=a=b").expect("both"), ("${Bucket}".to_owned(), "a=b".to_owned()));
    for text in ["", "orders", "=dir", "orders="] {
        let error = Buckets::parse(text).expect_err("not both");
        assert_eq!(error.to_string(), format!("`{text}` is not of the form BUCKET=DIR, as in orders=./data/orders"));
    }
}

#[test]
fn folders_that_cannot_be_buckets() {
    let mut bucket = Bucket::with(&[("file", b"")]);
    let mut error = |name: &str, dir: &Path| bucket.buckets.add(name, dir).expect_err("no bucket").to_string();
    let dir = bucket.dir.path();
    assert!(error("data", dir).starts_with("the bucket `data` is given twice: "));
    assert!(error("a/b", dir).starts_with("`a/b` is no name of a bucket"));
    assert!(error("", dir).starts_with("`` is no name of a bucket"));
    assert!(error("other", &dir.join("missing")).contains("for the bucket `other` cannot be opened: "));
    assert!(error("other", &dir.join("file")).ends_with("file for the bucket `other` is no folder"));
    assert_eq!(bucket.buckets.iter().map(|(name, _)| &**name).collect::<Vec<_>>(), ["data"]);
}

#[test]
fn a_bucket_that_was_not_given_is_an_error_with_a_hint() {
    let bucket = Bucket::with(&[]);
    for resource in ["getObject", "listObjectsV2"] {
        let failure = bucket.read(resource, r#"{"Bucket":"orders","Key":"x"}"#, r#"{"InputType":"JSON"}"#);
        let failure = failure.expect_err("no such bucket");
        assert_eq!(failure.cause, "The specified bucket does not exist (Service: S3, Status Code: 404)");
        let hint = "no folder stands for the bucket `orders` (given: data); give one with --s3 orders=DIR";
        assert_eq!(failure.hint.as_deref(), Some(hint));
    }
}

#[test]
fn a_missing_object_is_an_error_with_the_place() {
    let bucket = Bucket::with(&[("folder/file.json", b"[]")]);
    for key in ["missing.json", "folder", "folder/file.json/x"] {
        let arguments = format!(r#"{{"Bucket":"data","Key":"{key}"}}"#);
        let failure = bucket.read("getObject", &arguments, r#"{"InputType":"JSON"}"#).expect_err("no such key");
        assert_eq!(failure.cause, "The specified key does not exist. (Service: S3, Status Code: 404)", "{key}");
        let place = format!("looked for {}", bucket.dir.path().join(key).display());
        assert!(failure.hint.as_ref().is_some_and(|hint| hint.starts_with(&place)), "{failure}");
    }
    for (arguments, cause) in [
        ("{}", "field Bucket must be given in the arguments of the ItemReader"),
        (r#"{"Bucket":"data"}"#, "field Key must be given in the arguments of the ItemReader"),
        (r#"{"Bucket":1}"#, "field Bucket must be a string"),
        ("null", "field Bucket must be given in the arguments of the ItemReader"),
    ] {
        assert_eq!(bucket.read("getObject", arguments, "null").expect_err("incomplete").cause, cause);
    }
    let failure = bucket.read("putObject", r#"{"Bucket":"data"}"#, "null").expect_err("another action");
    assert!(failure.cause.starts_with("The Resource arn:aws:states:::s3:putObject of an ItemReader must be"));
}

#[test]
fn a_failure_says_in_which_file() {
    let bucket = Bucket::with(&[("x.json", b"{}")]);
    let failure = bucket.read("getObject", r#"{"Bucket":"data","Key":"x.json"}"#, r#"{"InputType":"JSON"}"#);
    let place = format!("reading {}", bucket.dir.path().join("x.json").display());
    assert_eq!(failure.expect_err("no array").hint, Some(place));
}

#[test]
fn keys_do_not_lead_out_of_the_folder() {
    let outer = TempDir::new().expect("a folder");
    put(outer.path(), "secret.json", b"[1]");
    let mut bucket = Bucket { buckets: Buckets::new(), dir: outer };
    std::fs::create_dir(bucket.dir.path().join("inner")).expect("a folder");
    bucket.buckets.add("data", &bucket.dir.path().join("inner")).expect("the folder is there");
    let absolute = bucket.dir.path().join("secret.json").display().to_string();
    for key in ["../secret.json", "a/../../secret.json", &absolute, "./../secret.json", "..", ".", "", "a\0b", "a//b"] {
        let cause = bucket.get(key, r#"{"InputType":"JSON"}"#).expect_err("refused");
        assert!(cause.starts_with("The specified key is not valid."), "{key:?}: {cause}");
    }
}

#[cfg(unix)]
#[test]
fn links_do_not_lead_out_of_the_folder() {
    use std::os::unix::fs::symlink;
    let outer = TempDir::new().expect("a folder");
    put(outer.path(), "secret.json", b"[1]");
    let bucket = Bucket::with(&[("real.json", b"[2]")]);
    let at = |name: &str| bucket.dir.path().join(name);
    symlink(outer.path().join("secret.json"), at("file.json")).expect("a link");
    symlink(outer.path(), at("folder")).expect("a link");
    symlink(at("real.json"), at("inside.json")).expect("a link");
    symlink("loop", at("loop")).expect("a link");
    let get = |key| bucket.get(key, r#"{"InputType":"JSON"}"#);
    for key in ["file.json", "folder/secret.json"] {
        assert!(get(key).expect_err("refused").starts_with("The specified key is not valid."), "{key}");
    }
    assert_eq!(get("inside.json"), Ok("[2]".to_owned()));
    assert!(get("loop").is_err());
    let listed = bucket.read("listObjectsV2", r#"{"Bucket":"data"}"#, "null").expect("a listing");
    let keys: Vec<_> = listed.items.iter().filter_map(|item| item.get("Key")?.as_str()).collect();
    assert_eq!(keys, ["inside.json", "real.json"]);
    // Also where the prefix itself leads through a link.
    let listed = bucket.read("listObjectsV2", r#"{"Bucket":"data","Prefix":"folder/"}"#, "null").expect("a listing");
    assert_eq!(listed.items, Vec::<Value>::new());
}
