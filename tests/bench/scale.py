"""Whether a poll stays as cheap when the academy is large."""

import measure
from row import missing


def flat(bench):
    return missing("scale", "304 with 10^2 and 10^6 sessions and tokens",
                   "equal within 20 %", "kattegatctl cannot make such data yet")


ROWS = [("scale", flat)]
