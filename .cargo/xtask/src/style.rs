//! `style/main.css` with all it imports, as one minified text. Deliberately absent: any language other than CSS.

use lightningcss::bundler::{Bundler, FileProvider};
use lightningcss::stylesheet::{MinifyOptions, ParserOptions, PrinterOptions};
use lightningcss::targets::{Browsers, Targets};

use crate::sh::{Outcome, Place};

/// The browsers of spring 2024 and later: each knows nesting, `@layer`, container queries, `:has()` and `light-dark()`.
const BROWSERS: Browsers = Browsers {
    android: None,
    chrome: Some(version(123)),
    edge: Some(version(123)),
    firefox: Some(version(121)),
    ie: None,
    ios_saf: Some(version(17) | 5 << 8),
    opera: None,
    safari: Some(version(17) | 5 << 8),
    samsung: None,
};

/// Lightning CSS keeps a version in one number, the major part from bit 16 on.
const fn version(major: u32) -> u32 {
    major << 16
}

/// The whole style sheet. An error names file and line.
pub fn bundle(place: &Place) -> Outcome<String> {
    let targets = Targets::from(BROWSERS);
    let files = FileProvider::new();
    let main = place.root.join("style/main.css");
    let mut bundler = Bundler::new(&files, None, ParserOptions::default());
    let mut sheet = bundler.bundle(&main).map_err(|fault| format!("style: {fault}"))?;
    sheet
        .minify(MinifyOptions { targets, ..MinifyOptions::default() })
        .map_err(|fault| format!("style: {fault}"))?;
    let printed = sheet
        .to_css(PrinterOptions { minify: true, targets, ..PrinterOptions::default() })
        .map_err(|fault| format!("style: {fault}"))?;
    Ok(printed.code)
}
