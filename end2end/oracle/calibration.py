"""Calibration and mixed models, by dense numpy and scipy."""

import math

import numpy
from scipy import optimize, stats
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

from tally import undefined


def compare(tally, question, scores, ours):
    at, by = numpy.nonzero(~numpy.isnan(scores))
    if len(at) == 0:
        return
    values = scores[at, by]
    additive(tally, scores, at, by, values, ours["additive"])
    rescaled(tally, scores, ours)
    one_way(tally, scores, ours["one_way"])
    mixed(tally, scores.shape, at, by, values, ours["mixed"])
    posterior(tally, question, scores.shape, at, by, values, ours)


def indicators(shape, at, by):
    of_bid = (at[:, None] == numpy.arange(shape[0])).astype(float)
    of_reviewer = (by[:, None] == numpy.arange(shape[1])).astype(float)
    return of_bid, of_reviewer


def additive(tally, scores, at, by, values, ours):
    bids, reviewers = scores.shape
    links = coo_matrix((numpy.ones(len(at)), (at, bids + by)), shape=(bids + reviewers,) * 2)
    if connected_components(links, directed=False)[0] > 1:
        tally.fields("additive", ours, None, 0.0)
        return
    design = numpy.hstack(indicators(scores.shape, at, by))
    solution = numpy.linalg.lstsq(design, values, rcond=None)[0]
    offset = solution[bids:] - solution[bids:].mean()
    quality = solution[:bids] + solution[bids:].mean()
    squares = ((values - design @ solution) ** 2).sum()
    free = len(values) - bids - reviewers + 1
    reference = {"quality": list(quality), "offset": list(offset), "residual_sum_of_squares": squares}
    tally.fields("additive", ours, reference, 1e-9)
    if undefined(ours) or free == 0:
        return
    contrast = numpy.hstack([numpy.eye(bids), numpy.full((bids, reviewers), 1 / reviewers)])
    spread = numpy.einsum("ij,jk,ik->i", contrast, numpy.linalg.pinv(design.T @ design), contrast)
    tally.check(
        "additive.quality_standard_error",
        ours["quality_standard_error"],
        list(numpy.sqrt(squares / free * spread)),
        1e-7,
    )


def rescaled(tally, scores, ours):
    present = ~numpy.isnan(scores)
    total = scores[present]
    own_mean = numpy.array([column[mask].mean() if mask.any() else 0.0 for column, mask in zip(scores.T, present.T)])
    own_spread = numpy.array(
        [column[mask].std(ddof=1) if mask.sum() > 1 else 0.0 for column, mask in zip(scores.T, present.T)]
    )
    of_bids = lambda table: [row[mask].mean() if mask.any() else None for row, mask in zip(table, present)]
    lists = lambda figure: None if undefined(figure) else figure
    tally.check("centred", lists(ours["centred"]), of_bids(scores - own_mean + total.mean()), 1e-10)
    z = standard = None
    if (own_spread > 1e-12).any():
        z = of_bids((scores - own_mean) / numpy.where(own_spread > 1e-12, own_spread, numpy.inf))
        standard = [None if value is None else total.mean() + total.std(ddof=1) * value for value in z]
    tally.check("z_scores", lists(ours["z_scores"]), z, 1e-10)
    tally.check("mean_and_scale", lists(ours["mean_and_scale"]), standard, 1e-10)


def one_way(tally, scores, ours):
    groups = [row[~numpy.isnan(row)] for row in scores]
    groups = [group for group in groups if len(group)]
    count = numpy.array([len(group) for group in groups], dtype=float)
    total, every = count.sum(), numpy.concatenate(groups)
    if len(groups) < 2 or count.max() < 2 or numpy.ptp(every) == 0:
        tally.fields("one_way", ours, None, 0.0)
        return
    means = numpy.array([group.mean() for group in groups])
    within = sum(((group - group.mean()) ** 2).sum() for group in groups) / (total - len(groups))
    between = (count * (means - every.mean()) ** 2).sum() / (len(groups) - 1)
    spread = max(0.0, (between - within) / ((total - (count**2).sum() / total) / (len(groups) - 1)))
    tally.fields("one_way", ours, {"var_between": spread, "var_within": within}, 1e-9)


def restricted(variances, of_bid, of_reviewer, values):
    """The restricted log-likelihood of a common mean, without the constant of its design, and that mean."""
    bid, reviewer, residual = variances
    size = len(values)
    covariance = bid * of_bid @ of_bid.T + reviewer * of_reviewer @ of_reviewer.T + residual * numpy.eye(size)
    factor = numpy.linalg.cholesky(covariance)
    white_one = numpy.linalg.solve(factor, numpy.ones(size))
    white = numpy.linalg.solve(factor, values)
    information = white_one @ white_one
    mean = white_one @ white / information
    rest = white - mean * white_one
    logs = 2 * numpy.log(numpy.diag(factor)).sum() + math.log(information) + rest @ rest
    return -0.5 * (logs + (size - 1) * math.log(2 * math.pi)), mean


def mixed(tally, shape, at, by, values, ours):
    if undefined(ours):
        # The search itself must never give up on such small panels.
        if ours["undefined"] == "not_converged":
            tally.fail("mixed", 0.0, ours)
        else:
            tally.undefined("mixed")
        return
    found = [ours["var_bid"], ours["var_reviewer"], ours["var_residual"]]
    if found[2] <= 1e-9 * sum(found):
        tally.undefined("mixed without residual")
        return
    of_bid, of_reviewer = indicators(shape, at, by)
    likelihood, mean = restricted(found, of_bid, of_reviewer, values)
    tally.check("mixed.log_restricted_likelihood", ours["log_restricted_likelihood"], likelihood, 1e-9)
    tally.check("mixed.mean", ours["mean"], mean, 1e-9)
    # The likelihood only depends on the span of the patterns, so the residual is profiled out in the search.
    scale = values.var()

    def descend(ratios):
        size = len(values)
        covariance = ratios[0] * of_bid @ of_bid.T + ratios[1] * of_reviewer @ of_reviewer.T + numpy.eye(size)
        factor = numpy.linalg.cholesky(covariance)
        white_one = numpy.linalg.solve(factor, numpy.ones(size))
        white = numpy.linalg.solve(factor, values)
        information = white_one @ white_one
        rest = white - white_one @ white / information * white_one
        residual = max(rest @ rest / (size - 1), 1e-12 * scale)
        logs = 2 * numpy.log(numpy.diag(factor)).sum() + math.log(information)
        return 0.5 * (logs + (size - 1) * (math.log(residual) + 1 + math.log(2 * math.pi)))

    best = min(
        (
            optimize.minimize(descend, start, method="L-BFGS-B", bounds=[(0, 1e6)] * 2, options={"ftol": 1e-14, "gtol": 1e-9})
            for start in ([1.0, 1.0], [0.01, 0.01], [max(found[0] / found[2], 1e-3), max(found[1] / found[2], 1e-3)])
        ),
        key=lambda result: result.fun,
    )
    tally.check("mixed.likelihood lost", max(0.0, -best.fun - likelihood), 0.0, 1e-7)
    if abs(-best.fun - likelihood) < 1e-9:
        of_residual = numpy.array(found[:2]) / found[2]
        tally.check("mixed.ratios", list(of_residual), list(best.x), 1e-3)


def posterior(tally, question, shape, at, by, values, ours):
    known = question["variances"]
    of_bid, of_reviewer = indicators(shape, at, by)
    size = len(values)
    covariance = (
        known["bid"] * of_bid @ of_bid.T
        + known["reviewer"] * of_reviewer @ of_reviewer.T
        + known["residual"] * numpy.eye(size)
    )
    inverse = numpy.linalg.inv(covariance)
    mean = inverse.sum(axis=0) @ values / inverse.sum()
    gain_bid, gain_reviewer = known["bid"] * of_bid.T @ inverse, known["reviewer"] * of_reviewer.T @ inverse
    quality = mean + gain_bid @ (values - mean)
    spread = known["bid"] * numpy.eye(shape[0]) - gain_bid @ of_bid * known["bid"]
    of_reviewers = known["reviewer"] - numpy.diag(gain_reviewer @ of_reviewer * known["reviewer"])
    reference = {
        "mean": mean,
        "quality_mean": list(quality),
        "quality_sd": list(numpy.sqrt(numpy.diag(spread))),
        "reviewer_mean": list(gain_reviewer @ (values - mean)),
        "reviewer_sd": list(numpy.sqrt(of_reviewers)),
        "log_marginal_likelihood": stats.multivariate_normal(numpy.full(size, mean), covariance).logpdf(values),
    }
    tally.fields("posterior", ours["posterior"], reference, 1e-8)
    variance = numpy.diag(spread)[:, None] + numpy.diag(spread)[None, :] - 2 * spread
    numpy.fill_diagonal(variance, 1.0)
    better = stats.norm.cdf((quality[None, :] - quality[:, None]) / numpy.sqrt(variance))
    numpy.fill_diagonal(better, 0.0)
    tally.fields("expected_rank", ours["expected_rank"], {"expected_rank": list(1 + better.sum(axis=1))}, 1e-8)
    generator = numpy.random.default_rng(1)
    draws = generator.multivariate_normal(quality, spread, size=8000, method="eigh")
    places = numpy.argsort(numpy.argsort(-draws, axis=1), axis=1)
    top = (places < question["top_k"]).mean(axis=0)
    tally.check("p_top_k (by draws)", ours["rank_certainty"]["top"]["probability"], list(top), 0.06)
