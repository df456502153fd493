"""Counts, per figure, what was compared with which result."""

import math
import sys


class Tally:
    """`check` compares a figure with its reference; differences are absolute below 1 and relative above."""

    SHOWN = 3

    def __init__(self):
        self.figures = {}
        self.where = ""

    def _of(self, name, tolerance):
        fresh = {"compared": 0, "undefined": 0, "worst": 0.0, "failures": 0, "tolerance": tolerance}
        return self.figures.setdefault(name, fresh)

    def fail(self, name, tolerance, what):
        figure = self._of(name, tolerance)
        figure["failures"] += 1
        if figure["failures"] <= self.SHOWN:
            print(f"{self.where}: {name}: {what}", file=sys.stderr)

    def undefined(self, name, tolerance=0.0):
        self._of(name, tolerance)["undefined"] += 1

    def check(self, name, ours, reference, tolerance):
        """Numbers, lists of them, `None` where there is no figure; both sides must agree on that too."""
        if isinstance(ours, (list, tuple)) or isinstance(reference, (list, tuple)):
            if not isinstance(ours, (list, tuple)) or ours is None or reference is None or len(ours) != len(reference):
                self.fail(name, tolerance, f"{ours} instead of {reference}")
                return
            for left, right in zip(ours, reference):
                self.check(name, left, right, tolerance)
            return
        if reference is not None and not math.isfinite(reference):
            reference = None
        if ours is None and reference is None:
            self.undefined(name, tolerance)
            return
        if ours is None or reference is None:
            self.fail(name, tolerance, f"{ours} instead of {reference}")
            return
        difference = abs(float(ours) - float(reference)) / max(1.0, abs(float(reference)))
        figure = self._of(name, tolerance)
        figure["compared"] += 1
        figure["worst"] = max(figure["worst"], difference)
        if not difference <= tolerance:
            self.fail(name, tolerance, f"{ours} instead of {reference}")

    def fields(self, name, ours, reference, tolerance, *, rename=None):
        """Each field of a reference dictionary with the same field of ours, which may be an undefined answer."""
        if undefined(ours) or reference is None:
            if undefined(ours) and reference is None:
                self.undefined(name, tolerance)
            else:
                self.fail(name, tolerance, f"{ours} instead of {reference}")
            return
        for field, value in reference.items():
            self.check(f"{name}.{field}", ours.get((rename or {}).get(field, field)), value, tolerance)

    def print(self):
        width = max(map(len, self.figures))
        print(f"{'figure':<{width}} {'compared':>9} {'undefined':>9} {'largest':>9} {'allowed':>9} {'failures':>8}")
        for name, figure in sorted(self.figures.items()):
            print(
                f"{name:<{width}} {figure['compared']:>9} {figure['undefined']:>9} {figure['worst']:>9.1e} "
                f"{figure['tolerance']:>9.0e} {figure['failures']:>8}"
            )

    def failures(self):
        return sum(figure["failures"] for figure in self.figures.values())


def undefined(figure):
    return figure is None or (isinstance(figure, dict) and "undefined" in figure)
