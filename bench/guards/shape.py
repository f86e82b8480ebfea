"""What a guard is, and how it is taken away."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Edit:
    """One place of one file: this text, which stands there once, becomes that text."""

    path: str
    old: str
    new: str

    def stands(self, root: Path) -> bool:
        """Say whether the text stands there, exactly once."""
        place = root / self.path
        return place.is_file() and place.read_text(encoding="utf-8").count(self.old) == 1

    def apply(self, root: Path) -> None:
        """Put the other text in its place. Raises LookupError where it isn't there, or more than once."""
        if not self.stands(root):
            raise LookupError(f"{self.path} doesn't hold this text once: {self.old!r}")
        place = root / self.path
        text = place.read_text(encoding="utf-8")
        place.write_text(text.replace(self.old, self.new), encoding="utf-8")


@dataclass(frozen=True)
class Guard:
    """What is guarded, how it is taken away, and the tests of which one has to turn red.

    `held_by` says what else holds it, where one guard alone is not missed: that one is taken away as well.
    """

    name: str
    edits: tuple[Edit, ...]
    tests: tuple[str, ...]
    held_by: str = ""


def guard(name: str, path: str, old: str, new: str, *tests: str) -> Guard:
    """Return a guard that one edit takes away."""
    return Guard(name, (Edit(path, old, new),), tests)
