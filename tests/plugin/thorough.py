"""How many examples a slow property is tried with: a few on every run, many when asked for."""

import os

_TIMES = int(os.environ.get("THOROUGH", "1"))


def times(few: int) -> int:
    """Return `few`, or that many times `THOROUGH` of the environment: `THOROUGH=10 ./test -m hypothesis`."""
    return few * _TIMES
