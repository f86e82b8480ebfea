"""What people are asked to learn first: a higher floor says so here, progress only puts it in order.

>>> asked.ask(provider)  # (person) -> {module id: Asked}
"""

import dataclasses
import uuid
from collections.abc import Callable, Mapping

from partners.models import Person


@dataclasses.dataclass(frozen=True)
class Asked:
    """That somebody is asked to finish a module.

    `presses`: it comes even before what was begun. Among what is asked, a smaller `rank` comes first. `label` says by
    when, `tone` is its chip's; `opens` and `message` are words for whoever is asked, often empty.
    """

    presses: bool
    rank: float
    label: str
    tone: str = ""
    opens: str = ""
    message: str = ""


Provider = Callable[[Person], Mapping[uuid.UUID, Asked]]

_providers: list[Provider] = []


def ask(provider: Provider) -> Provider:
    """Register who knows what a person is asked. One query each, please."""
    if provider not in _providers:
        _providers.append(provider)
    return provider


def of(person: Person) -> dict[uuid.UUID, Asked]:
    """Return what this person is asked, by module; the more pressing wins."""
    found: dict[uuid.UUID, Asked] = {}
    for provider in _providers:
        for module_id, asked in provider(person).items():
            known = found.get(module_id)
            if known is None or asked.rank < known.rank:
                found[module_id] = asked
    return found
