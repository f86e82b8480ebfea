"""Reads of people's ways through the modules."""

from courses.progress.queries.finding import Found, find_ways
from courses.progress.queries.shelf import (
    Shortlist,
    asked_ways,
    following,
    in_order,
    newest_ways,
    next_way,
    shortlist,
    to_practise,
    ways_page,
)
from courses.progress.queries.ways import (
    DOING,
    FINISHED,
    TODO,
    UNDERSTOOD,
    Way,
    document,
    way,
)

__all__ = [
    "DOING",
    "FINISHED",
    "TODO",
    "UNDERSTOOD",
    "Found",
    "Shortlist",
    "Way",
    "asked_ways",
    "document",
    "find_ways",
    "following",
    "in_order",
    "newest_ways",
    "next_way",
    "shortlist",
    "to_practise",
    "way",
    "ways_page",
]
