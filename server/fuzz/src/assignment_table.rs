//! Bids, experts and pairs: any bytes are a table or faults.

#![no_main]

mod input;

use libfuzzer_sys::fuzz_target;
use tables::{read_bids, read_experts, read_pairs};

fuzz_target!(|bytes: &[u8]| {
    let Some((choice, format, content)) = input::source_of(bytes) else { return };
    let source = input::source(format, &content);
    let faults = match choice >> 2 & 3 {
        0 => read_bids(source).err(),
        1 => read_experts(source).err(),
        _ => read_pairs(source).err(),
    };
    if let Some(faults) = faults {
        input::check_faults(&faults);
    }
});
