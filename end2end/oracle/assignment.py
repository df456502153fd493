"""Who reviews what, solved by OR-tools' min-cost flow on the instances of app/domain/examples/time_matching.rs.

    python -m venv .venv && .venv/bin/pip install numpy ortools==9.15.6755
    .venv/bin/python end2end/oracle/assignment.py assign_1000x200

Prints `<median microseconds>\t<peak resident KiB>\ttotal fit N, missing N`. The total fit must equal what
`time_matching` prints for the same work. Time is that of handing over the arcs and
solving. The 40 million arcs of the large works take about 4.5 GB and most of a minute.
The flow pays 1,000,000 for an empty place, so that filling places comes first; even load is not asked for.
"""

import resource
import statistics
import sys
import time

import numpy as np
from ortools.graph.python import min_cost_flow

WORKS = {
    "assign_100x20": (100, 20, 15, 11),
    "assign_1000x200": (1_000, 200, 15, 11),
    "assign_1000x200_cap20": (1_000, 200, 20, 11),
    "assign_20000x2000": (20_000, 2_000, 30, 1),
    "assign_20000x2000_cap32": (20_000, 2_000, 32, 1),
}
PER_BID = 3
EMPTY_PLACE = 1_000_000


def scrambled(positions):
    """A number that looks like chance and depends on nothing but its position (wraps at 2^64)."""
    number = (positions + np.uint64(1)) * np.uint64(0x9E37_79B9_7F4A_7C15)
    number ^= number >> np.uint64(32)
    number *= np.uint64(0xD6E8_FEB8_6659_FD93)
    return number ^ (number >> np.uint64(32))


def instance(bids, experts):
    """Fits 0..1000 and which pairs are allowed, both bids x experts."""
    pairs = bids * experts
    positions = np.arange(2 * pairs, dtype=np.uint64)
    fit = (scrambled(positions[:pairs]) % np.uint64(1_001)).astype(np.int64).reshape(bids, experts)
    allowed = (scrambled(positions[pairs:]) % np.uint64(100) >= 3).reshape(bids, experts)
    return fit, allowed


def solve(fit, allowed, cap):
    """Milliseconds of building and solving, the total fit and the number of empty places."""
    bids, experts = fit.shape
    sink = bids + experts
    start = time.perf_counter()
    flow = min_cost_flow.SimpleMinCostFlow()
    bid, expert = np.nonzero(allowed)
    pairs = flow.add_arcs_with_capacity_and_unit_cost(
        bid, bids + expert, np.ones(len(bid), dtype=np.int64), -fit[bid, expert]
    )
    flow.add_arcs_with_capacity_and_unit_cost(
        bids + np.arange(experts),
        np.full(experts, sink),
        np.full(experts, cap, dtype=np.int64),
        np.zeros(experts, dtype=np.int64),
    )
    empty = flow.add_arcs_with_capacity_and_unit_cost(
        np.arange(bids),
        np.full(bids, sink),
        np.full(bids, PER_BID, dtype=np.int64),
        np.full(bids, EMPTY_PLACE, dtype=np.int64),
    )
    flow.set_nodes_supplies(np.arange(bids), np.full(bids, PER_BID, dtype=np.int64))
    flow.set_node_supply(sink, -PER_BID * bids)
    status = flow.solve()
    if status != flow.OPTIMAL:
        raise SystemExit(f"no optimal flow: {status}")
    taken = time.perf_counter() - start
    total = int((flow.flows(pairs) * fit[bid, expert]).sum())
    return taken, total, int(flow.flows(empty).sum())


def main():
    if len(sys.argv) < 2:
        print("\n".join(WORKS))
        return
    bids, experts, cap, times = WORKS[sys.argv[1]]
    fit, allowed = instance(bids, experts)
    runs = [solve(fit, allowed, cap) for _ in range(times)]
    median = statistics.median(run[0] for run in runs)
    _, total, missing = runs[0]
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(f"{median * 1e6:.0f}\t{peak}\ttotal fit {total}, missing {missing}")


main()
