//! What readers see on the pages about themselves, in both languages.

use app::components::Echo;
use app::pages::account::{
    confirm, demo, inbox, invitation, letter_words, organisation, overview, password, register, reset,
    sign_in,
};
use app::text::Locale;
use domain::actor::{MembershipState, OrganisationKind, Role};
use domain::id::{MembershipId, NoticeId, OrganisationId};
use domain::notice::{About, CriterionPosition, Notice};
use domain::refusal::{FieldError, Problem};
use domain::view::Page;
use domain::view::account::*;

use crate::public::{NASTY, check, html};
use crate::sample::{at, bid_id, challenge_id};

fn membership_id(n: u32) -> MembershipId {
    format!("01890000-0000-7000-8000-0000000001{n:02}").parse().unwrap()
}

fn organisation_id() -> OrganisationId {
    "01890000-0000-7000-8000-000000000200".parse().unwrap()
}

fn colleague(n: u32, name: &str, role: Role, state: MembershipState) -> Colleague {
    Colleague {
        membership: membership_id(n),
        name: name.into(),
        email: format!("c{n}@unit.example"),
        role,
        state,
    }
}

fn membership(role: Role, state: MembershipState) -> MembershipRow {
    MembershipRow {
        id: membership_id(1),
        organisation: organisation_id(),
        organisation_name: "南方理工大学".into(),
        kind: OrganisationKind::University,
        role,
        state,
        expires_at: Some(at("2027-12-31 00:00")),
        colleagues: vec![],
    }
}

pub fn account() -> AccountPage {
    AccountPage {
        name: "陈立".into(),
        email: "chen@unveil.example".into(),
        email_confirmed: true,
        locale: "zh-CN".into(),
        memberships: vec![
            membership(Role::Team, MembershipState::Active),
            membership(Role::Issuer, MembershipState::Suspended),
        ],
        sessions: vec![
            SessionRow {
                created_at: at("2026-11-22 09:00"),
                last_seen_at: at("2026-11-22 18:00"),
                user_agent: "Mozilla/5.0".into(),
                is_this_one: true,
            },
            SessionRow {
                created_at: at("2026-11-20 09:00"),
                last_seen_at: at("2026-11-21 18:00"),
                user_agent: String::new(),
                is_this_one: false,
            },
        ],
        follows: vec!["new-materials".into()],
    }
}

#[test]
fn signing_in_keeps_the_address_and_the_way_back() {
    let echo = Echo { values: vec![("email".into(), "chen@x.example".into())], errors: vec![] };
    let zh = html(|| sign_in::draw(Locale::ZhCn, "/desk/bids", false, &echo));
    check(
        &zh,
        &[
            "action=\"/api/account/sign_in\"",
            "value=\"chen@x.example\"",
            "name=\"next\" value=\"/desk/bids\"",
        ],
    );
    check(&zh, &["autocomplete=\"current-password\"", "href=\"/account/reset\"", "登录后会回到刚才的页面"]);
    assert!(
        !zh.contains(demo::DEMO_PASSWORD) && !zh.contains("演示账户"),
        "the cast belongs to the demonstration"
    );
    html(|| sign_in::draw(Locale::En, NASTY, false, &Echo::default()));
}

#[test]
fn the_demonstration_offers_everybody_of_the_cast() {
    for locale in Locale::ALL {
        let page = html(|| sign_in::draw(locale, "", true, &Echo::default()));
        assert_eq!(page.matches(demo::DEMO_PASSWORD).count(), demo::CAST.len());
        for player in demo::CAST {
            check(&page, &[player.email]);
        }
    }
}

#[test]
fn registering_puts_messages_at_their_fields_and_forgets_passwords() {
    let values = vec![("name".into(), NASTY.into()), ("email".into(), "not an address".into())];
    let errors = vec![
        FieldError::new("email", Problem::NotAnAddress),
        FieldError::new("password", Problem::PasswordWeak),
        FieldError::new("repeat_password", Problem::PasswordsDiffer),
    ];
    let echo = Echo { values, errors };
    let zh = html(|| register::draw(Locale::ZhCn, "", "", &echo));
    check(
        &zh,
        &[
            "id=\"errors\"",
            "href=\"#field-repeat-password\"",
            "id=\"field-repeat-password\"",
            "not an address",
        ],
    );
    check(&zh, &["这个密码容易被猜到", "两次输入的密码不一致"]);
    let invited =
        html(|| register::draw(Locale::En, "new@x.example", "/account/invitation?token=t", &Echo::default()));
    check(&invited, &["value=\"new@x.example\"", "At least 12 characters"]);
    check(&html(|| register::draw_registered(Locale::En, true)), &["/dev/mail", "24 hours"]);
    assert!(!html(|| register::draw_registered(Locale::ZhCn, false)).contains("/dev/mail"));
}

#[test]
fn links_from_letters_change_nothing_until_a_button_is_pressed() {
    let page = html(|| confirm::draw(Locale::ZhCn, "tok\"en"));
    check(&page, &["method=\"post\"", "action=\"/api/account/confirm\"", "tok&quot;en"]);
    check(&html(|| confirm::draw(Locale::En, "")), &["The link is not complete"]);
    let choose = html(|| reset::draw_choose(Locale::En, "tok", &Echo::default()));
    check(
        &choose,
        &["action=\"/api/account/reset_password\"", "value=\"tok\"", "autocomplete=\"new-password\""],
    );
    check(&html(|| reset::draw_choose(Locale::ZhCn, "", &Echo::default())), &["链接不完整"]);
    check(
        &html(|| reset::draw(Locale::ZhCn, &Echo::default())),
        &["30 分钟", "action=\"/api/account/request_reset\""],
    );
    check(
        &html(|| password::draw(Locale::En, "chen@unveil.test", &Echo::default())),
        &["Present password", "name=\"old_password\""],
    );
}

#[test]
fn the_account_shows_who_one_is_and_what_to_do_next() {
    let zh = html(|| overview::draw(Locale::ZhCn, account(), true, &Echo::default()));
    check(
        &zh,
        &[
            "chen@unveil.example",
            "南方理工大学",
            "揭榜方",
            "已暂停",
            "2027年12月31日",
            "新材料",
            "本机",
            "未知浏览器",
        ],
    );
    check(
        &zh,
        &["/account/organisations/", "account/end_other_sessions", "account/unfollow", "account/follow\""],
    );
    let new = AccountPage {
        email_confirmed: false,
        memberships: vec![],
        sessions: account().sessions.into_iter().take(1).collect(),
        follows: vec![],
        ..account()
    };
    let en = html(|| overview::draw(Locale::En, new, false, &Echo::default()));
    check(
        &en,
        &[
            "Your address is not confirmed yet",
            "account/resend_confirmation",
            "You do not belong to a unit yet",
        ],
    );
    check(&en, &["Please confirm your e-mail address first."]);
    assert!(!en.contains("account/register_unit\"") && !en.contains("end_other_sessions"));
}

#[test]
fn a_refused_unit_form_comes_back_filled() {
    let echo = Echo {
        values: vec![("name".into(), NASTY.into()), ("kind".into(), "enterprise".into())],
        errors: vec![FieldError::new("name", Problem::Duplicate)],
    };
    let page = html(|| overview::draw(Locale::ZhCn, account(), true, &echo));
    check(&page, &["href=\"#field-name\"", "与另一项重复", "value=\"enterprise\" selected"]);
    assert!(!page.contains("value=\"authority\""), "nobody becomes an authority by a form");
}

pub fn unit() -> organisation::View {
    organisation::View {
        id: organisation_id(),
        name: "南方理工大学".into(),
        kind: OrganisationKind::University,
        own: vec![(membership_id(1), Role::Team)],
        colleagues: vec![
            (colleague(2, "周工", Role::Team, MembershipState::Active), true),
            (colleague(3, "", Role::Team, MembershipState::Invited), true),
            (colleague(4, "林工", Role::Issuer, MembershipState::Active), false),
        ],
        offered: vec![Role::Team],
    }
}

#[test]
fn a_unit_shows_colleagues_and_only_the_acts_one_has() {
    let zh = html(|| organisation::draw(Locale::ZhCn, &unit(), &Echo::default()));
    check(
        &zh,
        &[
            "周工",
            "c3@unit.example",
            "撤回邀请",
            "发送邀请",
            "name=\"state\" value=\"suspended\"",
            "value=\"left\"",
        ],
    );
    assert_eq!(zh.matches("value=\"suspended\"").count(), 1, "林工 is not this reader's to suspend");
    let alone = organisation::View { colleagues: vec![], offered: vec![], ..unit() };
    let en = html(|| organisation::draw(Locale::En, &alone, &Echo::default()));
    check(&en, &["Nobody else is here yet"]);
    assert!(!en.contains("account/invite\""));
}

pub fn invitation_page(organisation: &str) -> InvitationPage {
    InvitationPage {
        organisation_name: organisation.into(),
        role: Role::Expert,
        email: "sato@unveil.example".into(),
        has_account: true,
    }
}

#[test]
fn an_invitation_has_one_next_step_for_each_reader() {
    let page = |has_account| InvitationPage { has_account, ..invitation_page(NASTY) };
    use invitation::Opener::{Invited, Public, SomebodyElse};
    for (opener, known, expected) in [
        (Invited, true, "account/accept_invitation"),
        (SomebodyElse, true, "account/sign_out"),
        (Public, true, "/account/sign-in?next=%2Faccount%2Finvitation%3Ftoken%3Dtok"),
        (Public, false, "/account/register?email=sato%40unveil.example"),
    ] {
        for locale in Locale::ALL {
            check(&html(|| invitation::draw(locale, &page(known), "tok", opener)), &[expected]);
        }
    }
}

fn about() -> About {
    About { id: challenge_id().to_string(), number: "2026-07".into(), title: "绿色选矿".into() }
}

/// One of each kind, in the order of `Notice::KINDS`.
fn every_notice() -> Vec<Notice> {
    let (challenge, bid, time) = (about(), bid_id(1).to_string(), at("2026-12-20 18:00"));
    let token = String::new();
    let sha = "ab".repeat(32);
    let position = CriterionPosition {
        name_zh: "创新能力".into(),
        name_en: "Innovation ability".into(),
        score_milli: 88_500,
        rank: 2,
    };
    vec![
        Notice::ConfirmAddress { token: token.clone() },
        Notice::AddressInUse,
        Notice::ResetPassword { token: token.clone() },
        Notice::PasswordChanged,
        Notice::Invited {
            token, organisation: "某厅".into(), role: "expert".into(), by: "芮秘书".into()
        },
        Notice::ProposalReturned { challenge: challenge.clone(), reason: NASTY.into() },
        Notice::ProposalApproved { challenge: challenge.clone() },
        Notice::ListPublished {
            list_id: "01890000-0000-7000-8000-000000000009".into(),
            list_title: "第一批".into(),
            domain: "new-materials".into(),
            challenges: vec![challenge.clone(); 7],
        },
        Notice::BidReceipt {
            challenge: challenge.clone(),
            bid: bid.clone(),
            number: "UV-2026-07-ab12cd34".into(),
            received_at: time,
            content_sha256: sha.clone(),
            rule_sha256: sha.clone(),
        },
        Notice::BidWithdrawn { challenge: challenge.clone(), bid: bid.clone() },
        Notice::BidOpened { challenge: challenge.clone(), bid: bid.clone() },
        Notice::BidEligible { challenge: challenge.clone(), bid: bid.clone() },
        Notice::BidIneligible { challenge: challenge.clone(), bid: bid.clone(), reason: "缺材料".into() },
        Notice::Seated { challenge: challenge.clone(), seat: bid.clone() },
        Notice::ScoreDue { challenge: challenge.clone(), due: time, open_sheets: 3 },
        Notice::Result {
            challenge: challenge.clone(),
            bid: bid.clone(),
            won: true,
            total_milli: 88_690,
            rank: 1,
            of: 5,
            criteria: vec![position],
            rule_sha256: sha,
        },
        Notice::Publicity { challenge: challenge.clone(), ends_at: time },
        Notice::Awarded { challenge: challenge.clone(), bid: bid.clone() },
        Notice::GateDue { challenge: challenge.clone(), gate: 2, gate_title: "中试".into(), due: time },
        Notice::GateResult {
            challenge: challenge.clone(),
            bid: bid.clone(),
            gate: 2,
            gate_title: "中试".into(),
            total_milli: 84_000,
            cumulative_milli: 42_880,
            rank: 2,
            of: 3,
            outcome: "continue".into(),
        },
        Notice::Winner { challenge, bid, cumulative_milli: 88_690 },
    ]
}

#[test]
fn every_kind_of_notice_has_its_sentences_and_its_page() {
    let notices = every_notice();
    let kinds: Vec<&str> = notices.iter().map(Notice::kind).collect();
    assert_eq!(kinds, Notice::KINDS);
    for locale in Locale::ALL {
        for notice in &notices {
            let words = letter_words::of(locale, notice);
            let href = words.href.unwrap_or_else(|| panic!("{} leads nowhere", notice.kind()));
            let path = href.split(['?', '#']).next().unwrap().to_owned();
            assert!(known_path(&path), "{path}");
            for text in [words.title, words.text] {
                assert!(!text.contains(['⟦', '{', '}']), "{text}");
            }
        }
    }
    let receipt = letter_words::of(Locale::ZhCn, &notices[8]);
    assert!(receipt.text.contains("2026-12-20 18:00 北京时间"), "{}", receipt.text);
}

/// Whether a route answers this path.
fn known_path(path: &str) -> bool {
    app::url::pattern::ALL.iter().any(|pattern| {
        let (known, given): (Vec<_>, Vec<_>) = (pattern.split('/').collect(), path.split('/').collect());
        known.len() == given.len() && known.iter().zip(&given).all(|(k, g)| k.starts_with('{') || k == g)
    })
}

/// Every kind of letter, every other one unread.
pub fn inbox_page() -> Page<InboxRow> {
    let id: NoticeId = "01890000-0000-7000-8000-000000000300".parse().unwrap();
    let rows: Vec<InboxRow> = every_notice()
        .into_iter()
        .enumerate()
        .map(|(index, notice)| InboxRow {
            id,
            notice,
            created_at: at("2026-11-22 18:00"),
            read_at: (index % 2 == 0).then(|| at("2026-11-22 19:00")),
        })
        .collect();
    Page { rows, next: Some("c2".into()) }
}

#[test]
fn the_inbox_shows_every_letter_and_what_is_new() {
    let unread = inbox_page().rows.iter().filter(|row| row.read_at.is_none()).count();
    for locale in Locale::ALL {
        let drawn = html(|| inbox::draw(locale, inbox_page(), u32::try_from(unread).unwrap(), None));
        assert_eq!(drawn.matches("action=\"/api/account/mark_read\"").count(), unread);
        check(&drawn, &["account/mark_all_read", "/inbox?after=c2", "88.50", "88.69"]);
    }
    let empty = html(|| inbox::draw(Locale::En, Page::default(), 0, None));
    check(&empty, &["No letters yet", "href=\"/challenges\""]);
    assert!(!empty.contains("mark_all_read"));
}
