"""Orders out of many opinions: scipy's maximum of each model's likelihood, brute force for Kemeny."""

import itertools
import math

import numpy
from scipy import optimize, stats
from scipy.sparse.csgraph import connected_components

from tally import undefined

# Log worths beyond this are on their way to infinity.
FAR = 7.0


def compare(tally, question, scores, ours):
    rows = numpy.array(question["comparisons"], dtype=float).reshape(-1, 5)
    bradley_terry(tally, len(scores), rows, ours)
    davidson(tally, len(scores), rows, ours["davidson"])
    rankings = [stats.rankdata(-column[~numpy.isnan(column)], method="dense") for column in scores.T]
    profile = []
    for column, ranks in zip(scores.T, rankings):
        kept = numpy.nonzero(~numpy.isnan(column))[0]
        groups = [list(kept[ranks == rank]) for rank in range(1, int(ranks.max(initial=0)) + 1)]
        if groups:
            profile.append(groups)
    if len(scores) <= 7:
        plackett_luce(tally, len(scores), profile, ours)
    borda(tally, scores, ours["borda"])
    kemeny(tally, len(scores), profile, ours["kemeny"])


def maximum(loss, size, slope="3-point"):
    """The least loss from the origin; how far out it lies says whether there is one."""
    result = optimize.minimize(loss, numpy.zeros(size), method="BFGS", jac=slope, options={"gtol": 1e-9, "maxiter": 2000})
    return result.x, result.fun


def agrees(tally, name, ours, at, loss, read, tolerance):
    """An undefined answer needs a likelihood without maximum; otherwise ours must be as high and at the same place."""
    if undefined(ours):
        if numpy.abs(at).max(initial=0.0) < FAR:
            tally.fail(name, tolerance, f"{ours}, but the likelihood is highest at {at}")
        else:
            tally.undefined(name, tolerance)
        return
    mine = numpy.array(read(ours), dtype=float)
    tally.check(f"{name}.likelihood lost", max(0.0, loss(mine) - loss(at)), 0.0, 1e-7)
    tally.check(name, list(mine), list(at), tolerance)


def bradley_terry(tally, items, rows, ours):
    first, second = rows[:, 0].astype(int), rows[:, 1].astype(int)
    wins, losses = rows[:, 2], rows[:, 3]
    decided = wins + losses > 0
    first, second, wins, losses = first[decided], second[decided], wins[decided], losses[decided]

    def loss(free, home=0.0):
        ability = numpy.concatenate([[0.0], free])
        lead = ability[first] - ability[second] + home
        return (wins * numpy.logaddexp(0, -lead) + losses * numpy.logaddexp(0, lead)).sum()

    beats = numpy.zeros((items, items))
    numpy.add.at(beats, (first, second), wins)
    numpy.add.at(beats, (second, first), losses)
    if connected_components(beats, directed=True, connection="strong")[0] > 1:
        tally.fields("bradley_terry", ours["bradley_terry"], None, 0.0)
        tally.fields("bradley_terry_order", ours["bradley_terry_order"], None, 0.0)
        return
    design = numpy.eye(items)[first] - numpy.eye(items)[second]

    def slope(free, home=0.0):
        chance = 1 / (1 + numpy.exp(-design[:, 1:] @ free - home))
        return (wins + losses) * chance - wins

    at, _ = maximum(loss, items - 1, lambda free: slope(free) @ design[:, 1:])
    agrees(tally, "bradley_terry", ours["bradley_terry"], at, loss, lambda figure: figure["log_ability"][1:], 1e-5)
    if not undefined(ours["bradley_terry"]):
        tally.check("bradley_terry.log_likelihood", ours["bradley_terry"]["log_likelihood"], -loss(at), 1e-8)
        chance = 1 / (1 + numpy.exp(-design @ numpy.concatenate([[0.0], at])))
        fisher = (design[:, 1:] * ((wins + losses) * chance * (1 - chance))[:, None]).T @ design[:, 1:]
        errors = numpy.sqrt(numpy.diag(numpy.linalg.inv(fisher)))
        tally.check("bradley_terry.standard_error", ours["bradley_terry"]["standard_error"][1:], list(errors), 1e-4)
    with_home = lambda free: loss(free[:-1], free[-1])
    with_order = numpy.column_stack([design[:, 1:], numpy.ones(len(design))])
    at_home, _ = maximum(with_home, items, lambda free: slope(free[:-1], free[-1]) @ with_order)
    read = lambda figure: figure["log_ability"][1:] + [figure["order_effect"]["estimate"]]
    agrees(tally, "bradley_terry_order", ours["bradley_terry_order"], at_home, with_home, read, 1e-5)
    if not undefined(ours["order_effect_test"]):
        ratio = max(0.0, 2 * (loss(at) - with_home(at_home)))
        tally.check("order_effect_test.chi_squared", ours["order_effect_test"]["chi_squared"], ratio, 1e-6)
        tally.check("order_effect_test.p", ours["order_effect_test"]["p"], stats.chi2.sf(ours["order_effect_test"]["chi_squared"], 1), 1e-9)


def davidson(tally, items, rows, ours):
    first, second = rows[:, 0].astype(int), rows[:, 1].astype(int)
    wins, losses, ties = rows[:, 2], rows[:, 3], rows[:, 4]
    has_ties = ties.sum() > 0

    def loss(free):
        worth = numpy.concatenate([[0.0], free[: items - 1]])
        left, right = worth[first], worth[second]
        tie = 0.5 * (left + right) + (free[-1] if has_ties else -math.inf)
        total = numpy.logaddexp(numpy.logaddexp(left, right), tie)
        tied = ties * (total - tie) if has_ties else 0.0
        return (wins * (total - left) + losses * (total - right) + tied).sum()

    left_row, right_row = numpy.eye(items)[first], numpy.eye(items)[second]
    zero = numpy.zeros((len(rows), 1))
    tie_row = numpy.hstack([(left_row + right_row) / 2, zero + has_ties])
    outcomes = [numpy.hstack([left_row, zero])[:, 1:], numpy.hstack([right_row, zero])[:, 1:], tie_row[:, 1:]]
    outcomes = [outcome[:, : items - 1 + has_ties] for outcome in outcomes]

    def slope(free):
        logs = numpy.array([outcome @ free for outcome in outcomes[: 2 + has_ties]])
        shares = numpy.exp(logs - numpy.logaddexp.reduce(logs))
        counts = numpy.array([wins, losses, ties][: 2 + has_ties])
        rest = counts.sum(axis=0) * shares - counts
        return sum(part @ outcome for part, outcome in zip(rest, outcomes))

    met = numpy.zeros((items, items))
    met[first, second] = wins + losses + ties
    if connected_components(met, directed=False)[0] > 1:
        tally.fields("davidson", ours, None, 0.0)
        return
    at, _ = maximum(loss, items - 1 + has_ties, slope)
    read = lambda figure: figure["log_worth"][1:] + ([figure["tie"]["log_delta"]] if has_ties else [])
    agrees(tally, "davidson", ours, at, loss, read, 1e-5)


def choices(groups, items, sizes):
    """A ranking as choices: each group from what is left, against every set of one item or of a size in which ties
    occur. A set's log strength is the mean of its log worths plus log delta of its size: one row of coefficients per
    set, the chosen one first."""
    row = lambda chosen: [(item in chosen) / len(chosen) for item in range(items)] + [len(chosen) == size for size in sizes]
    left = sum(groups, [])
    for group in groups:
        if len(left) == 1:
            break
        sets = [chosen for size in [1, *sizes] for chosen in itertools.combinations(left, size)]
        yield numpy.array([row(group)] + [row(chosen) for chosen in sets], dtype=float)
        left = left[len(group) :]


def stage_losses(stages, free):
    at = numpy.concatenate([[0.0], free])
    return sum(numpy.logaddexp.reduce(stage[1:] @ at) - stage[0] @ at for stage in stages)


def plackett_luce(tally, items, profile, ours):
    sizes = sorted({len(group) for groups in profile for group in groups if len(group) > 1})
    if len(sizes) > 3 or not profile:
        return

    stages = [stage for groups in profile for stage in choices(groups, items, sizes)]
    loss = lambda free: stage_losses(stages, free)
    read = lambda figure: figure["log_worth"][1:] + [tie["log_delta"] for tie in figure["ties"]]
    figure = ours["plackett_luce"]
    at, _ = maximum(loss, items - 1 + len(sizes))
    met = numpy.zeros((items, items))
    for groups in profile:
        ranked = sum(groups, [])
        met[numpy.ix_(ranked, ranked)] = 1
    if connected_components(met, directed=False)[0] > 1:
        tally.fields("plackett_luce", figure, None, 0.0)
    else:
        agrees(tally, "plackett_luce", figure, at, loss, read, 1e-4)
    if not undefined(figure):
        tally.check("plackett_luce.log_likelihood", figure["log_likelihood"], -loss(numpy.array(read(figure))), 1e-9)

    # Every item wins and loses half a comparison against a ghost, the item behind the last.
    own = [stage for groups in profile for stage in choices(groups, items + 1, sizes)]
    ghost = [
        stage
        for item in range(items)
        for order in ([[item], [items]], [[items], [item]])
        for stage in choices(order, items + 1, sizes)
    ]
    with_ghost = lambda free: stage_losses(own, free) + 0.5 * stage_losses(ghost, free)
    figure = ours["plackett_luce_pseudo"]
    at, _ = maximum(with_ghost, items + len(sizes))
    if undefined(figure):
        agrees(tally, "plackett_luce_pseudo", figure, at, with_ghost, None, 1e-4)
    else:
        tally.check("plackett_luce_pseudo", figure["log_worth"][1:], list(at[: items - 1]), 1e-4)


def borda(tally, scores, ours):
    reference = None
    present = ~numpy.isnan(scores)
    voted = scores[:, present.any(axis=0)]
    if voted.size and not numpy.isnan(voted).any():
        ranks = stats.rankdata(-voted, method="average", axis=0)
        reference = {"points": list((len(scores) - ranks).sum(axis=1))}
    tally.fields("borda", ours, reference, 1e-12)


def kemeny(tally, items, profile, ours):
    ahead = numpy.zeros((items, items))
    for groups in profile:
        for place, group in enumerate(groups):
            for behind in groups[place + 1 :]:
                ahead[numpy.ix_(group, behind)] += 1
    if undefined(ours):
        tally.fields("kemeny", ours, None if not profile else {}, 0.0)
        return
    order = ours["order"]
    cost = lambda order: sum(ahead[behind, item] for place, item in enumerate(order) for behind in order[place + 1 :])
    tally.check("kemeny.distance of its order", ours["distance"], cost(order), 1e-12)
    if items <= 7:
        best = min(itertools.permutations(range(items)), key=cost)
        tally.check("kemeny.exact distance", ours["distance"], cost(best), 1e-12)
        tally.check("kemeny.exact order", order, list(best), 0)
    elif ours["search"] == "exact":
        tally.check("kemeny.exact above its bound", float(ours["distance"] >= bound(ahead)), 1.0, 0)
    else:
        points = (ahead - ahead.T).sum(axis=1)
        of_points = sorted(range(items), key=lambda item: (-points[item], item))
        fits = bound(ahead) - 1e-9 <= ours["distance"] <= cost(of_points) + 1e-9
        tally.check("kemeny.heuristic no worse than points", float(fits), 1.0, 0)


def bound(ahead):
    return numpy.minimum(ahead, ahead.T).sum() / 2
