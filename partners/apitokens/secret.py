"""What a token looks like: `tomoni_k3v9q2mx_…`, a part that may be seen and one that may not. Pure."""

import dataclasses
import re
import secrets

from partners import tokens

_LETTERS = "abcdefghijkmnpqrstuvwxyz23456789"
_SHAPE = re.compile(r"(tomoni_[a-z0-9]{8})_([A-Za-z0-9_-]{43})", re.ASCII)


@dataclasses.dataclass(frozen=True)
class Secret:
    """A token in two parts; the second one is kept as a hash only."""

    prefix: str
    hidden: str

    @property
    def digest(self) -> str:
        """What is stored of it."""
        return tokens.digest(self.hidden)

    def __str__(self) -> str:
        """Return the whole token, as its holder sends it."""
        return f"tomoni_{self.prefix}_{self.hidden}"


def make() -> Secret:
    """Return a new one."""
    return Secret("".join(secrets.choice(_LETTERS) for _ in range(8)), tokens.make())


def parse(text: str) -> Secret | None:
    """Read what a program sent; None for what can't be one of ours."""
    found = _SHAPE.fullmatch(text)
    return Secret(found[1].removeprefix("tomoni_"), found[2]) if found else None
