//! Days, weeks and months as JavaScript's dates and ISO 8601 have them.

use crate::query::jsonata::number::{from_int, truncated};

pub(super) const DAY: f64 = 86_400_000.0;

/// A moment taken apart; months count from 0.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Date {
    pub(super) millis: f64,
    pub(super) year: f64,
    pub(super) month: f64,
    pub(super) day: f64,
}

/// Days since 1970 of a day in the proleptic Gregorian calendar.
fn days_from_civil(year: i64, month: i64, day: i64) -> i64 {
    // Years are taken to begin in March, so that the leap day is the last of its year.
    let year = if month <= 2 { year - 1 } else { year };
    let (era, year_of_era) = (year.div_euclid(400), year.rem_euclid(400));
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    era * 146_097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719_468
}

fn civil_from_days(days: i64) -> (i64, i64, i64) {
    let days = days + 719_468;
    let (era, day_of_era) = (days.div_euclid(146_097), days.rem_euclid(146_097));
    let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted = (5 * day_of_year + 2) / 153;
    let month = if shifted < 10 { shifted + 3 } else { shifted - 9 };
    (year_of_era + era * 400 + i64::from(month <= 2), month, day_of_year - (153 * shifted + 2) / 5 + 1)
}

/// JavaScript's `Date.UTC`: years 0 to 99 are those of the 20th century, whatever overflows carries over.
pub(super) fn utc(year: f64, month: f64, day: f64, time: f64) -> f64 {
    if !(year + month + day + time).is_finite() || year.abs() > 400_000.0 || month.abs() > 1e7 || day.abs() > 1e9 {
        return f64::NAN;
    }
    let (year, month, day) = (truncated(year), truncated(month), truncated(day));
    let year = if (0..100).contains(&year) { year + 1900 } else { year };
    let (year, month) = (year + month.div_euclid(12), month.rem_euclid(12));
    clip(from_int(days_from_civil(year, month + 1, 1) + day - 1) * DAY + time)
}

/// Milliseconds that JavaScript's dates hold; NaN for others.
pub(super) fn clip(millis: f64) -> f64 {
    if millis.abs() <= 8.64e15 { millis.trunc() + 0.0 } else { f64::NAN }
}

/// Date and month of the first day of a year or month.
#[derive(Clone, Copy)]
struct Month {
    year: f64,
    month: f64,
}

impl Month {
    fn following(self) -> Self {
        if self.month == 11.0 {
            Self { year: self.year + 1.0, month: 0.0 }
        } else {
            Self { month: self.month + 1.0, ..self }
        }
    }

    fn previous(self) -> Self {
        if self.month == 0.0 {
            Self { year: self.year - 1.0, month: 11.0 }
        } else {
            Self { month: self.month - 1.0, ..self }
        }
    }

    /// The Monday of the week that has the first Thursday.
    fn first_week(self) -> f64 {
        let first = utc(self.year, self.month, 1.0, 0.0);
        let weekday = weekday(first);
        if weekday > 4.0 { first + (8.0 - weekday) * DAY } else { first - (weekday - 1.0) * DAY }
    }
}

/// 1 for Monday to 7 for Sunday.
fn weekday(millis: f64) -> f64 {
    // 1970 began on a Thursday.
    ((millis / DAY).floor() + 3.0).rem_euclid(7.0) + 1.0
}

fn weeks(start: f64, end: f64) -> f64 {
    (end - start) / (DAY * 7.0) + 1.0
}

impl Date {
    pub(super) fn new(millis: f64) -> Self {
        let millis = clip(millis);
        if millis.is_nan() {
            return Self { millis, year: millis, month: millis, day: millis };
        }
        let (year, month, day) = civil_from_days(truncated((millis / DAY).floor()));
        Self { millis, year: from_int(year), month: from_int(month - 1), day: from_int(day) }
    }

    fn this_month(&self) -> Month {
        Month { year: self.year, month: self.month }
    }

    fn this_year(&self) -> Month {
        Month { year: self.year, month: 0.0 }
    }

    fn time(&self) -> f64 {
        self.millis.rem_euclid(DAY)
    }

    pub(super) fn hours(&self) -> f64 {
        (self.time() / 3_600_000.0).floor()
    }

    /// The number that a component of a picture stands for, if it stands for one.
    pub(super) fn component(&self, component: char) -> Option<f64> {
        let today = utc(self.year, self.month, self.day, 0.0);
        Some(match component {
            'Y' => self.year,
            'M' => self.month + 1.0,
            'D' => self.day,
            'd' => (today - utc(self.year, 0.0, 1.0, 0.0)) / DAY + 1.0,
            'F' => weekday(self.millis),
            'W' => week_of(
                self.this_year(),
                today,
                52.0,
                |month| Month { year: month.year + 1.0, ..month },
                |month| Month { year: month.year - 1.0, ..month },
            ),
            'w' => week_of(self.this_month(), today, 4.0, Month::following, Month::previous),
            'X' => self.week_year(),
            'x' => self.week_month(),
            'H' => self.hours(),
            'h' if self.hours() % 12.0 == 0.0 => 12.0,
            'h' => self.hours() % 12.0,
            'm' => (self.time() / 60_000.0).floor() % 60.0,
            's' => (self.time() / 1000.0).floor() % 60.0,
            'f' => self.time() % 1000.0,
            _ => return None,
        })
    }

    /// The year to which the week belongs.
    fn week_year(&self) -> f64 {
        let year = self.this_year();
        let following = Month { year: year.year + 1.0, ..year };
        if self.millis < year.first_week() {
            year.year - 1.0
        } else if self.millis >= following.first_week() {
            year.year + 1.0
        } else {
            year.year
        }
    }

    /// The month to which the week belongs.
    fn week_month(&self) -> f64 {
        let month = self.this_month();
        let found = if self.millis < month.first_week() {
            month.previous()
        } else if self.millis >= month.following().first_week() {
            month.following()
        } else {
            month
        };
        found.month + 1.0
    }
}

/// The week of a year or month in which `today` is; the first may begin before and the last end after it.
fn week_of(
    start: Month,
    today: f64,
    most: f64,
    following: impl Fn(Month) -> Month,
    previous: impl Fn(Month) -> Month,
) -> f64 {
    let mut week = weeks(start.first_week(), today);
    if week > most {
        if today >= following(start).first_week() {
            week = 1.0;
        }
    } else if week < 1.0 {
        week = weeks(previous(start).first_week(), today);
    }
    week.floor()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weeks_of_years_and_months() {
        // Saturday, 1 January 2005 is in the 53rd week of 2004 and the 5th of December.
        let date = Date::new(utc(2005.0, 0.0, 1.0, 0.0));
        let component = |c: char| date.component(c).expect("a number");
        assert_eq!((component('W'), component('X'), component('w'), component('x')), (53.0, 2004.0, 5.0, 12.0));
        assert_eq!((component('F'), component('d'), component('h')), (6.0, 1.0, 12.0));
    }

    #[test]
    fn dates_carry_over_and_have_an_end() {
        assert_eq!(utc(2018.0, 1.0, 30.0, 0.0), utc(2018.0, 2.0, 2.0, 0.0));
        assert_eq!(utc(70.0, 0.0, 1.0, 0.0), 0.0);
        assert_eq!(utc(1969.0, 11.0, 31.0, DAY - 1.0), -1.0);
        assert!(utc(300_000.0, 0.0, 1.0, 0.0).is_nan() && Date::new(1e16).year.is_nan());
    }
}
