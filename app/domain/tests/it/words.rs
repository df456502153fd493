use domain::refusal::{FieldError, Problem, Refusal};
use domain::rule::Scale;
use domain::words::{self, Form};
use proptest::prelude::*;

#[test]
fn lines() {
    let check = |typed: &str, expected: Result<&str, Problem>| {
        assert_eq!(words::line(typed, 10), expected.map(str::to_owned), "{typed:?}");
    };
    check(" 重晶石提纯 ", Ok("重晶石提纯"));
    check("\u{3000}full\u{3000}", Ok("full"));
    check("十个汉字正好放得下吗", Ok("十个汉字正好放得下吗"));
    check("十一个汉字就放不下了吧", Err(Problem::TooLong { max: 10, actual: 11 }));
    check("👩‍🔬 Ling", Ok("👩‍🔬 Ling"));
    check("", Err(Problem::Required));
    check(" \t ", Err(Problem::Required));
    check("\u{200B}\u{200B}", Err(Problem::Required));
    for bad in
        ["a\nb", "a\r\nb", "a\tb", "a\0b", "a\u{7}b", "a\u{85}b", "a\u{2028}b", "a\u{202E}b", "a\u{2066}b"]
    {
        check(bad, Err(Problem::ControlCharacter));
    }
    assert_eq!(words::optional_line("  ", 10), Ok(String::new()));
    assert_eq!(words::optional_line("a\nb", 10), Err(Problem::ControlCharacter));
}

#[test]
fn a_title_of_ten_thousand_characters_says_how_long_it_is() {
    let title = "榜".repeat(10_000);
    let expected = Err(Problem::TooLong { max: 200, actual: 10_000 });
    assert_eq!(words::line(&title, words::TITLE_MAX), expected);
}

#[test]
fn markup_is_text() {
    let typed = "</textarea><script>alert(1)</script>";
    assert_eq!(words::line(typed, words::TITLE_MAX), Ok(typed.to_owned()));
    assert_eq!(words::paragraphs(typed, words::TEXT_MAX), Ok(typed.to_owned()));
}

#[test]
fn paragraph_texts() {
    let check = |typed: &str, expected: Result<&str, Problem>| {
        assert_eq!(words::paragraphs(typed, 20), expected.map(str::to_owned), "{typed:?}");
    };
    check("one\r\ntwo\rthree\u{2028}four", Ok("one\ntwo\nthree\nfour"));
    check("\r\n\r\n\u{3000}\u{3000}段落\r\n", Ok("\u{3000}\u{3000}段落"));
    check("a\tb", Ok("a\tb"));
    check("\r\n \r\n", Err(Problem::Required));
    check("a\0b", Err(Problem::ControlCharacter));
    check("a\u{1B}[31mb", Err(Problem::ControlCharacter));
    check("a\u{2069}b", Err(Problem::ControlCharacter));
    check(&"字".repeat(21), Err(Problem::TooLong { max: 20, actual: 21 }));
    // Browsers send CRLF: a text that fits as shown must fit as sent.
    check(&"字\r\n".repeat(10), Ok("字\n字\n字\n字\n字\n字\n字\n字\n字\n字"));
    assert_eq!(words::optional_paragraphs(" \r\n", 20), Ok(String::new()));
}

#[test]
fn addresses() {
    let check = |typed: &str, expected: Result<&str, Problem>| {
        assert_eq!(words::email(typed), expected.map(str::to_owned), "{typed:?}");
    };
    check(" Chen.Wei+bids@Example.ORG ", Ok("Chen.Wei+bids@example.org"));
    check("o'brien@mail.example.org", Ok("o'brien@mail.example.org"));
    check("", Err(Problem::Required));
    check("a\r\nBcc: x@example.org", Err(Problem::ControlCharacter));
    let long = format!("{}@example.org", "a".repeat(250));
    check(&long, Err(Problem::TooLong { max: 254, actual: 262 }));
    let local = format!("{}@example.org", "a".repeat(65));
    for bad in [
        "chen",
        "@example.org",
        "chen@",
        "chen@localhost",
        "a@b@example.org",
        ".a@example.org",
        "a.@example.org",
        "a..b@example.org",
        "a b@example.org",
        "a@-x.org",
        "a@x-.org",
        "a@x..org",
        "a@.org",
        "a@org.",
        "a@1.2.3.4",
        "陈@example.org",
        "a@例子.中国",
        "\"a\"@example.org",
        "<a@example.org>",
        "a,b@example.org",
        &local,
    ] {
        check(bad, Err(Problem::NotAnAddress));
    }
}

#[test]
fn password_shapes() {
    let check = |typed: &str, expected: Result<(), Problem>| {
        assert_eq!(words::password_shape(typed), expected.map(|()| typed.to_owned()), "{typed:?}");
    };
    check("正确马电池订书钉正确马电", Ok(()));
    check(" leading and trailing ", Ok(()));
    check("", Err(Problem::Required));
    check("eleven char", Err(Problem::TooShort { min: 12 }));
    check(&"x".repeat(256), Ok(()));
    check(&"x".repeat(257), Err(Problem::TooLong { max: 256, actual: 257 }));
}

#[test]
fn choices() {
    let allowed = ["mean", "median"];
    assert_eq!(words::choice(" mean ", &allowed), Ok("mean".to_owned()));
    assert_eq!(words::choice("", &allowed), Err(Problem::Required));
    assert_eq!(words::choice("Mean", &allowed), Err(Problem::UnknownChoice));
}

#[test]
fn whole_numbers() {
    let range = Problem::OutOfRange { min: -5, max: 1000 };
    let check = |typed: &str, expected| assert_eq!(words::whole(typed, -5, 1000), expected, "{typed:?}");
    check(" 300 ", Ok(300));
    check("0007", Ok(7));
    check("-5", Ok(-5));
    check("\u{FF13}\u{FF10}", Ok(30));
    check("000000000000000000000000000000", Ok(0));
    check("1001", Err(range.clone()));
    check("-6", Err(range.clone()));
    check("99999999999999999999999999", Err(range));
    check("", Err(Problem::Required));
    for bad in ["1.0", "1e3", "+1", "--1", "-", "1,000", "一", "0x10", "1 0"] {
        check(bad, Err(Problem::NotANumber));
    }
}

#[test]
fn decimals() {
    let check = |typed: &str, expected| assert_eq!(words::milli(typed), expected, "{typed:?}");
    check("85.5", Ok(85_500));
    check("0.001", Ok(1));
    check("-0.5", Ok(-500));
    check("007", Ok(7_000));
    check("85.50000", Ok(85_500));
    check("\u{FF18}\u{FF15}\u{FF0E}\u{FF15}", Ok(85_500));
    check("999999999999", Ok(999_999_999_999_000));
    check("", Err(Problem::Required));
    for bad in
        ["85.5555", "85.", ".5", "1e3", "85,5", "NaN", "inf", "1.2.3", "1000000000000", "1.-5", "八十五"]
    {
        check(bad, Err(Problem::NotANumber));
    }
}

#[test]
fn scores() {
    let half_points = Scale { min_milli: 1_000, max_milli: 5_000, step_milli: 500 };
    let check = |typed: &str, expected| assert_eq!(words::score(typed, half_points), expected, "{typed:?}");
    check("4.5", Ok(4_500));
    check("1", Ok(1_000));
    check("5.0", Ok(5_000));
    check("5.5", Err(Problem::OutsideScale));
    check("0.5", Err(Problem::OutsideScale));
    check("-1", Err(Problem::OutsideScale));
    check("4.3", Err(Problem::NotOnStep));
    check("4.50001", Err(Problem::NotOnStep));
    check("good", Err(Problem::NotANumber));
    check("", Err(Problem::Required));
}

#[test]
fn a_form_reports_everything_at_once() {
    let mut form = Form::default();
    let title = form.take("title", words::line("", words::TITLE_MAX));
    let weight = form.take("criteria.0.weight", words::whole("abc", 0, 1000));
    let kept = form.take("summary", words::paragraphs("fine", words::TEXT_MAX));
    form.say("criteria", Problem::WeightsSum { sum: 0 });
    assert_eq!((title.as_str(), weight, kept.as_str()), ("", 0, "fine"));
    let fields = vec![
        FieldError::new("title", Problem::Required),
        FieldError::new("criteria.0.weight", Problem::NotANumber),
        FieldError::new("criteria", Problem::WeightsSum { sum: 0 }),
    ];
    assert_eq!(form.finish(), Err(Refusal::Invalid { fields }));
    assert_eq!(Form::default().finish(), Ok(()));
}

proptest! {
    /// Reading what was read changes nothing, and what was accepted keeps its promises.
    #[test]
    fn reading_twice_is_reading_once(text in "\\PC{0,40}|[ \\t\\r\\n\\x00a榜\u{202E}\u{200B}]{0,12}") {
        if let Ok(line) = words::line(&text, 30) {
            prop_assert!(!line.is_empty() && line.chars().count() <= 30);
            prop_assert!(!line.contains(|c: char| c.is_control()));
            prop_assert_eq!(words::line(&line, 30), Ok(line));
        }
        if let Ok(paragraphs) = words::paragraphs(&text, 30) {
            prop_assert!(!paragraphs.contains('\r'));
            prop_assert_eq!(words::paragraphs(&paragraphs, 30), Ok(paragraphs));
        }
        if let Ok(address) = words::email(&text) {
            prop_assert_eq!(words::email(&address), Ok(address));
        }
    }

    #[test]
    fn numbers_survive_printing(value in -999_999_999_999_999_i64..=999_999_999_999_999) {
        let sign = if value < 0 { "-" } else { "" };
        let typed = format!("{sign}{}.{:03}", value.unsigned_abs() / 1000, value.unsigned_abs() % 1000);
        prop_assert_eq!(words::milli(&typed), Ok(value));
        prop_assert_eq!(words::whole(&value.to_string(), i64::MIN, i64::MAX), Ok(value));
    }

    #[test]
    fn no_text_stops_a_reader(text in any::<String>()) {
        let _ = (words::milli(&text), words::whole(&text, 0, 9), words::score(&text, Scale::HUNDRED));
        let _ = (words::email(&text), words::password_shape(&text), words::optional_paragraphs(&text, 9));
    }
}
