//! The whole document around a page's body. Scripts are in it only when the page holds an island.
//! Deliberately absent: nonces. Kept pages are served to many, so the few inline scripts are allowed by hash.

use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hydration_context::{SharedContext, SsrSharedContext};
use leptos::config::LeptosOptions;
use leptos::prelude::*;
use sha2::{Digest, Sha256};

use crate::catalogue::t;
use crate::components::text_area::escape;
use crate::text::{Locale, Look, TextSize};
use crate::url;

/// What the document says about itself.
#[derive(Clone, Debug, Default)]
pub struct Shell {
    pub locale: Locale,
    pub look: Look,
    /// The page's own title; the program's name follows.
    pub title: String,
    /// For search engines and previews; only on public pages.
    pub description: Option<String>,
    /// File name of the style sheet under `/pkg/`: `main-….css`.
    pub css: String,
    /// File name of the browser program without its ending: `client-…`.
    pub client: String,
    /// Desk pages and everything personal stay out of search engines.
    pub private: bool,
}

impl Shell {
    /// Draws a page body (see [`crate::components::page`]) and puts the document around it.
    pub fn document<V: IntoView + 'static>(&self, draw: impl FnOnce() -> V) -> String {
        self.wrap(&to_html(draw))
    }

    /// Puts the document around HTML that was drawn already.
    pub fn wrap(&self, body: &str) -> String {
        let size = match self.look.size {
            TextSize::Normal => String::new(),
            other => format!(" data-size=\"{}\"", other.key()),
        };
        let contrast = if self.look.high_contrast { " data-contrast=\"high\"" } else { "" };
        let name = t(self.locale, "common.name_full");
        let title = if self.title.is_empty() { name.to_owned() } else { format!("{} · {name}", self.title) };
        let mut out = String::with_capacity(body.len() + 6_000);
        out.push_str(&format!("<!DOCTYPE html><html lang=\"{}\"{size}{contrast}><head>", self.locale.tag()));
        out.push_str("<meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">");
        out.push_str(&format!("<title>{}</title>", escape(&title)));
        if let Some(description) = &self.description {
            out.push_str(&format!("<meta name=\"description\" content=\"{}\">", escape(description)));
        }
        if self.private {
            out.push_str("<meta name=\"robots\" content=\"noindex\">");
        }
        out.push_str("<meta name=\"color-scheme\" content=\"light\">");
        out.push_str(&format!("<link rel=\"stylesheet\" href=\"{}\">", escape(&url::asset(&self.css))));
        out.push_str("<link rel=\"icon\" type=\"image/svg+xml\" href=\"/favicon.svg\">");
        if body.contains("<leptos-island") {
            out.push_str(&hydration(&self.client));
        }
        out.push_str("</head><body>");
        out.push_str(body);
        out.push_str("</body></html>");
        out
    }
}

/// Draws outside any router: a fresh owner per page, in islands mode, so that only islands carry hydration data.
pub fn to_html<V: IntoView + 'static>(draw: impl FnOnce() -> V) -> String {
    let shared: Arc<dyn SharedContext + Send + Sync> = Arc::new(SsrSharedContext::new_islands());
    let owner = Owner::new_root(Some(shared));
    let html = owner.with(|| draw().into_view().to_html());
    owner.cleanup();
    without_markers(&html)
}

/// What Leptos writes between nodes so that a browser can find them again. Only islands are found again.
const MARKERS: [&str; 2] = ["<!>", "<!--<() />-->"];
const ISLAND_OPENS: &str = "<leptos-island";
const ISLAND_CLOSES: &str = "</leptos-island>";

/// The same HTML without the markers outside islands. Nothing a person typed is touched: there `<` is `&lt;`.
fn without_markers(html: &str) -> String {
    let mut out = String::with_capacity(html.len());
    let mut depth = 0u32;
    let mut rest = html;
    while let Some(at) = rest.find('<') {
        let (before, tag) = rest.split_at(at);
        out.push_str(before);
        depth += u32::from(tag.starts_with(ISLAND_OPENS));
        depth = depth.saturating_sub(u32::from(tag.starts_with(ISLAND_CLOSES)));
        let marker = MARKERS.iter().find(|marker| depth == 0 && tag.starts_with(**marker));
        rest = match marker {
            Some(marker) => tag.strip_prefix(*marker).unwrap_or_default(),
            None => {
                out.push('<');
                tag.strip_prefix('<').unwrap_or_default()
            }
        };
    }
    out.push_str(rest);
    out
}

/// The links and the script that start the islands.
fn hydration(client: &str) -> String {
    let options = LeptosOptions::builder().output_name(client).site_pkg_dir("pkg").build();
    to_html(move || view! { <HydrationScripts options=options islands=true /> })
}

/// What the Content-Security-Policy must allow for the islands to start: `'sha256-…'` per inline script.
pub fn inline_script_hashes(client: &str) -> Vec<String> {
    inline_scripts(&hydration(client))
        .into_iter()
        .map(|body| format!("'sha256-{}'", STANDARD.encode(Sha256::digest(body.as_bytes()))))
        .collect()
}

/// The bodies of the inline scripts of a piece of HTML we drew ourselves.
fn inline_scripts(html: &str) -> Vec<&str> {
    let mut found = Vec::new();
    let mut rest = html;
    while let Some((_, after)) = rest.split_once("<script") {
        let Some((attributes, after)) = after.split_once('>') else { break };
        let Some((body, tail)) = after.split_once("</script>") else { break };
        if !attributes.contains(" src=") {
            found.push(body);
        }
        rest = tail;
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[island]
    fn Probe(start: i64) -> impl IntoView {
        view! { <output>{start}</output> }
    }

    #[test]
    fn an_island_is_drawn_as_one_and_brings_the_scripts() {
        let shell = Shell { client: "client-abc".into(), css: "main-abc.css".into(), ..Shell::default() };
        let with = shell.document(|| view! { <p>"x"</p><Probe start=7 /> });
        assert!(with.contains("<leptos-island"), "{with}");
        assert!(with.contains("/pkg/client-abc.js"), "{with}");
        assert!(with.contains("client-abc_bg.wasm"), "{with}");
        let without = shell.document(|| view! { <p>"x"</p> });
        assert!(!without.contains("<script"), "{without}");
        assert!(without.starts_with("<!DOCTYPE html><html lang=\"zh-CN\"><head>"), "{without}");
    }

    #[test]
    fn the_allowed_hash_is_that_of_the_script_in_the_page() {
        let shell = Shell { client: "client-abc".into(), ..Shell::default() };
        let html = shell.document(|| view! { <Probe start=7 /> });
        let scripts = inline_scripts(&html);
        let hashes: Vec<String> = scripts
            .iter()
            .map(|body| format!("'sha256-{}'", STANDARD.encode(Sha256::digest(body.as_bytes()))))
            .collect();
        assert_eq!(hashes.len(), 1);
        assert_eq!(hashes, inline_script_hashes("client-abc"));
    }

    #[test]
    fn markers_stay_where_islands_need_them() {
        let html = "<p>a<!>b</p><leptos-island data-x=\"1\"><p>c<!></p></leptos-island><!--<() />--><i></i>";
        let expected = "<p>ab</p><leptos-island data-x=\"1\"><p>c<!></p></leptos-island><i></i>";
        assert_eq!(without_markers(html), expected);
    }

    #[test]
    fn a_title_cannot_break_out() {
        let shell = Shell { title: "</title><script>".into(), ..Shell::default() };
        assert!(shell.wrap("").contains("&lt;/title&gt;&lt;script&gt;"));
    }

    #[test]
    fn the_look_stands_on_the_root() {
        let look = Look { size: TextSize::Larger, high_contrast: true };
        let html = Shell { look, locale: Locale::En, ..Shell::default() }.wrap("");
        assert!(html.contains("<html lang=\"en\" data-size=\"larger\" data-contrast=\"high\">"), "{html}");
    }
}
