//! How far reviewers agree: intraclass correlation, concordance of ranks, chance-corrected agreement, and what a
//! number of reviewers is worth. Every figure is blind to the order of bids and of reviewers.
//!
//! Deliberately absent: verbal grades ("good", "poor") - published cut-offs contradict each other; weighted kappa,
//! which Krippendorff's alpha at the ordinal level replaces.

mod alpha;
mod concordance;
mod distinct;
mod icc;
mod kappa;
mod permutations;
mod ratio;
mod reliability;

pub use alpha::{Alpha, Level, krippendorff_alpha};
pub use concordance::{Concordance, ConcordanceP, kendall_tau_b, kendall_w, spearman_rho};
pub use icc::{Components, FTest, Icc, MeanSquares, SixIcc, six_icc};
pub use kappa::{CategoryKappa, CohenKappa, FleissKappa, cohen_kappa, fleiss_kappa};
pub use reliability::{DStudy, d_study, reviewers_needed, spearman_brown};
