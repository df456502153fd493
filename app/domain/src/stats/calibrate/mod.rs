//! Correcting strict and lenient reviewers openly, and saying how sure the order then is.
//!
//! Two readings of the same panel. The additive one ([`additive`]) takes every reviewer's offset as a fixed unknown and
//! is refused where nothing compares the reviewers. The mixed one ([`fit_mixed`], [`posterior`]) takes bids and reviewers
//! as draws from populations, shrinks what rests on few scores, and leads to [`expected_rank`] and [`p_top_k`].
//! Simple rescaling per reviewer is in [`centred`], [`z_scores`] and [`mean_and_scale`].
//!
//! Deliberately absent: criteria (the panel carries one number per review), non-normal models, reviewers who differ in
//! spread as well as in level within one model.

mod additive;
mod ascend;
mod connected;
mod dense;
mod design;
mod draws;
mod expected_rank;
mod mixed;
mod normalise;
mod posterior;
mod restricted;
mod shrinkage;
mod system;

pub use additive::{Additive, STANDARD_ERROR_REVIEWERS, additive};
pub use connected::islands;
pub use expected_rank::{
    DRAWS_LARGE, DRAWS_SMALL, EXACT_BIDS, ExpectedRank, RankCertainty, TopK, expected_rank,
    expected_rank_independent, p_top_k, p_top_k_independent, probability_better, rank_certainty,
};
pub use mixed::{MANY_STARTS_REVIEWERS, MANY_STARTS_REVIEWS, Mixed, TRACE_DRAWS, Variances, fit_mixed};
pub use normalise::{centred, mean_and_scale, z_scores};
pub use posterior::{Covariance, Posterior, SPREAD_DRAWS, posterior, quality_covariance};
pub use shrinkage::{OneWay, Shrunk, fit_one_way, shrink};
pub use system::EXACT_REVIEWERS;
