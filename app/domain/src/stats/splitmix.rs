//! SplitMix64's mixing function (Steele, Lea and Flood 2014, Fast splittable pseudorandom number generators): a number
//! for each position, without a state. Written here because drawn figures must not change with a library.

/// The odd number nearest to 2^64 over the golden ratio.
pub(super) const STEP: u64 = 0x9e37_79b9_7f4a_7c15;

/// A bijection that scatters neighbouring numbers.
#[inline]
pub(super) fn mixed(value: u64) -> u64 {
    let value = (value ^ (value >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let value = (value ^ (value >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    value ^ (value >> 31)
}
