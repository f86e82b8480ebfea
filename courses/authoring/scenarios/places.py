"""Where in a file something stands that can't be taken in: `scenes.3.choices.0.text` as people say it."""

from django.utils.translation import gettext as _

from courses.authoring.scenarios import words


def of(path: str) -> str:
    """Return the words for a place in a file; the whole file where it is empty."""
    if not path:
        return _("The file")
    steps, said = path.split("."), list[str]()
    while steps:
        step = steps.pop(0)
        number = steps[0] if steps and steps[0].isdigit() else ""
        if number and step in _LISTS:
            steps.pop(0)
            said.append(_LISTS[step]() % {"number": int(number) + 1})
        else:
            said.append(str(words.FIELDS.get(step, step)))
    return ", ".join(said)


_LISTS = {
    "scenes": lambda: _("scene %(number)d of the file"),
    "choices": lambda: _("its choice %(number)d"),
    "variables": lambda: _("variable %(number)d"),
    "routes": lambda: _("its route %(number)d"),
    "effects": lambda: _("its effect %(number)d"),
}
