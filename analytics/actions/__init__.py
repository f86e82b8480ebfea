"""Writes of summaries."""

from analytics.actions.keeping import count_learnt, learnt, mend, moved, rebuild, sum_up, sums_due

__all__ = ["count_learnt", "learnt", "mend", "moved", "rebuild", "sum_up", "sums_due"]
