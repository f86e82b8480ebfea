"""Writes of summaries."""

from analytics.actions.keeping import learnt, mend, moved, rebuild, sum_up

__all__ = ["learnt", "mend", "moved", "rebuild", "sum_up"]
