"""One line of the table."""

import dataclasses
import typing

import measure


@dataclasses.dataclass
class Row:
    name: str
    work: str
    goal: str
    unit: str = ""
    baseline: typing.Optional[float] = None
    value: typing.Optional[float] = None
    ratio: typing.Optional[float] = None
    iqr: typing.Optional[list] = None
    reached: typing.Optional[bool] = None   # None: nothing to be reached, or
    note: str = ""                          # not measured: the note says why

    def as_json(self):
        found = dataclasses.asdict(self)
        for key in ("baseline", "value", "ratio"):
            found[key] = rounded(found[key])
        if self.iqr is not None:
            found["iqr"] = [rounded(one) for one in self.iqr]
        return found

    def cells(self):
        ratio = ""
        if self.ratio is not None:
            ratio = "%.2f" % self.ratio
        if self.iqr is not None:
            ratio += " [%s-%s]" % tuple(shown(one) for one in self.iqr)
        reached = {True: "yes", False: "NO", None: "-"}[self.reached]
        return [self.work, with_unit(self.baseline, self.unit),
                with_unit(self.value, self.unit), ratio.strip(), self.goal,
                reached]


def rounded(number):
    return None if number is None else float("%.5g" % number)


def shown(number):
    if abs(number) >= 100 or number == int(number):
        return "%.0f" % number
    return "%.1f" % number if abs(number) >= 10 else "%.2f" % number


def with_unit(number, unit):
    return "" if number is None else ("%s %s" % (shown(number), unit)).strip()


def by_ratio(name, work, figures, goal, unit="us", **more):
    """Cheaper than the baseline: at least `goal` times."""
    ratios = figures.ratios()
    ratio = measure.middle(ratios)
    return Row(name, work, ">= %g" % goal, unit,
               measure.middle(figures.baseline),
               measure.middle(figures.value), ratio,
               measure.quartiles(ratios), ratio >= goal, **more)


def at_most(name, work, values, goal, unit, **more):
    """The middle of the values stays below the goal; the range is theirs."""
    value = measure.middle(values)
    return Row(name, work, "<= %g %s" % (goal, unit), unit, None, value,
               iqr=measure.quartiles(values), reached=value <= goal, **more)


def missing(name, work, goal, why):
    return Row(name, work, goal, note="not measured: " + why)
