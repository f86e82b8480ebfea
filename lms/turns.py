"""Whose turn it is for a thread of the web server: no organisation holds so many that another's people wait behind it.

An organisation has half of the threads, a quarter while others are about; what comes beyond waits its turn, for a
moment. All organisations together leave one thread to strangers: who signs in, and who asks how the server is. Each
process looks after its own threads, so there is nothing to share and nothing that a killed process could leave shut.
"""

import time
from collections import Counter, OrderedDict, deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from core.callers import STRANGER

Job = TypeVar("Job")

MOST_WAITING = 200
"""So many requests of one organisation wait in a process; with the next one it is told to come again."""

LONGEST_WAIT = 10.0
"""Seconds after which who waits is told to come again: before most clients give up by themselves."""

ABOUT = 2.0
"""For so many seconds after its last request an organisation counts as being about."""


@dataclass
class Turns(Generic[Job]):
    """Requests at work and those that wait, by organisation. For the main loop alone: it has no lock."""

    threads: int
    clock: Callable[[], float] = time.monotonic
    _at_work: Counter[str] = field(default_factory=Counter)
    _large: Counter[str] = field(default_factory=Counter)
    _waiting: "OrderedDict[tuple[str, bool], deque[tuple[float, Job]]]" = field(
        default_factory=OrderedDict
    )
    _seen: dict[str, float] = field(default_factory=dict)

    def wait(self, organisation: str, job: Job, *, large: bool) -> bool:
        """Let a request wait its turn; False where too many of this organisation do already."""
        self._seen[organisation] = self.clock()
        line = self._waiting.setdefault((organisation, large), deque())
        if organisation != STRANGER and len(line) >= MOST_WAITING:
            return False
        line.append((self.clock(), job))
        return True

    def begin(self) -> Iterator[Job]:
        """Yield the requests that may begin now, those of whom has the fewest at work first, then in turn."""
        while found := self._next():
            line = self._waiting[found]
            _, job = line.popleft()
            self._waiting.move_to_end(found)
            if not line:
                del self._waiting[found]
            organisation, large = found
            (self._large if large else self._at_work)[organisation] += 1
            yield job

    def end(self, organisation: str, *, large: bool) -> None:
        """Note that a request is answered, or came to nothing."""
        count = self._large if large else self._at_work
        count[organisation] -= 1
        if count[organisation] <= 0:
            del count[organisation]

    def give_up(self) -> Iterator[Job]:
        """Yield those who have waited too long; they wait no more."""
        late = self.clock() - LONGEST_WAIT
        for key, line in list(self._waiting.items()):
            while line and line[0][0] < late and key[0] != STRANGER:
                yield line.popleft()[1]
            if not line:
                del self._waiting[key]

    def _next(self) -> tuple[str, bool] | None:
        able = [key for key in self._waiting if self._may_begin(*key)]
        return min(able, key=lambda key: self._at_work[key[0]] + self._large[key[0]], default=None)

    def _may_begin(self, organisation: str, large: bool) -> bool:
        busy, large_busy = self._at_work.total(), self._large.total()
        if busy + large_busy >= self.threads:
            return False
        # What is large is read as it comes, from whom may be slow: half of the threads at most.
        if large and large_busy >= max(1, self.threads // 2):
            return False
        if organisation == STRANGER:
            return True
        strangers = self._at_work[STRANGER] + self._large[STRANGER]
        if busy + large_busy - strangers >= max(1, self.threads - 1):
            return False
        own = (self._large if large else self._at_work)[organisation]
        return own < self._share(organisation, large=large)

    def _share(self, organisation: str, *, large: bool) -> int:
        quarter = max(1, self.threads // 4)
        if large or self._are_others_about(organisation):
            return quarter
        return max(1, self.threads // 2)

    def _are_others_about(self, organisation: str) -> bool:
        since = self.clock() - ABOUT
        others = [each for each in self._seen if each not in {organisation, STRANGER}]
        for each in others:
            if self._seen[each] >= since or self._at_work[each] or self._large[each]:
                return True
            del self._seen[each]
        return False
