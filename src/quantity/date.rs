//! Calendar dates, as in `2026-03-01`.

use std::fmt;

/// A day of the Gregorian calendar; ordered by time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date {
    year: u16,
    month: u8,
    day: u8,
}

impl Date {
    /// The day, if there is one; years from 1 to 9999.
    pub fn new(year: u16, month: u8, day: u8) -> Option<Date> {
        let exists = (1..=9999).contains(&year) && day >= 1 && day <= days_of(year, month)?;
        exists.then_some(Date { year, month, day })
    }

    /// Reads `YYYY-MM-DD`; `None` for any other shape and for days that do not exist.
    pub fn parse(text: &str) -> Option<Date> {
        let mut parts = text.split('-');
        let mut digits = |length: usize| {
            let part = parts.next()?;
            let fits = part.len() == length && part.bytes().all(|b| b.is_ascii_digit());
            if fits { part.parse::<u16>().ok() } else { None }
        };
        let (year, month, day) = (digits(4)?, digits(2)?, digits(2)?);
        if parts.next().is_some() {
            return None;
        }
        Date::new(year, u8::try_from(month).ok()?, u8::try_from(day).ok()?)
    }

    /// The year, from 1 to 9999.
    pub fn year(self) -> u16 {
        self.year
    }

    /// The month, from 1 to 12.
    pub fn month(self) -> u8 {
        self.month
    }

    /// The day of the month, from 1.
    pub fn day(self) -> u8 {
        self.day
    }

    /// The day so many days after 1970-01-01; `None` outside the years 0 to 9999.
    pub fn from_days_since_epoch(days: i32) -> Option<Date> {
        // The inverse of `days_since_epoch`: eras of 400 years, years that begin in March.
        let shifted = days.checked_add(719_468)?;
        let (era, in_era) = (shifted.div_euclid(146_097), shifted.rem_euclid(146_097));
        let year_of_era = (in_era - in_era / 1_460 + in_era / 36_524 - in_era / 146_096) / 365;
        let in_year = in_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let from_march = (5 * in_year + 2) / 153;
        let day = in_year - (153 * from_march + 2) / 5 + 1;
        let month = if from_march < 10 { from_march + 3 } else { from_march - 9 };
        let year = era * 400 + year_of_era + i32::from(month <= 2);
        Date::new(u16::try_from(year).ok()?, u8::try_from(month).ok()?, u8::try_from(day).ok()?)
    }

    /// Days since 1970-01-01; negative before it.
    pub fn days_since_epoch(self) -> i32 {
        // Years run from March here, so that the leap day is the last day of its year.
        let shifted = i32::from(self.year) - i32::from(self.month <= 2);
        let from_march = (i32::from(self.month) + 9) % 12;
        let in_year = (153 * from_march + 2) / 5 + i32::from(self.day) - 1;
        365 * shifted + shifted.div_euclid(4) - shifted.div_euclid(100) + shifted.div_euclid(400) + in_year
            - 719_468
    }
}

fn days_of(year: u16, month: u8) -> Option<u8> {
    let leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => Some(31),
        4 | 6 | 9 | 11 => Some(30),
        2 => Some(if leap { 29 } else { 28 }),
        _ => None,
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_that_exist_and_dates_that_do_not() {
        for text in ["2026-03-01", "2024-02-29", "2000-02-29", "0001-01-01", "9999-12-31"] {
            assert_eq!(Date::parse(text).unwrap().to_string(), text);
        }
        for text in [
            "2026-02-29",
            "1900-02-29",
            "2026-13-01",
            "2026-00-10",
            "2026-04-31",
            "26-01-01",
            "2026-1-1",
            "2026-03-01-",
            "+026-01-01",
            "",
        ] {
            assert_eq!(Date::parse(text), None, "{text}");
        }
        assert!(Date::parse("2026-03-01") < Date::parse("2026-10-01"));
    }

    /// Walking the calendar day by day counts the same days as the formula, over two cycles of 400 years.
    #[test]
    fn days_are_counted_without_gaps() {
        assert_eq!(Date::new(1970, 1, 1).unwrap().days_since_epoch(), 0);
        let mut count = Date::new(1600, 1, 1).unwrap().days_since_epoch();
        for year in 1600..2400 {
            for month in 1..=12 {
                for day in 1..=days_of(year, month).unwrap() {
                    let date = Date::new(year, month, day).unwrap();
                    assert_eq!(date.days_since_epoch(), count);
                    assert_eq!(Date::from_days_since_epoch(count), Some(date));
                    count += 1;
                }
            }
        }
    }
}
