//! The words of each kind of notice in both languages: one struct a kind with what its two templates may use.
//! The first line of a template is the subject, blank lines separate paragraphs, the last line is the button.

use askama::Template;

use app::text::Locale;

/// Declares each kind with its templates; what a template uses and the kind does not have fails to compile.
macro_rules! letters {
    ($($(#[$doc:meta])* $name:ident($chinese:literal, $english:literal) { $($field:ident: $kind:ty),* $(,)? })+) => {$(
        $(#[$doc])*
        pub(super) struct $name { $(pub $field: $kind),* }

        impl $name {
            pub fn say(&self, locale: Locale) -> askama::Result<String> {
                #[derive(Template)]
                #[template(path = $chinese)]
                struct Chinese<'a> { letter: &'a $name }

                #[derive(Template)]
                #[template(path = $english)]
                struct English<'a> { letter: &'a $name }

                match locale {
                    Locale::ZhCn => Chinese { letter: self }.render(),
                    Locale::En => English { letter: self }.render(),
                }
            }
        }
    )+};
}

/// How a bid stands in one criterion.
pub(super) struct Position {
    pub name_zh: String,
    pub name_en: String,
    pub score: String,
    pub rank: u32,
}

letters! {
    /// Greeting, farewell and footer of every letter, as three paragraphs.
    Frame("frame/zh-CN.txt", "frame/en.txt") { name: String, brand: String, base_url: String }
    ConfirmAddress("confirm_address/zh-CN.txt", "confirm_address/en.txt") { link: String }
    AddressInUse("address_in_use/zh-CN.txt", "address_in_use/en.txt") { link: String }
    ResetPassword("reset_password/zh-CN.txt", "reset_password/en.txt") { link: String }
    PasswordChanged("password_changed/zh-CN.txt", "password_changed/en.txt") { link: String }
    Invited("invited/zh-CN.txt", "invited/en.txt") {
        link: String,
        organisation: String,
        role: String,
        by: String,
    }
    ProposalReturned("proposal_returned/zh-CN.txt", "proposal_returned/en.txt") {
        link: String,
        title: String,
        reason: String,
    }
    ProposalApproved("proposal_approved/zh-CN.txt", "proposal_approved/en.txt") { link: String, title: String }
    ListPublished("list_published/zh-CN.txt", "list_published/en.txt") {
        link: String,
        list_title: String,
        domain: String,
        challenges: Vec<String>,
    }
    BidReceipt("bid_receipt/zh-CN.txt", "bid_receipt/en.txt") {
        link: String,
        challenge: String,
        number: String,
        received_at: String,
        content_sha256: String,
        rule_sha256: String,
    }
    BidWithdrawn("bid_withdrawn/zh-CN.txt", "bid_withdrawn/en.txt") { link: String, challenge: String }
    BidOpened("bid_opened/zh-CN.txt", "bid_opened/en.txt") { link: String, challenge: String }
    BidEligible("bid_eligible/zh-CN.txt", "bid_eligible/en.txt") { link: String, challenge: String }
    BidIneligible("bid_ineligible/zh-CN.txt", "bid_ineligible/en.txt") {
        link: String,
        challenge: String,
        reason: String,
    }
    Seated("seated/zh-CN.txt", "seated/en.txt") { link: String, challenge: String }
    ScoreDue("score_due/zh-CN.txt", "score_due/en.txt") {
        link: String,
        challenge: String,
        due: String,
        open_sheets: u32,
    }
    Outcome("result/zh-CN.txt", "result/en.txt") {
        link: String,
        challenge: String,
        won: bool,
        total: String,
        rank: u32,
        of: u32,
        criteria: Vec<Position>,
        rule_sha256: String,
    }
    Publicity("publicity/zh-CN.txt", "publicity/en.txt") { link: String, challenge: String, ends_at: String }
    Awarded("awarded/zh-CN.txt", "awarded/en.txt") { link: String, challenge: String }
    GateDue("gate_due/zh-CN.txt", "gate_due/en.txt") {
        link: String,
        challenge: String,
        gate: u32,
        gate_title: String,
        due: String,
    }
    GateResult("gate_result/zh-CN.txt", "gate_result/en.txt") {
        link: String,
        challenge: String,
        gate: u32,
        gate_title: String,
        total: String,
        cumulative: String,
        rank: u32,
        of: u32,
        outcome: String,
    }
    Winner("winner/zh-CN.txt", "winner/en.txt") { link: String, challenge: String, cumulative: String }
}
