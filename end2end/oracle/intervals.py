"""Intervals, outliers, resampling and sensitivity, by scipy and by counting every case."""

import itertools
import math
from fractions import Fraction

import numpy
from scipy import stats

from tally import undefined


def compare(tally, question, scores, ours):
    confidence = question["confidence"]
    for row, interval, grubbs, modified in zip(scores, ours["t_interval"], ours["grubbs"], ours["modified_z"]):
        single(tally, row[~numpy.isnan(row)], confidence, interval, grubbs, modified)
    paired(tally, scores, confidence, ours["paired_difference"])
    whole = numpy.rint(scores * 1000)
    leave_one_out(tally, whole, question["top_k"], ours)
    bootstrap(tally, whole, question, ours)
    sensitivity(tally, numpy.array(question["means"]), numpy.array(question["weights"]), ours["weight_sensitivity"])


def single(tally, values, confidence, interval, grubbs, modified):
    reference = None
    if len(values) > 1:
        low, high = stats.t.interval(confidence, len(values) - 1, values.mean(), stats.sem(values))
        if numpy.ptp(values) == 0:
            low = high = values[0]
        reference = {"mean": values.mean(), "sd": values.std(ddof=1), "low": low, "high": high}
    tally.fields("t_interval", interval, reference, 1e-9)
    reference = None
    if len(values) > 2 and numpy.ptp(values) > 0:
        count = len(values)
        critical = lambda tail: (count - 1) / math.sqrt(count) * math.sqrt(
            stats.t.isf(tail, count - 2) ** 2 / (count - 2 + stats.t.isf(tail, count - 2) ** 2)
        )
        reference = {
            "g": numpy.abs(values - values.mean()).max() / values.std(ddof=1),
            "critical_one_sided": critical((1 - confidence) / count),
            "critical_two_sided": critical((1 - confidence) / (2 * count)),
        }
    tally.fields("grubbs", grubbs, reference, 1e-9)
    reference = None
    if len(values) > 2 and stats.median_abs_deviation(values) > 0:
        spread = stats.median_abs_deviation(values)
        reference = {"mad": spread, "z": list(0.6745 * (values - numpy.median(values)) / spread)}
    tally.fields("modified_z", modified, reference, 1e-9)


def paired(tally, scores, confidence, ours):
    both = ~numpy.isnan(scores[0]) & ~numpy.isnan(scores[1])
    left, right = scores[0, both], scores[1, both]
    reference = None
    if len(left) > 1 and numpy.ptp(left - right) > 1e-12:
        test = stats.ttest_rel(left, right)
        interval = test.confidence_interval(confidence)
        reference = {"mean": (left - right).mean(), "t": test.statistic, "p": test.pvalue}
        reference |= {"low": interval.low, "high": interval.high}
    tally.fields("paired_difference", ours, reference, 1e-8)


def competition(values):
    """Ranks of exact values, from 1; `None` stays `None`."""
    present = [value for value in values if value is not None]
    return [None if value is None else 1 + sum(other > value for other in present) for value in values]


def means_of(whole, without=None):
    rows = ([int(score) for by, score in enumerate(row) if by != without and not numpy.isnan(score)] for row in whole)
    return [Fraction(sum(row), len(row)) if row else None for row in rows]


def leave_one_out(tally, whole, top_k, ours):
    present = ~numpy.isnan(whole)
    active = [by for by in range(whole.shape[1]) if present[:, by].any()]
    if len(active) < 2:
        tally.fields("leave_one_out", ours["leave_one_out"], None, 0.0)
        return
    ranks = competition(means_of(whole))
    without = {by: competition(means_of(whole, by)) for by in active}
    extreme = lambda pick: [
        None if rank is None else pick([left[bid] for left in without.values() if left[bid] is not None] or [rank])
        for bid, rank in enumerate(ranks)
    ]
    among = lambda list_of_ranks, last: [bid for bid, rank in enumerate(list_of_ranks) if rank is not None and rank <= last]
    reference = {"ranks": ranks, "leaders": among(ranks, 1)}
    if all(any(left[bid] is not None for left in without.values()) for bid, rank in enumerate(ranks) if rank is not None):
        reference |= {"best_ranks": extreme(min), "worst_ranks": extreme(max)}
    tally.fields("leave_one_out", ours["leave_one_out"], reference, 0.0)
    for entry in ours["leave_one_out"].get("without", []):
        tally.check("leave_one_out.without", entry["everybody"]["ranks"], without[entry["reviewer"]], 0.0)
    changed = lambda last: [by for by, left in without.items() if among(left, last) != among(ranks, last)]
    tally.fields("pivotal", ours["pivotal"], {"winner": changed(1), "top": changed(top_k)}, 0.0)


def shares(counts, total, confidence, top_k):
    """From how often each rank (from 1) came about, as the documentation of the interval says."""
    tail = (1 - Fraction(str(confidence))) / 2 * total
    below = numpy.concatenate([[0], numpy.cumsum(counts)])
    low = next(rank for rank in range(1, len(below)) if below[rank] >= tail and below[rank - 1] < tail)
    high = next(rank for rank in range(1, len(below)) if total - below[rank] <= tail)
    mean = sum(rank * int(count) for rank, count in enumerate(counts, 1)) / total
    return {"low": low, "high": high, "mean": mean, "p_first": below[1] / total, "p_top_k": below[min(top_k, len(counts))] / total}


def bootstrap(tally, whole, question, ours):
    bids, reviewers = whole.shape
    exact, drawn = ours["bootstrap_exact"], ours["bootstrap_drawn"]
    present = ~numpy.isnan(whole)
    if present.all() and reviewers > 1:
        table = numpy.zeros((bids, bids), dtype=object)
        total = reviewers**reviewers
        draws = list(itertools.combinations_with_replacement(range(reviewers), reviewers))
        sums = whole[:, numpy.array(draws)].sum(axis=2)
        ranks = stats.rankdata(-sums, method="min", axis=0).astype(int)
        for draw, column in zip(draws, ranks.T):
            weight = math.factorial(reviewers)
            for by in set(draw):
                weight //= math.factorial(draw.count(by))
            table[numpy.arange(bids), column - 1] += weight
        references = [shares(row, total, question["confidence"], question["top_k"]) for row in table]
        if undefined(exact):
            tally.fail("bootstrap_exact", 0.0, exact)
        elif exact["sampling"]["sampling"] == "exact":
            for interval, reference in zip(exact["bids"], references):
                tally.fields("bootstrap_exact", interval, reference, 1e-12)
        by_draws(tally, "bootstrap_drawn crossed", drawn, references, bids)
        return
    if (present.sum(axis=1) > 0).sum() < 2 or present.sum(axis=1).max() < 2:
        tally.fields("bootstrap_exact", exact, None, 0.0)
        return
    generator = numpy.random.default_rng(2)
    draws, kept = 6000, numpy.nonzero(present.any(axis=1))[0]
    means = numpy.empty((draws, len(kept)))
    for column, bid in enumerate(kept):
        values = whole[bid, present[bid]]
        # Exact enough to tell equal means: at most nine scores of whole thousandths.
        means[:, column] = numpy.rint(values[generator.integers(0, len(values), (draws, len(values)))].mean(axis=1) * 2520)
    ranks = stats.rankdata(-means, method="min", axis=1).astype(int)
    references = [None] * bids
    for column, bid in enumerate(kept):
        counts = numpy.bincount(ranks[:, column] - 1, minlength=len(kept))
        references[bid] = shares(counts, draws, question["confidence"], question["top_k"])
    by_draws(tally, "bootstrap_drawn nested", drawn, references, bids)


def by_draws(tally, name, ours, references, bids):
    if undefined(ours):
        tally.fail(name, 0.05, ours)
        return
    for interval, reference in zip(ours["bids"], references):
        if reference is None or interval is None:
            tally.check(name, interval, reference, 0.05)
            continue
        for field in ["p_first", "p_top_k"]:
            tally.check(f"{name}.{field}", interval[field], reference[field], 0.05)
        tally.check(f"{name}.mean / bids", interval["mean"] / bids, reference["mean"] / bids, 0.02)


def sensitivity(tally, means, weights, ours):
    if undefined(ours):
        tally.fail("weight_sensitivity", 1e-7, ours)
        return
    totals = means @ weights
    winner, total = int(numpy.argmax(totals)), weights.sum()
    tally.check("weight_sensitivity.winner", ours["winner"], winner, 0)
    rivals = [means[bid] - means[winner] for bid in range(len(means)) if bid != winner]
    for criterion, change in enumerate(ours["one_weight"]):
        rest = total - weights[criterion]
        unit = numpy.eye(len(weights))[criterion]
        others = numpy.where(unit > 0, 0.0, weights / rest if rest > 0 else 1 / max(1, len(weights) - 1))
        # The lead is a straight line in the change: weights + change * (unit - others).
        slope_of = [rival @ (unit - others) for rival in rivals]
        reach = [-(rival @ weights) / slope for rival, slope in zip(rivals, slope_of) if slope != 0]
        reach = [step for step in reach if -weights[criterion] - 1e-12 <= step <= rest + 1e-12]
        reference = min(map(abs, reach), default=None)
        tally.check("weight_sensitivity.one_weight", change and abs(change["change"]), reference, 1e-7)
    reference = min((nearest(weights, rival) for rival in rivals), default=math.inf)
    ours_distance = ours["all_weights"] and ours["all_weights"]["distance"]
    tally.check("weight_sensitivity.all_weights", ours_distance, reference, 1e-7)


def nearest(weights, rival):
    """The shortest change to weights that sum as before, none negative, under which the rival draws level: over every
    choice of weights that become zero, the nearest point of what is left."""
    best = math.inf
    for zero in itertools.product([False, True], repeat=len(weights)):
        free = ~numpy.array(zero)
        if not free.any():
            continue
        plane = numpy.vstack([numpy.ones(free.sum()), rival[free]])
        aim = numpy.array([weights.sum(), 0.0])
        step = numpy.linalg.lstsq(plane, aim - plane @ weights[free], rcond=None)[0]
        moved = numpy.zeros(len(weights))
        moved[free] = weights[free] + step
        if numpy.abs(plane @ moved[free] - aim).max() < 1e-9 * max(1.0, weights.sum()) and moved.min() >= -1e-12:
            best = min(best, float(numpy.linalg.norm(moved - weights)))
    return best
