//! Parts of the program for one test.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use domain::notice::{About, CriterionPosition, Notice};
use domain::time::Timestamp;
use server::config::{Args, Config, Secret, Smtp};
use server::jobs::Deps;
use server::mail::transport::SmtpTransport;
use server::mail::{Letterhead, Transport};
use store::Store;
use store::outbox::{self, Recipient};

pub const BASE: &str = "https://unveil.example.org";
pub const ID: &str = "01890000-0000-7000-8000-000000000001";

pub fn letterhead() -> Letterhead {
    Letterhead {
        from: "Unveil <no-reply@unveil.example.org>".parse().unwrap(),
        base_url: BASE.to_owned(),
        host: "unveil.example.org".to_owned(),
    }
}

/// A worker that sends to this server.
pub fn worker(store: &Store, url: &str) -> Deps {
    worker_within(store, url, Duration::from_secs(10))
}

/// A worker that waits this long for one letter to be taken.
pub fn worker_within(store: &Store, url: &str, longest: Duration) -> Deps {
    let smtp = SmtpTransport::new(&Smtp { url: Secret::new(url) }, longest).unwrap();
    Deps {
        store: store.clone(),
        transport: Arc::new(Transport::Smtp(smtp)),
        letterhead: Arc::new(letterhead()),
    }
}

pub fn recipient(name: &str, address: &str, locale: &str) -> Recipient {
    Recipient { person: None, address: address.to_owned(), name: name.to_owned(), locale: locale.to_owned() }
}

/// Queues a letter about nothing private.
pub async fn post(store: &Store, address: &str, notice: &Notice) {
    let tx = store.begin().await.unwrap();
    outbox::post(&tx, &recipient("陈思源", address, "zh-CN"), notice).await.unwrap();
    tx.commit().await.unwrap();
}

/// An empty folder of one's own, gone when dropped.
pub struct Folder(PathBuf);

impl Folder {
    pub fn new() -> Self {
        let path = std::env::temp_dir().join(format!("unveil-it-{}", uuid::Uuid::new_v4().simple()));
        std::fs::create_dir_all(&path).unwrap();
        Self(path)
    }
}

impl std::ops::Deref for Folder {
    type Target = Path;

    fn deref(&self) -> &Path {
        &self.0
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        // What is left over in a temporary folder harms nobody.
        let _gone = std::fs::remove_dir_all(&self.0);
    }
}

/// A configuration over this folder.
pub fn config(data: &Path, base_url: Option<&str>) -> Config {
    let mut args = Args::default();
    args.database.data = Some(data.display().to_string());
    args.http.base_url = base_url.map(str::to_owned);
    Config::resolve(&args).unwrap()
}

pub fn about() -> About {
    about_titled("2026-07", "重晶石高效综合回收技术")
}

pub fn about_titled(number: &str, title: &str) -> About {
    About { id: ID.to_owned(), number: number.to_owned(), title: title.to_owned() }
}

/// Every kind, and every way its words can go.
pub fn every_notice() -> Vec<Notice> {
    let (at, bid, token) = (Timestamp(1_772_413_200_000), || ID.to_owned(), || "Zm9v-token".to_owned());
    let mut all = vec![
        Notice::ConfirmAddress { token: token() },
        Notice::AddressInUse,
        Notice::ResetPassword { token: token() },
        Notice::PasswordChanged,
        invitation("芮文"),
        invitation(""),
        Notice::ProposalReturned { challenge: about(), reason: "需补充指标".to_owned() },
        Notice::ProposalApproved { challenge: about() },
        Notice::BidReceipt {
            challenge: about(),
            bid: bid(),
            number: "UV-2026-07-1a2b3c4d".to_owned(),
            received_at: at,
            content_sha256: "ab".repeat(32),
            rule_sha256: "cd".repeat(32),
        },
        Notice::BidWithdrawn { challenge: about(), bid: bid() },
        Notice::BidOpened { challenge: about(), bid: bid() },
        Notice::BidEligible { challenge: about(), bid: bid() },
        Notice::BidIneligible { challenge: about(), bid: bid(), reason: "缺少资质证明".to_owned() },
        Notice::Seated { challenge: about(), seat: ID.to_owned() },
        Notice::ScoreDue { challenge: about(), due: at, open_sheets: 1 },
        Notice::ScoreDue { challenge: about(), due: at, open_sheets: 3 },
        Notice::Publicity { challenge: about(), ends_at: at },
        Notice::Awarded { challenge: about(), bid: bid() },
        Notice::GateDue { challenge: about(), gate: 2, gate_title: "中试".to_owned(), due: at },
        Notice::Winner { challenge: about(), bid: bid(), cumulative_milli: 91_250 },
    ];
    for challenges in [vec![], vec![about(), about()]] {
        all.push(Notice::ListPublished {
            list_id: ID.to_owned(),
            list_title: "2026 年第一批榜单".to_owned(),
            domain: "mineral-resources".to_owned(),
            challenges,
        });
    }
    all.extend([true, false].map(|won| result(won, about())));
    all.extend(["continue", "cut", "won"].map(|outcome| Notice::GateResult {
        challenge: about(),
        bid: bid(),
        gate: 1,
        gate_title: "小试".to_owned(),
        total_milli: 87_500,
        cumulative_milli: 87_500,
        rank: 2,
        of: 3,
        outcome: outcome.to_owned(),
    }));
    all
}

fn invitation(by: &str) -> Notice {
    Notice::Invited {
        token: "Zm9v-token".to_owned(),
        organisation: "安顺市科学技术局".to_owned(),
        role: "expert".to_owned(),
        by: by.to_owned(),
    }
}

pub fn result(won: bool, challenge: About) -> Notice {
    Notice::Result {
        challenge,
        bid: ID.to_owned(),
        won,
        total_milli: 88_125,
        rank: 2,
        of: 5,
        criteria: vec![CriterionPosition {
            name_zh: "创新能力".to_owned(),
            name_en: "Innovation ability".to_owned(),
            score_milli: 90_000,
            rank: 1,
        }],
        rule_sha256: "cd".repeat(32),
    }
}
