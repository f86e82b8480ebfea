"""Pieces of pages that never change once they are drawn: kept in the process's memory, by language."""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language


class Fragments:
    """The last `most` pieces of one kind. A key must name all that a piece depends on, except the language.

    Only for what is the same for everybody who may see it: a piece knows no person.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._kept: OrderedDict[Hashable, str] = OrderedDict()
        self._lock = Lock()

    def get(self, key: Hashable, draw: Callable[[], str]) -> SafeString:
        """Return the piece of this key, drawn by `draw` if it isn't there."""
        full = (get_language(), key)
        with self._lock:
            found = self._kept.get(full)
            if found is not None:
                self._kept.move_to_end(full)
        if found is None:
            found = draw()
            with self._lock:
                self._kept[full] = found
                while len(self._kept) > self._most:
                    self._kept.popitem(last=False)
        return mark_safe(found)
