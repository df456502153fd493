//! The few things islands ask of a browser. Only ever called in one: inside effects and event handlers.

use js_sys::Function;
use wasm_bindgen::prelude::{Closure, JsCast};
use web_sys::{Element, Event, EventTarget, HtmlFormElement};

/// The form around an element.
pub fn form_around(element: &Element) -> Option<HtmlFormElement> {
    element.closest("form").ok()??.dyn_into().ok()
}

/// Calls `act` on every such event for as long as the page lives.
pub fn listen(target: &EventTarget, event: &str, act: impl Fn(Event) + 'static) {
    let _refused = target.add_event_listener_with_callback(event, &handler(act));
}

/// A function that lives as long as the page.
pub fn handler(act: impl Fn(Event) + 'static) -> Function {
    let closure: Closure<dyn Fn(Event)> = Closure::new(act);
    closure.into_js_value().unchecked_into()
}

/// `text` with the one placeholder `name` filled.
pub fn fill(text: &str, name: &str, value: &str) -> String {
    match text.split_once(name) {
        Some((before, after)) => [before, value, after].concat(),
        None => text.to_owned(),
    }
}

/// Two digits and a sign in front, as in clocks.
pub fn push_two(out: &mut String, sign: &str, number: u32) {
    out.push_str(sign);
    if number < 10 {
        out.push('0');
    }
    out.push_str(&number.to_string());
}
