"""What somebody fills in to post."""

import uuid
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.mediafiles.forms import ArrivedField
from courses.catalog.models import Course, Module
from courses.posts import words
from courses.posts.actions.posting import NewPost
from courses.posts.titling import spoken
from partners.models import Organisation, Person

MOST_TEXT = 2000


def days(value: str) -> int | None:
    """Return a choice of `words.LASTS` as days; None for good."""
    return int(value) or None


def _lasts(label: Any) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, choices=words.LASTS.items)


def _text() -> forms.CharField:
    return forms.CharField(
        label=_("Your words"),
        max_length=MOST_TEXT,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )


def _title(hint: Any) -> forms.CharField:
    return forms.CharField(
        label=_("Title"),
        max_length=Module._meta.get_field("title").max_length,
        required=False,
        help_text=hint,
    )


def _alt() -> forms.CharField:
    return forms.CharField(
        label=_("What does the picture show?"),
        max_length=300,
        required=False,
        help_text=_("For those who can't see it. Left empty, it's the title."),
    )


class PostForm(forms.Form):
    """A post: a file or some lines, a title, for whom, and for how long."""

    file = ArrivedField(
        label=_("Video or picture"),
        accept="video/*,image/*",
        required=False,
        help_text=_("It starts to upload at once, and goes on by itself if the connection breaks."),
    )
    text = _text()
    title = _title(_("Suggested from your first words."))
    audience = forms.ChoiceField(label=_("Whom is it for?"), choices=words.AUDIENCES.items)
    organisations = forms.ModelMultipleChoiceField(
        Organisation.objects.none(),
        label=_("Which partners?"),
        error_messages={"required": _("Please choose at least one partner.")},
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Counts only with “Chosen partners”."),
    )
    lasts = _lasts(_("Shown for"))
    alt = _alt()
    asset = forms.UUIDField(required=False, widget=forms.HiddenInput)
    key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, viewer: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["file"].widget.attrs["capture"] = "environment"
        partners = Organisation.objects.visible_to(viewer).filter(
            is_active=True, kind=Organisation.Kind.PARTNER
        )
        self.fields["organisations"].queryset = partners.order_by("name")  # type: ignore[attr-defined]
        if self.is_bound and self.data.get("audience") != Module.Audience.CHOSEN:
            self.fields["organisations"].required = False

    def wanted(self, asset_id: uuid.UUID | None, language: str) -> NewPost:
        """Return what was filled in; `language` is the page's. Only after `is_valid()`."""
        data = self.cleaned_data
        return NewPost(
            key=data["key"],
            text=data["text"],
            title=data["title"],
            language=spoken(f"{data['title']} {data['text']}", language),
            audience=data["audience"],
            organisations=list(data["organisations"]),
            days=days(data["lasts"]),
            asset_id=asset_id,
            alt=data["alt"],
        )


class CorrectForm(forms.Form):
    """What a post says, corrected; `base` names what it was when somebody began."""

    text = _text()
    title = _title(_("Left empty, it's made from your first words."))
    alt = _alt()
    base = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)


class ExtendForm(forms.Form):
    """For how long a post is shown beyond its end."""

    lasts = _lasts(_("Show it longer by"))
    base = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput)


class PromoteForm(forms.Form):
    """The course in which a post becomes a lesson."""

    course = forms.ModelChoiceField(Course.objects.none(), label=_("Course"), empty_label=None)

    def __init__(self, *args: Any, shelf: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["course"].queryset = shelf  # type: ignore[attr-defined]
