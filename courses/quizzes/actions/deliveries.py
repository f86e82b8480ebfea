"""What a phone sends about an attempt, what it gets back, and what it is refused for."""

import dataclasses
import datetime as dt
import uuid
from collections.abc import Sequence


class UnknownAttemptError(LookupError):
    """There is no such attempt, module or version for this person."""


class MisfitError(ValueError):
    """The answers don't belong to the questions of the attempt's version. `field` says where."""

    def __init__(self, field: str) -> None:
        super().__init__(field)
        self.field = field


@dataclasses.dataclass(frozen=True)
class GivenAnswer:
    """An answer as the phone sent it. `seq` rises with every change on that phone."""

    item: str
    options: tuple[str, ...]
    seq: int
    at: dt.datetime | None


@dataclasses.dataclass(frozen=True)
class Delivered:
    """All that a phone sends about an attempt in one go."""

    attempt_id: uuid.UUID
    answers: Sequence[GivenAnswer]
    submit: bool = False
    module_id: uuid.UUID | None = None
    quiz_version_id: uuid.UUID | None = None
    retry: bool = False


@dataclasses.dataclass(frozen=True)
class Receipt:
    """What the server now holds: the attempt that counts, the stored `seq` by item, what came too late."""

    attempt_id: uuid.UUID
    state: str
    saved: dict[str, int]
    late: list[str]
