//! What the items of an object are, by its format.

use super::*;

/// The items of one object with `content`, read with `config`, as JSON text.
fn items(content: impl AsRef<[u8]>, config: &str) -> Result<String, String> {
    Bucket::with(&[("x", content.as_ref())]).get("x", config)
}

macro_rules! gives {
    ($config:expr; $($content:expr => $expected:expr;)*) => {
        $(assert_eq!(items(&$content, $config), Ok($expected.to_owned()), "{:?}", String::from_utf8_lossy($content.as_ref()));)*
    };
}

macro_rules! fails {
    ($config:expr; $($content:expr => $cause:expr;)*) => {
        $(assert_eq!(items(&$content, $config), Err($cause.to_owned()), "{:?}", String::from_utf8_lossy($content.as_ref()));)*
    };
}

#[test]
fn json_is_an_array() {
    gives! { r#"{"InputType":"JSON"}"#;
        "[]" => "[]";
        r#"[1,"a",{"b":[null]}]"# => r#"[1,"a",{"b":[null]}]"#;
        "\u{feff}[1]" => "[1]";
    }
    fails! { r#"{"InputType":"JSON"}"#;
        r#"{"a":1}"# => "Attempting to map over non-iterable node.";
        "1" => "Attempting to map over non-iterable node.";
        "null" => "Attempting to map over non-iterable node.";
        "[1,\n 2,]" => "Unable to parse JSON in line 2, column 3: a comma with nothing after it; remove it.";
        "" => "Unable to parse JSON in line 1, column 1: the text is empty; a JSON value is expected.";
        b"[\"\xFF\"]" => "Unable to read JSON: The byte 0xFF at offset 2 is no UTF-8.";
    }
}

#[test]
fn a_pointer_leads_to_an_array_or_an_object() {
    let document = r#"{"a":{"b":[1,2],"c/d":[3],"e~f":[4],"":[5]},"list":[[6],[7]],"scalar":1}"#;
    for (pointer, expected) in [
        ("/a/b", Ok("[1,2]")),
        ("/a/c~1d", Ok("[3]")),
        ("/a/e~0f", Ok("[4]")),
        ("/a/", Ok("[5]")),
        ("/list/1", Ok("[7]")),
        ("/a", Ok(r#"[{"b":[1,2]},{"c/d":[3]},{"e~f":[4]},{"":[5]}]"#)),
        ("", Err("Attempting to map over non-iterable node.")),
        ("/list/01", Err("Attempting to map over non-iterable node.")),
        ("/list/-", Err("Attempting to map over non-iterable node.")),
        ("/missing", Err("Attempting to map over non-iterable node.")),
        ("/scalar", Err("Attempting to map over non-iterable node.")),
        ("a", Err("field ItemsPointer must be a JSON Pointer, which begins with /")),
    ] {
        let config = format!(r#"{{"InputType":"JSON","ItemsPointer":"{pointer}"}}"#);
        assert_eq!(items(document, &config).as_deref().map_err(String::as_str), expected, "{pointer}");
    }
    let long = format!(r#"{{"InputType":"JSON","ItemsPointer":"/{}"}}"#, "a".repeat(2000));
    assert_eq!(items(document, &long), Err("field ItemsPointer must be shorter than 2000 characters".to_owned()));
}

#[test]
fn entries_of_an_object_know_their_keys() {
    let bucket = Bucket::with(&[("x", br#"{"a":{"k":1,"l":2}}"#)]);
    let config = r#"{"InputType":"JSON","ItemsPointer":"/a"}"#;
    let read = bucket.read("getObject", r#"{"Bucket":"data","Key":"x"}"#, config).expect("items");
    assert_eq!(read.key_of(1).map(|key| &**key), Some("l"));
    assert_eq!(&**read.source_of(1), "S3://data/x");
    let read = items_of(b"[1]", &ReaderConfig::from_value(&json(r#"{"InputType":"JSON"}"#)).expect("a config"));
    assert_eq!(read.expect("items").key_of(0), None);
}

#[test]
fn json_lines() {
    gives! { r#"{"InputType":"JSONL"}"#;
        "" => "[]";
        "{\"a\":1}\n[2]\n\"x\"" => r#"[{"a":1},[2],"x"]"#;
        "1\r\n\r\n2\r\n" => "[1,2]";
        "\u{feff}1\n2\n" => "[1,2]";
        "\n  \n1" => "[1]";
    }
    fails! { r#"{"InputType":"JSONL"}"#;
        "1\n{\n}" => "Unable to parse JSON in line 2: the text ends inside an object, which starts at byte 0; it seems to be cut off.";
        "1\n1 2" => "Unable to parse JSON in line 2: nothing may follow the value, found `2`.";
        b"1\n\"\xFF\"" => "Unable to read line 2: The text is not in UTF-8.";
    }
}

#[test]
fn csv_with_its_names_in_the_first_row() {
    gives! { r#"{"InputType":"CSV","CSVHeaderLocation":"FIRST_ROW"}"#;
        "" => "[]";
        "a,b" => "[]";
        "a,b\n1,2\n3,4\n" => r#"[{"a":"1","b":"2"},{"a":"3","b":"4"}]"#;
        "a,b\n1\n1,2,3\n" => r#"[{"a":"1","b":""},{"a":"1","b":"2"}]"#;
        "a,\n1,2" => r#"[{"":"2","a":"1"}]"#;
        "\"a\nb\",\"c,\"\"d\"\n\"1,\",\" \"" => r#"[{"c,\"d":" ","a\nb":"1,"}]"#;
        "\u{feff}a\n1" => r#"[{"a":"1"}]"#;
        "\u{feff}\"a\"\n1" => r#"[{"a":"1"}]"#;
        "a\n\nx" => r#"[{"a":""},{"a":"x"}]"#;
    }
    fails! { r#"{"InputType":"CSV","CSVHeaderLocation":"FIRST_ROW"}"#;
        "a,b,a\n1,2,3" => "CSV headers cannot contain duplicates.";
        ",\n" => "CSV headers cannot contain duplicates.";
        "a\n\"1" => "Unterminated quoted field at end of CSV line. Beginning of lost text: [1\n]";
        b"a\nb\n\xFF" => "Unable to read line 3: The text is not in UTF-8.";
        b"\xFF\xFEa\0" => "Unable to read line 1: The text is in UTF-16, not in UTF-8.";
        format!("{}\n1", "a".repeat(10 * 1024 + 1)) => "CSV headers cannot exceed 10 KiB.";
    }
}

#[test]
fn csv_with_given_names() {
    gives! { r#"{"InputType":"CSV","CSVHeaderLocation":"GIVEN","CSVHeaders":["a","b"],"CSVDelimiter":"PIPE"}"#;
        "" => "[]";
        "1|2\n3,|\n" => r#"[{"a":"1","b":"2"},{"a":"3,","b":""}]"#;
        r"1\|2|3" => r#"[{"a":"1|2","b":"3"}]"#;
    }
    for (config, cause) in [
        (
            r#"{"InputType":"CSV","CSVHeaderLocation":"GIVEN"}"#,
            "field CSVHeaders must be given when CSVHeaderLocation is GIVEN",
        ),
        (r#"{"InputType":"CSV","CSVHeaders":["a","a"]}"#, "CSV headers cannot contain duplicates."),
        (r#"{"InputType":"CSV","CSVHeaders":[1]}"#, "field CSVHeaders must be an array of strings"),
        (
            r#"{"InputType":"CSV","CSVDelimiter":","}"#,
            "field CSVDelimiter must be one of COMMA, PIPE, SEMICOLON, SPACE, TAB",
        ),
        (r#"{"InputType":"csv"}"#, "field InputType must be one of CSV, JSON, JSONL, PARQUET, MANIFEST"),
        ("{}", "field InputType must be one of CSV, JSON, JSONL, PARQUET, MANIFEST"),
        (r#"{"InputType":1}"#, "field InputType must be a string"),
    ] {
        assert_eq!(items("1,2", config), Err(cause.to_owned()), "{config}");
    }
}

#[test]
fn rows_share_names_and_equal_texts() {
    let config = ReaderConfig { input_type: Some(InputType::Csv), ..ReaderConfig::default() };
    let read = items_of(b"a,b\nx,1\nx,2\n", &config).expect("items");
    let member = |row: usize, at: usize| {
        read.items[row]
            .as_object()
            .and_then(|row| row.nth(at))
            .map(|(key, value)| (key.clone(), value.clone()))
            .expect("a member")
    };
    assert!(Arc::ptr_eq(&member(0, 0).0, &member(1, 0).0));
    assert!(member(0, 0).1.is_same(&member(1, 0).1));
    assert!(!member(0, 1).1.is_same(&member(1, 1).1));
}

#[test]
fn at_most_max_items() {
    for (most, count) in
        [("0", 3), ("1", 1), ("3", 3), ("4", 3), ("\"2\"", 2), ("100000000", 3), ("100000001", 3), ("2.0", 2)]
    {
        for (input, content) in [("JSON", "[1,2,3]"), ("JSONL", "1\n2\n3\n"), ("CSV", "a\n1\n2\n3")] {
            let config = format!(r#"{{"InputType":"{input}","MaxItems":{most}}}"#);
            let read = items(content, &config).expect("items");
            assert_eq!(json(&read).as_array().map(|items| items.len()), Some(count), "{input} {most}");
        }
    }
    for (most, cause) in [("-1", "field MaxItems must be positive"), ("1.5", "field MaxItems must be an integer")] {
        assert_eq!(items("[]", &format!(r#"{{"MaxItems":{most}}}"#)), Err(cause.to_owned()));
    }
    // What follows is not looked at.
    assert_eq!(items("1\nnothing", r#"{"InputType":"JSONL","MaxItems":1}"#), Ok("[1]".to_owned()));
}

#[test]
fn packed_objects() {
    let config = r#"{"InputType":"CSV"}"#;
    let two = [gzip(b"a\n1\n"), gzip(b"2\n")].concat();
    // Two frames with checksums, as the command `zstd` writes them.
    let real = "28b52ffd0458410000612c620a312c320a35e7cace28b52ffd0458210000332c340aaf867ee4";
    let skipped = [&[0x50, 0x2A, 0x4D, 0x18, 3, 0, 0, 0, 1, 2, 3][..], &zstd(b"a\n1\n"), &zstd(b"2\n")].concat();
    gives! { config;
        gzip(b"a\n1\n") => r#"[{"a":"1"}]"#;
        two => r#"[{"a":"1"},{"a":"2"}]"#;
        zstd(b"a\n1\n") => r#"[{"a":"1"}]"#;
        skipped => r#"[{"a":"1"},{"a":"2"}]"#;
        bytes_of(real) => r#"[{"a":"1","b":"2"},{"a":"3","b":"4"}]"#;
    }
    for packed in [gzip(b"a\n1\n2\n3\n"), zstd(b"a\n1\n2\n3\n")] {
        let cut = items(&packed[..packed.len() - 6], config).expect_err("cut off");
        assert!(cut.starts_with("Unable to read"), "{cut}");
    }
    assert_eq!(items(gzip(b"[1]"), r#"{"InputType":"JSON"}"#), Ok("[1]".to_owned()));
    assert_eq!(items(zstd(b"1\n2"), r#"{"InputType":"JSONL"}"#), Ok("[1,2]".to_owned()));
}

fn bytes_of(hex: &str) -> Vec<u8> {
    (0..hex.len()).step_by(2).map(|at| u8::from_str_radix(&hex[at..at + 2], 16).expect("hexadecimal")).collect()
}

#[test]
fn what_is_larger_than_the_limits_is_refused() {
    let limits = Limits { memory: 100_000, bytes: 50_000, ..Limits::default() };
    let rows = "a,b\n".to_owned() + &",x\n".repeat(1000);
    let wide = "a".repeat(200_000);
    let blank = gzip("\n".repeat(60_000).as_bytes());
    let files: [(&str, &[u8]); 4] =
        [("rows", rows.as_bytes()), ("wide", wide.as_bytes()), ("blank", &blank), ("list", b"[[],[]]")];
    let mut bucket = Bucket::with(&files);
    bucket.buckets = bucket.buckets.with_limits(limits);
    let memory = Err("The items are too large to be held in memory.".to_owned());
    let size = Err("The object is too large to be read.".to_owned());
    assert_eq!(bucket.get("rows", r#"{"InputType":"CSV"}"#), memory);
    assert_eq!(bucket.get("wide", r#"{"InputType":"CSV"}"#), size);
    assert_eq!(bucket.get("wide", r#"{"InputType":"JSON"}"#), size);
    assert_eq!(bucket.get("blank", r#"{"InputType":"JSONL"}"#), size);
    assert_eq!(bucket.get("list", r#"{"InputType":"JSON"}"#), Ok("[[],[]]".to_owned()));
    let few = bucket.get("rows", r#"{"InputType":"CSV","MaxItems":1}"#);
    assert_eq!(few, Ok(r#"[{"a":"","b":"x"}]"#.to_owned()));
}
