//! Saves the form around it by itself a moment after typing stops, and says so. Deliberately absent: storage in the
//! browser (nothing of a bid stays behind on a shared computer) and merging: when somebody else has saved meanwhile it
//! stops, and the form's own button leads to the comparison.

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::time::Duration;

use js_sys::{Date, Function};
use leptos::html;
use leptos::prelude::*;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{
    Event, FormData, HtmlElement, HtmlFormElement, HtmlInputElement, SubmitEvent, UrlSearchParams,
    XmlHttpRequest,
};

use super::browser::{fill, form_around, handler, listen, push_two};

/// Long enough not to save every word, short enough to lose none.
const PAUSE: Duration = Duration::from_millis(1_500);
/// An answer that takes longer is taken for none.
const ANSWER_LIMIT_MS: u32 = 15_000;
/// Waiting doubles from 4 s up to about a minute while nobody answers.
const FIRST_RETRY: Duration = Duration::from_secs(2);
const MAX_DOUBLINGS: u32 = 5;
const DAY_SECS: u64 = 86_400;
const OFFICIAL_OFFSET_SECS: u64 = 8 * 3_600;

/// Stands inside the form it keeps; the form has a hidden field `version`. `endpoint` takes the whole form and answers
/// `{"version":n}`. `saved` has `{time}`; the other words are finished.
#[island]
pub fn DraftKeeper(
    endpoint: String,
    /// Before anything was typed.
    ready: String,
    saved: String,
    /// No answer; it goes on trying.
    offline: String,
    /// The session is over; signing in elsewhere mends it.
    signed_out: String,
    /// Somebody else saved first; it has stopped.
    conflict: String,
    /// The server takes no more, such as after the deadline; it has stopped.
    refused: String,
) -> impl IntoView {
    let said = RwSignal::new(Said::default());
    let place = NodeRef::<html::P>::new();
    let words = StoredValue::new(Some(Words { saved, offline, signed_out, conflict, refused }));
    Effect::new(move |_| {
        let Some(form) = place.get().and_then(|line| form_around(&line)) else { return };
        let Some(words) = words.try_update_value(Option::take).flatten() else { return };
        said.set(("ready", ready.clone()));
        Keeper::start(form, endpoint.clone(), words, said);
    });
    view! {
        <p class="draft-keeper" role="status" data-draft-keeper=move || said.get().0 node_ref=place>
            {move || said.get().1}
        </p>
    }
}

/// A word for scripts and tests, and the words for people.
type Said = (&'static str, String);

struct Words {
    saved: String,
    offline: String,
    signed_out: String,
    conflict: String,
    refused: String,
}

struct Keeper {
    form: HtmlFormElement,
    endpoint: String,
    words: Words,
    said: RwSignal<Said>,
    /// Counts changes; what was saved is behind while something is unsaved.
    typed: Cell<u32>,
    sent: Cell<u32>,
    saved: Cell<u32>,
    failures: Cell<u32>,
    stopped: Cell<bool>,
    leaving: Cell<bool>,
    timer: RefCell<Option<TimeoutHandle>>,
    request: RefCell<Option<XmlHttpRequest>>,
    answered: RefCell<Option<Function>>,
    /// A press of a button that came while a save was under way, and the button.
    pressed: RefCell<Option<Option<HtmlElement>>>,
}

impl Keeper {
    fn start(form: HtmlFormElement, endpoint: String, words: Words, said: RwSignal<Said>) {
        let keeper = Rc::new(Self {
            form,
            endpoint,
            words,
            said,
            typed: Cell::new(0),
            sent: Cell::new(0),
            saved: Cell::new(0),
            failures: Cell::new(0),
            stopped: Cell::new(false),
            leaving: Cell::new(false),
            timer: RefCell::new(None),
            request: RefCell::new(None),
            answered: RefCell::new(None),
            pressed: RefCell::new(None),
        });
        let own = keeper.clone();
        keeper.answered.replace(Some(handler(move |_| own.hear())));
        let (form, window, document) = (keeper.form.clone(), window(), document());
        keeper.on(&form, "input", |keeper, _| keeper.note_change());
        keeper.on(&form, "submit", Self::let_go);
        keeper.on(&window, "beforeunload", |keeper, event| keeper.warn(event));
        keeper.on(&window, "online", |keeper, _| keeper.save());
        // A phone that turns away from the page may never come back to it.
        keeper.on(&document, "visibilitychange", |keeper, _| keeper.save());
    }

    fn on(self: &Rc<Self>, target: &web_sys::EventTarget, event: &str, act: fn(&Rc<Self>, &Event)) {
        let keeper = self.clone();
        listen(target, event, move |event| act(&keeper, &event));
    }

    fn unsaved(&self) -> bool {
        self.typed.get() != self.saved.get()
    }

    fn note_change(self: &Rc<Self>) {
        self.typed.set(self.typed.get().wrapping_add(1));
        self.save_after(PAUSE);
    }

    fn save_after(self: &Rc<Self>, wait: Duration) {
        if let Some(timer) = self.timer.take() {
            timer.clear();
        }
        let keeper = self.clone();
        self.timer.replace(set_timeout_with_handle(move || keeper.save(), wait).ok());
    }

    /// One save at a time: a second one would carry a version that the first has used up.
    fn save(self: &Rc<Self>) {
        let busy = self.request.borrow().is_some() || self.leaving.get() || self.stopped.get();
        if busy || !self.unsaved() {
            return;
        }
        self.sent.set(self.typed.get());
        match self.send() {
            Ok(request) => drop(self.request.replace(Some(request))),
            Err(_) => self.try_again("offline", &self.words.offline),
        }
    }

    fn send(&self) -> Result<XmlHttpRequest, JsValue> {
        let fields = FormData::new_with_form(&self.form)?;
        let body = String::from(UrlSearchParams::new_with_str_sequence_sequence(&fields)?.to_string());
        let request = XmlHttpRequest::new()?;
        request.open("POST", &self.endpoint)?;
        request.set_request_header("Accept", "application/json")?;
        request.set_request_header("Content-Type", "application/x-www-form-urlencoded")?;
        request.set_timeout(ANSWER_LIMIT_MS);
        request.set_onloadend(self.answered.borrow().as_ref());
        // Line ends as a form itself sends them, so that pressing the button afterwards sends the same text.
        let body = body.replace("%0D%0A", "%0A").replace("%0A", "%0D%0A");
        request.send_with_opt_str(Some(&body))?;
        Ok(request)
    }

    /// The answer, or that there is none.
    fn hear(self: &Rc<Self>) {
        let Some(request) = self.request.take() else { return };
        let text = request.response_text().ok().flatten().unwrap_or_default();
        match (request.status().unwrap_or_default(), version_in(&text)) {
            (200, Some(version)) => self.note_saved(version),
            _ if text.contains("changed_meanwhile") => self.stop("conflict", &self.words.conflict),
            (401, _) => self.try_again("signed-out", &self.words.signed_out),
            (0 | 408 | 429 | 500.., _) => self.try_again("offline", &self.words.offline),
            _ => self.stop("refused", &self.words.refused),
        }
        if let Some(button) = self.pressed.take() {
            self.leaving.set(true);
            let _impossible = self.form.request_submit_with_submitter(button.as_ref());
        }
    }

    fn note_saved(self: &Rc<Self>, version: &str) {
        if let Some(field) = self.version_field() {
            field.set_value(version);
        }
        self.saved.set(self.sent.get());
        self.failures.set(0);
        self.said.set(("saved", fill(&self.words.saved, "{time}", &official_clock(Date::now()))));
        if self.unsaved() {
            self.save_after(PAUSE);
        }
    }

    fn version_field(&self) -> Option<HtmlInputElement> {
        self.form.query_selector("input[name=version]").ok()??.dyn_into().ok()
    }

    fn try_again(self: &Rc<Self>, word: &'static str, words: &str) {
        let failures = self.failures.get().saturating_add(1).min(MAX_DOUBLINGS);
        self.failures.set(failures);
        self.said.set((word, words.to_owned()));
        self.save_after(FIRST_RETRY * 2_u32.pow(failures));
    }

    fn stop(&self, word: &'static str, words: &str) {
        self.stopped.set(true);
        self.said.set((word, words.to_owned()));
    }

    /// A button was pressed: the form goes by itself, once no save of ours is under way.
    fn let_go(self: &Rc<Self>, event: &Event) {
        if self.request.borrow().is_none() {
            self.leaving.set(true);
            return;
        }
        event.prevent_default();
        let button = event.dyn_ref::<SubmitEvent>().and_then(SubmitEvent::submitter);
        self.pressed.replace(Some(button));
    }

    fn warn(&self, event: &Event) {
        if self.unsaved() && !self.leaving.get() {
            event.prevent_default();
        }
    }
}

/// The number after `"version":`.
fn version_in(text: &str) -> Option<&str> {
    let (_, rest) = text.split_once("\"version\":")?;
    let rest = rest.trim_start();
    let end = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
    rest.get(..end).filter(|digits| !digits.is_empty())
}

/// `14:03:25` in Beijing, for milliseconds since 1970.
fn official_clock(now_ms: f64) -> String {
    let secs = ((now_ms / 1_000.0) as u64 + OFFICIAL_OFFSET_SECS) % DAY_SECS;
    let mut out = String::new();
    for (sign, part) in [("", secs / 3_600), (":", secs / 60 % 60), (":", secs % 60)] {
        push_two(&mut out, sign, part as u32);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_are_read_and_times_are_beijing_times() {
        assert_eq!(version_in("{\"version\":12}"), Some("12"));
        assert_eq!(version_in("{\"version\": 7, \"x\":1}"), Some("7"));
        assert_eq!(version_in("{\"version\":null}"), None);
        assert_eq!(version_in("{\"error\":\"sorry\"}"), None);
        assert_eq!(official_clock(0.0), "08:00:00");
        assert_eq!(official_clock(1_763_830_805_999.0), "01:00:05");
    }
}
