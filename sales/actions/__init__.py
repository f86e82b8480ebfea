"""Writes of sales facts. Telling the same again changes nothing."""

from sales.actions.activities import Count, record_activities
from sales.actions.credit import credit_again
from sales.actions.opportunities import upsert_opportunities
from sales.actions.writing import Outcome

__all__ = ["Count", "Outcome", "credit_again", "record_activities", "upsert_opportunities"]
