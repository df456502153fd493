//! Where the next page of a list begins: the sort key and the id of the last row, opaque in addresses.
//! An address with a cursor that cannot be read shows the first page: addresses are typed by people.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::view::{PAGE_ROWS, Page};
use serde::Serialize;
use serde::de::DeserializeOwned;

/// One row more than a page tells whether there is another page.
pub(crate) const LIMIT: u64 = PAGE_ROWS + 1;

/// The key of the last row seen.
pub(crate) fn read<K: DeserializeOwned>(after: Option<&str>) -> Option<K> {
    let bytes = URL_SAFE_NO_PAD.decode(after?).ok()?;
    let text = String::from_utf8(bytes).ok()?;
    // PostgreSQL has no character zero, in no text.
    if text.contains("\\u0000") { None } else { serde_json::from_str(&text).ok() }
}

/// Cuts rows read with [`LIMIT`] into a page.
pub(crate) fn page<R, T, K: Serialize>(
    mut rows: Vec<R>,
    key: impl Fn(&R) -> K,
    view: impl Fn(R) -> T,
) -> Page<T> {
    let more = rows.len() as u64 > PAGE_ROWS;
    rows.truncate(usize::try_from(PAGE_ROWS).unwrap_or(usize::MAX));
    let next = rows.last().filter(|_| more).and_then(|row| serde_json::to_string(&key(row)).ok());
    Page { next: next.map(|text| URL_SAFE_NO_PAD.encode(text)), rows: rows.into_iter().map(view).collect() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_reads_back_and_nonsense_is_the_first_page() {
        let rows: Vec<(i64, String)> = (0..60).map(|n| (n, format!("2026-{n}"))).collect();
        let page = page(rows, Clone::clone, |row| row.0);
        assert_eq!(page.rows.len(), 50);
        assert_eq!(read::<(i64, String)>(page.next.as_deref()), Some((49, "2026-49".to_owned())));
        for nonsense in ["", "%%%", "bm8", "WyJcdTAwMDAiXQ"] {
            assert_eq!(read::<(i64, String)>(Some(nonsense)), None, "{nonsense}");
        }
        let last = super::page(vec![1, 2], |row| *row, |row| row);
        assert_eq!(last.next, None);
    }
}
