//! The frame of every page: skip link, switches, masthead, navigation, content, footer.

use leptos::prelude::*;

use super::notice::Flash;
use crate::catalogue::{t, tf};
use crate::text::{Locale, Look, TextSize};
use crate::url;

/// Which entry of the main navigation the page belongs to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Place {
    Home,
    Lists,
    Challenges,
    Results,
    Desk,
    Inbox,
    Account,
    #[default]
    Elsewhere,
}

/// Who reads, as far as the frame shows it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reader {
    pub name: String,
    /// Unread notices.
    pub unread: u64,
    /// Has a role anywhere, so that the desk has something for them.
    pub has_desk: bool,
}

/// Everything the frame needs. The default is an anonymous Chinese reader with nothing to be told.
#[derive(Default)]
pub struct Frame {
    pub locale: Locale,
    pub look: Look,
    pub place: Place,
    pub reader: Option<Reader>,
    /// Path and query of this page: where the switches come back to.
    pub here: String,
    pub flash: Option<Flash>,
    pub breadcrumbs: Option<AnyView>,
    /// Says on every page that the figures are for show.
    pub demo: bool,
}

/// The body of a page around its content.
pub fn page(frame: Frame, content: impl IntoView + 'static) -> AnyView {
    let locale = frame.locale;
    let content = content.into_view().into_any();
    let header = site_header(&frame);
    let flash = frame.flash.map(|flash| view! { <div class="flash">{flash.draw(locale)}</div> });
    view! {
        <a class="skip-link" href="#content">
            {t(locale, "common.skip")}
        </a>
        {header}
        <main id="content" class="content" tabindex="-1">
            {frame.breadcrumbs}
            {flash}
            {content}
        </main>
        {site_footer(locale)}
    }
    .into_any()
}

fn site_header(frame: &Frame) -> AnyView {
    let locale = frame.locale;
    let demo = frame.demo.then(|| view! { <p class="demo-strip">{t(locale, "common.demo")}</p> });
    view! {
        <header class="site-header">
            {demo}
            <div class="utility">
                <div class="utility-inner">
                    {size_switch(locale, frame.look, &frame.here)}
                    {contrast_switch(locale, frame.look, &frame.here)}
                    {language_switch(locale, &frame.here)}
                    {account_corner(locale, frame.place, frame.reader.as_ref())}
                </div>
            </div>
            <div class="masthead">
                <a class="wordmark" href=url::home()>
                    {emblem()}
                    <span class="wordmark-words">
                        <span class="wordmark-name">{t(locale, "common.name")}</span>
                        <span class="wordmark-line">{t(locale, "common.tagline")}</span>
                        <span class="visually-hidden">{t(locale, "common.home_label")}</span>
                    </span>
                </a>
                {main_nav(frame)}
            </div>
        </header>
    }
    .into_any()
}

/// A seal: a notice on its board with one corner lifted.
fn emblem() -> AnyView {
    view! {
        <svg class="emblem" viewBox="0 0 48 48" aria-hidden="true" focusable="false">
            <rect class="emblem-ground" x="1" y="1" width="46" height="46" rx="4" />
            <path class="emblem-line" d="M12 10h24v18l-9 9H12z" />
            <path class="emblem-fill" d="M36 28h-9v9z" />
            <path class="emblem-line" d="M18 17h12M18 23h12M18 29h5" />
        </svg>
    }
    .into_any()
}

fn main_nav(frame: &Frame) -> AnyView {
    let locale = frame.locale;
    let mut entries = vec![
        (Place::Home, url::home(), "common.nav_home"),
        (Place::Lists, url::lists(), "common.nav_lists"),
        (Place::Challenges, url::challenges(), "common.nav_challenges"),
        (Place::Results, url::results(), "common.nav_results"),
    ];
    if frame.reader.as_ref().is_some_and(|reader| reader.has_desk) {
        entries.push((Place::Desk, url::desk(), "common.nav_desk"));
    }
    let items: Vec<AnyView> = entries
        .into_iter()
        .map(|(place, href, key)| {
            let current = (place == frame.place).then_some("page");
            view! { <li><a href=href aria-current=current>{t(locale, key)}</a></li> }.into_any()
        })
        .collect();
    view! {
        <nav class="main-nav" aria-label=t(locale, "common.nav")>
            <ul role="list">{items}</ul>
        </nav>
    }
    .into_any()
}

fn size_switch(locale: Locale, look: Look, here: &str) -> AnyView {
    let buttons: Vec<AnyView> = TextSize::ALL
        .into_iter()
        .map(|size| {
            let (key, class) = match size {
                TextSize::Normal => ("common.size_normal", "size size-normal"),
                TextSize::Large => ("common.size_large", "size size-large"),
                TextSize::Larger => ("common.size_larger", "size size-larger"),
            };
            let pressed = if size == look.size { "true" } else { "false" };
            view! {
                <button
                    type="submit"
                    class=class
                    name="size"
                    value=size.key()
                    aria-pressed=pressed
                    aria-label=t(locale, key)
                    title=t(locale, key)
                >
                    <span aria-hidden="true">{t(locale, "common.size_letter")}</span>
                </button>
            }
            .into_any()
        })
        .collect();
    view! {
        <form method="post" action=url::settings_look()>
            <input type="hidden" name="back" value=here.to_owned() />
            <fieldset class="switch" aria-label=t(locale, "common.size")>
                <span class="switch-label" aria-hidden="true">{t(locale, "common.size")}</span>
                {buttons}
            </fieldset>
        </form>
    }
    .into_any()
}

fn contrast_switch(locale: Locale, look: Look, here: &str) -> AnyView {
    let (value, pressed) = if look.high_contrast { ("plain", "true") } else { ("high", "false") };
    view! {
        <form class="switch" method="post" action=url::settings_look()>
            <input type="hidden" name="back" value=here.to_owned() />
            <button
                type="submit"
                name="contrast"
                value=value
                aria-pressed=pressed
                aria-label=t(locale, "common.contrast")
                title=t(locale, "common.contrast")
            >
                <span class="contrast-mark" aria-hidden="true">"◐"</span>
                <span class="switch-wide" aria-hidden="true">{t(locale, "common.contrast_short")}</span>
            </button>
        </form>
    }
    .into_any()
}

/// Offers the other language in that language.
fn language_switch(locale: Locale, here: &str) -> AnyView {
    let other = locale.other();
    view! {
        <form class="switch" method="post" action=url::settings_language()>
            <input type="hidden" name="back" value=here.to_owned() />
            <button type="submit" name="locale" value=other.tag() lang=other.tag()>
                {t(other, "common.language_own")}
            </button>
        </form>
    }
    .into_any()
}

fn account_corner(locale: Locale, place: Place, reader: Option<&Reader>) -> AnyView {
    let label = t(locale, "common.account_corner");
    let current = |here: Place| (place == here).then_some("page");
    let Some(reader) = reader else {
        return view! {
            <nav class="account-corner" aria-label=label>
                <a href=url::sign_in()>{t(locale, "common.sign_in")}</a>
                <a href=url::register()>{t(locale, "common.register")}</a>
            </nav>
        }
        .into_any();
    };
    let unread = (reader.unread > 0).then(|| {
        let count = reader.unread.to_string();
        let spoken = tf(locale, "common.unread", &[("count", &count)]);
        let shown = if reader.unread > 99 { "99+".to_owned() } else { count };
        view! {
            <span class="count" aria-hidden="true">{shown}</span>
            <span class="visually-hidden">{spoken}</span>
        }
    });
    let name = reader.name.clone();
    view! {
        <nav class="account-corner" aria-label=label>
            <a href=url::inbox() aria-current=current(Place::Inbox)>{t(locale, "common.inbox")}{unread}</a>
            <a class="account-name" href=url::account() aria-current=current(Place::Account)>{name}</a>
            <form class="switch" method="post" action=url::api("account/sign_out")>
                <button type="submit">{t(locale, "common.sign_out")}</button>
            </form>
        </nav>
    }
    .into_any()
}

fn site_footer(locale: Locale) -> AnyView {
    view! {
        <footer class="site-footer">
            <div class="site-footer-inner">
                <p class="footer-name">{t(locale, "common.name_full")}</p>
                <p>{t(locale, "common.footer_promise")}</p>
                <nav aria-label=t(locale, "common.footer_nav")>
                    <ul role="list">
                        <li><a href=url::lists()>{t(locale, "common.nav_lists")}</a></li>
                        <li><a href=url::challenges()>{t(locale, "common.nav_challenges")}</a></li>
                        <li><a href=url::results()>{t(locale, "common.nav_results")}</a></li>
                    </ul>
                </nav>
                <p class="footer-zone">{t(locale, "common.footer_zone")}</p>
            </div>
        </footer>
    }
    .into_any()
}
