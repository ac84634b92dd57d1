//! Parquet files, written here.

use ::parquet::basic::Compression;
use ::parquet::data_type::{
    BoolType, ByteArray, ByteArrayType, DoubleType, FixedLenByteArray, FixedLenByteArrayType, FloatType, Int32Type,
    Int64Type, Int96, Int96Type,
};
use ::parquet::file::properties::WriterProperties;
use ::parquet::file::writer::{SerializedFileWriter, SerializedRowGroupWriter};
use ::parquet::schema::parser::parse_message_type;
use proptest::prelude::*;

use super::*;

type Group<'g> = SerializedRowGroupWriter<'g, Vec<u8>>;

fn file(schema: &str, compression: Compression, write: impl Fn(&mut Group<'_>)) -> Vec<u8> {
    let schema = parse_message_type(schema).expect("a schema");
    let properties = WriterProperties::builder().set_compression(compression).build();
    let mut writer = SerializedFileWriter::new(Vec::new(), Arc::new(schema), Arc::new(properties)).expect("memory");
    let mut group = writer.next_row_group().expect("a row group");
    write(&mut group);
    group.close().expect("memory");
    writer.into_inner().expect("memory")
}

macro_rules! column {
    ($group:expr, $type:ty, $values:expr) => {
        column!($group, $type, $values, None, None)
    };
    ($group:expr, $type:ty, $values:expr, $definitions:expr, $repetitions:expr) => {{
        let mut column = $group.next_column().expect("memory").expect("a column");
        column.typed::<$type>().write_batch($values, $definitions, $repetitions).expect("values");
        column.close().expect("memory");
    }};
}

fn read(content: &[u8]) -> Result<String, String> {
    let config = ReaderConfig { input_type: Some(InputType::Parquet), ..ReaderConfig::default() };
    shown(items_of(content, &config))
}

fn people(compression: Compression) -> Vec<u8> {
    let schema = "message people { required binary name (UTF8); optional int32 age; required boolean here; }";
    file(schema, compression, |group| {
        column!(group, ByteArrayType, &["Ann".into(), "Bö".into()]);
        column!(group, Int32Type, &[30], Some(&[1, 0]), None);
        column!(group, BoolType, &[true, false]);
    })
}

const PEOPLE: &str = r#"[{"name":"Ann","age":30,"here":true},{"name":"Bö","age":null,"here":false}]"#;

#[test]
fn rows_are_objects() {
    for compression in [Compression::UNCOMPRESSED, Compression::SNAPPY, Compression::GZIP(Default::default())] {
        let content = people(compression);
        assert_eq!(read(&content), Ok(PEOPLE.to_owned()), "{compression}");
        assert_eq!(read(&gzip(&content)), Ok(PEOPLE.to_owned()), "{compression}");
    }
}

#[test]
fn through_a_bucket() {
    let bucket = Bucket::with(&[("p/1.parquet", &people(Compression::SNAPPY)), ("m.csv", b"s3://data/p/1.parquet\n")]);
    assert_eq!(bucket.get("p/1.parquet", r#"{"InputType":"PARQUET"}"#), Ok(PEOPLE.to_owned()));
    assert_eq!(bucket.get("m.csv", r#"{"InputType":"PARQUET","ManifestType":"ATHENA_DATA"}"#), Ok(PEOPLE.to_owned()));
    let one = bucket.get("p/1.parquet", r#"{"InputType":"PARQUET","MaxItems":1}"#);
    assert_eq!(one, Ok(r#"[{"name":"Ann","age":30,"here":true}]"#.to_owned()));
    let arguments = r#"{"Bucket":"data","Key":"p/1.parquet","VersionId":"1"}"#;
    let failure = bucket.read("getObject", arguments, r#"{"InputType":"PARQUET"}"#).expect_err("no versions");
    assert_eq!(failure.cause, "field VersionId is not supported for InputType PARQUET");
}

#[test]
fn kinds_of_values() {
    let schema = "message all {
        required int32 small (INT_8); required int64 large (UINT_64); required float f; required double d;
        required int32 day (DATE); required int32 noon (TIME_MILLIS); required int64 time (TIME_MICROS);
        required int64 at (TIMESTAMP_MILLIS); required int64 exact (TIMESTAMP_MICROS); required int96 old;
        required int32 price (DECIMAL(9,2)); required fixed_len_byte_array(5) wide (DECIMAL(11,3));
        required int64 whole (DECIMAL(18,0)); required binary text; required binary bytes; required double none;
    }";
    let content = file(schema, Compression::UNCOMPRESSED, |group| {
        column!(group, Int32Type, &[-7]);
        column!(group, Int64Type, &[-1]);
        column!(group, FloatType, &[0.1]);
        column!(group, DoubleType, &[2.5]);
        column!(group, Int32Type, &[-1]);
        column!(group, Int32Type, &[43_200_500]);
        column!(group, Int64Type, &[1]);
        column!(group, Int64Type, &[1_500]);
        column!(group, Int64Type, &[-1]);
        let mut old = Int96::new();
        old.set_data(0, 0, 2_440_589);
        column!(group, Int96Type, &[old]);
        column!(group, Int32Type, &[-5]);
        column!(
            group,
            FixedLenByteArrayType,
            &[FixedLenByteArray::from(ByteArray::from(vec![0xFF, 0xFF, 0xFF, 0xFE, 0x0C]))]
        );
        column!(group, Int64Type, &[12]);
        column!(group, ByteArrayType, &["text".into()]);
        column!(group, ByteArrayType, &[ByteArray::from(vec![0xFF, 0x00])]);
        column!(group, DoubleType, &[f64::NAN]);
    });
    let expected = concat!(
        r#"[{"small":-7,"large":18446744073709551615,"f":0.1,"d":2.5,"day":"1969-12-31","noon":"12:00:00.5","#,
        r#""time":"00:00:00.000001","at":"1970-01-01T00:00:01.5Z","exact":"1969-12-31T23:59:59.999999Z","#,
        r#""old":"1970-01-02T00:00:00Z","price":-0.05,"wide":-0.5,"whole":12,"text":"text","bytes":"/wA=","none":null}]"#
    );
    assert_eq!(read(&content), Ok(expected.to_owned()));
}

#[test]
fn lists_maps_and_groups() {
    let schema = "message nested {
        required group tags (LIST) { repeated group list { required binary element (UTF8); } }
        required group sizes (MAP) { repeated group key_value { required binary key (UTF8); required int32 value; } }
        required group place { required int32 x; }
    }";
    let content = file(schema, Compression::UNCOMPRESSED, |group| {
        column!(group, ByteArrayType, &["a".into(), "b".into()], Some(&[1, 1]), Some(&[0, 1]));
        column!(group, ByteArrayType, &["k".into()], Some(&[1]), Some(&[0]));
        column!(group, Int32Type, &[5], Some(&[1]), Some(&[0]));
        column!(group, Int32Type, &[9]);
    });
    assert_eq!(read(&content), Ok(r#"[{"tags":["a","b"],"sizes":{"k":5},"place":{"x":9}}]"#.to_owned()));
}

#[test]
fn what_is_no_parquet_or_not_supported() {
    for content in [&b""[..], b"PAR1", b"a,b\n1,2\n"] {
        assert_eq!(read(content), Err("Unable to read Parquet: the file is no Parquet file.".to_owned()));
    }
    let footer = [b"PAR1".as_slice(), &(6_u32 << 20).to_le_bytes(), b"PAR1"].concat();
    assert_eq!(read(&footer), Err("Footers of Parquet files cannot exceed 5 MB.".to_owned()));
    let schema = "message odd { required fixed_len_byte_array(12) span (INTERVAL); }";
    let content = file(schema, Compression::UNCOMPRESSED, |group| {
        column!(group, FixedLenByteArrayType, &[FixedLenByteArray::from(ByteArray::from(vec![0; 12]))]);
    });
    let cause = "Unable to read Parquet: the column span is of the type INTERVAL, which is not supported.";
    assert_eq!(read(&content), Err(cause.to_owned()));
}

proptest! {
    #[test]
    fn spoilt_files_are_items_or_a_failure(at in any::<prop::sample::Index>(), byte in any::<u8>(), snappy in any::<bool>()) {
        let mut content = people(if snappy { Compression::SNAPPY } else { Compression::UNCOMPRESSED });
        let at = at.index(content.len());
        content[at] = byte;
        drop(read(&content));
    }
}
