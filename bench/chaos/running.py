"""One fault from its first stroke to the checked books."""

import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import ClassVar

from bench.chaos import books, journal
from bench.chaos.stage import Stage
from tools.launch.programs import WORKERS

PATIENCE = 240.0
"""Within so many seconds everything must have healed; reliability.md asks for two minutes for scores."""

_NOT_500 = {journal.OFFLINE, 503}


@dataclass(frozen=True)
class Fault:
    """What is done, how often in full and in short, and by whom."""

    promise: str
    title: str
    times: int
    short: int
    inject: Callable[[Stage, int], list[str]]


@dataclass(frozen=True)
class Result:
    """What came of it. `sang`, `scored` and `healed` are seconds from the last stroke; None if it didn't come."""

    fault: Fault
    times: int
    acknowledged: int
    handed_in: int
    findings: books.Findings
    healed: float | None
    scored: float | None
    sang: float | None
    refused: Counter[int]
    impatient: int
    seen: list[str] = field(default_factory=list)

    MARKDOWN_HEAD: ClassVar[str] = (
        "| | fault | times | acknowledged (hand-ins) | lost | doubled |"
        " workers took tasks after | all scored after | nothing waits after |\n"
        "|---|---|---|---|---|---|---|---|---|"
    )

    @property
    def good(self) -> bool:
        """Whether the promise was kept."""
        wrong = sum(count for status, count in self.refused.items() if status not in _NOT_500)
        return self.findings.clean and self.healed is not None and not wrong and not self.impatient

    def _fields(self) -> list[str]:
        told = f"{self.acknowledged:,} ({self.handed_in:,})"
        lost, doubled = len(self.findings.lost), len(self.findings.doubled)
        return [
            self.fault.promise,
            self.fault.title,
            str(self.times),
            told,
            str(lost),
            str(doubled),
        ]

    def line(self) -> str:
        """Return the result as a line for a person."""
        promise, title, times, told, lost, doubled = self._fields()
        mark = "" if self.good else "   <-- NOT KEPT"
        return (
            f"{promise:4} {title:40} {times:>5} times  {told:>16} acknowledged  {lost} lost  {doubled} doubled"
            f"  tasks taken after {_seconds(self.sang)}, all scored after {_seconds(self.scored)},"
            f" nothing waits after {_seconds(self.healed)}{mark}"
        )

    def words(self) -> list[str]:
        """Return what else there is to say."""
        told = ", ".join(
            f"{count} x {'no answer' if status == journal.OFFLINE else status}"
            for status, count in sorted(self.refused.items())
        )
        found = [*self.findings.lost[:5], *self.findings.doubled[:5], *self.findings.others[:5]]
        hasty = [f"{self.impatient} x 503 without Retry-After"] if self.impatient else []
        return [*([f"told instead of success: {told}"] if told else []), *hasty, *self.seen, *found]

    def markdown(self) -> str:
        """Return the result as a row of a table."""
        cells = [*self._fields(), *map(_seconds, (self.sang, self.scored, self.healed))]
        return "| " + " | ".join(cells) + " |"


def _seconds(value: float | None) -> str:
    return "never" if value is None else f"{value:.1f} s"


def run(stage: Stage, fault: Fault, times: int) -> Result:
    """Inject, wait until all has healed, and look at the books."""
    before = journal.read(stage.journal.path)
    stage.begin()
    seen = fault.inject(stage, times)
    sang = _after(stage, lambda: _canaries_sing(stage))
    told = journal.read(stage.journal.path)
    scored = _after(stage, lambda: books.scored(stage.rows, told.handed_in))
    healed = _after(stage, lambda: books.settled(stage.rows, told.handed_in))
    told = journal.read(stage.journal.path)
    findings = books.check(stage.rows, told, stage.world["modules"])
    findings.others += _ask_the_product(stage)
    seen += told.words[len(before.words) :][:5]
    return Result(
        fault=fault,
        times=stage.strikes,
        acknowledged=told.successes - before.successes,
        handed_in=len(told.handed_in) - len(before.handed_in),
        findings=findings,
        healed=healed,
        scored=scored,
        sang=sang,
        refused=told.refused - before.refused,
        impatient=told.impatient - before.impatient,
        seen=seen,
    )


def _after(stage: Stage, true: Callable[[], bool]) -> float | None:
    """Wait until something is true; return the seconds from the last stroke, None if it never came true."""
    came = stage.until(lambda: stage.tried(true), PATIENCE)
    return time.monotonic() - stage.struck_at if came else None


def _canaries_sing(stage: Stage) -> bool:
    """Say whether every queue has done a task since the last stroke; asks for one each time."""
    stage.ring_canaries()
    stage.pause(0.5)
    [[fresh]] = stage.rows(
        "SELECT count(*) FROM core_canary WHERE queue = ANY (%s) AND sung_at > to_timestamp(%s)",
        list(WORKERS),
        time.time() - (time.monotonic() - stage.struck_at),
    )
    return bool(fresh == len(WORKERS))


def _ask_the_product(stage: Stage) -> list[str]:
    """Have the product compare ledger, standings, Redis and reports; what the clock sums up may take a while."""
    found: list[str] = []
    for _ in range(6):
        found = [
            said for name in ("check_standings", "check_progress") if (said := stage.manage(name))
        ]
        if not found:
            break
        stage.pause(6)
    return found
