"""Waiting for something to become true; never for a fixed time."""

import time

from kattegat import paths


def wait_for(condition, limit_s=5.0, what=None):
    """The first true value that condition() gives. limit_s is enough where nothing
    else runs; it fails much later."""
    ends = time.monotonic() + limit_s * paths.PATIENCE
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > ends:
            raise AssertionError("not within %s s: %s" % (
                limit_s * paths.PATIENCE,
                what or getattr(condition, "__name__", condition)))
        time.sleep(0.01)
