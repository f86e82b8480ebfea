"""What an action answers when it can't do what was asked: words for the person, and the field to mend."""

from django.utils.functional import Promise


class Problem(Exception):
    """Nothing was changed. `message` says why and what to do, `field` names the form's field, if one."""

    def __init__(self, message: "str | Promise", field: str | None = None) -> None:
        super().__init__(str(message))
        self.message = message
        self.field = field
