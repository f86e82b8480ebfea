"""What a source tells of a deal, and what is known of it afterwards. Pure.

None means "nothing new": what is not told stays as it is. Telling the same again changes nothing.
"""

import dataclasses
import datetime as dt
import uuid
from collections.abc import Mapping, Sequence

OPEN, WON, LOST, REFUNDED = "open", "won", "lost", "refunded"


class RefusedError(Exception):
    """A deal can't be as it was told; `fields` are the parts of it that are missing or contradict the rest."""

    def __init__(self, fields: Sequence[str]) -> None:
        super().__init__(", ".join(fields))
        self.fields = tuple(fields)


@dataclasses.dataclass(frozen=True, kw_only=True)
class Told:
    """What a source tells of one deal.

    `owners` says who has had it since when; `owner` only who has it now, for sources that keep no history.
    `stages` holds the first moment of each stage; `amount` is in the currency's smallest unit. With `closed_on_day`
    the moment of closing is the beginning of a day of which no more is known.
    """

    external_id: str
    product_id: uuid.UUID | None = None
    opened_at: dt.datetime | None = None
    closed_at: dt.datetime | None = None
    closed_on_day: bool = False
    outcome: str | None = None
    reason: str | None = None
    amount: int | None = None
    currency: str | None = None
    owner: uuid.UUID | None = None
    owners: Mapping[dt.datetime, uuid.UUID] = dataclasses.field(default_factory=dict)
    stages: Mapping[str, dt.datetime] = dataclasses.field(default_factory=dict)


@dataclasses.dataclass(frozen=True, kw_only=True)
class Known:
    """All that is known of one deal."""

    product_id: uuid.UUID
    opened_at: dt.datetime
    owners: Mapping[dt.datetime, uuid.UUID]
    stages: Mapping[str, dt.datetime]
    outcome: str = OPEN
    closed_at: dt.datetime | None = None
    reason: str = ""
    amount: int | None = None
    currency: str = ""

    def owner_at(self, moment: dt.datetime) -> uuid.UUID:
        """Return who had it then; before anybody had it, who had it first."""
        since = max((each for each in self.owners if each <= moment), default=min(self.owners))
        return self.owners[since]

    @property
    def owner(self) -> uuid.UUID:
        """Whom it is credited to: who had it when it was decided, or has it now."""
        return self.owner_at(self.closed_at or max(self.owners))


def merged(known: Known | None, told: Told, now: dt.datetime) -> Known:
    """Return what is known after this was told. Raises RefusedError where that would make no sense, for all of why."""
    wrong: list[str] = []
    product_id = told.product_id or (known.product_id if known else None)
    if product_id is None:
        wrong.append("product")
    opened_at = told.opened_at or (known.opened_at if known else None)
    if opened_at is None:
        wrong.append("opened_at")
    outcome, closed_at = _decision(known, told, opened_at, wrong)
    amount, currency = _amount(known, told, wrong)
    if not (told.owner or told.owners or (known and known.owners)):
        wrong.append("owner")
    if wrong or product_id is None or opened_at is None:
        raise RefusedError(wrong)
    reason = told.reason if told.reason is not None else (known.reason if known else "")
    return Known(
        product_id=product_id,
        opened_at=opened_at,
        owners=_owners(known, told, opened_at, now),
        stages={**(known.stages if known else {}), **told.stages},
        outcome=outcome,
        closed_at=closed_at,
        reason=reason if outcome == LOST else "",
        amount=amount,
        currency=currency,
    )


def _decision(
    known: Known | None, told: Told, opened_at: dt.datetime | None, wrong: list[str]
) -> tuple[str, dt.datetime | None]:
    """Return outcome and moment of the decision; a deal that is open again has none."""
    outcome = told.outcome or (known.outcome if known else OPEN)
    if outcome == OPEN:
        if told.closed_at is not None:
            wrong.append("outcome")
        return OPEN, None
    closed_at = told.closed_at or (known.closed_at if known else None)
    if told.closed_on_day and told.closed_at and opened_at:
        closed_at = _within_day(told.closed_at, opened_at)
    if closed_at is None or (opened_at is not None and closed_at < opened_at):
        wrong.append("closed_at")
    return outcome, closed_at


def _within_day(day: dt.datetime, opened_at: dt.datetime) -> dt.datetime:
    """Return when a deal was closed of which only the day is known: not before it was opened on that day."""
    return opened_at if day < opened_at < day + dt.timedelta(days=1) else day


def _amount(known: Known | None, told: Told, wrong: list[str]) -> tuple[int | None, str]:
    amount = told.amount if told.amount is not None else (known.amount if known else None)
    currency = told.currency if told.currency is not None else (known.currency if known else "")
    if amount is None:
        return None, ""
    if amount < 0:
        wrong.append("amount")
    if len(currency) != 3 or not (currency.isascii() and currency.isalpha() and currency.isupper()):
        wrong.append("currency")
    return amount, currency


def _owners(
    known: Known | None, told: Told, opened_at: dt.datetime, now: dt.datetime
) -> Mapping[dt.datetime, uuid.UUID]:
    owners = {**(known.owners if known else {}), **told.owners}
    if told.owner is not None:
        if not owners:
            owners[opened_at] = told.owner
        elif owners[max(owners)] != told.owner:
            owners[max(now, *owners)] = told.owner
    return owners
