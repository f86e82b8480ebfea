"""What a new client needs until a first rep can learn: steps that check themselves. Higher apps tell their own."""

import dataclasses
from collections.abc import Callable, Iterable, Sequence

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from partners.models import Person
from partners.queries import organisations
from partners.queries.organisations import Gathered


@dataclasses.dataclass(frozen=True)
class Step:
    """One step: what to do, where, and whether it is done."""

    icon: str
    title: str | Promise
    text: str | Promise
    url: str
    done: bool


Teller = Callable[[Person], Step]

_tellers: list[tuple[int, Teller]] = []


def tell(*, order: int) -> Callable[[Teller], Teller]:
    """Register a function that returns a step of what is to be learnt, between the people and their invitations."""

    def register(teller: Teller) -> Teller:
        _tellers.append((order, teller))
        _tellers.sort(key=lambda entry: entry[0])
        return teller

    return register


def steps(viewer: Person) -> list[Step]:
    """Return all steps in their order. Two queries, and those of other apps' steps."""
    found = organisations.gathered(viewer)
    return [*_gathering(found), *(teller(viewer) for _order, teller in _tellers), *_coming(found)]


def left(found: Iterable[Step]) -> int:
    """Return how many are still to be done."""
    return sum(not step.done for step in found)


def _gathering(found: Gathered) -> Sequence[Step]:
    return (
        Step(
            "building",
            _("Add a partner"),
            _("The company whose people sell for you, with its teams"),
            reverse("partners:add_partner"),
            found.partner is not None,
        ),
        Step(
            "list",
            _("Enter its people"),
            _("Paste a table from Excel, or add them one by one"),
            _at_partner("organisation", found),
            bool(found.people),
        ),
    )


def _coming(found: Gathered) -> Sequence[Step]:
    return (
        Step(
            "send",
            _("Invite them"),
            _("By mail, or as cards with a code to print"),
            _at_partner("invite_all", found),
            bool(found.invited or found.signed_up),
        ),
        Step(
            "hand",
            _("The first one signs in"),
            _("Here you see who is still missing"),
            reverse("partners:people"),
            bool(found.signed_up),
        ),
    )


def _at_partner(name: str, found: Gathered) -> str:
    """Return a page of the first partner, or where partners are listed while there is none."""
    if found.partner is None:
        return reverse("partners:organisations")
    return reverse(f"partners:{name}", args=[found.partner])
