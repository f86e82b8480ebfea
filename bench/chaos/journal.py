"""What clients were told: one JSON line for each answer, written at once, read back when the books are checked."""

import json
import threading
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

OFFLINE = 0
"""Stands for the status of an answer that never came."""


@dataclass
class Journal:
    """A file that several clients write to."""

    path: Path
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def acknowledged(self, person: str, attempt: str, body: dict[str, Any], told: Any) -> None:
        """Note that the server said it has these answers, and the hand-in if there was one."""
        self._write(
            {
                "person": person,
                "attempt": attempt,
                "answers": body["answers"],
                "submit": body["submit"],
                "told": told["attempt"],
                "state": told["state"],
            }
        )

    def refused(self, status: int, words: str = "", *, patient: bool = False) -> None:
        """Note another answer than success; `patient` says that it named when to come back."""
        self._write({"refused": status, "words": words, "patient": patient})

    def _write(self, line: dict[str, Any]) -> None:
        with self._lock, self.path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(line) + "\n")


@dataclass
class Acknowledged:
    """All that was acknowledged of one attempt. `answers` are options and seq by question."""

    person: str
    answers: dict[str, tuple[list[str], int]] = field(default_factory=dict)
    handed_in: bool = False


@dataclass
class Told:
    """The whole journal, summed up."""

    attempts: dict[str, Acknowledged] = field(default_factory=dict)
    successes: int = 0
    refused: Counter[int] = field(default_factory=Counter)
    impatient: int = 0
    """503s that didn't say when to come back."""
    words: list[str] = field(default_factory=list)

    @property
    def handed_in(self) -> set[str]:
        """The attempts whose hand-in was acknowledged."""
        return {attempt for attempt, each in self.attempts.items() if each.handed_in}


def read(path: Path) -> Told:
    """Read a journal back."""
    told = Told()
    for line in path.read_text(encoding="utf-8").splitlines():
        entry = json.loads(line)
        if "refused" in entry:
            told.refused[entry["refused"]] += 1
            told.impatient += entry["refused"] == 503 and not entry["patient"]
            if entry["refused"] not in {OFFLINE, 503}:
                told.words.append(f"{entry['refused']} {entry['words']}")
            continue
        told.successes += 1
        found = told.attempts.setdefault(entry["attempt"], Acknowledged(entry["person"]))
        for answer in entry["answers"]:
            found.answers[answer["item"]] = (answer["options"], answer["seq"])
        found.handed_in |= entry["submit"]
    return told
