//! Points in time as the States Language writes them.

/// Milliseconds since 1970-01-01T00:00:00Z.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Timestamp(pub i64);

const DAY: i64 = 86_400_000;

impl Timestamp {
    /// Reads an RFC 3339 time as AWS does (recorded): upper-case `T`, seconds, any fraction, `Z` or `±hh:mm`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let bytes = text.as_bytes();
        let number = |from: usize, len: usize| -> Option<i64> {
            let digits = bytes.get(from..from + len)?;
            digits.iter().all(u8::is_ascii_digit).then(|| digits.iter().fold(0, |n, d| n * 10 + i64::from(d - b'0')))
        };
        let is = |at: usize, byte: u8| bytes.get(at) == Some(&byte);
        if !(is(4, b'-') && is(7, b'-') && is(10, b'T') && is(13, b':') && is(16, b':')) {
            return None;
        }
        let (year, month, day) = (number(0, 4)?, number(5, 2)?, number(8, 2)?);
        let (hour, minute, second) = (number(11, 2)?, number(14, 2)?, number(17, 2)?);
        if !(1..=12).contains(&month) || day < 1 || day > days_in_month(year, month) {
            return None;
        }
        if hour > 23 || minute > 59 || second > 59 {
            return None;
        }
        let (millis, zone) = fraction(&bytes[19..])?;
        let days = days_from_civil(year, month, day);
        let seconds = hour * 3600 + minute * 60 + second - zone_seconds(zone)?;
        Some(Self(days * DAY + seconds * 1000 + millis))
    }

    /// ISO 8601 in UTC with milliseconds, as in the context object: `2026-11-21T09:41:07.031Z`.
    #[must_use]
    pub fn to_iso(self) -> String {
        let (year, month, day) = civil_from_days(self.0.div_euclid(DAY));
        let rest = self.0.rem_euclid(DAY);
        let (seconds, millis) = (rest / 1000, rest % 1000);
        let (hour, minute, second) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
        // AWS drops the trailing zeros of the fraction.
        let fraction = if millis == 0 { String::new() } else { format!(".{millis:03}") };
        let fraction = fraction.trim_end_matches('0');
        format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}{fraction}Z")
    }

    /// This moment `millis` later; stays at the ends of the range.
    #[must_use]
    pub fn plus_millis(self, millis: i64) -> Self {
        Self(self.0.saturating_add(millis))
    }

    /// Milliseconds from `earlier` to this moment.
    #[must_use]
    pub fn since(self, earlier: Self) -> i64 {
        self.0.saturating_sub(earlier.0)
    }
}

/// Milliseconds of a leading fraction and what follows it.
fn fraction(rest: &[u8]) -> Option<(i64, &[u8])> {
    if rest.first() != Some(&b'.') {
        return Some((0, rest));
    }
    let len = rest[1..].iter().take_while(|b| b.is_ascii_digit()).count();
    let digit = |at: usize| rest[1..=len].get(at).map_or(0, |d| i64::from(d - b'0'));
    (len > 0).then(|| (digit(0) * 100 + digit(1) * 10 + digit(2), &rest[1 + len..]))
}

fn zone_seconds(zone: &[u8]) -> Option<i64> {
    let digit = |at: usize| zone[at].is_ascii_digit().then(|| i64::from(zone[at] - b'0'));
    match zone {
        b"Z" => Some(0),
        [sign @ (b'+' | b'-'), _, _, b':', _, _] => {
            let hours = digit(1)? * 10 + digit(2)?;
            let minutes = digit(4)? * 10 + digit(5)?;
            let seconds = hours * 3600 + minutes * 60;
            (hours <= 23 && minutes <= 59).then_some(if *sign == b'-' { -seconds } else { seconds })
        }
        _ => None,
    }
}

fn days_in_month(year: i64, month: i64) -> i64 {
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    match month {
        2 => 28 + i64::from(leap),
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// Days since 1970-01-01 of a date in the proleptic Gregorian calendar.
fn days_from_civil(year: i64, month: i64, day: i64) -> i64 {
    // Years are taken to begin in March, so that the leap day is the last of its year.
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    era * 146_097 + day_of_era - 719_468
}

fn civil_from_days(days: i64) -> (i64, i64, i64) {
    let days = days + 719_468;
    let era = days.div_euclid(146_097);
    let day_of_era = days.rem_euclid(146_097);
    let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * shifted + 2) / 5 + 1;
    let month = if shifted < 10 { shifted + 3 } else { shifted - 9 };
    (year_of_era + era * 400 + i64::from(month <= 2), month, day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_aws_takes_for_a_timestamp() {
        for (text, millis) in [
            ("1970-01-01T00:00:00Z", 0),
            ("2012-10-09T19:00:55Z", 1_349_809_255_000),
            ("2012-10-09T20:00:55+01:00", 1_349_809_255_000),
            ("2012-10-09T19:00:55.5Z", 1_349_809_255_500),
            ("2012-10-09T19:00:55.123456789Z", 1_349_809_255_123),
            ("1969-12-31T23:59:59.999Z", -1),
            ("2024-02-29T00:00:00Z", 1_709_164_800_000),
        ] {
            assert_eq!(Timestamp::parse(text), Some(Timestamp(millis)), "{text}");
        }
    }

    #[test]
    fn refuses_the_rest() {
        for text in [
            "",
            "2012-10-09T19:00:55",
            "2023-02-24",
            "2012-10-09t19:00:55Z",
            "2012-10-09T19:00:55z",
            "2016-13-05T21:29:29Z",
            "2023-02-29T00:00:00Z",
            "2012-10-09T19:00Z",
            "2012-10-09T19:00:55.Z",
            "2012-10-09T19:00:55+0100",
            "ä012-10-09T19:00:55Z",
        ] {
            assert_eq!(Timestamp::parse(text), None, "{text}");
        }
    }

    #[test]
    fn prints_what_it_reads() {
        for text in
            ["1970-01-01T00:00:00Z", "2024-02-29T23:59:59.031Z", "2026-11-21T09:41:07.5Z", "1900-03-01T00:00:00Z"]
        {
            assert_eq!(Timestamp::parse(text).map(Timestamp::to_iso).as_deref(), Some(text));
        }
    }
}
