//! Result packages: any bytes are a package or one fault; a package comes back the same from its own bytes, and computing
//! it again answers with differences or a reason. The files are the server's own, so that the server is not built here.

#![no_main]
#![allow(dead_code, reason = "the fuzzer drives only the reading side of these files")]

#[path = "../../src/cli"]
mod cli {
    pub mod seed;

    pub mod package {
        pub mod compare;
        pub mod content;
    }
}

use cli::package::compare::differences;
use cli::package::content::Package;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let Ok(package) = Package::from_bytes(bytes) else { return };
    assert_eq!(Package::from_bytes(&package.to_bytes().unwrap()).as_ref(), Ok(&package));
    // A rule that the command line would have refused may be refused here too, but nothing may panic.
    let _ = differences(&package);
    let sealed = package.sealed();
    assert_eq!(sealed.content_sha256(), sealed.sha256);
});
