"""What a rep enters of a day, as fields: counters and deals, each with a name of its own. Pure.

The page's form and the phone's letters name them alike: `c.<product>.<measure>` is a counter,
`d.<deal>.<part>` says something of a deal. A field that isn't there says nothing.
"""

import dataclasses
import datetime as dt
import re
import unicodedata
import uuid
from collections.abc import Mapping
from typing import Any

from core import ids
from sales import measures
from sales.deals import LOST, OPEN, WON

MOST = 9_999
"""More than this nobody does in a day."""

MOST_AMOUNT = 10**12

LATE = 14
"""So many days more than the page shows a phone may take to find a network again."""

STAGES = ("appointment", "qualified", "proposal")
"""How far a deal is; who came to one has passed those before."""

OUTCOMES = (OPEN, WON, LOST)

_KEY = re.compile(r"[0-9A-Za-z-]{6,40}", re.ASCII)


class WrongError(Exception):
    """A field can't be as it was entered. `kind`: number, amount, choice, unknown, day."""

    def __init__(self, field: str, kind: str) -> None:
        super().__init__(f"{field}: {kind}")
        self.field, self.kind = field, kind


@dataclasses.dataclass
class Deal:
    """What was entered of a deal; the amount in whole units of the currency."""

    product_id: uuid.UUID | None = None
    outcome: str | None = None
    stage: str | None = None
    amount: int | None = None

    @property
    def says_something(self) -> bool:
        """Whether more than a product was chosen for it."""
        return any(each is not None for each in (self.outcome, self.stage, self.amount))


@dataclasses.dataclass
class Entered:
    """What was entered of a day: counts by product and measure, deals by their keys."""

    counts: dict[tuple[uuid.UUID, str], int] = dataclasses.field(default_factory=dict)
    deals: dict[str, Deal] = dataclasses.field(default_factory=dict)


def counter(product_id: uuid.UUID, measure: str) -> str:
    """Return the name of a counter."""
    return f"c.{product_id}.{measure}"


def about(deal: str, part: str) -> str:
    """Return the name of what is said of a deal."""
    return f"d.{deal}.{part}"


def known_by(person_id: uuid.UUID, deal: str) -> str:
    """Return by what a deal is known whose key this person's phone made: nobody else's key can be the same."""
    return f"{person_id.hex}.{deal}"


def key_of(person_id: uuid.UUID, external_id: str) -> str:
    """Return the key of a person's deal, as their phone says it."""
    return external_id.removeprefix(known_by(person_id, ""))


def is_open(day: dt.date, today: dt.date, back: int) -> bool:
    """Say whether a day may be entered or corrected."""
    return dt.timedelta() <= today - day <= dt.timedelta(days=back)


def read(given: Mapping[str, Any]) -> Entered:
    """Read fields. Raises WrongError for the first that can't be."""
    entered = Entered()
    for name, value in given.items():
        kind, *parts = name.split(".")
        if value is None or value == "":
            continue
        if kind == "c" and len(parts) == 2 and parts[1] in measures.COUNTED:
            product_id = _uuid(name, parts[0])
            entered.counts[product_id, parts[1]] = _number(name, value, MOST, "number")
        elif kind == "d" and len(parts) == 2 and _KEY.fullmatch(parts[0]):
            _note(entered.deals.setdefault(parts[0], Deal()), name, parts[1], value)
        else:
            raise WrongError(name, "unknown")
    entered.deals = {key: deal for key, deal in entered.deals.items() if deal.says_something}
    return entered


def _note(deal: Deal, name: str, part: str, value: Any) -> None:
    if part == "product":
        deal.product_id = _uuid(name, value)
    elif part == "outcome":
        deal.outcome = _one_of(name, value, OUTCOMES)
    elif part == "stage":
        deal.stage = _one_of(name, value, STAGES)
    elif part == "amount":
        deal.amount = _number(name, value, MOST_AMOUNT, "amount")
    else:
        raise WrongError(name, "unknown")


def _one_of(name: str, value: Any, known: tuple[str, ...]) -> str:
    if value not in known:
        raise WrongError(name, "choice")
    return str(value)


def _uuid(name: str, value: Any) -> uuid.UUID:
    try:
        return ids.parse(str(value))
    except ValueError:
        raise WrongError(name, "unknown") from None


def _number(name: str, value: Any, most: int, kind: str) -> int:
    """Read a whole number as people type it: full width, with commas or a sign of the currency."""
    if isinstance(value, bool) or not isinstance(value, int | str):
        raise WrongError(name, kind)
    text = re.sub(r"[,\s¥$€£円]", "", unicodedata.normalize("NFKC", str(value)))
    if not re.fullmatch(r"[0-9]{1,15}", text, re.ASCII) or int(text) > most:
        raise WrongError(name, kind)
    return int(text)
