//! A plausible form for every server function; a function without one fails the sweep.

use app::url::pattern;
use domain::challenge::Typed;
use domain::id::{MembershipId, NoticeId};
use store::query;
use testkit::PASSWORD;
use testkit::samples::{filled_bid, filled_list, filled_need, filled_sheet, panel_rule, typed};
use testkit::stages::rule_form_with;

use crate::life_site::with;
use crate::life_story::{Story, Subject, sheets};

/// A password nobody of the cast has.
pub const OTHER_PASSWORD: &str = "celestite sinks past the fourth shaft 19";

pub fn subjects_of(path: &str) -> &'static [&'static str] {
    let Some(name) = path.strip_prefix("/api/") else { return &["sealed"] };
    match name {
        "bid/start" => &["approved", "sealed", "review"],
        "bid/save" | "bid/submit" | "bid/withdraw" => &["sealed", "review"],
        "challenge/save" | "challenge/propose" => &["draft", "proposed", "sealed"],
        "challenge/approve" | "challenge/return" => &["draft", "proposed", "sealed"],
        "challenge/save_rule" => &["proposed", "approved", "sealed"],
        "challenge/step" => &["proposed", "sealed", "review", "running"],
        "list/save" | "list/add" | "list/remove" | "list/publish" => &["approved", "sealed"],
        "race/open_gate" | "race/decide_gate" | "race/withdraw" => &["sealed", "running"],
        "review/save" | "review/submit" | "review/abstain" => &["review", "running"],
        _ if name.starts_with("panel/") || name.starts_with("decision/") => &["sealed", "review"],
        _ => &["sealed"],
    }
}

/// What forms need to know of the world.
pub struct Forms {
    unit: String,
    colleague: MembershipId,
    notice: NoticeId,
    expert: String,
    signer: String,
    rule: Typed,
    versions: Vec<(&'static str, i64, i64, i64)>,
}

impl Forms {
    pub async fn of(story: &Story) -> Self {
        let world = &story.world;
        let (store, chen, rui) = (&world.store, world.actor("chen"), world.actor("rui"));
        let account = query::account::account(store, &chen, "").await.unwrap();
        let colleagues = account.memberships.into_iter().flat_map(|row| row.colleagues);
        let colleague = colleagues.into_iter().find(|row| row.name == world.actor("bo").name).unwrap();
        let inbox = query::account::inbox(store, &chen, None).await.unwrap();
        let mut versions = Vec::new();
        for subject in &story.subjects {
            let challenge = world.challenge(subject.challenge).await.version;
            let list = query::desk::list(store, &rui, subject.list).await.map_or(1, |page| page.version);
            let gate = u32::from(subject.name == "running");
            let sheet = match sheets(world, "okafor", subject.challenge, gate).await.first() {
                Some(id) => query::review::sheet(store, &world.actor("okafor"), *id).await.unwrap().version,
                None => 1,
            };
            versions.push((subject.name, challenge, list, sheet));
        }
        Self {
            unit: world.unit("university").to_string(),
            colleague: colleague.membership,
            notice: inbox.rows[0].id,
            expert: world.person("kim").to_string(),
            signer: chen.name,
            rule: rule_form_with(&panel_rule(), "2026-4-01", world.deadline().await),
            versions,
        }
    }

    /// What a person would send.
    pub fn form(&self, path: &str, subject: &Subject) -> Typed {
        let (_, challenge_version, list_version, sheet_version) =
            *self.versions.iter().find(|(name, ..)| *name == subject.name).unwrap();
        let challenge = subject.challenge.to_string();
        let (list, bid, seat) = (subject.list.to_string(), subject.bid.to_string(), subject.seat.to_string());
        let review = subject.review.to_string();
        let (challenge_version, list_version) = (challenge_version.to_string(), list_version.to_string());
        let (bid_version, sheet_version) = (subject.bid_version.to_string(), sheet_version.to_string());
        let of_challenge = [("challenge", challenge.as_str())];
        let of_need = [("challenge", challenge.as_str()), ("version", &challenge_version)];
        let of_bid = [("bid", bid.as_str()), ("version", &bid_version)];
        let of_sheet = [("review", review.as_str()), ("version", &sheet_version)];
        let of_member = [("list", list.as_str()), ("challenge", &challenge)];
        let on = |fields: &[(&str, &str)], more: &[(&str, &str)]| with(&typed(fields), more);
        let Some(name) = path.strip_prefix("/api/") else { return self.settings(path) };
        match name {
            "bid/start" | "challenge/approve" | "decision/apply" => typed(&of_challenge),
            "bid/save" | "bid/submit" => with(&filled_bid("低碱浮选之二", &self.signer), &of_bid),
            "bid/withdraw" => typed(&[("bid", &bid)]),
            "challenge/create" => filled_need(),
            "challenge/save" | "challenge/propose" => with(&filled_need(), &of_need),
            "challenge/return" | "decision/propose" => on(&of_challenge, &[("reason", "需补充指标")]),
            "challenge/save_rule" => with(&self.rule, &of_need),
            "challenge/step" => on(&of_challenge, &[("step", step_for(subject)), ("note", "不再需要")]),
            "list/create" => filled_list("2026-9"),
            "list/save" => with(&filled_list("2026-8"), &[("list", &list), ("version", &list_version)]),
            "list/add" | "list/remove" => typed(&of_member),
            "list/publish" => typed(&[("list", &list)]),
            "panel/settle_eligibility" => {
                on(&of_challenge, &[("bid", &bid), ("eligible", "true"), ("reason", "")])
            }
            "panel/seat" => on(&of_challenge, &[("person", &self.expert)]),
            "panel/unseat" | "panel/recuse" => on(&of_challenge, &[("seat", &seat), ("note", "同事")]),
            "panel/declare" => {
                let conflict = format!("conflict.{bid}");
                on(&of_challenge, &[("seat", &seat), (&conflict, "on"), ("note", "同事")])
            }
            "panel/start_review" => typed(&of_challenge),
            "race/open_gate" | "race/decide_gate" => on(&of_challenge, &[("gate", "1")]),
            "race/withdraw" => on(&of_challenge, &[("bid", &bid)]),
            "review/save" | "review/submit" => with(&filled_sheet("80"), &of_sheet),
            "review/abstain" => typed(&[("review", &review), ("reason", "不熟悉")]),
            _ => self.account(name),
        }
    }

    fn settings(&self, path: &str) -> Typed {
        match path {
            pattern::SETTINGS_LOOK => typed(&[("size", "large"), ("back", "/lists")]),
            pattern::SETTINGS_LANGUAGE => typed(&[("locale", "en"), ("back", "/lists")]),
            other => panic!("{other} has no form in this test"),
        }
    }

    fn account(&self, name: &str) -> Typed {
        let Some(act) = name.strip_prefix("account/") else { panic!("/api/{name} has no form in this test") };
        let notice = self.notice.to_string();
        let new = [("password", OTHER_PASSWORD), ("repeat_password", OTHER_PASSWORD)];
        match act {
            "register" => with(&typed(&[("name", "新人"), ("email", "new@unveil.test")]), &new),
            "sign_in" => typed(&[("email", "chen@unveil.test"), ("password", PASSWORD)]),
            "request_reset" => typed(&[("email", "chen@unveil.test")]),
            "confirm" | "accept_invitation" => typed(&[("token", "Zm9v")]),
            "reset_password" => with(&typed(&[("token", "Zm9v")]), &new),
            "change_password" => with(&typed(&[("old_password", PASSWORD)]), &new),
            "sign_out" | "resend_confirmation" | "end_other_sessions" | "mark_all_read" => Typed::new(),
            "follow" | "unfollow" => typed(&[("domain", "mineral-resources"), ("back", "/lists")]),
            "register_unit" => typed(&[("name", "新岭研究所"), ("kind", "institute"), ("credit_code", "")]),
            "invite" => {
                typed(&[("organisation", &self.unit), ("email", "guest@unveil.test"), ("role", "team")])
            }
            "change_membership" => {
                typed(&[("membership", &self.colleague.to_string()), ("state", "suspended")])
            }
            "mark_read" | "retry_letter" => typed(&[("notice", &notice)]),
            other => panic!("/api/account/{other} has no form in this test"),
        }
    }
}

fn step_for(subject: &Subject) -> &'static str {
    match subject.name {
        "sealed" => "open",
        "running" => "terminate",
        _ => "cancel",
    }
}
