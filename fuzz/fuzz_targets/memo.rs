//! See `properties::memo`.

#![no_main]

#[path = "../properties.rs"]
#[allow(dead_code, reason = "each target holds one of the properties")]
mod properties;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| properties::memo(bytes));
