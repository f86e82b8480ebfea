"""A draft and its versions as the pages around the desk tell of them. Made of what was read."""

from collections.abc import Sequence
from dataclasses import dataclass

from courses.authoring.scenarios.naming import Names
from courses.scenarios import words
from courses.scenarios.document import Document
from courses.scenarios.models import Proof
from courses.scenarios.validator import Finding, Report


@dataclass(frozen=True)
class Told:
    """A finding in words, with where it is; `anchor` leads to its place on the desk."""

    place: str
    message: str
    anchor: str


def findings(document: Document, found: Sequence[Finding]) -> list[Told]:
    """Return findings in words."""
    names = Names(document)
    return [
        Told(
            names.place(each.scene, each.choice),
            words.finding(each),
            anchor(each.scene, each.choice),
        )
        for each in found
    ]


def anchor(scene: str, choice: str = "") -> str:
    """Return what stands behind the desk's address for a scene, or for one of its choices."""
    if not scene:
        return ""
    return f"?scene={scene}" + (f"#choice-{choice}" if choice else "")


def both(document: Document, report: Report) -> dict[str, list[Told]]:
    """Return what blocks and what only informs."""
    return {
        "errors": findings(document, report.errors),
        "warnings": findings(document, report.warnings),
    }


@dataclass(frozen=True)
class Likely:
    """How often random plays came to an ending, in percent, and with which scores."""

    name: str
    outcome: str
    percent: float
    low: int
    high: int


@dataclass(frozen=True)
class Proven:
    """What a worker found out about a version."""

    proof: Proof
    endings: Sequence[Likely]
    plays: int
    unended: int
    found: Sequence[Told]


def shares(counts: Sequence[int]) -> list[float]:
    """Return how much of the whole each is, in tenths of a percent that add up to 100: the largest remainders gain."""
    whole = sum(counts)
    if not whole:
        return [0.0] * len(counts)
    tenths = [1000 * count // whole for count in counts]
    by_rest = sorted(range(len(counts)), key=lambda place: -(1000 * counts[place] % whole))
    for place in by_rest[: 1000 - sum(tenths)]:
        tenths[place] += 1
    return [each / 10 for each in tenths]


def proven(document: Document, proof: Proof) -> Proven:
    """Return a version's proof in words, its likeliest ending first."""
    plays = int(proof.sample.get("plays", 0))
    names = Names(document)
    unended = int(proof.sample.get("unended", 0))
    ended = {k: v for k, v in proof.sample.get("endings", {}).items() if k in document.by_key}
    percents = shares([*(each["count"] for each in ended.values()), unended])
    endings = [
        Likely(names.scene(key), document.by_key[key].outcome, percent, each["low"], each["high"])
        for (key, each), percent in zip(ended.items(), percents, strict=False)
    ]
    found = [each for each in map(Finding.of_json, proof.findings) if each.is_error]
    return Proven(
        proof,
        sorted(endings, key=lambda each: -each.percent),
        plays,
        unended,
        findings(document, found),
    )
