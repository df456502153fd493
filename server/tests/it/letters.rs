//! What a letter says and how it is put: every kind, both languages, and people who write what they should not.

use app::text::Locale;
use domain::id::NoticeId;
use domain::notice::Notice;
use domain::time::Timestamp;
use mail_parser::MessageParser;
use server::mail::folder::Folder;
use server::mail::message::compose;
use server::mail::render;
use store::outbox::Letter;

use crate::support::{
    BASE, Folder as OwnFolder, ID, about, about_titled, every_notice, letterhead, recipient, result,
};

fn letter(notice: Notice, name: &str, locale: &str) -> Letter {
    Letter {
        id: NoticeId(ID.parse().unwrap()),
        to: recipient(name, "chen@unveil.test", locale),
        notice,
        attempts: 1,
        created_at: Timestamp(1_772_413_200_000),
    }
}

#[test]
fn every_kind_has_its_words_in_both_languages() {
    let mut kinds: Vec<&str> = every_notice().iter().map(Notice::kind).collect();
    kinds.sort_unstable();
    kinds.dedup();
    let mut known = Notice::KINDS.to_vec();
    known.sort_unstable();
    assert_eq!(kinds, known);
    for notice in every_notice() {
        for locale in Locale::ALL {
            let rendered = render(&notice, "Ada Okafor", locale, &letterhead()).unwrap();
            let place = format!("{} {}", notice.kind(), locale.tag());
            for (part, text) in
                [("subject", &rendered.subject), ("text", &rendered.text), ("html", &rendered.html)]
            {
                assert!(!text.trim().is_empty(), "{place} {part}");
                for sign in ["{{", "{%", "}}", "⟦", "None", "Some("] {
                    assert!(!text.contains(sign), "{place} {part}: {sign} in {text}");
                }
            }
            assert_eq!(rendered.subject.lines().count(), 1, "{place}");
            assert!(rendered.subject.chars().count() <= 100, "{place}: {}", rendered.subject);
            assert!(rendered.text.contains(&format!("\n{BASE}/")), "{place}: no link\n{}", rendered.text);
            assert!(rendered.html.contains(&format!("href=\"{BASE}/")), "{place}: no link");
            assert!(rendered.html.contains(&format!("<html lang=\"{}\"", locale.tag())), "{place}");
            for remote in ["<img", "<script", "<link", "url(", "@import"] {
                assert!(!rendered.html.contains(remote), "{place}: loads something with {remote}");
            }
            let greeting = if locale == Locale::En { "Dear Ada Okafor," } else { "尊敬的Ada Okafor：" };
            assert!(rendered.text.starts_with(greeting), "{place}: {}", rendered.text);
            let holds_chinese = rendered.text.chars().any(|letter| "的请您与".contains(letter));
            assert_eq!(holds_chinese, locale == Locale::ZhCn, "{place}: {}", rendered.text);
        }
    }
}

#[test]
fn a_result_tells_the_own_position_and_nothing_else() {
    let rendered = render(&result(true, about()), "陈思源", Locale::En, &letterhead()).unwrap();
    for words in ["88.125", "2 of 5", "Innovation ability: 90, rank 1", "Congratulations", &"cd".repeat(32)] {
        assert!(rendered.text.contains(words), "{words}: {}", rendered.text);
    }
    let lost = render(&result(false, about()), "陈思源", Locale::En, &letterhead()).unwrap();
    assert!(!lost.text.contains("Congratulations"), "{}", lost.text);
}

#[test]
fn what_people_write_is_text_and_never_structure() {
    let evil = "x\r\nBcc: all@evil.example\r\n\r\n</p><script>alert(1)</script>\n[click](/evil)\n| a | b";
    let notice = Notice::ProposalReturned { challenge: about_titled("1", evil), reason: evil.to_owned() };
    for locale in Locale::ALL {
        let rendered = render(&notice, evil, locale, &letterhead()).unwrap();
        assert!(!rendered.subject.chars().any(char::is_control), "{}", rendered.subject);
        assert!(!rendered.html.contains("<script"), "{}", rendered.html);
        assert!(!rendered.html.contains(&format!("{BASE}/evil")), "{}", rendered.html);
        assert!(!rendered.text.lines().any(|line| line.starts_with("Bcc") || line.starts_with('|')));
        let bytes = compose(&letter(notice.clone(), evil, locale.tag()), &letterhead()).unwrap().formatted();
        let message = MessageParser::default().parse(&bytes).unwrap();
        assert!(message.bcc().is_none() && message.header("Bcc").is_none());
        let to = message.to().unwrap();
        assert_eq!(to.iter().count(), 1);
        assert_eq!(to.first().unwrap().address(), Some("chen@unveil.test"));
    }
}

#[test]
fn headers_say_what_the_letter_is() {
    let bytes =
        compose(&letter(result(true, about()), "陈思源", "zh-CN"), &letterhead()).unwrap().formatted();
    let message = MessageParser::default().parse(&bytes).unwrap();
    assert_eq!(message.message_id(), Some(format!("{ID}@unveil.example.org").as_str()));
    let thread = format!("challenge-{ID}@unveil.example.org");
    assert_eq!(message.in_reply_to().as_text(), Some(thread.as_str()));
    assert_eq!(message.references().as_text(), Some(thread.as_str()));
    assert_eq!(message.header("Auto-Submitted").and_then(|value| value.as_text()), Some("auto-generated"));
    assert_eq!(message.subject(), Some("评审结果：2026-07 重晶石高效综合回收技术"));
    assert_eq!(message.from().unwrap().first().unwrap().address(), Some("no-reply@unveil.example.org"));
    assert_eq!(message.date().unwrap().to_rfc3339(), "2026-03-02T01:00:00Z");
    assert_eq!((message.text_body_count(), message.html_body_count()), (1, 1));
    assert!(message.body_text(0).unwrap().contains("88.125"));
    assert!(message.body_html(0).unwrap().contains("88.125"));
}

#[test]
fn a_letter_that_leaves_twice_is_the_same_letter() {
    let letter = letter(result(true, about()), "陈思源", "zh-CN");
    let bytes = || compose(&letter, &letterhead()).unwrap().formatted();
    assert_eq!(bytes(), bytes());
}

#[test]
fn every_line_is_short_enough_for_any_server() {
    let long = "重".repeat(10_000);
    let notice = Notice::ProposalReturned { challenge: about_titled("1", &long), reason: long.clone() };
    let bytes = compose(&letter(notice, &long, "zh-CN"), &letterhead()).unwrap().formatted();
    assert!(bytes.split(|byte| *byte == b'\n').all(|line| line.len() <= 998));
    assert!(bytes.is_ascii());
    assert!(bytes.len() < 60_000, "{}", bytes.len());
}

#[test]
fn an_address_that_is_none_is_refused() {
    for address in ["", "nobody", "a@b\r\nBcc: x@y", "a b@c"] {
        let mut letter = letter(Notice::PasswordChanged, "x", "en");
        letter.to.address = address.to_owned();
        assert!(compose(&letter, &letterhead()).is_err(), "{address}");
    }
}

#[tokio::test]
async fn the_folder_keeps_letters_and_reads_them_back() {
    let path = OwnFolder::new();
    let folder = Folder::new(path.join("mail"));
    assert_eq!(folder.list().await.unwrap(), vec![]);
    let message = compose(&letter(result(true, about()), "陈思源", "zh-CN"), &letterhead()).unwrap();
    folder.keep(&message).await.unwrap();
    folder.keep(&message).await.unwrap();
    let listed = folder.list().await.unwrap();
    assert_eq!(listed.len(), 1);
    assert_eq!(listed[0].subject, "评审结果：2026-07 重晶石高效综合回收技术");
    assert_eq!(listed[0].to, "chen@unveil.test");
    let found = folder.find(&listed[0].name).await.unwrap().unwrap();
    assert!(found.text.contains("总分：88.125"), "{}", found.text);
    for name in ["../unveil", "", "a/b", ".", "x.eml", "/etc/passwd"] {
        assert_eq!(folder.find(name).await.unwrap(), None, "{name}");
    }
}
