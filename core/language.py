"""The reader's choice of a language. Who keeps it beside the browser's cookie registers here."""

from collections.abc import Callable

from django.http import HttpRequest

Keeper = Callable[[HttpRequest, str], None]

_keepers: list[Keeper] = []


def keeper(function: Keeper) -> Keeper:
    """Register a function that keeps the choice, as `partners` does with the signed-in person.

    >>> @language.keeper
    ... def keep(request, code): ...
    """
    if function not in _keepers:
        _keepers.append(function)
    return function


def chosen(request: HttpRequest, code: str) -> None:
    """Tell everybody who registered that this reader has chosen a language of settings.LANGUAGES."""
    for keep in _keepers:
        keep(request, code)
