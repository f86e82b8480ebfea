"""What can't be taken in: a code, the place, and what the words for it need. The words are made in `words`."""

from collections.abc import Mapping


class FaultError(ValueError):
    """Something that came from outside is not of the shape of a scenario; nothing was changed.

    `path` says where, as in `scenes.3.choices.0.text`; `params` are for the words.
    """

    def __init__(self, code: str, path: str, params: Mapping[str, object] | None = None) -> None:
        super().__init__(f"{path}: {code}")
        self.code = code
        self.path = path
        self.params = dict(params or {})
