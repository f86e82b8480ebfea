"""What somebody sends to the library of videos."""

from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from core.mediafiles.uploads import Arrived


class ArrivedField(forms.FileField):
    """A file that has arrived on disk; why it was refused on the way is the field's error."""

    def __init__(self, *, accept: str, **kwargs: Any) -> None:
        widget = forms.FileInput(attrs={"accept": accept})
        super().__init__(allow_empty_file=True, widget=widget, **kwargs)

    def clean(self, data: Any, initial: Any = None) -> Any:
        """Return the `Arrived` file. Raises ValidationError."""
        if isinstance(data, Arrived) and data.refusal is not None:
            raise ValidationError(data.refusal.message, code=data.refusal.code)
        return super().clean(data, initial)


class VideoForm(forms.Form):
    """A new video."""

    title = forms.CharField(
        label=_("Title"),
        max_length=200,
        required=False,
        help_text=_("Left empty, it's the name of the file."),
    )
    file = ArrivedField(
        label=_("Video file"),
        accept="video/mp4,video/quicktime,video/webm,.mp4,.mov,.m4v,.webm,.mkv",
        help_text=_("MP4, MOV or WebM, at most 500 MB and 60 minutes."),
        error_messages={"required": _("Please choose a video.")},
    )


class CaptionsForm(forms.Form):
    """Captions of a video in one language."""

    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)
    file = ArrivedField(
        label=_("Caption file"),
        accept=".vtt,.srt,text/vtt",
        help_text=_("WebVTT (.vtt) or SRT (.srt). Before it replaces captions, you are asked."),
        error_messages={"required": _("Please choose a caption file.")},
    )
