"""What a token may be allowed to do: each app names its scopes in its `slots.py`."""

from django.utils.functional import Promise

_scopes: dict[str, "str | Promise"] = {}


def register(scope: str, label: "str | Promise") -> None:
    """Add a scope (`sales:write`) with what it lets a token do. Registering it again replaces the words."""
    _scopes[scope] = label


def known() -> dict[str, "str | Promise"]:
    """Return all scopes with their words, in the order of their names."""
    return dict(sorted(_scopes.items()))
