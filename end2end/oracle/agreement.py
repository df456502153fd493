"""Agreement between reviewers, by pingouin, krippendorff, scipy and statsmodels."""

import math
import warnings

import krippendorff
import numpy
import pandas
import pingouin
from scipy import stats
from statsmodels.stats import inter_rater

from tally import undefined

pingouin.options["round"] = None
pingouin.options["round.column.CI95"] = None


def compare(tally, scores, ours):
    complete = not numpy.isnan(scores).any()
    icc(tally, scores, ours["icc"], complete)
    d_study(tally, ours)
    kendall_w(tally, scores, ours["kendall_w"], complete)
    for level in ["nominal", "ordinal", "interval", "ratio"]:
        figure = ours[f"alpha_{level}"]
        tally.check(f"alpha_{level}", None if undefined(figure) else figure["alpha"], alpha(scores, level), 1e-9)
    fleiss(tally, scores, ours["fleiss_kappa"])
    pairs(tally, scores, ours)


def icc(tally, scores, ours, complete):
    bids, reviewers = scores.shape
    means = scores.mean(axis=1)
    if not complete or numpy.ptp(means) < 1e-12 * numpy.abs(scores).max():
        tally.fields("icc", ours, None, 0.0)
        return
    if undefined(ours):
        tally.fail("icc", 0.0, ours)
        return
    rest = scores - means[:, None] - scores.mean(axis=0) + scores.mean()
    if (rest**2).sum() < 1e-20 * (scores**2).sum():
        # Reviewers differ in strictness alone: pingouin divides by zero.
        tally.check("icc.3_1 without error", ours["icc_3_1"]["value"], 1.0, 0.0)
        tally.check("icc.3_k without error", ours["icc_3_k"]["low"], 1.0, 0.0)
        return
    at, by = numpy.indices(scores.shape)
    frame = pandas.DataFrame({"bid": at.ravel(), "reviewer": by.ravel(), "score": scores.ravel()})
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        table = pingouin.intraclass_corr(frame, "bid", "reviewer", "score").set_index("Type")
    agreement = table.loc["ICC(A,1)", "ICC"]
    names = {"1_1": "ICC(1,1)", "2_1": "ICC(A,1)", "3_1": "ICC(C,1)", "1_k": "ICC(1,k)", "2_k": "ICC(A,k)", "3_k": "ICC(C,k)"}
    for form, name in names.items():
        row, figure = table.loc[name], ours[f"icc_{form}"]
        if figure is None:
            # Only where a denominator of form (2,k) is not positive; the sign of its bounds then turns.
            low, high = row["CI95"]
            if agreement > 0 and low <= row["ICC"] <= high <= 1:
                tally.fail(f"icc.{form}", 1e-7, f"None instead of {row['ICC']} in {row['CI95']}")
            continue
        tally.check(f"icc.{form}", figure["value"], row["ICC"], 1e-9)
        # Below zero the degrees of freedom of form 2 are taken at zero, so that the interval holds the value.
        # An end without a bound, which only form (2,k) has, is null; pingouin's has then crossed the value.
        if figure["low"] is None:
            if form != "2_k" or row["CI95"][0] <= row["ICC"]:
                tally.fail(f"icc.{form} interval", 1e-7, f"no lower end instead of {row['CI95']}")
            continue
        if form[0] != "2" or agreement >= 0:
            tally.check(f"icc.{form} interval", [figure["low"], figure["high"]], list(row["CI95"]), 1e-7)
        if not figure["low"] <= figure["value"] <= figure["high"]:
            tally.fail(f"icc.{form} interval", 1e-7, f"{figure} is outside its own interval")
    for test, name in [("f_oneway", "ICC(1,1)"), ("f_twoway", "ICC(C,1)")]:
        row = table.loc[name]
        tally.check(f"icc.{test}", ours[test]["f"], row["F"], 1e-7)
        tally.check(f"icc.{test} p", ours[test]["p"], row["pval"], 1e-9)


def d_study(tally, ours):
    if undefined(ours["icc"]):
        return
    bid, reviewer, residual = (max(ours["icc"]["components"][name], 0.0) for name in ["bid", "reviewer", "residual"])
    for count, study in enumerate(ours["d_study"], start=1):
        relative = bid / (bid + residual / count) if bid > 0 else 0.0
        absolute = bid / (bid + (reviewer + residual) / count) if bid > 0 else 0.0
        tally.fields("d_study", study, {"relative": relative, "absolute": absolute}, 1e-12)


def kendall_w(tally, scores, ours, complete):
    bids, reviewers = scores.shape
    reference = None
    if complete and (numpy.ptp(scores, axis=0) > 0).any():
        statistic, p = stats.friedmanchisquare(*scores)
        reference = {"w": statistic / (reviewers * (bids - 1)), "chi_squared": statistic}
        # Counted over all permutations p is another one than the rough one of Friedman's test.
        if not undefined(ours) and ours["p_from"] == "chi_squared":
            reference["p"] = p
    tally.fields("kendall_w", ours, reference, 1e-9)


def alpha(scores, level):
    pairable = (~numpy.isnan(scores)).sum(axis=1) > 1
    if pairable.sum() < 2 or numpy.nanmax(scores[pairable]) == numpy.nanmin(scores[pairable]):
        return None
    return krippendorff.alpha(reliability_data=scores.T, level_of_measurement=level)


def fleiss(tally, scores, ours):
    present = ~numpy.isnan(scores)
    counts = present.sum(axis=1)
    if counts.min() != counts.max() or counts.max() < 2 or numpy.nanmax(scores) == numpy.nanmin(scores):
        tally.fields("fleiss_kappa", ours, None, 0.0)
        return
    table, categories = inter_rater.aggregate_raters(numpy.array([row[mask] for row, mask in zip(scores, present)]))
    bids, each = len(table), counts.max()
    share = table.sum(axis=0) / table.sum()
    chance = (share * (1 - share)).sum()
    skew = (share * (1 - share) * (1 - 2 * share)).sum()
    kappa = inter_rater.fleiss_kappa(table)
    deviation = math.sqrt(2 / (bids * each * (each - 1)) * (chance**2 - skew)) / chance
    tally.fields("fleiss_kappa", ours, {"kappa": kappa, "z": kappa / deviation, "p": 2 * stats.norm.sf(abs(kappa / deviation))}, 1e-9)
    within = (table * (each - table)).sum(axis=0) / (bids * each * (each - 1) * share * (1 - share))
    tally.check("fleiss_kappa.categories", [row["kappa"] for row in ours["categories"]], list(1 - within), 1e-9)
    tally.check("fleiss_kappa.values", [row["category"] for row in ours["categories"]], list(categories), 0.0)


def pairs(tally, scores, ours):
    both = ~numpy.isnan(scores[:, 0]) & ~numpy.isnan(scores[:, 1])
    left, right = scores[both, 0], scores[both, 1]
    varies = len(left) > 1 and numpy.ptp(left) > 0 and numpy.ptp(right) > 0
    number = lambda figure: None if undefined(figure) else figure
    tally.check("kendall_tau_b", number(ours["kendall_tau_b"]), stats.kendalltau(left, right).statistic if varies else None, 1e-12)
    tally.check("spearman_rho", number(ours["spearman_rho"]), stats.spearmanr(left, right).statistic if varies else None, 1e-12)
    kappa = None
    if len(left) > 1 and len(set(left) | set(right)) > 1:
        values, codes = numpy.unique(numpy.concatenate([left, right]), return_inverse=True)
        table = numpy.zeros((len(values), len(values)))
        numpy.add.at(table, (codes[: len(left)], codes[len(left) :]), 1)
        kappa = {"kappa": inter_rater.cohens_kappa(table).kappa}
    tally.fields("cohen_kappa", ours["cohen_kappa"], kappa, 1e-9)
    for method, name in [("competition", "min"), ("dense", "dense"), ("fractional", "average")]:
        reference = list(stats.rankdata(-left, method=name)) if len(left) else None
        ranks = ours[f"ranks_{method}"]
        tally.check(f"ranks_{method}", None if undefined(ranks) else ranks, reference, 0.0)
