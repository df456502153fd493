//! Working days of mainland China: weekends, public holidays and the weekend days worked in their stead.
//! The announced years are in `data/holidays_cn.json`, each with its notice. Deliberately absent: time of day.

use std::collections::BTreeSet;
use std::sync::OnceLock;

use chrono::{Datelike, NaiveDate, Weekday};
use serde::Deserialize;

/// No period runs longer than about four years; asking for more counts this many.
pub const MAX_WORKING_DAYS: u32 = 1_000;
/// The longest announced holiday is nine days; anything longer than this in the file is a slip of the pen.
const MAX_REST_DAYS: usize = 15;

const ANNOUNCED: &str = include_str!("../data/holidays_cn.json");

/// The announced years, and Monday to Friday in all others.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WorkdayCalendar {
    years: BTreeSet<i32>,
    rest: BTreeSet<NaiveDate>,
    work: BTreeSet<NaiveDate>,
}

/// A number of working days laid on the calendar.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Period {
    /// The last working day of the period; the period ends when this day does.
    pub ends: NaiveDate,
    /// False when a year it touches is not announced yet, so that `ends` may still move.
    pub known: bool,
}

/// The calendar of this program, read once. A test guards that the file can be read.
pub fn calendar() -> &'static WorkdayCalendar {
    static CALENDAR: OnceLock<WorkdayCalendar> = OnceLock::new();
    CALENDAR.get_or_init(|| WorkdayCalendar::read(ANNOUNCED).unwrap_or_default())
}

impl WorkdayCalendar {
    /// Reads the format of `data/holidays_cn.json`. `None` when it is not that format, a date does not exist, or a
    /// holiday runs backwards or beyond any plausible length.
    pub fn read(json: &str) -> Option<Self> {
        let file: Announcements = serde_json::from_str(json).ok()?;
        let mut calendar = Self::default();
        for year in file.years {
            calendar.years.insert(year.year);
            for span in year.rest {
                let (from, to) = (date(&span.from)?, date(&span.to)?);
                let days: Vec<NaiveDate> =
                    from.iter_days().take(MAX_REST_DAYS).take_while(|day| *day <= to).collect();
                if days.last() != Some(&to) {
                    return None;
                }
                calendar.rest.extend(days);
            }
            for day in year.work {
                calendar.work.insert(date(&day)?);
            }
        }
        Some(calendar)
    }

    /// Whether offices are open on this day: as announced, else Monday to Friday.
    pub fn is_workday(&self, day: NaiveDate) -> bool {
        if self.work.contains(&day) {
            return true;
        }
        !self.rest.contains(&day) && !matches!(day.weekday(), Weekday::Sat | Weekday::Sun)
    }

    /// Whether the holidays of this year have been announced.
    pub fn covers(&self, year: i32) -> bool {
        self.years.contains(&year)
    }

    /// Counts `working_days` from `first_day`, which itself counts if it is one. Zero days end on `first_day`.
    pub fn period_from(&self, first_day: NaiveDate, working_days: u32) -> Period {
        let asked = working_days.min(MAX_WORKING_DAYS);
        // Three calendar days for one working day, and one long holiday, are always enough.
        let bound = asked as usize * 3 + 2 * MAX_REST_DAYS;
        let mut left = asked;
        let mut ends = first_day;
        for day in first_day.iter_days().take(bound) {
            if left == 0 {
                break;
            }
            ends = day;
            if self.is_workday(day) {
                left -= 1;
            }
        }
        let announced = (first_day.year()..=ends.year()).all(|year| self.covers(year));
        Period { ends, known: announced && left == 0 && asked == working_days }
    }
}

fn date(text: &str) -> Option<NaiveDate> {
    NaiveDate::parse_from_str(text, "%Y-%m-%d").ok()
}

#[derive(Deserialize)]
struct Announcements {
    years: Vec<Year>,
}

#[derive(Deserialize)]
struct Year {
    year: i32,
    rest: Vec<Span>,
    work: Vec<String>,
}

#[derive(Deserialize)]
struct Span {
    from: String,
    to: String,
}
