use std::collections::BTreeSet;

use chrono::{Datelike, Days, NaiveDate, Weekday};
use domain::workday::{MAX_WORKING_DAYS, Period, WorkdayCalendar, calendar};
use proptest::prelude::*;

fn day(text: &str) -> NaiveDate {
    NaiveDate::parse_from_str(text, "%Y-%m-%d").unwrap()
}

fn is_weekend(day: NaiveDate) -> bool {
    matches!(day.weekday(), Weekday::Sat | Weekday::Sun)
}

#[test]
fn the_announced_years_are_read() {
    for year in 2021..=2026 {
        assert!(calendar().covers(year), "{year}");
    }
    assert!(!calendar().covers(2020) && !calendar().covers(2027));
}

/// Rest days from Monday to Friday and worked weekend days of each year, counted by hand from the notices.
#[test]
fn each_year_has_the_announced_number_of_days() {
    let check = |year: i32, weekdays_off: usize, weekends_worked: usize| {
        let first = NaiveDate::from_ymd_opt(year, 1, 1).unwrap();
        let days: Vec<NaiveDate> = first.iter_days().take_while(|day| day.year() == year).collect();
        let off = days.iter().filter(|day| !is_weekend(**day) && !calendar().is_workday(**day)).count();
        let worked = days.iter().filter(|day| is_weekend(**day) && calendar().is_workday(**day)).count();
        assert_eq!((off, worked), (weekdays_off, weekends_worked), "{year}");
    };
    check(2021, 1 + 5 + 1 + 3 + 1 + 2 + 5, 7);
    check(2022, 1 + 5 + 2 + 3 + 1 + 1 + 5, 7);
    check(2023, 1 + 5 + 1 + 3 + 2 + 6, 7);
    check(2024, 1 + 5 + 2 + 3 + 1 + 2 + 5, 8);
    check(2025, 1 + 6 + 1 + 3 + 1 + 6, 5);
    check(2026, 2 + 6 + 1 + 3 + 1 + 1 + 5, 6);
}

#[test]
fn the_file_is_consistent() {
    let file: serde_json::Value = serde_json::from_str(include_str!("../../data/holidays_cn.json")).unwrap();
    for year in file["years"].as_array().unwrap() {
        let number = year["year"].as_i64().unwrap();
        assert!(year["source"].as_str().unwrap().contains(&number.to_string()), "the notice names {number}");
        let mut rest = BTreeSet::new();
        for span in year["rest"].as_array().unwrap() {
            let (from, to) = (day(span["from"].as_str().unwrap()), day(span["to"].as_str().unwrap()));
            assert_eq!(i64::from(to.year()), number, "{to} ends in its year");
            assert!(from <= to);
            rest.extend(from.iter_days().take_while(|day| *day <= to));
        }
        for worked in year["work"].as_array().unwrap() {
            let worked = day(worked.as_str().unwrap());
            assert!(is_weekend(worked), "{worked} is a weekend day");
            assert!(!rest.contains(&worked), "{worked} is not a holiday too");
            assert_eq!(i64::from(worked.year()), number);
        }
    }
}

#[test]
fn single_days() {
    let check = |date: &str, works: bool| assert_eq!(calendar().is_workday(day(date)), works, "{date}");
    check("2023-04-23", true);
    check("2023-04-29", false);
    check("2023-05-03", false);
    check("2023-05-06", true);
    check("2022-12-31", false);
    check("2024-02-09", true);
    check("2025-01-26", true);
    check("2025-10-08", false);
    check("2026-01-04", true);
    check("2026-02-23", false);
    check("2030-10-01", true);
    check("2030-10-05", false);
}

#[test]
fn periods() {
    let check = |first: &str, days: u32, ends: &str, known: bool| {
        let expected = Period { ends: day(ends), known };
        assert_eq!(calendar().period_from(day(first), days), expected, "{days} from {first}");
    };
    // Rongcheng's publicity of 2023: Labour Day is off and the Saturday after it is worked.
    check("2023-04-27", 5, "2023-05-06", true);
    check("2023-04-29", 1, "2023-05-04", true);
    check("2026-11-23", 5, "2026-11-27", true);
    check("2026-11-21", 5, "2026-11-27", true);
    check("2026-02-14", 2, "2026-02-24", true);
    check("2026-09-30", 5, "2026-10-12", true);
    check("2026-12-30", 3, "2027-01-01", false);
    check("2030-10-01", 5, "2030-10-07", false);
    check("2020-12-31", 1, "2020-12-31", false);
    check("2026-11-21", 0, "2026-11-21", true);
}

#[test]
fn the_end_of_time_and_absurd_lengths_are_bounded() {
    let last = calendar().period_from(NaiveDate::MAX, 5);
    assert_eq!(last, Period { ends: NaiveDate::MAX, known: false });
    let most = calendar().period_from(day("2021-01-01"), MAX_WORKING_DAYS);
    assert!(most.known);
    assert_eq!(calendar().period_from(day("2021-01-01"), u32::MAX), Period { known: false, ..most });
}

#[test]
fn a_broken_file_is_refused_whole() {
    let check = |rest: &str, work: &str| {
        let json = format!(r#"{{"years":[{{"year":2030,"rest":[{rest}],"work":[{work}]}}]}}"#);
        WorkdayCalendar::read(&json).is_some()
    };
    assert!(check(r#"{"from":"2030-10-01","to":"2030-10-07"}"#, r#""2030-09-28""#));
    assert!(!check(r#"{"from":"2030-10-07","to":"2030-10-01"}"#, ""));
    assert!(!check(r#"{"from":"2030-01-01","to":"2030-12-31"}"#, ""));
    assert!(!check("", r#""2030-02-30""#));
    assert_eq!(WorkdayCalendar::read("[]"), None);
}

proptest! {
    /// The period holds exactly the days asked for and ends on the last of them.
    #[test]
    fn a_period_holds_what_was_asked_for(offset in 0_u64..4_000, days in 1_u32..80) {
        let first = day("2020-06-01").checked_add_days(Days::new(offset)).unwrap();
        let period = calendar().period_from(first, days);
        let held = first.iter_days().take_while(|day| *day <= period.ends).filter(|day| calendar().is_workday(*day));
        prop_assert_eq!(held.count(), days as usize);
        prop_assert!(calendar().is_workday(period.ends));
        let years = first.year()..=period.ends.year();
        prop_assert_eq!(period.known, years.clone().all(|year| (2021..=2026).contains(&year)));
        let longer = calendar().period_from(first, days + 1);
        prop_assert!(longer.ends > period.ends);
    }
}
