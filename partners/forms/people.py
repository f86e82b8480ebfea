"""Forms about people: entering, editing, moving, roles, finding, pasting."""

import datetime as dt
import uuid
from collections.abc import Iterable
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from core.formfields import DayField, EitherField
from partners.actions.people import Details, taken
from partners.models import Organisation, Person, Team
from partners.problems import Problem
from partners.queries import organisations as reads
from partners.queries.client import today
from partners.queries.people import Filter
from partners.roles import LABELS, of_kind

_AS_TYPED = {"autocapitalize": "none", "spellcheck": "false"}
NO_TEAM = _("No team")


def text(label: Any, *, required: bool = False, hint: Any = "", **attrs: str) -> forms.CharField:
    """Return a field of one line. Lengths are checked by the actions, which say what is too long."""
    return forms.CharField(
        label=label, required=required, help_text=hint, widget=forms.TextInput(attrs=attrs)
    )


def language_field(*, required: bool) -> forms.ChoiceField:
    """Return a choice of the languages that Tomoni speaks."""
    choices = list(settings.LANGUAGES)
    return forms.ChoiceField(
        label=_("Language"),
        required=required,
        choices=choices if required else [("", _("As in the browser")), *choices],
        widget=forms.Select,
    )


def _roles_field(organisation: Organisation) -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        label=_("Roles"),
        choices=[(role, LABELS[role]) for role in of_kind(organisation.kind)],
        widget=forms.CheckboxSelectMultiple,
    )


def _team_field(viewer: Person, organisation: Organisation) -> "forms.ModelChoiceField[Team]":
    return forms.ModelChoiceField(
        reads.team_choices(viewer).filter(organisation=organisation),
        label=_("Team"),
        required=False,
        empty_label=str(NO_TEAM),
    )


def _from_day() -> DayField:
    return DayField(
        label=_("From this day on"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )


def tell(form: forms.Form, problems: Iterable[Problem]) -> None:
    """Show what an action would refuse, where the field itself has nothing to mend."""
    for problem in problems:
        if problem.field and not form.has_error(problem.field):
            form.add_error(problem.field, str(problem.message))


class AboutForm(forms.Form):
    """A form about a person: all that can't be kept is told together, each beside its field."""

    def details(self) -> Details:
        """Return what was typed. Only after `is_valid()`."""
        return Details(**{field: self.cleaned_data[field] for field in type(self).base_fields})

    @classmethod
    def of(cls, person: Person) -> dict[str, Any]:
        """Return what is known of a person as the form's initial values."""
        return {field: getattr(person, field) for field in cls.base_fields}

    def clean(self) -> None:
        """Tell all that the action would refuse."""
        known = {field: self.cleaned_data.get(field) for field in type(self).base_fields}
        typed = {"family_name": ""} | {field: value for field, value in known.items() if value}
        tell(self, self.problems(Details(**typed).tidied()))

    def problems(self, details: Details) -> list[Problem]:
        """Return what the action would refuse of tidied details."""
        return details.problems(signs_in=False)


class DetailsForm(AboutForm):
    """What is known of a person: of `me`, or of somebody who is to be entered."""

    family_name = text(_("Family name"), required=True)
    given_name = text(_("Given name"))
    family_reading = text(
        _("Family name, reading"), hint=_("In hiragana or katakana; lists are sorted by it.")
    )
    given_reading = text(_("Given name, reading"))
    email = EitherField(
        label=_("E-mail address"),
        help_text=_("An address or a log-in name: one of the two is needed."),
        widget=forms.TextInput(attrs={"inputmode": "email", **_AS_TYPED}),
    )
    login_name = EitherField(
        label=_("Log-in name"),
        help_text=_("For people without an e-mail address: Latin letters and figures."),
        widget=forms.TextInput(attrs=_AS_TYPED),
    )
    language = language_field(required=False)
    territory = text(_("Territory"))
    joined_on = DayField(
        label=_("First day"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )

    def __init__(self, *args: Any, me: uuid.UUID | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.me = me

    def problems(self, details: Details) -> list[Problem]:
        """Return what the action would refuse of tidied details, taken addresses among it. One query."""
        return [*details.problems(signs_in=True), *taken(details, self.me)]


class NewPersonForm(DetailsForm):
    """A person of one organisation, with their team and roles."""

    def __init__(
        self, *args: Any, viewer: Person, organisation: Organisation, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["team"] = _team_field(viewer, organisation)
        self.fields["roles"] = _roles_field(organisation)


class RolesForm(forms.Form):
    """What a person may do."""

    def __init__(self, *args: Any, organisation: Organisation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["roles"] = _roles_field(organisation)


class WhereForm(forms.Form):
    """The organisation that somebody is entered in or moved to; the first of two steps."""

    organisation = forms.ModelChoiceField(
        Organisation.objects.none(), label=_("Organisation"), empty_label=_("Please choose")
    )

    def __init__(self, *args: Any, viewer: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["organisation"]
        field.queryset = reads.choices(viewer)  # type: ignore[attr-defined]


class MoveForm(forms.Form):
    """Where in the chosen organisation somebody belongs, from which day on, with which roles."""

    def __init__(
        self, *args: Any, viewer: Person, organisation: Organisation, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["team"] = _team_field(viewer, organisation)
        self.fields["on"] = _from_day()
        self.fields["roles"] = _roles_field(organisation)


class MoveSeveralForm(forms.Form):
    """Into which team of their organisation several people come, and from which day on."""

    def __init__(
        self, *args: Any, viewer: Person, organisation: Organisation, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["team"] = forms.ModelChoiceField(
            reads.team_choices(viewer).filter(organisation=organisation),
            label=_("Team"),
            empty_label=_("Please choose"),
        )
        self.fields["on"] = _from_day()
        self.fields["on"].widget.attrs["max"] = today().isoformat()

    def clean_on(self) -> dt.date:
        """Refuse a day that has not come yet, as the move itself does."""
        on: dt.date = self.cleaned_data["on"]
        if on > today():
            raise forms.ValidationError(_("Choose today or a day before."))
        return on


class FindForm(forms.Form):
    """Which people the list shows. What can't be understood filters nothing."""

    q = forms.CharField(required=False, max_length=120, widget=forms.HiddenInput)
    organisation = forms.ModelChoiceField(
        Organisation.objects.none(),
        label=_("Organisation"),
        required=False,
        empty_label=_("All"),
    )
    team = forms.ModelChoiceField(Team.objects.none(), label=_("Team"), required=False)
    state = forms.ChoiceField(
        label=_("State"),
        required=False,
        choices=[
            ("", _("All")),
            ("active", _("Signed up")),
            ("invited", _("Invited")),
            ("new", _("Not invited")),
            ("stopped", _("Partner stopped")),
            ("inactive", _("Has left")),
        ],
    )
    role = forms.ChoiceField(
        label=_("Role"), required=False, choices=[("", _("All")), *LABELS.items()]
    )

    def __init__(self, *args: Any, viewer: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["organisation"]
        field.queryset = Organisation.objects.visible_to(viewer).order_by("kind", "name")  # type: ignore[attr-defined]
        chosen = self.data.get("organisation") or ""
        if chosen:
            team = self.fields["team"]
            team.queryset = Team.objects.visible_to(viewer).filter(organisation=_uuid(chosen))  # type: ignore[attr-defined]
            team.empty_label = str(_("All"))  # type: ignore[attr-defined]
        else:
            del self.fields["team"]

    def wanted(self) -> Filter:
        """Return the filter that these parameters set."""
        self.is_valid()
        data: dict[str, Any] = self.cleaned_data
        chosen, team = data.get("organisation"), data.get("team")
        return Filter(
            words=data.get("q") or "",
            organisation=chosen.pk if chosen else None,
            team=team.pk if team else None,
            state=data.get("state") or "",
            role=data.get("role") or "",
        )


def _uuid(value: str) -> Any:
    try:
        return forms.UUIDField().clean(value)
    except forms.ValidationError:
        return None


class PasteForm(forms.Form):
    """A table of people as it was pasted. Any signs are let through: each cell is checked by itself."""

    text = forms.CharField(
        label=_("Paste the table here"),
        strip=False,
        widget=forms.Textarea(attrs={"rows": 10, "spellcheck": "false", "autocomplete": "off"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["text"].validators = []
