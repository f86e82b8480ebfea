"""Tables of sales facts and of what they are about."""

from sales.models.facts import Activity
from sales.models.opportunities import Opportunity, Ownership, StageEntry
from sales.models.revisions import Revision
from sales.models.setup import LocalRecord, Product, Record, Source

__all__ = [
    "Activity",
    "LocalRecord",
    "Opportunity",
    "Ownership",
    "Product",
    "Record",
    "Revision",
    "Source",
    "StageEntry",
]
