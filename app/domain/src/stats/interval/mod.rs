//! How sure a ranking is: bootstrap rank intervals, what one reviewer or one weight changes, outliers, paired
//! differences, plain summaries. Deliberately absent: agreement between reviewers and corrections for strict and
//! lenient ones (rooms of their own), the tie chain, rounding for publication, threads (the caller splits the work).

mod bootstrap;
mod chance;
mod difference;
mod dropping;
mod leave_out;
mod order;
mod outlier;
mod quantity;
mod sensitivity;
mod standing;
mod summary;
mod table;
mod tally;

pub use bootstrap::{
    Bootstrap, BootstrapSettings, MAX_RESAMPLES, RankIntervals, Sampling, Scheme, rank_intervals,
};
pub(crate) use chance::{Chance, indices_per_draw};
pub use difference::{PairedDifference, TInterval, paired_difference, t_interval};
pub use dropping::one_weight_dropping_extremes;
pub use leave_out::{
    Everybody, LeaveOneOut, Pivotal, WithoutReviewer, leave_one_reviewer_out, pivotal_reviewers,
};
pub use outlier::{Grubbs, ModifiedZ, grubbs, mean_deviation_z, modified_z};
pub use quantity::{Combine, Layer, RankedQuantity};
pub use sensitivity::{WeightChange, WeightSensitivity, WeightsChange, weight_sensitivity};
pub use summary::{
    TieMethod, drop_extremes, mean, median, ranks_with_ties, sample_sd, standard_error, winsorised_mean,
};
pub use tally::{RankInterval, Tally};
