"""Writes of sales facts. Telling the same again changes nothing."""

from sales.actions.activities import Count, record_activities
from sales.actions.credit import credit_again
from sales.actions.days import enter_day
from sales.actions.opportunities import Upsert, begin_upserts, upsert_opportunities
from sales.actions.undoing import TakenBack, take_back
from sales.actions.writing import Outcome

__all__ = [
    "Count",
    "Outcome",
    "TakenBack",
    "Upsert",
    "begin_upserts",
    "credit_again",
    "enter_day",
    "record_activities",
    "take_back",
    "upsert_opportunities",
]
