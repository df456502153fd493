//! Scores as small whole numbers, so that counting needs no search. Deliberately absent: any notion of nearly equal.

/// Every score's position in an ascending list of values; the list may hold values that no score has.
pub(super) struct Distinct {
    /// One per score, in the scores' order; below `values.len()`.
    pub codes: Vec<u32>,
    pub values: Vec<f64>,
}

/// Points come in whole numbers, halves, tenths, hundredths or thousandths.
const STEPS_PER_POINT: [f64; 5] = [1.0, 2.0, 10.0, 100.0, 1000.0];

/// A sum this large in magnitude leaves no room for a fraction, so adding and taking it away rounds to whole numbers.
const NO_FRACTION: f64 = 6_755_399_441_055_744.0;

impl Distinct {
    /// Finite scores only.
    pub fn of(scores: &[f64]) -> Self {
        let (low, high) = scores.iter().fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), &score| {
            (low.min(score), high.max(score))
        });
        // A grid with many more places than scores would cost more to walk than a sort.
        let most_places = (4 * scores.len() + 64).min(1 << 20) as f64;
        STEPS_PER_POINT
            .into_iter()
            .filter(|steps| (high - low) * steps < most_places && low.abs().max(high.abs()) * steps < 1e15)
            .find_map(|steps| Self::on_grid(scores, low, high, steps))
            .unwrap_or_else(|| Self::by_sorting(scores))
    }

    /// `None` as soon as one score is not exactly a multiple of the step.
    fn on_grid(scores: &[f64], low: f64, high: f64, steps: f64) -> Option<Self> {
        let place = |score: f64| (score * steps + NO_FRACTION) - NO_FRACTION;
        let first = place(low);
        let mut codes = Vec::with_capacity(scores.len());
        for some in scores.chunks(4096) {
            let mut is_on_grid = true;
            codes.extend(some.iter().map(|&score| {
                let place = place(score);
                is_on_grid &= place / steps == score;
                // Between 0 and the number of places: the range was checked by the caller.
                (place - first) as i32 as u32
            }));
            if !is_on_grid {
                return None;
            }
        }
        let places = (place(high) - first) as u32;
        let values = (0..=places).map(|code| (first + f64::from(code)) / steps).collect();
        Some(Self { codes, values })
    }

    fn by_sorting(scores: &[f64]) -> Self {
        let mut placed: Vec<(f64, usize)> = scores.iter().map(|score| score + 0.0).zip(0..).collect();
        placed.sort_unstable_by(|left, right| left.0.total_cmp(&right.0));
        let mut codes = vec![0; scores.len()];
        let mut values = Vec::new();
        for (group, code) in placed.chunk_by(|left, right| left.0 == right.0).zip(0u32..) {
            for &(value, place) in group {
                if let Some(entry) = codes.get_mut(place) {
                    *entry = code;
                }
                if values.len() == code as usize {
                    values.push(value);
                }
            }
        }
        Self { codes, values }
    }
}
