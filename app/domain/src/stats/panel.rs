//! Who gave which bid how much: the sparse table that every statistic reads. Deliberately absent: criteria; callers
//! put in one number per review, usually the weighted total.

use serde::{Deserialize, Serialize};

/// One reviewer's score of one bid.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Review {
    /// Position of the bid, from 0.
    pub bid: u32,
    /// Position of the reviewer, from 0.
    pub reviewer: u32,
    /// Points, finite.
    pub score: f64,
}

/// Why reviews make no panel. Positions are those of the caller.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PanelFault {
    #[error("bid {bid} or reviewer {reviewer} is beyond the panel")]
    OutOfRange { bid: u32, reviewer: u32 },
    #[error("reviewer {reviewer} scored bid {bid} twice")]
    Duplicate { bid: u32, reviewer: u32 },
    #[error("the score of bid {bid} by reviewer {reviewer} is not a finite number")]
    NotFinite { bid: u32, reviewer: u32 },
}

/// Reviews ordered by bid, then by reviewer; at most one per pair, all finite. The order in which they were handed
/// in never matters. Bids without a review and reviewers without a bid are allowed.
#[derive(Clone, Debug, PartialEq)]
pub struct Panel {
    reviewers: usize,
    /// Where each bid's reviews begin; one more entry than bids.
    starts: Vec<usize>,
    reviewer_of: Vec<u32>,
    scores: Vec<f64>,
}

impl Panel {
    /// # Errors
    /// [`PanelFault`] names the first review that does not fit.
    pub fn new(
        bids: usize,
        reviewers: usize,
        reviews: impl IntoIterator<Item = Review>,
    ) -> Result<Self, PanelFault> {
        let mut reviews: Vec<Review> = reviews.into_iter().collect();
        for &Review { bid, reviewer, score } in &reviews {
            if bid as usize >= bids || reviewer as usize >= reviewers {
                return Err(PanelFault::OutOfRange { bid, reviewer });
            }
            if !score.is_finite() {
                return Err(PanelFault::NotFinite { bid, reviewer });
            }
        }
        let place = |review: &Review| (review.bid, review.reviewer);
        if !reviews.is_sorted_by_key(place) {
            reviews.sort_unstable_by_key(place);
        }
        if let Some((review, _)) =
            reviews.iter().zip(reviews.iter().skip(1)).find(|(left, right)| place(left) == place(right))
        {
            return Err(PanelFault::Duplicate { bid: review.bid, reviewer: review.reviewer });
        }
        let mut starts = Vec::with_capacity(bids + 1);
        let mut next = 0;
        for bid in 0..=bids {
            while reviews.get(next).is_some_and(|review| (review.bid as usize) < bid) {
                next += 1;
            }
            starts.push(next);
        }
        let reviewer_of = reviews.iter().map(|review| review.reviewer).collect();
        let scores = reviews.iter().map(|review| review.score).collect();
        Ok(Self { reviewers, starts, reviewer_of, scores })
    }

    /// One row per bid, one column per reviewer, `None` where there is no score. Shorter rows end in `None`.
    ///
    /// # Errors
    /// [`PanelFault::NotFinite`].
    pub fn from_rows(rows: &[Vec<Option<f64>>]) -> Result<Self, PanelFault> {
        let reviewers = rows.iter().map(Vec::len).max().unwrap_or(0);
        let reviews = rows.iter().zip(0u32..).flat_map(|(row, bid)| {
            row.iter()
                .zip(0u32..)
                .filter_map(move |(score, reviewer)| score.map(|score| Review { bid, reviewer, score }))
        });
        Self::new(rows.len(), reviewers, reviews)
    }

    pub fn bids(&self) -> usize {
        self.starts.len().saturating_sub(1)
    }

    pub fn reviewers(&self) -> usize {
        self.reviewers
    }

    /// Number of reviews.
    pub fn len(&self) -> usize {
        self.scores.len()
    }

    pub fn is_empty(&self) -> bool {
        self.scores.is_empty()
    }

    /// The reviewers of a bid, ascending, and their scores in the same order; empty beyond the panel.
    pub fn of_bid(&self, bid: usize) -> (&[u32], &[f64]) {
        let range = match (self.starts.get(bid), self.starts.get(bid + 1)) {
            (Some(&from), Some(&to)) => from..to,
            _ => 0..0,
        };
        (self.reviewer_of.get(range.clone()).unwrap_or_default(), self.scores.get(range).unwrap_or_default())
    }

    /// All reviews by bid, then by reviewer.
    pub fn reviews(&self) -> impl Iterator<Item = Review> + '_ {
        (0u32..).zip(0..self.bids()).flat_map(|(bid, index)| {
            let (reviewers, scores) = self.of_bid(index);
            reviewers.iter().zip(scores).map(move |(&reviewer, &score)| Review { bid, reviewer, score })
        })
    }

    /// All scores by bid, then by reviewer.
    pub fn scores(&self) -> &[f64] {
        &self.scores
    }

    /// When every reviewer scored every bid: the table row by row (bids x reviewers). `None` otherwise, and for an
    /// empty panel.
    pub fn complete(&self) -> Option<&[f64]> {
        let is_complete = !self.is_empty() && self.scores.len() == self.bids() * self.reviewers;
        is_complete.then_some(self.scores.as_slice())
    }

    /// How many of the possible scores are not there.
    pub fn missing(&self) -> usize {
        self.bids() * self.reviewers - self.scores.len()
    }

    /// The same reviews with bids and reviewers in exchanged roles: `of_bid(r)` then gives what reviewer `r` scored.
    pub fn transposed(&self) -> Self {
        let mut starts = vec![0; self.reviewers + 2];
        for &reviewer in &self.reviewer_of {
            if let Some(count) = starts.get_mut(reviewer as usize + 2) {
                *count += 1;
            }
        }
        let mut total = 0;
        for start in &mut starts {
            total += *start;
            *start = total;
        }
        let mut reviewer_of = vec![0; self.scores.len()];
        let mut scores = vec![0.0; self.scores.len()];
        for Review { bid, reviewer, score } in self.reviews() {
            // The entry behind a reviewer's start walks to the start of the next one.
            let Some(place) = starts.get_mut(reviewer as usize + 1) else { continue };
            if let (Some(of), Some(value)) = (reviewer_of.get_mut(*place), scores.get_mut(*place)) {
                (*of, *value) = (bid, score);
            }
            *place += 1;
        }
        starts.truncate(self.reviewers + 1);
        Self { reviewers: self.bids(), starts, reviewer_of, scores }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn review(bid: u32, reviewer: u32, score: f64) -> Review {
        Review { bid, reviewer, score }
    }

    #[test]
    fn the_order_of_reviews_never_matters_and_gaps_are_kept() {
        let reviews = [review(2, 0, 5.0), review(0, 1, 7.0), review(0, 0, 6.0), review(2, 2, 9.0)];
        let panel = Panel::new(4, 3, reviews).unwrap();
        assert_eq!(panel.of_bid(0), (&[0, 1][..], &[6.0, 7.0][..]));
        assert_eq!(panel.of_bid(1), (&[][..], &[][..]));
        assert_eq!(panel.of_bid(2), (&[0, 2][..], &[5.0, 9.0][..]));
        assert_eq!(panel.of_bid(9), (&[][..], &[][..]));
        assert_eq!((panel.missing(), panel.complete()), (8, None));
        let mut backwards = reviews;
        backwards.reverse();
        assert_eq!(Panel::new(4, 3, backwards).unwrap(), panel);
        let turned = panel.transposed();
        assert_eq!(turned.of_bid(0), (&[0, 2][..], &[6.0, 5.0][..]));
        assert_eq!(turned.of_bid(1), (&[0][..], &[7.0][..]));
        assert_eq!(turned.of_bid(2), (&[2][..], &[9.0][..]));
        assert_eq!(turned.transposed(), panel);
    }

    #[test]
    fn what_is_no_panel_is_named() {
        let check = |reviews: &[Review], fault| {
            assert_eq!(Panel::new(2, 2, reviews.iter().copied()), Err(fault), "{reviews:?}");
        };
        check(&[review(2, 0, 1.0)], PanelFault::OutOfRange { bid: 2, reviewer: 0 });
        check(&[review(0, 0, f64::NAN)], PanelFault::NotFinite { bid: 0, reviewer: 0 });
        check(
            &[review(1, 1, 1.0), review(0, 0, 1.0), review(1, 1, 2.0)],
            PanelFault::Duplicate { bid: 1, reviewer: 1 },
        );
    }
}
