//! Sums of ratio-level differences over all pairs, in a time that does not grow with the square of distinct scores.
//! On logarithms the difference `((c - k) / (c + k))²` is `tanh²((s - t) / 2)`, a smooth function of one distance:
//! scores are moved onto a few fixed points of their stretch of the scale without changing any such sum.
//! Deliberately absent: negative scores.

/// Below this many distinct scores all pairs are faster, and exact.
const PAIRS_AT_MOST: usize = 400;

/// Length of one stretch of the scale, in natural logarithms.
const STRETCH: f64 = 0.5;

/// Chebyshev points of a stretch. The function is analytic within π of the real line, so that the error falls by a
/// factor of about `4 π / STRETCH` = 25 with each: 25^-12 is less than rounding.
const POINTS: usize = 12;

/// The sum of `n(c) n(k) ((c - k) / (c + k))²` over all ordered pairs; `counted` holds each distinct score, ascending
/// and not negative, with its count.
pub(super) fn sum_over_pairs(counted: &[(f64, f64)]) -> f64 {
    if counted.len() <= PAIRS_AT_MOST {
        return 2.0 * over_pairs(counted, |left, right| left.1 * right.1 * difference(left.0, right.0));
    }
    let zeros: f64 = counted.iter().filter(|(score, _)| *score <= 0.0).map(|(_, count)| count).sum();
    let positive: f64 = counted.iter().filter(|(score, _)| *score > 0.0).map(|(_, count)| count).sum();
    let stretches = stretches(counted);
    let mut sum = 2.0 * zeros * positive;
    for left in &stretches {
        for right in &stretches {
            let between = (left.place - right.place) * STRETCH;
            for (left_point, left_weight) in left.points() {
                for (right_point, right_weight) in right.points() {
                    let half = 0.5 * (between + (left_point - right_point));
                    sum += left_weight * right_weight * half.tanh().powi(2);
                }
            }
        }
    }
    sum
}

/// Adds up `difference` over unordered pairs.
pub(super) fn over_pairs<T>(items: &[T], difference: impl Fn(&T, &T) -> f64) -> f64 {
    let mut rest = items;
    let mut sum = 0.0;
    while let Some((first, others)) = rest.split_first() {
        sum += others.iter().map(|other| difference(first, other)).sum::<f64>();
        rest = others;
    }
    sum
}

/// Of two scores that are not negative; two zeros do not differ.
pub(super) fn difference(left: f64, right: f64) -> f64 {
    let sum = left + right;
    if sum > 0.0 { ((left - right) / sum).powi(2) } else { 0.0 }
}

/// A stretch of the scale with the counts of its scores moved onto its points.
struct Stretch {
    /// How many stretches lie below it.
    place: f64,
    length: f64,
    weights: [f64; POINTS],
}

impl Stretch {
    fn points(&self) -> impl Iterator<Item = (f64, f64)> + '_ {
        chebyshev().into_iter().zip(self.weights).map(|((point, _), weight)| (point * self.length, weight))
    }
}

/// The points in (0, 1) and their barycentric weights. Source: Berrut & Trefethen (2004), SIAM Review 46:501-517.
fn chebyshev() -> [(f64, f64); POINTS] {
    std::array::from_fn(|index| {
        let angle = std::f64::consts::PI * (index as f64 + 0.5) / POINTS as f64;
        let sign = if index % 2 == 0 { 1.0 } else { -1.0 };
        (0.5 - 0.5 * angle.cos(), sign * angle.sin())
    })
}

fn stretches(counted: &[(f64, f64)]) -> Vec<Stretch> {
    let mut stretches: Vec<Stretch> = Vec::new();
    let positive = || counted.iter().filter(|(score, _)| *score > 0.0);
    let (Some(&(least, _)), Some(&(most, _))) = (positive().next(), positive().next_back()) else {
        return stretches;
    };
    // Scores close together keep the digits of their distance.
    let log = |score: f64| {
        let above = (score - least) / least;
        if above < 1.0 { above.ln_1p() } else { score.ln() - least.ln() }
    };
    let length = log(most).clamp(f64::MIN_POSITIVE, STRETCH);
    let points = chebyshev();
    for &(score, count) in positive() {
        let place = (log(score) / STRETCH).floor();
        if stretches.last().is_none_or(|last| last.place < place) {
            stretches.push(Stretch { place, length, weights: [0.0; POINTS] });
        }
        let Some(stretch) = stretches.last_mut() else { continue };
        let at = (log(score) - place * STRETCH) / length;
        if let Some(index) = points.iter().position(|(point, _)| *point == at) {
            if let Some(weight) = stretch.weights.get_mut(index) {
                *weight += count;
            }
            continue;
        }
        let shares = points.map(|(point, weight)| weight / (at - point));
        let scale = count / shares.iter().sum::<f64>();
        for (weight, share) in stretch.weights.iter_mut().zip(shares) {
            *weight += share * scale;
        }
    }
    stretches
}
