"""Who may use a door. Every view says it with `@allow(...)`; a view that says nothing is refused.

>>> @allow("rep", "manager")
... def home(request): ...

`anyone` needs no sign-in, `person` is everybody who signed in; other words are roles. A list page or
detail still starts from `.visible_to(person)`: a door says who may knock, a query what they see.
"""

import dataclasses
from collections.abc import Callable
from typing import Any, TypeVar

ANYONE = "anyone"
PERSON = "person"
ROLES = ("rep", "manager", "author", "admin", "ace", "sales_manager")

_View = TypeVar("_View", bound=Callable[..., Any])


@dataclasses.dataclass(frozen=True)
class Access:
    """Who may use a view, and which fields of other organisations it shows on purpose."""

    who: frozenset[str]
    shared: frozenset[str] = frozenset()

    def admits(self, roles: "frozenset[str] | None") -> bool:
        """Say whether somebody with these roles (None: not signed in) may come in."""
        if ANYONE in self.who:
            return True
        if roles is None:
            return False
        return PERSON in self.who or bool(self.who & roles)


def allow(*who: str, shared: tuple[str, ...] = ()) -> Callable[[_View], _View]:
    """Declare who may use a view: `anyone`, `person`, or names of roles.

    `shared` names the fields of other organisations' records that the page shows by policy.
    Raises ValueError for a word that is no role.
    """
    unknown = set(who) - {ANYONE, PERSON, *ROLES}
    if unknown or not who:
        raise ValueError(f"Unknown or missing roles: {sorted(unknown)}")

    def declare(view: _View) -> _View:
        view.access = Access(frozenset(who), frozenset(shared))  # type: ignore[attr-defined]
        return view

    return declare
