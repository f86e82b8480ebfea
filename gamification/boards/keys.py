"""What a board's keys are called, and how a company and points become one number."""

import datetime as dt
import secrets

import redis

from core import redisclient
from gamification import months
from gamification.ranking import Unit

COMPLETE = "-"
COLLEAGUES = "colleagues"
"""A sorted set of all people by company, then points: what counts those above within a company."""
COMPANIES = "companies"
"""The number that a company has on this board, from 1 on."""
SORTED = (*Unit, COLLEAGUES)
HASHES = ("heads", "points", COMPANIES)
PARTS = (*SORTED, *HASHES)

# A score is a double, exact up to 2^53: all points that the database can hold, and two million companies.
SPAN = 2**32
"""How far two companies' scores lie apart in COLLEAGUES."""
ZERO = 2**31
"""What no points at all are within a company's span; points may be negative after a correction."""


class BoardLostError(Exception):
    """Redis can't be reached, or doesn't hold this board as a whole: the database has to answer."""


def connection() -> redis.Redis:
    """Return the connection by which boards are asked: a large one takes its time."""
    return redisclient.client(patience=2.0)


def key(month: dt.date, part: str) -> str:
    """Return the key of a part of the month's board."""
    return f"tomoni:standings:{months.name(month)}:{part}"


def run_of(server: redis.Redis) -> str:
    """Return the id that this run of the server has."""
    return str(server.info("server")["run_id"])


def token() -> str:
    """Return what no other write has."""
    return secrets.token_hex(8)


def among_colleagues(company: int, points: int) -> int:
    """Return the score in COLLEAGUES of so many points in the company of this number."""
    return company * SPAN + ZERO + points


def taken_apart(score: float) -> tuple[int, int]:
    """Return the company's number and the points of a score in COLLEAGUES."""
    company, points = divmod(int(score), SPAN)
    return company, points - ZERO
