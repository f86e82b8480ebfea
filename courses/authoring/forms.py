"""What authors fill in outside the editor."""

import datetime as dt
from typing import Any

from django import forms
from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.formfields import DayField, MomentField
from courses.authoring import words
from courses.authoring.actions.courses import NewModule, Reach
from courses.catalog import starting
from courses.catalog.models import Course, Module
from partners.models import Organisation, Person

NOTE_LENGTH = 300


def _line(label: Any, *, most: int, required: bool = True, hint: Any = "") -> forms.CharField:
    return forms.CharField(label=label, max_length=most, required=required, help_text=hint)


class CourseForm(forms.Form):
    """A course's name and a line about it."""

    title = _line(_("Name of the course"), most=120)
    summary = _line(_("In a line: for whom, and what for?"), most=300, required=False)


class NewModuleForm(forms.Form):
    """A module before it is written: what it is called, and what it begins with."""

    title = _line(_("Title"), most=160, hint=_("You can change it at any time."))
    template = forms.ChoiceField(label=_("Begin with"), widget=forms.RadioSelect)
    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["template"]
        field.choices = [  # type: ignore[attr-defined]
            (each.value, f"{each.label}: {each.purpose}") for each in starting.TEMPLATES
        ]

    def wanted(self) -> NewModule:
        """Return what was filled in. Only after `is_valid()`."""
        data = self.cleaned_data
        return NewModule(data["title"], data["template"], data["language"])


class ReachForm(forms.Form):
    """Where a module stands, whom it is for, and until when it is shown."""

    course = forms.ModelChoiceField(Course.objects.none(), label=_("Course"), empty_label=None)
    audience = forms.ChoiceField(
        label=_("Whom is it for?"), choices=words.AUDIENCES.items, widget=forms.RadioSelect
    )
    organisations = forms.ModelMultipleChoiceField(
        Organisation.objects.none(),
        label=_("Which partners?"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Counts only with “Chosen partners”."),
    )
    expires_on = DayField(
        label=_("Shown until the end of"),
        required=False,
        help_text=_("Left empty, it stays. What was learnt from it stays in any case."),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )

    def __init__(self, *args: Any, viewer: Person, shelf: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["course"].queryset = shelf  # type: ignore[attr-defined]
        partners = Organisation.objects.visible_to(viewer).filter(is_active=True)
        self.fields["organisations"].queryset = partners.order_by("kind", "name")  # type: ignore[attr-defined]

    @staticmethod
    def of(module: Module) -> dict[str, Any]:
        """Return where a module stands, as the form's initial values."""
        last = timezone.localtime(module.expires_at) if module.expires_at else None
        return {
            "course": module.course_id,
            "audience": module.audience,
            "organisations": list(module.readers.values_list("organisation_id", flat=True)),
            "expires_on": (last - dt.timedelta(microseconds=1)).date() if last else None,
        }

    def reach(self) -> Reach:
        """Return what was filled in. Only after `is_valid()`."""
        data = self.cleaned_data
        last = data["expires_on"]
        midnight = dt.datetime.combine(last + dt.timedelta(days=1), dt.time()) if last else None
        return Reach(
            course_id=data["course"].pk,
            audience=data["audience"],
            organisations=list(data["organisations"]),
            expires_at=timezone.make_aware(midnight) if midnight else None,
        )


class PublishForm(forms.Form):
    """What an author says about a publication, and when it is to be."""

    note = forms.CharField(
        label=_("What is new? (for the history)"),
        max_length=NOTE_LENGTH,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    base = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=2**31 - 1)
    at = MomentField(
        label=_("Day and time"),
        required=False,
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"],
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        error_messages={"invalid": _("Please choose a day and a time.")},
    )


class CorrectionForm(forms.Form):
    """Which answer of a published question is right, and why it is corrected."""

    note = forms.CharField(
        label=_("Why is it corrected?"),
        max_length=NOTE_LENGTH,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Whoever answered it reads this beside their result."),
    )
