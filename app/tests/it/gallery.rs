//! Every piece of the kit on a few pages, to be looked at. Written to `target/gallery` when `UNVEIL_GALLERY` is set.

use app::charts::{ScoreBar, Stage, funnel, race_lanes, score_bars, timeline};
use app::components::*;
use app::shell::{Shell, to_html};
use app::text::{Locale, Look, TextSize};
use app::url;
use domain::money::Fen;
use domain::refusal::{FieldError, Problem};
use domain::rule::Scale;
use leptos::prelude::*;

use crate::sample::{at, board, challenge_id, steps, zh_or};

fn home(l: Locale) -> AnyView {
    let counts = figures(vec![
        Figure::new(zh_or(l, "在榜榜题", "Open challenges"), 18).href(url::challenges()),
        Figure::new(zh_or(l, "榜金合计", "Award money open"), "12,480").unit(zh_or(l, "万元", "wan yuan")),
        Figure::new(zh_or(l, "评审中", "In review"), 12),
        Figure::new(zh_or(l, "赛马中", "Racing"), 6).href(url::results()),
    ]);
    let search = SearchBox {
        action: url::challenges(),
        label: zh_or(l, "查找榜题", "Find a challenge"),
        placeholder: zh_or(l, "例如：重晶石、量子", "barite, quantum"),
        value: String::new(),
        keep: vec![],
    };
    let card = |n: u32, title: &str, tone, word: &str| {
        Card::new(title)
            .href(url::challenge(challenge_id()))
            .kicker(format!("2026-{n:02} · {}", zh_or(l, "新材料", "New materials")))
            .badge(badge(tone, word))
            .fact(
                zh_or(l, "发榜方", "Issuer"),
                zh_or(l, "广东某新材料股份有限公司", "A new materials company"),
            )
            .fact(zh_or(l, "榜金", "Award"), wan(l, Fen(500_000_000)))
            .fact(zh_or(l, "截止", "Closes"), when(l, at("2026-12-20 18:00")))
            .draw()
    };
    let titles = [
        zh_or(
            l,
            "新冠病毒全自动高通量诊断设备及试剂的研发",
            "Fully automatic, high-throughput diagnostic equipment",
        ),
        zh_or(l, "每bit极致性价比的存储技术", "Storage with the best possible cost per bit"),
        zh_or(l, "重晶石绿色高效选矿关键技术", "Green and efficient beneficiation of barite"),
    ];
    vec![
        Heading::new(zh_or(l, "张榜求贤，谁能干就让谁干", "Open challenges: whoever can, takes the lead"))
            .lead(zh_or(
                l,
                "政府与企业把难题公开张榜，全国的科研团队在线揭榜；规则先公布后锁定，评分可复算，结果有公示。",
                "Authorities and enterprises post their hardest problems; research teams anywhere may bid. Rules are frozen, scores can be recomputed, results are public.",
            ))
            .action(button_link(url::challenges(), zh_or(l, "浏览榜题", "Browse challenges"), true))
            .action(button_link(url::register(), zh_or(l, "注册揭榜", "Register to bid"), false))
            .draw(),
        counts,
        search.draw(l),
        section("closing", zh_or(l, "即将截止", "Closing soon"), cards(vec![
            card(1, &titles[0], Tone::Open, &zh_or(l, "揭榜中", "Open for bids")),
            card(2, &titles[1], Tone::Running, &zh_or(l, "专家评审", "Review")),
            card(3, &titles[2], Tone::Good, &zh_or(l, "已中榜", "Awarded")),
        ])),
        section("none", zh_or(l, "我的申请", "My bids"), Empty::new(zh_or(l, "还没有申请", "No bids yet"))
            .text(zh_or(l, "找到适合的榜题后，在榜题页点击“揭榜”，草稿会自动出现在这里。", "When you find a challenge that fits, start a bid on its page; the draft will appear here."))
            .way(url::challenges(), zh_or(l, "查找榜题", "Find a challenge"))
            .draw()),
    ]
    .into_any()
}

fn search(l: Locale) -> AnyView {
    let value = |label: &str, count, chosen| FacetValue {
        label: label.into(),
        href: "?x".into(),
        count: Some(count),
        chosen,
    };
    let domains = [
        ("新材料", "New materials"),
        ("信息技术", "Information technology"),
        ("人工智能", "Artificial intelligence"),
        ("高端装备", "Advanced equipment"),
        ("生物医药", "Biomedicine"),
        ("农业与食品", "Agriculture and food"),
        ("新能源", "New energy"),
        ("矿产资源", "Mineral resources"),
        ("量子计算", "Quantum computing"),
    ];
    let groups = vec![
        Facet {
            title: zh_or(l, "领域", "Domain"),
            values: domains
                .iter()
                .zip(1..)
                .map(|((zh, en), n)| value(&zh_or(l, zh, en), n, n == 2))
                .collect(),
        },
        Facet {
            title: zh_or(l, "状态", "State"),
            values: vec![
                value(&zh_or(l, "揭榜中", "Open for bids"), 18, false),
                value(&zh_or(l, "专家评审", "Review"), 12, false),
            ],
        },
    ];
    let table = Table::new("hits", zh_or(l, "榜题", "Challenges")).quiet_caption().columns(vec![
        Column::text(zh_or(l, "编号", "No.")),
        Column::head(zh_or(l, "题目", "Title")),
        Column::text(zh_or(l, "领域", "Domain")),
        Column::number(zh_or(l, "榜金（万元）", "Award (wan yuan)")),
        Column::text(zh_or(l, "截止", "Closes")),
        Column::text(zh_or(l, "状态", "State")),
    ]);
    let row = |n: u32, title: String, tone, word: String| {
        let link = view! { <a href="/challenges/1">{title}</a> };
        vec![
            cell(format!("2026-{n:02}")),
            cell(link),
            cell(zh_or(l, "新材料", "New materials")),
            wan_cell(Fen(i64::from(n) * 123_450_000)),
            cell(when(l, at("2026-12-20 18:00"))),
            badge(tone, word),
        ]
    };
    let table = table
        .row(row(
            1,
            zh_or(l, "新冠病毒全自动高通量诊断设备及试剂的研发", "Fully automatic diagnostic equipment"),
            Tone::Open,
            zh_or(l, "揭榜中", "Open for bids"),
        ))
        .row(row(
            12,
            zh_or(l, "每bit极致性价比的存储技术", "Storage with the best cost per bit"),
            Tone::Running,
            zh_or(l, "专家评审", "Review"),
        ))
        .row(row(
            40,
            zh_or(l, "重晶石绿色高效选矿关键技术", "Green beneficiation of barite"),
            Tone::Bad,
            zh_or(l, "流标", "No valid bid"),
        ));
    vec![
        Heading::new(zh_or(l, "榜题", "Challenges")).draw(),
        SearchBox {
            action: url::challenges(),
            label: zh_or(l, "查找", "Find"),
            placeholder: String::new(),
            value: zh_or(l, "重晶石", "barite"),
            keep: vec![("domain".into(), "new-materials".into())],
        }
        .draw(l),
        facets(l, groups, Some(url::challenges())),
        table.draw(),
        Pager {
            previous: Some("?b".into()),
            next: Some("?n".into()),
            total: Some(zh_or(l, "共 46 道榜题", "46 challenges")),
        }
        .draw(l),
    ]
    .into_any()
}

fn challenge(l: Locale) -> AnyView {
    let indicators = Table::new("indicators", zh_or(l, "考核指标", "Indicators"))
        .columns(vec![
            Column::head(zh_or(l, "指标", "Indicator")),
            Column::number(zh_or(l, "立项时", "Start")),
            Column::number(zh_or(l, "中期", "Mid-term")),
            Column::number(zh_or(l, "完成时", "End")),
            Column::text(zh_or(l, "考核方式", "Assessment")),
        ])
        .row(vec![
            cell(zh_or(l, "BaSO₄ 回收率（%）", "BaSO₄ recovery (%)")),
            cell("72"),
            cell("85"),
            cell("≥ 95"),
            cell(zh_or(l, "第三方检测报告", "Third-party test report")),
        ])
        .row(vec![
            cell(zh_or(l, "吨矿水耗（m³/t）", "Water per tonne (m³/t)")),
            cell("3.2"),
            cell("2.0"),
            cell("≤ 1.2"),
            cell(zh_or(l, "现场查定", "Site inspection")),
        ])
        .draw();
    let bars = |label: &str, weight, score, threshold, note: Option<String>| ScoreBar {
        label: label.into(),
        weight_permille: weight,
        score_milli: score,
        threshold_milli: threshold,
        note,
    };
    vec![
        Heading::new(zh_or(l, "重晶石绿色高效选矿关键技术及装备研发", "Key technology and equipment for green beneficiation of barite"))
            .kicker(format!("2026-07 · {}", zh_or(l, "矿产资源", "Mineral resources")))
            .badge(badge(Tone::Running, zh_or(l, "专家评审", "Review")))
            .draw(),
        Facts::new()
            .columns()
            .row(zh_or(l, "榜金", "Award"), wan(l, Fen(500_000_000)))
            .row(zh_or(l, "发榜方", "Issuer"), zh_or(l, "贵州某矿业集团", "A mining group in Guizhou"))
            .row(zh_or(l, "揭榜截止", "Closes"), when(l, at("2026-12-20 18:00")))
            .row(zh_or(l, "可中榜团队", "Winners"), "3")
            .draw(),
        timeline(l, "timeline", &steps()),
        tabs(zh_or(l, "榜题内容", "Challenge"), vec![
            Tab { label: zh_or(l, "说明", "Description"), href: "#a".into(), current: true, count: None },
            Tab { label: zh_or(l, "规则", "Rule"), href: "#b".into(), current: false, count: None },
            Tab { label: zh_or(l, "问答", "Questions"), href: "#c".into(), current: false, count: Some(3) },
        ]),
        section("background", zh_or(l, "背景与难点", "Background"), markdown(&zh_or(
            l,
            "我国重晶石储量居世界首位，但**中低品位矿**占比超过六成。\n\n### 主要难点\n\n1. 重晶石与萤石、方解石可浮性相近；\n2. 药剂用量大、废水难回用。\n\n> 目标：在不增加能耗的前提下，把回收率提高到 95% 以上。",
            "China holds the largest barite reserves, yet more than sixty per cent is **low grade**.\n\n### Where it is hard\n\n1. Barite, fluorite and calcite float alike;\n2. Reagents are heavy and water is hard to reuse.\n\n> Goal: 95 % recovery without more energy.",
        ), 2)),
        section("indicators-section", zh_or(l, "指标", "Indicators"), indicators),
        section("rule", zh_or(l, "评审规则", "The rule"), Facts::new()
            .row(zh_or(l, "合分方式", "Combination"), app::catalogue::t(l, "combination.drop_extremes_on_totals"))
            .row(zh_or(l, "合格线", "Pass mark"), "60")
            .row(zh_or(l, "公示", "Publicity"), zh_or(l, "5 个工作日", "5 working days"))
            .row(zh_or(l, "规则校验值", "Hash of the rule"), hash(l, &"3f9ac2".repeat(11)[..64]))
            .draw()),
        section("scores", zh_or(l, "得分", "Scores"), score_bars(l, "scores-chart", &zh_or(l, "各指标得分", "Score per criterion"), Scale::HUNDRED, &[
            bars(&zh_or(l, "创新能力", "Innovation ability"), 300, 86_400, Some(60_000), Some(zh_or(l, "第 2 名，共 5 名", "2nd of 5"))),
            bars(&zh_or(l, "质量", "Quality"), 300, 78_000, Some(60_000), None),
            bars(&zh_or(l, "实效", "Effect"), 250, 55_250, Some(60_000), None),
            bars(&zh_or(l, "贡献", "Contribution"), 150, 91_000, None, None),
        ], 2)),
        section("funnel-section", zh_or(l, "申请概况", "Bids at a glance"), funnel(l, "funnel", &zh_or(l, "申请概况", "Bids at a glance"), &[
            Stage { label: zh_or(l, "提交", "Submitted"), count: 23 },
            Stage { label: zh_or(l, "通过资格审查", "Eligible"), count: 19 },
            Stage { label: zh_or(l, "合格", "Passed"), count: 7 },
            Stage { label: zh_or(l, "中榜", "Awarded"), count: 3 },
        ])),
        section("race", zh_or(l, "赛马", "Race"), race_lanes(l, "lanes", &board(), 2)),
    ]
    .into_any()
}

fn forms(l: Locale) -> AnyView {
    let errors = vec![
        FieldError::new("title", Problem::Required),
        FieldError::new(
            "amount",
            Problem::BudgetDoesNotAddUp { lines_fen: 12_500_000, total_fen: 13_000_000 },
        ),
    ];
    let echo = Echo {
        values: vec![("title".into(), String::new()), ("amount".into(), "13".into())],
        errors: errors.clone(),
    };
    let step = |zh: &str, en: &str, state| Step::new(zh_or(l, zh, en), state).href("#x");
    vec![
        Heading::new(zh_or(l, "揭榜申请", "Bid")).kicker("2026-07").badge(badge(Tone::Quiet, zh_or(l, "草稿", "Draft"))).draw(),
        stepper(l, zh_or(l, "申请进度", "Progress"), vec![
            step("基本信息", "Basics", StepState::Done),
            step("技术路线", "Route", StepState::Done).note("09-12"),
            step("预算", "Budget", StepState::Wrong),
            step("团队", "Team", StepState::Current),
            step("承诺", "Pledge", StepState::Next),
        ]),
        error_summary(l, &errors, &|field| if field == "title" { zh_or(l, "题目", "Title") } else { zh_or(l, "金额", "Amount") }),
        Notice::warn(zh_or(l, "距截止还有 2 天。", "Two days to the deadline.")).title(zh_or(l, "请留意时间", "Mind the time")).draw(l),
        Notice::good(zh_or(l, "草稿已于 18:02 保存。", "Draft saved at 18:02.")).draw(l),
        Notice::info(zh_or(l, "开启前任何人都看不到您的申请。", "Nobody can read your bid before the opening.")).draw(l),
        Form::post(url::api("bid/submit"))
            .part(Field::text("title", zh_or(l, "题目", "Title")).required().hint(zh_or(l, "不超过 200 字", "Up to 200 characters")).filled(l, &echo, "").draw(l))
            .part(Field::number("amount", zh_or(l, "申请金额", "Amount asked for")).required().suffix(zh_or(l, "万元", "wan yuan")).filled(l, &echo, "").draw(l))
            .part(Field::datetime("due", zh_or(l, "截止时间（北京时间）", "Deadline (Beijing time)")).value("2026-12-20T18:00").draw(l))
            .part(Field::select("domain", zh_or(l, "领域", "Domain"), vec![Choice::new("a", zh_or(l, "新材料", "New materials"))]).required().draw(l))
            .part(TextArea::new("abstract", zh_or(l, "摘要", "Abstract")).hint(zh_or(l, "约 1500 字", "About 1,500 characters")).value(zh_or(l, "我们提出……", "We propose …")).draw(l))
            .part(group(zh_or(l, "评审方式", "Review"), None, vec![
                Field::radios("way", zh_or(l, "合分方式", "Combination"), vec![
                    Choice::new("mean", zh_or(l, "取平均分", "Mean")).hint(zh_or(l, "所有专家同等计入", "Every expert counts the same")),
                    Choice::new("drop", zh_or(l, "去掉最高最低", "Without extremes")),
                ]).value("mean").required().draw(l),
                Field::boxes("gates", zh_or(l, "资格条件", "Gates"), vec![Choice::new("a", zh_or(l, "无失信记录", "No bad credit record")), Choice::new("b", zh_or(l, "非往届中榜", "No earlier winner"))]).chosen(vec!["a".into()]).draw(l),
            ]))
            .part(Field::tick("pledge", zh_or(l, "我已阅读并签署军令状", "I have read and sign the commitment letter")).required().errors(vec![app::catalogue::problem(l, &Problem::Unticked)]).draw(l))
            .button(Button::primary(zh_or(l, "提交申请", "Submit bid")))
            .button(Button::secondary(zh_or(l, "保存草稿", "Save draft")).action(url::api("bid/save")))
            .button(Button::danger(zh_or(l, "撤回", "Withdraw")))
            .link("/desk", zh_or(l, "返回", "Back"))
            .draw(),
        disclosure(zh_or(l, "查看往期版本", "Earlier versions"), false, zh_or(l, "三个版本", "Three versions")),
        Paper::new(zh_or(l, "揭榜挂帅平台", "Unveil open challenges"), zh_or(l, "揭榜申请回执", "Receipt of a bid"))
            .number("UV-2026-07-0003")
            .part(Facts::new()
                .row(zh_or(l, "收到时间", "Received"), when(l, at("2026-12-20 17:59")))
                .row(zh_or(l, "内容校验值", "Content hash"), hash(l, &"0a1b2c3d".repeat(8)))
                .draw())
            .foot(zh_or(l, "本回执由系统自动生成", "Issued by the system"))
            .draw(),
        view! { <p>{Tone::ALL.into_iter().map(|tone| badge(tone, format!("{tone:?}"))).collect::<Vec<_>>()}</p> }.into_any(),
    ]
    .into_any()
}

/// All of it, for the tests.
pub fn everything(locale: Locale) -> AnyView {
    let content = vec![home(locale), challenge(locale), forms(locale)];
    page(Frame { locale, here: "/".into(), demo: true, ..Frame::default() }, content)
}

type Draw = fn(Locale) -> AnyView;

#[test]
fn write_the_gallery() {
    if std::env::var_os("UNVEIL_GALLERY").is_none() {
        return;
    }
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/gallery");
    std::fs::create_dir_all(&folder).unwrap();
    let pages: [(&str, Place, Draw); 4] = [
        ("home", Place::Home, home),
        ("search", Place::Challenges, search),
        ("challenge", Place::Challenges, challenge),
        ("forms", Place::Desk, forms),
    ];
    let large = Look { size: TextSize::Larger, high_contrast: true };
    for (name, place, draw) in pages {
        for (locale, look, suffix) in [
            (Locale::ZhCn, Look::default(), "zh"),
            (Locale::En, Look::default(), "en"),
            (Locale::ZhCn, large, "large"),
        ] {
            let reader = (name != "home").then(|| Reader {
                name: zh_or(locale, "陈立", "Chen Li"),
                unread: 3,
                has_desk: true,
            });
            let body = to_html(move || {
                let trail = vec![(url::home(), zh_or(locale, "首页", "Home"))];
                let breadcrumbs =
                    (name != "home").then(|| breadcrumbs(locale, trail, zh_or(locale, "榜题", "Challenges")));
                page(
                    Frame {
                        locale,
                        look,
                        place,
                        reader,
                        here: "/".into(),
                        breadcrumbs,
                        demo: true,
                        ..Frame::default()
                    },
                    draw(locale),
                )
            });
            let shell =
                Shell { locale, look, title: name.into(), css: "main.css".into(), ..Shell::default() };
            let html = shell.wrap(&body).replace("/pkg/main.css", "main.css").replace("/favicon.svg", "");
            std::fs::write(folder.join(format!("{name}-{suffix}.html")), html).unwrap();
        }
    }
}
