//! Answers as the AWS CLI shows them: the members of the model in its order, times as ISO 8601 in the local time zone.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::api::{Operation, Shape, Structure};
use crate::value::{Object, Value};

/// The answer of `operation` in the time zone of this computer.
#[must_use]
pub fn answer(operation: Operation, value: &Value) -> Value {
    structure(&operation.description().output, value, &TimeZone::system())
}

fn structure(shape: &Structure, value: &Value, zone: &TimeZone) -> Value {
    let present = |member: &crate::api::Member| {
        let value = value.get(member.name).filter(|value| !value.is_null())?;
        Some((member.name, present(member.shape, value, zone)))
    };
    shape.members.iter().filter_map(present).collect::<Object>().into()
}

fn present(shape: &Shape, value: &Value, zone: &TimeZone) -> Value {
    match (shape, value) {
        (Shape::Timestamp, Value::Number(number)) => {
            iso(number.as_f64(), zone).map_or_else(|| value.clone(), Value::from)
        }
        (Shape::List(list), Value::Array(items)) => {
            items.iter().map(|item| present(list.item, item, zone)).collect::<Vec<_>>().into()
        }
        (Shape::Map(inner), Value::Object(members)) => {
            members.iter().map(|(key, value)| (key.clone(), present(inner, value, zone))).collect::<Object>().into()
        }
        (Shape::Structure(inner), Value::Object(_)) => structure(inner, value, zone),
        _ => value.clone(),
    }
}

/// `2026-11-21T09:41:07.031000+01:00`; without a fraction where there is none.
fn iso(seconds: f64, zone: &TimeZone) -> Option<String> {
    #[expect(clippy::cast_possible_truncation, reason = "a float that is too large becomes the greatest integer")]
    let micros = (seconds * 1e6).round_ties_even() as i64;
    let zoned = Timestamp::from_microsecond(micros).ok()?.to_zoned(zone.clone());
    let fraction = if micros % 1_000_000 == 0 { "" } else { ".%6f" };
    Some(zoned.strftime(&format!("%Y-%m-%dT%H:%M:%S{fraction}%:z")).to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::read;

    /// Compared with Python's `datetime.fromtimestamp(...).isoformat()`.
    #[test]
    fn times() {
        let zone = TimeZone::get("Europe/Berlin").unwrap_or_else(|_| TimeZone::fixed(jiff::tz::offset(1)));
        for (seconds, text) in [
            (1_700_000_000.0, "2023-11-14T23:13:20+01:00"),
            (1_700_000_000.123, "2023-11-14T23:13:20.123000+01:00"),
            (0.5, "1970-01-01T01:00:00.500000+01:00"),
        ] {
            assert_eq!(iso(seconds, &zone).as_deref(), Some(text));
        }
        assert_eq!(iso(1_700_000_000.0, &TimeZone::UTC).as_deref(), Some("2023-11-14T22:13:20+00:00"));
        assert_eq!(iso(f64::MAX, &TimeZone::UTC), None);
        assert_eq!(iso(f64::NAN, &TimeZone::UTC).as_deref(), Some("1970-01-01T00:00:00+00:00"));
    }

    #[test]
    fn answers_have_the_members_of_the_model_in_its_order() {
        let value = read(
            r#"{"nextToken": null, "extra": 1, "executions": [{"name": "n", "startDate": 0, "executionArn": "a",
                "status": "RUNNING"}]}"#,
        );
        let shown = structure(&Operation::ListExecutions.description().output, &value.expect("JSON"), &TimeZone::UTC);
        assert_eq!(
            shown.to_json(),
            r#"{"executions":[{"executionArn":"a","name":"n","status":"RUNNING","startDate":"1970-01-01T00:00:00+00:00"}]}"#
        );
    }
}
