//! The languages and the look a reader may choose. Both targets. Deliberately absent: words (see `catalogue`).

use domain::rule::Bilingual;
use serde::{Deserialize, Serialize};

/// The cookie that remembers the language.
pub const LOCALE_COOKIE: &str = "locale";
/// The cookie that remembers text size and contrast, in the form of [`Look::cookie`].
pub const LOOK_COOKIE: &str = "look";

/// A language of the whole surface. Both are complete, or the tests are red.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Locale {
    #[default]
    #[serde(rename = "zh-CN")]
    ZhCn,
    #[serde(rename = "en")]
    En,
}

impl Locale {
    pub const ALL: [Self; 2] = [Self::ZhCn, Self::En];

    /// BCP 47, as in `<html lang>`.
    pub const fn tag(self) -> &'static str {
        match self {
            Self::ZhCn => "zh-CN",
            Self::En => "en",
        }
    }

    /// Reads one language tag; any Chinese is `zh-CN`, any English `en`.
    pub fn from_tag(tag: &str) -> Option<Self> {
        let primary = tag.trim().split(['-', '_']).next()?.to_ascii_lowercase();
        match primary.as_str() {
            "zh" => Some(Self::ZhCn),
            "en" => Some(Self::En),
            _ => None,
        }
    }

    /// The cookie's value if it is one of ours, else the best of `Accept-Language`, else `zh-CN`.
    pub fn choose(cookie: Option<&str>, accept_language: Option<&str>) -> Self {
        cookie.and_then(Self::from_tag).or_else(|| accept_language.and_then(accepted)).unwrap_or_default()
    }

    /// The language a switch offers.
    pub const fn other(self) -> Self {
        match self {
            Self::ZhCn => Self::En,
            Self::En => Self::ZhCn,
        }
    }

    /// The text in this language; Chinese where there is no English.
    pub fn of(self, text: &Bilingual) -> &str {
        match self {
            Self::En if !text.en.trim().is_empty() => &text.en,
            _ => &text.zh,
        }
    }
}

/// The accepted language of the highest quality; the first of equals. At most 20 entries are read.
fn accepted(header: &str) -> Option<Locale> {
    let mut best: Option<(u16, Locale)> = None;
    for entry in header.split(',').take(20) {
        let (tag, parameters) = entry.split_once(';').unwrap_or((entry, ""));
        let quality = parameters
            .trim()
            .strip_prefix("q=")
            .and_then(|q| q.trim().parse::<f32>().ok())
            .map_or(1000, |q| (q.clamp(0.0, 1.0) * 1000.0) as u16);
        if let Some(locale) = Locale::from_tag(tag)
            && quality > best.map_or(0, |(known, _)| known)
        {
            best = Some((quality, locale));
        }
    }
    best.map(|(_, locale)| locale)
}

/// The text size a reader chose (字号).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TextSize {
    #[default]
    Normal,
    Large,
    Larger,
}

impl TextSize {
    pub const ALL: [Self; 3] = [Self::Normal, Self::Large, Self::Larger];

    pub const fn key(self) -> &'static str {
        match self {
            Self::Normal => "normal",
            Self::Large => "large",
            Self::Larger => "larger",
        }
    }

    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|size| size.key() == key)
    }
}

/// How pages are shown to one reader. Part of the key of a kept page.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Look {
    pub size: TextSize,
    pub high_contrast: bool,
}

impl Look {
    /// `large.high`: size, then `high` or `plain`.
    pub fn cookie(self) -> String {
        format!("{}.{}", self.size.key(), if self.high_contrast { "high" } else { "plain" })
    }

    /// Reads [`Look::cookie`]; anything else is the default look.
    pub fn from_cookie(value: &str) -> Self {
        let Some((size, contrast)) = value.split_once('.') else { return Self::default() };
        let Some(size) = TextSize::from_key(size) else { return Self::default() };
        Self { size, high_contrast: contrast == "high" }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_cookie_wins_then_the_best_accepted_language_then_chinese() {
        let check =
            |cookie, accept, expected| assert_eq!(Locale::choose(cookie, accept), expected, "{accept:?}");
        check(None, None, Locale::ZhCn);
        check(Some("en"), Some("zh-CN"), Locale::En);
        check(Some("xx"), Some("en-GB,zh;q=0.8"), Locale::En);
        check(None, Some("de, en;q=0.5, zh-TW;q=0.7"), Locale::ZhCn);
        check(None, Some("fr"), Locale::ZhCn);
        check(None, Some("en;q=0, zh;q=0"), Locale::ZhCn);
    }

    #[test]
    fn a_look_survives_its_cookie() {
        for size in TextSize::ALL {
            for high_contrast in [false, true] {
                let look = Look { size, high_contrast };
                assert_eq!(Look::from_cookie(&look.cookie()), look);
            }
        }
        assert_eq!(Look::from_cookie("huge.high"), Look::default());
    }
}
