"""Run the report in worlds whose truth is known, and see whether it finds it, or refuses where nobody can.

    .venv/bin/python -m bench.worlds [--seeds 100] [--only S1 S4] [--workers 1] [--minutes 60]

Prints for each world the truth, what the obvious reading says, what the report says, and whether its gates were kept.
What was found is written down at once (`--file`), so that a run that was stopped goes on where it was; a run under
other rules begins anew. Ends with 1 where a gate was missed.
"""

import os
import sys

# One process is one core: before numpy is imported anywhere.
for _name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "POLARS_MAX_THREADS", "NUMBA_NUM_THREADS"):
    os.environ.setdefault(_name, "1")

from bench.worlds.command import main  # noqa: E402 - after the limits above

if __name__ == "__main__":
    sys.exit(main())
