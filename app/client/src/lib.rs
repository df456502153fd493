//! The wasm file: starts the islands of `app` and holds nothing else.
use app as _;

/// Called by the page's module script once the wasm file is there.
#[wasm_bindgen::prelude::wasm_bindgen]
pub fn hydrate() {
    console_error_panic_hook::set_once();
    leptos::mount::hydrate_islands();
}
