"""Compares the advisory figures with what Python's libraries and brute force say, on seeded random panels.

    python panels.py PROGRAM [PANELS]

PROGRAM is the example `panel_figures` of crate `domain`: questions in, answers out, one JSON object a line. Prints for
each figure how many numbers were compared, how often both sides had none, the largest difference (absolute below 1,
relative above) and the failures; ends with 1 when there is one.
"""

import json
import os
import subprocess
import sys
import warnings

# Threads cost more than they bring at these sizes; numpy reads this when it is imported.
os.environ["OPENBLAS_NUM_THREADS"] = os.environ["OMP_NUM_THREADS"] = "1"

import numpy

import agreement
import calibration
import intervals
import orders
from tally import Tally

PANELS = 200


def panel(seed):
    """Bids by reviewers, whole thousandths from 0 to 100, NaN where there is no score. The kind goes by the seed."""
    generator = numpy.random.default_rng(seed)
    bids = int(generator.integers(3, 8)) if seed % 3 == 0 else int(generator.integers(3, 41))
    reviewers = int(generator.integers(2, 10))
    quality = generator.normal(0, 1, (bids, 1)) * generator.choice([0.2, 1.0, 2.0])
    strictness = generator.normal(0, 1, (1, reviewers)) * generator.choice([0.0, 0.5, 1.5])
    latent = quality + strictness + generator.normal(0, 1, (bids, reviewers))
    kind = seed % 10
    if kind in (0, 5):
        scores = numpy.clip(numpy.rint(5.5 + 2 * latent), 1, 10)
    elif kind == 1:
        scores = numpy.clip(numpy.rint(2 * (3 + latent)) / 2, 0, 5)
    elif kind == 2:
        scores = numpy.clip(numpy.rint(2 + latent), 1, 3)
    elif kind == 3:
        scores = numpy.clip(numpy.rint(1000 * (70 + 8 * latent)) / 1000, 0, 100)
    elif kind == 4:
        scores = numpy.clip(numpy.rint(70 + 8 * latent), 0, 100)
        scores[:, generator.integers(reviewers)] = 80
    elif kind == 6:
        scores = numpy.clip(numpy.rint(5 + latent[:, :1]), 0, 10).repeat(reviewers, axis=1)
        if seed % 20 == 6:
            scores = scores + numpy.rint(4 * strictness)
            scores -= scores.min()
    else:
        scores = numpy.clip(numpy.rint(2 * (30 + 8 * latent)) / 2, 0, 100)
        scores[generator.random(scores.shape) < generator.choice([0.1, 0.3, 0.6])] = numpy.nan
    if seed == PANELS - 1:
        scores = numpy.full((4, 3), 7.0)
    return scores


def question(seed):
    scores = panel(seed)
    generator = numpy.random.default_rng(seed + 1_000_000)
    bids = len(scores)
    ability = generator.normal(0, 0.7, bids)
    comparisons = []
    for first in range(bids):
        for second in range(bids):
            if first == second or (bids > 8 and generator.random() < 0.6):
                continue
            chance = 1 / (1 + numpy.exp(ability[second] - ability[first] - 0.3))
            wins = int(generator.binomial(4, chance))
            comparisons.append([first, second, wins, 4 - wins, int(generator.integers(0, 3)) if seed % 4 else 0])
    criteria = int(generator.integers(2, 6))
    weights = generator.integers(1, 50, criteria)
    return {
        "scores": [[None if numpy.isnan(score) else float(score) for score in row] for row in scores],
        "confidence": 0.95,
        "top_k": int(generator.integers(1, bids + 1)),
        "variances": {
            "bid": float(generator.uniform(0.5, 3)),
            "reviewer": float(generator.uniform(0.1, 2)),
            "residual": float(generator.uniform(0.2, 2)),
        },
        "comparisons": comparisons,
        "means": [[float(value) for value in numpy.rint(100 * row) / 100] for row in generator.uniform(0, 10, (bids, criteria))],
        "weights": [float(weight) for weight in weights],
    }


def main():
    if len(sys.argv) not in (2, 3):
        sys.exit(__doc__)
    count = int(sys.argv[2]) if len(sys.argv) == 3 else PANELS
    questions = [question(seed) for seed in range(count)]
    lines = "".join(json.dumps(each) + "\n" for each in questions)
    run = subprocess.run([sys.argv[1]], input=lines, capture_output=True, text=True, check=False)
    if run.returncode != 0:
        sys.exit(f"{sys.argv[1]} failed: {run.stderr}")
    tally = Tally()
    answers = run.stdout.splitlines()
    if len(answers) != count:
        sys.exit(f"{len(answers)} answers to {count} questions")
    for seed, (asked, line) in enumerate(zip(questions, answers)):
        tally.where = f"panel {seed}"
        ours = json.loads(line)
        scores = numpy.array([[numpy.nan if score is None else score for score in row] for row in asked["scores"]])
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            agreement.compare(tally, scores, ours)
            calibration.compare(tally, asked, scores, ours)
            intervals.compare(tally, asked, scores, ours)
            orders.compare(tally, asked, scores, ours)
    tally.print()
    failures = tally.failures()
    print(f"{count} panels, {failures} failures")
    sys.exit(1 if failures else 0)


if __name__ == "__main__":
    main()
