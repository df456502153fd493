//! The component kit: what each piece must never get wrong.

use app::components::*;
use app::shell::to_html;
use app::text::Locale;
use domain::money::Fen;
use domain::refusal::{FieldError, Problem, Refusal};
use domain::time::Timestamp;
use leptos::prelude::*;

const ZH: Locale = Locale::ZhCn;

fn html(draw: impl FnOnce() -> AnyView) -> String {
    to_html(draw)
}

fn check(html: &str, parts: &[&str]) {
    for part in parts {
        assert!(html.contains(part), "no {part} in {html}");
    }
}

#[test]
fn a_text_area_keeps_what_was_typed_and_lets_nothing_out() {
    let typed = "</textarea><script>alert(1)</script> & \"x\"\n\n第二段";
    let html = html(|| TextArea::new("plan", "方案").value(typed).draw(ZH));
    check(&html, &["&lt;/textarea&gt;&lt;script&gt;alert(1)&lt;/script&gt; &amp; ", "\n\n第二段</textarea>"]);
    assert_eq!(html.matches("</textarea>").count(), 1, "{html}");
    assert!(!html.contains("<script"), "{html}");
}

#[test]
fn a_text_area_keeps_a_leading_blank_line() {
    let html = html(|| TextArea::new("plan", "x").value("\nsecond").draw(ZH));
    check(&html, &[">\n\nsecond</textarea>"]);
}

#[test]
fn every_text_is_escaped_in_text_and_attributes() {
    let nasty = "\"><script>alert(1)</script>";
    let all = html(|| {
        let views: Vec<AnyView> = vec![
            Field::text("a", nasty).value(nasty).hint(nasty).errors(vec![nasty.into()]).draw(ZH),
            Field::select("b", nasty, vec![Choice::new(nasty, nasty)]).value(nasty).draw(ZH),
            Field::radios("c", nasty, vec![Choice::new(nasty, nasty).hint(nasty)]).draw(ZH),
            Card::new(nasty).href("/x").summary(nasty).kicker(nasty).fact(nasty, nasty).draw(),
            Table::new("t", nasty).columns(vec![Column::head(nasty)]).row(vec![cell(nasty)]).draw(),
            Notice::bad(nasty).title(nasty).draw(ZH),
            badge(Tone::Bad, nasty),
            Paper::new(nasty, nasty).number(nasty).draw(),
            breadcrumbs(ZH, vec![("/".into(), nasty.into())], nasty),
        ];
        views.into_any()
    });
    assert!(!all.contains("<script"), "{all}");
    assert!(!all.contains("value=\"\">"), "{all}");
}

#[test]
fn a_field_ties_label_hint_and_message_to_its_control() {
    let html = html(|| {
        Field::text("budget.2.amount", "金额")
            .hint("以万元计")
            .errors(vec!["请填写此项。".into()])
            .value("12")
            .draw(ZH)
    });
    check(
        &html,
        &[
            "<label for=\"field-budget-2-amount\" class=\"field-label\">",
            "id=\"field-budget-2-amount\"",
            "name=\"budget.2.amount\"",
            "aria-describedby=\"field-budget-2-amount-hint field-budget-2-amount-error\"",
            "aria-invalid=\"true\"",
            "id=\"field-budget-2-amount-error\"",
            "选填",
        ],
    );
}

#[test]
fn a_password_is_never_written_back() {
    let html =
        html(|| Field::password("password", "密码", "current-password").value("hunter2 hunter2").draw(ZH));
    assert!(!html.contains("hunter2"), "{html}");
    check(&html, &["autocomplete=\"current-password\""]);
}

#[test]
fn a_refused_form_shows_what_was_typed_and_each_message_once() {
    let echo = Echo {
        values: vec![("title".into(), "新题".into())],
        errors: vec![FieldError::new("title", Problem::TooLong { max: 200, actual: 10_000 })],
    };
    let field = html(|| Field::text("title", "题目").filled(ZH, &echo, "旧题").draw(ZH));
    check(&field, &["value=\"新题\"", "最多 200 个字符，现有 10000 个。请缩短。"]);
    let summary = html(|| error_summary(ZH, &echo.errors, &|_| "题目".into()));
    check(&summary, &["role=\"alert\"", "tabindex=\"-1\"", "href=\"#field-title\"", "题目"]);
    assert_eq!(html(|| error_summary(ZH, &[], &|_| String::new())), "");
}

#[test]
fn an_unticked_box_stays_unticked_after_a_refusal() {
    let echo = Echo { values: vec![("title".into(), "x".into())], errors: Vec::new() };
    let html = html(|| Field::tick("pledge", "承诺").filled(ZH, &echo, "yes").draw(ZH));
    assert!(!html.contains("checked"), "{html}");
}

#[test]
fn forms_post_and_leave_validation_to_the_server() {
    let html = html(|| {
        Form::post("/api/bid/submit")
            .hidden("bid", 7)
            .part(Field::text("title", "题目").required().draw(ZH))
            .button(Button::primary("提交"))
            .draw()
    });
    check(
        &html,
        &[
            "method=\"post\"",
            "action=\"/api/bid/submit\"",
            "novalidate",
            "type=\"hidden\" name=\"bid\" value=\"7\"",
        ],
    );
}

#[test]
fn a_wide_table_scrolls_in_a_named_region_and_a_stacked_one_keeps_its_roles() {
    let columns = || vec![Column::head("单位"), Column::number("得分")];
    let row = || vec![cell("北方大学"), cell("84.40")];
    let wide = html(|| Table::new("sheet", "评分").scroll().columns(columns()).row(row()).draw());
    check(
        &wide,
        &[
            "role=\"region\"",
            "tabindex=\"0\"",
            "aria-labelledby=\"sheet-caption\"",
            "<tbody",
            "scope=\"row\"",
        ],
    );
    let stacked = html(|| Table::new("sheet", "评分").columns(columns()).row(row()).draw());
    check(&stacked, &["role=\"table\"", "role=\"rowheader\"", "data-label=\"得分\"", "class=\"number\""]);
    assert!(!stacked.contains("role=\"region\""), "{stacked}");
}

#[test]
fn instants_carry_utc_and_say_their_zone() {
    let at = Timestamp::parse_official("2026-11-22 18:00").unwrap();
    check(&html(|| when(ZH, at)), &["datetime=\"2026-11-22T10:00:00Z\"", "2026-11-22 18:00", "北京时间"]);
    check(&html(|| day(ZH, at)), &["2026年11月22日"]);
    check(&html(|| day(Locale::En, at)), &["22 November 2026"]);
}

#[test]
fn money_and_points_are_exact() {
    check(&html(|| wan(ZH, Fen(123_450_000_000))), &["value=\"1234500000.00\"", "123,450 万元"]);
    for (fen, text) in [
        (500_000_000, "CNY 5 million"),
        (123_450_000, "CNY 1.2345 million"),
        (34_500_000, "CNY 345,000"),
        (100_000_001, "CNY 1,000,000.01"),
    ] {
        check(&html(|| wan(Locale::En, Fen(fen))), &[&format!(">{text}<")]);
    }
    for (milli, decimals, text) in
        [(84_400, 2, "84.40"), (84_400, 0, "84"), (-500, 3, "-0.500"), (100_000, 1, "100.0"), (5, 3, "0.005")]
    {
        assert_eq!(points(milli, decimals), text);
    }
}

#[test]
fn the_frame_names_the_current_page_and_comes_back_to_it() {
    let frame = Frame {
        place: Place::Lists,
        here: "/lists?after=x".into(),
        reader: Some(Reader { name: "陈立".into(), unread: 120, has_desk: true }),
        flash: Some(Flash::Refused(Refusal::DeadlinePassed)),
        ..Frame::default()
    };
    let html = html(|| page(frame, "内容"));
    check(
        &html,
        &[
            "href=\"#content\"",
            "id=\"content\"",
            "href=\"/lists\" aria-current=\"page\"",
            "name=\"back\" value=\"/lists?after=x\"",
            "99+",
            "120 条未读",
            "截止时间已过",
            "lang=\"en\"",
            "action=\"/api/account/sign_out\"",
        ],
    );
    assert!(!html.contains(" style="), "{html}");
    assert!(!html.contains("⟦"), "{html}");
}

#[test]
fn nothing_in_the_whole_gallery_has_inline_style_or_a_missing_word() {
    for locale in Locale::ALL {
        let html = html(move || crate::gallery::everything(locale));
        for forbidden in [" style=", "⟦", "<script", "onclick"] {
            assert!(!html.contains(forbidden), "{forbidden} in {html}");
        }
        let mut seen = std::collections::BTreeSet::new();
        for id in html.split(" id=\"").skip(1).filter_map(|rest| rest.split('"').next()) {
            assert!(seen.insert(id), "the id {id} stands twice");
        }
    }
}
