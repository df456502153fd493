//! Words for the inverted index. One place for both texts and queries, so that the same text always finds itself.

use std::collections::BTreeSet;
use std::sync::OnceLock;

use jieba_rs::Jieba;

/// Words of one challenge; long texts repeat themselves, the bound keeps a malicious one from filling the index.
pub const MAX_WORDS: usize = 4_000;
/// Words of one query.
pub const MAX_QUERY_WORDS: usize = 8;
/// A longer run of letters is no word.
const MAX_WORD_CHARS: usize = 32;

fn jieba() -> &'static Jieba {
    static JIEBA: OnceLock<Jieba> = OnceLock::new();
    JIEBA.get_or_init(Jieba::new)
}

/// The words of a text: Chinese by dictionary with overlapping shorter words, and each pair of neighbouring
/// characters (so that a word the dictionary cuts otherwise is found too); everything else by letters and digits,
/// lower case.
pub fn words(text: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for run in runs(text) {
        if run.han {
            found.extend(
                jieba().cut_for_search(&run.text, false).into_iter().map(|token| token.word.to_owned()),
            );
            let chars: Vec<char> = run.text.chars().collect();
            found.extend(chars.windows(2).map(|pair| pair.iter().collect::<String>()));
        } else {
            found.insert(run.text);
        }
        if found.len() >= MAX_WORDS {
            break;
        }
    }
    found.into_iter().take(MAX_WORDS).collect()
}

/// What a query asks for: all of `exact`, and words that begin with `prefix` (the last Latin word, still being typed).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct QueryWords {
    pub exact: Vec<String>,
    pub prefix: Option<String>,
}

/// A Chinese run of up to two characters is one word; a longer one is cut as texts are and every pair must occur.
pub fn query_words(text: &str) -> QueryWords {
    let mut query = QueryWords::default();
    let runs = runs(text);
    let last = runs.len().saturating_sub(1);
    for (index, run) in runs.into_iter().enumerate() {
        if run.han {
            let chars: Vec<char> = run.text.chars().collect();
            if chars.len() <= 2 {
                query.exact.push(run.text);
            } else {
                query.exact.extend(chars.windows(2).map(|pair| pair.iter().collect::<String>()));
            }
        } else if index == last {
            query.prefix = Some(run.text);
        } else {
            query.exact.push(run.text);
        }
    }
    let mut seen = BTreeSet::new();
    query.exact.retain(|word| seen.insert(word.clone()));
    query.exact.truncate(MAX_QUERY_WORDS);
    query
}

struct Run {
    text: String,
    han: bool,
}

/// Runs of Chinese characters and runs of other letters and digits; everything else separates.
fn runs(text: &str) -> Vec<Run> {
    let mut runs: Vec<Run> = Vec::new();
    let mut joined = false;
    for c in text.chars().flat_map(char::to_lowercase) {
        let han = matches!(c, '\u{3400}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}');
        if !han && !c.is_alphanumeric() {
            joined = false;
            continue;
        }
        match runs.last_mut() {
            Some(run) if joined && run.han == han => {
                if han || run.text.chars().count() < MAX_WORD_CHARS {
                    run.text.push(c);
                }
            }
            _ => runs.push(Run { text: c.to_string(), han }),
        }
        joined = true;
    }
    runs
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_found_by_its_words_in_both_languages() {
        let text = "低品位重晶石选矿提纯 PBAT-2000 R&D of barite";
        let all = words(text);
        for query in
            ["重晶石", "晶石", "提纯", "选矿提纯", "PBAT", "pbat 2000", "barite", "bari", "重晶石 barite"]
        {
            let asked = query_words(query);
            assert!(asked.exact.iter().all(|word| all.contains(word)), "{query}: {asked:?}");
            if let Some(prefix) = &asked.prefix {
                assert!(all.iter().any(|word| word.starts_with(prefix.as_str())), "{query}");
            }
        }
        let asked = query_words("刺梨");
        assert!(!asked.exact.iter().all(|word| all.contains(word)));
    }

    #[test]
    fn nothing_typed_makes_a_query_explode() {
        assert_eq!(query_words("  !!! "), QueryWords::default());
        assert!(query_words(&"重晶石的提纯".repeat(1000)).exact.len() <= MAX_QUERY_WORDS);
        assert!(words(&"abc def ghi 一二三四五六".repeat(10_000)).len() <= MAX_WORDS);
    }
}
