//! Instants. Deliberately absent: a clock; `now` is always a parameter.

use chrono::{DateTime, FixedOffset, NaiveDate, NaiveDateTime, TimeZone, Utc};
use serde::{Deserialize, Serialize};

/// Milliseconds since 1970-01-01T00:00:00Z. Every stored instant has this unit, on both databases.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Timestamp(pub i64);

/// Asia/Shanghai has had no daylight saving since 1991, so the official zone is a fixed offset.
pub const OFFICIAL_OFFSET_SECS: i32 = 8 * 3600;

pub const SECOND_MS: i64 = 1_000;
pub const MINUTE_MS: i64 = 60 * SECOND_MS;
pub const HOUR_MS: i64 = 60 * MINUTE_MS;
pub const DAY_MS: i64 = 24 * HOUR_MS;

impl Timestamp {
    /// This instant plus a signed number of milliseconds; saturates at the ends of time.
    #[must_use]
    pub const fn plus_ms(self, ms: i64) -> Self {
        Self(self.0.saturating_add(ms))
    }

    /// The wall clock in Beijing, `None` beyond the years chrono can name.
    pub fn official(self) -> Option<DateTime<FixedOffset>> {
        let utc = DateTime::<Utc>::from_timestamp_millis(self.0)?;
        Some(utc.with_timezone(&official_zone()?))
    }

    /// The date in Beijing.
    pub fn official_date(self) -> Option<NaiveDate> {
        self.official().map(|at| at.date_naive())
    }

    /// `2026-11-22 18:00` in Beijing; empty for an instant no calendar can name.
    pub fn official_text(self) -> String {
        self.official().map(|at| at.format("%Y-%m-%d %H:%M").to_string()).unwrap_or_default()
    }

    /// `2026-11-22T18:00` in Beijing, as `<input type="datetime-local">` wants it.
    pub fn official_input(self) -> String {
        self.official().map(|at| at.format("%Y-%m-%dT%H:%M").to_string()).unwrap_or_default()
    }

    /// RFC 3339 in UTC, for `<time datetime>` and JSON.
    pub fn rfc3339(self) -> String {
        DateTime::<Utc>::from_timestamp_millis(self.0)
            .map(|at| at.format("%Y-%m-%dT%H:%M:%SZ").to_string())
            .unwrap_or_default()
    }

    /// Reads `2026-11-22T18:00` (also with seconds, or a blank instead of `T`) as Beijing time.
    pub fn parse_official(text: &str) -> Option<Self> {
        let text = text.trim().replace(' ', "T");
        let naive = ["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"]
            .iter()
            .find_map(|format| NaiveDateTime::parse_from_str(&text, format).ok())?;
        Self::from_official(naive)
    }

    /// The last second of a date in Beijing: what "until 6 May" means.
    pub fn end_of_official_day(date: NaiveDate) -> Option<Self> {
        Self::from_official(date.and_hms_opt(23, 59, 59)?)
    }

    fn from_official(naive: NaiveDateTime) -> Option<Self> {
        let at = official_zone()?.from_local_datetime(&naive).single()?;
        Some(Self(at.timestamp_millis()))
    }
}

fn official_zone() -> Option<FixedOffset> {
    FixedOffset::east_opt(OFFICIAL_OFFSET_SECS)
}
