//! Rules: any bytes are a complete rule or faults, and a rule that is read comes back the same from its canonical JSON.

#![no_main]

use libfuzzer_sys::fuzz_target;
use tables::{FAULTS_MAX, read_rule};

fuzz_target!(|bytes: &[u8]| {
    match read_rule(bytes) {
        Ok(rule) => {
            assert!(rule.problems().is_empty());
            let written = serde_json::to_vec(&rule).unwrap();
            assert_eq!(read_rule(&written).as_ref(), Ok(&rule));
        }
        Err(faults) => {
            assert!(!faults.is_empty() && faults.len() <= FAULTS_MAX + 1);
            serde_json::to_string(&faults).unwrap();
        }
    }
});
