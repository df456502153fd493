//! Numbers by chance that are the same everywhere: counted, not remembered. Number `i` of a draw depends only on the seed, the
//! draw and `i`, so that any draw can be made alone, in any order and on any number of threads.
//!
//! Normals come from the inverse of their distribution function:
//! one number in, one number out, so that no rejection shifts the count. Only the tails call `ln`, whose last bit may differ
//! between platforms; everything else is plain arithmetic.

use super::super::splitmix::{STEP, mixed};

pub(super) struct Draws {
    counter: u64,
}

impl Draws {
    pub(super) fn new(seed: u64, draw: u64) -> Self {
        Self { counter: mixed(mixed(seed.wrapping_add(STEP)).wrapping_add(draw.wrapping_mul(STEP))) }
    }

    fn next(&mut self) -> u64 {
        self.counter = self.counter.wrapping_add(STEP);
        mixed(self.counter)
    }

    /// A standard normal.
    pub(super) fn normal(&mut self) -> f64 {
        // The middle of one of 2^53 equal cells: never 0, never 1.
        let cell = (self.next() >> 11) as f64 + 0.5;
        normal_quantile(cell / (1u64 << 53) as f64)
    }

    pub(super) fn normals(&mut self, count: usize) -> Vec<f64> {
        (0..count).map(|_| self.normal()).collect()
    }

    /// Minus one or one, equally likely.
    pub(super) fn signs(&mut self, count: usize) -> Vec<f64> {
        (0..count).map(|_| if self.next() >> 63 == 0 { -1.0 } else { 1.0 }).collect()
    }
}

fn polynomial(coefficients: &[f64; 8], at: f64) -> f64 {
    let [a, b, c, d, e, f, g, h] = coefficients;
    ((((((h * at + g) * at + f) * at + e) * at + d) * at + c) * at + b) * at + a
}

/// The value below which a standard normal lies with this probability (0 to 1, exclusive), to about 1e-16 relative.
/// Source: Wichura (1988), algorithm AS 241 (PPND16), Applied Statistics 37:477-484.
pub(super) fn normal_quantile(probability: f64) -> f64 {
    let centre = probability - 0.5;
    if centre.abs() <= 0.425 {
        let at = 0.180625 - centre * centre;
        return centre * polynomial(&CENTRE_ABOVE, at) / polynomial(&CENTRE_BELOW, at);
    }
    let tail = if centre < 0.0 { probability } else { 1.0 - probability };
    let root = (-tail.ln()).sqrt();
    let size = if root <= 5.0 {
        polynomial(&TAIL_ABOVE, root - 1.6) / polynomial(&TAIL_BELOW, root - 1.6)
    } else {
        polynomial(&FAR_ABOVE, root - 5.0) / polynomial(&FAR_BELOW, root - 5.0)
    };
    size.copysign(centre)
}

const CENTRE_ABOVE: [f64; 8] = [
    3.387_132_872_796_366_5,
    133.141_667_891_784_38,
    1_971.590_950_306_551_3,
    13_731.693_765_509_46,
    45_921.953_931_549_87,
    67_265.770_927_008_7,
    33_430.575_583_588_13,
    2_509.080_928_730_122_7,
];
const CENTRE_BELOW: [f64; 8] = [
    1.0,
    42.313_330_701_600_91,
    687.187_007_492_057_9,
    5_394.196_021_424_751,
    21_213.794_301_586_597,
    39_307.895_800_092_71,
    28_729.085_735_721_943,
    5_226.495_278_852_854,
];
const TAIL_ABOVE: [f64; 8] = [
    1.423_437_110_749_683_5,
    4.630_337_846_156_546,
    5.769_497_221_460_691,
    3.647_848_324_763_204_5,
    1.270_458_252_452_368_4,
    0.241_780_725_177_450_6,
    0.022_723_844_989_269_184,
    7.745_450_142_783_414e-4,
];
const TAIL_BELOW: [f64; 8] = [
    1.0,
    2.053_191_626_637_759,
    1.676_384_830_183_803_8,
    0.689_767_334_985_1,
    0.148_103_976_427_480_08,
    0.015_198_666_563_616_457,
    5.475_938_084_995_345e-4,
    1.050_750_071_644_416_9e-9,
];
const FAR_ABOVE: [f64; 8] = [
    6.657_904_643_501_103,
    5.463_784_911_164_114,
    1.784_826_539_917_291_3,
    0.296_560_571_828_504_87,
    0.026_532_189_526_576_124,
    1.242_660_947_388_078_4e-3,
    2.711_555_568_743_487_6e-5,
    2.010_334_399_292_288_1e-7,
];
const FAR_BELOW: [f64; 8] = [
    1.0,
    0.599_832_206_555_888,
    0.136_929_880_922_735_8,
    0.014_875_361_290_850_615,
    7.868_691_311_456_133e-4,
    1.846_318_317_510_054_8e-5,
    1.421_511_758_316_446e-7,
    2.044_263_103_389_939_8e-15,
];
