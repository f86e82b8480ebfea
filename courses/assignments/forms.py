"""Forms of assignments: whom and when, another due date, finding what to assign."""

import datetime as dt
import uuid
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from core.formfields import DayField
from courses.assignments import targets
from courses.assignments.actions.assigning import Wish
from courses.assignments.queries import naming, rights
from courses.assignments.queries.naming import Named
from courses.assignments.targets import Target
from courses.catalog.models import Course, Module
from partners.models import Person

REMINDERS = [
    ("", _("No reminder")),
    ("1", _("1 day before")),
    ("3", _("3 days before")),
    ("7", _("7 days before")),
]


def _due_on(**attrs: Any) -> DayField:
    return DayField(
        label=_("Due on"),
        required=False,
        help_text=_("The whole day counts. Without a date nobody is reminded."),
        widget=forms.DateInput(attrs={"type": "date", **attrs}, format="%Y-%m-%d"),
    )


def _remind_days() -> "forms.TypedChoiceField":
    return forms.TypedChoiceField(
        label=_("Reminder"), required=False, choices=REMINDERS, coerce=int, empty_value=None
    )


class DueForm(forms.Form):
    """Until when an assignment is due, and when it is reminded of."""

    due_on = _due_on()
    remind_days = _remind_days()


class AssignForm(forms.Form):
    """Whom to ask, by when, and what to say with it; what to learn is chosen before.

    `found` is what a search has found: it stands among the choices, and the page tells of it.
    """

    to = forms.MultipleChoiceField(
        label=_("Whom"),
        widget=forms.CheckboxSelectMultiple,
        help_text=_("A company or a team stands for its reps and aces."),
        error_messages={"required": _("Choose at least one group or person.")},
    )
    necessity = forms.ChoiceField(
        label=_("How much it matters"),
        choices=[("required", _("Required")), ("optional", _("A suggestion"))],
        widget=forms.RadioSelect,
    )
    due_on = _due_on()
    remind_days = _remind_days()
    opens = forms.CharField(
        label=_("What they can do once finished"),
        required=False,
        max_length=80,
        help_text=_(
            "Begin with a verb: “give quotes on your own”. It is read after “Once finished:”."
        ),
    )
    message = forms.CharField(
        label=_("A word from you"),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    key = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def __init__(
        self, *args: Any, viewer: Person, found: Sequence[Named] = (), **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.found = found
        chosen = self.data.getlist("to") if isinstance(self.data, QueryDict) else []
        chosen = chosen or list(self.initial.get("to", ()))
        own = not rights.assigns_everywhere(viewer)
        wanted = [target for text in chosen if (target := targets.parse(text))]
        named = [*naming.named(viewer, wanted), *found, *naming.suggested(viewer)]
        by_target = {each.target: each for each in reversed(named)}
        ordered = list(dict.fromkeys(each.target for each in named))
        self.fields["to"].choices = [  # type: ignore[attr-defined]
            (str(target), _label(by_target[target], own=own)) for target in ordered
        ]

    def targets(self) -> list[Target]:
        """Return whom was chosen, as far as it names somebody; also before `is_valid()`."""
        known = {value for value, _label in self.fields["to"].choices}  # type: ignore[attr-defined]
        begun = self.initial.get("to", [])
        chosen = self.data.getlist("to") if isinstance(self.data, QueryDict) else begun
        return [t for text in chosen if text in known and (t := targets.parse(text))]

    @property
    def query(self) -> str:
        """Whom was chosen, as the query of an address; empty where nobody was."""
        chosen = [("to", str(target)) for target in self.targets()]
        return f"?{urlencode(chosen)}" if chosen else ""

    def wish(self, module: Module | None, course: Course | None) -> Wish:
        """Return what was asked for. Only after `is_valid()`."""
        data = self.cleaned_data
        return Wish(
            module=module,
            course=course,
            targets=self.targets(),
            required=data["necessity"] == "required",
            due_on=data["due_on"],
            remind_days=data["remind_days"],
            message=data["message"],
            opens=data["opens"],
            key=data["key"],
        )


def _label(named: Named, *, own: bool) -> str:
    """Say where a team or person belongs, except to those who ask their own company only."""
    return named.name if own or not named.detail else f"{named.name} · {named.detail}"


def beginning(today: dt.date) -> dict[str, Any]:
    """Return what a new assignment begins with: required, due in a week, with a reminder."""
    return {
        "necessity": "required",
        "due_on": today + dt.timedelta(days=7),
        "remind_days": 3,
        "key": uuid.uuid4(),
    }


def as_typed(form: forms.Form, data: QueryDict) -> dict[str, Any]:
    """Return what was typed so far as initial values, so that a page can go on without judging it."""
    typed: dict[str, Any] = {name: data.get(name, "") for name in form.fields}
    return typed | {"to": data.getlist("to")}
