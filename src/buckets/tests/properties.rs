//! What holds for any content.

use proptest::prelude::*;

use super::*;

fn config(input_type: InputType) -> ReaderConfig {
    ReaderConfig { input_type: Some(input_type), ..ReaderConfig::default() }
}

/// Bytes that mean something to one of the readers more often than chance has it.
fn content() -> impl Strategy<Value = Vec<u8>> {
    let scrap = prop::sample::select(vec![
        &b"\""[..],
        b"\\",
        b",",
        b"\n",
        b"\r",
        b"{",
        b"}",
        b"[",
        b"]",
        b":",
        b"a",
        b"\xEF\xBB\xBF",
        b"\xFF",
        b"\x1F\x8B",
        b"\x28\xB5\x2F\xFD",
        b"PAR1",
        b"s3://data/x",
        b"\0",
    ]);
    let scraps = prop::collection::vec(scrap, 0..40).prop_map(|scraps| scraps.concat());
    prop_oneof![scraps, prop::collection::vec(any::<u8>(), 0..200)]
}

/// A JSON value, small.
fn any_json() -> impl Strategy<Value = Value> {
    let scalar = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<String>().prop_map(Value::from),
    ];
    scalar.prop_recursive(3, 20, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::vec((any::<String>(), inner), 0..4)
                .prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

proptest! {
    #[test]
    fn any_bytes_are_items_or_a_failure(content in content()) {
        for input_type in [InputType::Csv, InputType::Json, InputType::Jsonl, InputType::Parquet] {
            for content in [content.clone(), gzip(&content)] {
                match items_of(&content, &config(input_type)) {
                    Ok(read) => prop_assert!(read.items.len() <= content.len() * 2 + 1),
                    Err(failure) => prop_assert!(!failure.cause.is_empty()),
                }
            }
        }
        let bucket = Bucket::with(&[("x", &content)]);
        for config in [r#"{"ManifestType":"S3_INVENTORY"}"#, r#"{"ManifestType":"ATHENA_DATA","InputType":"CSV"}"#] {
            drop(bucket.get("x", config));
        }
    }

    #[test]
    fn packed_bytes_that_are_spoilt_are_items_or_a_failure(
        rows in 1..200_usize, at in any::<prop::sample::Index>(), byte in any::<u8>(),
    ) {
        let text = "a,b\n".repeat(rows);
        for mut packed in [gzip(text.as_bytes()), zstd(text.as_bytes())] {
            let at = at.index(packed.len());
            packed[at] = byte;
            drop(items_of(&packed, &config(InputType::Csv)));
        }
    }

    /// Backslashes and carriage returns are what this dialect reads otherwise.
    #[test]
    fn rows_written_by_others_read_back(
        rows in prop::collection::vec(prop::collection::vec("[^\\\\\r\0\u{feff}]{0,6}|[\",\n a]{0,6}", 3), 0..6),
        delimiter in prop::sample::select(vec![',', '|', ';', ' ', '\t']),
    ) {
        let mut writer = ::csv::WriterBuilder::new().delimiter(delimiter as u8).from_writer(Vec::new());
        for row in &rows {
            writer.write_record(row).expect("memory");
        }
        let text = writer.into_inner().expect("memory");
        let names = ["a", "b", "c"];
        let config = ReaderConfig {
            csv_headers: names.map(Arc::from).to_vec(),
            csv_delimiter: Some(delimiter),
            ..config(InputType::Csv)
        };
        let read = items_of(&text, &config).expect("CSV").items;
        let cells: Vec<Vec<String>> = read
            .iter()
            .map(|item| names.iter().map(|name| item.get(name).and_then(Value::as_str).unwrap_or_default().to_owned()).collect())
            .collect();
        prop_assert_eq!(cells, rows);
    }

    #[test]
    fn lines_of_json_read_back(values in prop::collection::vec(any_json(), 0..8), most in 0..10_u64) {
        let text: String = values.iter().map(|value| value.to_json() + "\n").collect();
        let config = ReaderConfig { max_items: Some(most), ..config(InputType::Jsonl) };
        let read = items_of(text.as_bytes(), &config).expect("JSON Lines").items;
        let wanted = if most == 0 { values.len() } else { values.len().min(usize::try_from(most).expect("small")) };
        prop_assert_eq!(&read[..], &values[..wanted]);
        let array = Value::from(values.clone()).to_json();
        let config = ReaderConfig { input_type: Some(InputType::Json), ..config };
        prop_assert_eq!(&items_of(array.as_bytes(), &config).expect("JSON").items[..], &values[..wanted]);
    }

    #[test]
    fn no_key_reads_or_writes_outside(key in "(\\.\\.|\\.|a|/|x|\\\\|\u{0}| ){1,8}") {
        let outer = TempDir::new().expect("a folder");
        put(outer.path(), "x", b"[1]");
        put(outer.path(), "inner/a", b"[2]");
        let mut buckets = Buckets::new();
        buckets.add("data", &outer.path().join("inner")).expect("the folder is there");
        let bucket = Bucket { dir: outer, buckets };
        prop_assert_ne!(bucket.get(&key, r#"{"InputType":"JSON"}"#), Ok("[1]".to_owned()));
        let arguments = [("Bucket", Value::from("data")), ("Prefix", Value::from(key))];
        let request = WriteRequest {
            arguments: Value::Object(arguments.into_iter().collect()),
            config: WriterConfig::default(),
            map_run_arn: "arn".into(),
            uuid: "uuid".into(),
            results: &[],
        };
        drop(bucket.buckets.write(&request));
        prop_assert_eq!(std::fs::read_dir(bucket.dir.path()).expect("a folder").count(), 2);
    }
}
