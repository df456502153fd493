"""What the usual tools take for the works that `cargo xtask bench scoring` measures.

Without an argument: the names of the works, one a line. With one: median microseconds, peak resident KiB and a remark,
separated by tabs. Imports stand inside each work, so that its memory is its own.
"""

import resource
import statistics
import sys
import time


def timed(work, runs):
    times = []
    for _ in range(runs):
        began = time.perf_counter()
        work()
        times.append((time.perf_counter() - began) * 1e6)
    return statistics.median(times)


def panel(bids, reviewers, seed=7):
    import numpy

    generator = numpy.random.default_rng(seed)
    quality = generator.normal(75, 8, (bids, 1))
    strictness = generator.normal(0, 4, (1, reviewers))
    noise = generator.normal(0, 5, (bids, reviewers))
    return numpy.clip(numpy.round(quality + strictness + noise), 0, 100)


def icc_1000x5():
    import numpy
    import pandas
    import pingouin

    scores = panel(1000, 5)
    bids, reviewers = numpy.indices(scores.shape)
    frame = pandas.DataFrame({"bid": bids.ravel(), "reviewer": reviewers.ravel(), "score": scores.ravel()})
    work = lambda: pingouin.intraclass_corr(frame, "bid", "reviewer", "score")
    return timed(work, 11), "pingouin, six forms with intervals"


def alpha_ordinal_10000x20():
    import krippendorff
    import numpy

    generator = numpy.random.default_rng(3)
    scores = generator.integers(1, 6, (20, 10000)).astype(float)
    scores[generator.random(scores.shape) < 0.1] = numpy.nan
    work = lambda: krippendorff.alpha(reliability_data=scores, level_of_measurement="ordinal")
    return timed(work, 11), "krippendorff"


def bootstrap(bids, reviewers=5):
    import numpy

    scores = panel(bids, reviewers)
    generator = numpy.random.default_rng(1)

    def work():
        # Counts of each reviewer in a resample; ranks by two argsorts, in blocks that bound the memory.
        block = max(1, 2_000_000 // bids)
        low = []
        for start in range(0, 10000, block):
            size = min(block, 10000 - start)
            counts = generator.multinomial(reviewers, [1 / reviewers] * reviewers, size=size)
            means = counts @ scores.T / reviewers
            ranks = numpy.argsort(numpy.argsort(-means, axis=1), axis=1).astype(numpy.int16)
            low.append(ranks)
        numpy.percentile(numpy.concatenate(low), [5, 95], axis=0)

    return work


def bootstrap_1000x5_crossed():
    return timed(bootstrap(1000), 3), "numpy, joint resampling of reviewers"


def bootstrap_1000x20_crossed():
    return timed(bootstrap(1000, 20), 3), "numpy, joint resampling of reviewers"


def additive_100k():
    import numpy
    from scipy.sparse import coo_matrix
    from scipy.sparse.linalg import lsqr

    generator = numpy.random.default_rng(5)
    bids = numpy.repeat(numpy.arange(20000), 5)
    reviewers = generator.integers(0, 2000, 100000)
    scores = generator.normal(75, 8, 100000)
    rows = numpy.arange(100000)
    columns = numpy.concatenate([bids, 20000 + reviewers])
    design = coo_matrix((numpy.ones(200000), (numpy.concatenate([rows, rows]), columns)), shape=(100000, 22000)).tocsr()
    work = lambda: lsqr(design, scores, atol=1e-10, btol=1e-10)
    return timed(work, 7), "scipy lsqr, 1e-10"


def assign_1000x200():
    import numpy
    from ortools.graph.python import min_cost_flow

    bids, experts, per_bid, cap = 1000, 200, 3, 15
    generator = numpy.random.default_rng(9)
    fit = generator.integers(0, 1001, (bids, experts))
    allowed = generator.random((bids, experts)) >= 0.03
    pair_bids, pair_experts = numpy.nonzero(allowed)
    source, sink = bids + experts, bids + experts + 1
    tails = numpy.concatenate([pair_bids, numpy.full(bids, source), bids + numpy.arange(experts)])
    heads = numpy.concatenate([bids + pair_experts, numpy.arange(bids), numpy.full(experts, sink)])
    sizes = numpy.concatenate([numpy.ones(len(pair_bids)), numpy.full(bids, per_bid), numpy.full(experts, cap)]).astype(int)
    costs = numpy.concatenate([-fit[allowed], numpy.zeros(bids + experts, int)])

    def work():
        flow = min_cost_flow.SimpleMinCostFlow()
        flow.add_arcs_with_capacity_and_unit_cost(tails, heads, sizes, costs)
        flow.set_node_supply(source, bids * per_bid)
        flow.set_node_supply(sink, -bids * per_bid)
        assert flow.solve() == flow.OPTIMAL

    return timed(work, 7), "OR-tools min-cost flow, greatest fit, load not evened"


WORKS = {
    work.__name__: work
    for work in [
        icc_1000x5,
        alpha_ordinal_10000x20,
        bootstrap_1000x5_crossed,
        bootstrap_1000x20_crossed,
        additive_100k,
        assign_1000x200,
    ]
}

if __name__ == "__main__":
    if len(sys.argv) < 2:
        print("\n".join(WORKS))
    else:
        micros, remark = WORKS[sys.argv[1]]()
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        print(f"{micros:.1f}\t{peak}\t{remark}")
