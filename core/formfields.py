"""Fields of forms: days and moments as people type them, in years that a calendar here can have; one of several."""

import datetime as dt
import unicodedata
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from core.calendars import is_no_day

FIRST_YEAR, LAST_YEAR = 1900, 2100


def _half_width(value: Any) -> Any:
    return unicodedata.normalize("NFKC", value).strip() if isinstance(value, str) else value


def _refuse_no_day(value: Any) -> None:
    """Raise ValidationError for what is written as a day and is none, such as 31 November."""
    if isinstance(value, str) and is_no_day(value):
        raise ValidationError(
            _("This day doesn't exist. Please check month and day."), code="no_such_day"
        )


def _check(day: dt.date | None) -> None:
    """Raise ValidationError at the edges of time, where a time zone leads out of it."""
    if day is not None and not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise ValidationError(_("Please choose a day between 1900 and 2100."), code="range")


class DayField(forms.DateField):
    """A day."""

    def to_python(self, value: Any) -> dt.date | None:
        """Read it."""
        value = _half_width(value)
        _refuse_no_day(value)
        day = super().to_python(value)
        _check(day)
        return day


class MomentField(forms.DateTimeField):
    """A day with its time, in the time zone of the page."""

    def to_python(self, value: Any) -> dt.datetime | None:
        """Read it."""
        value = _half_width(value)
        _refuse_no_day(value)
        moment = super().to_python(value)
        _check(moment)
        return moment


class EitherField(forms.CharField):
    """A line of which one is needed among several: it may be left empty, but isn't called optional."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, **kwargs)
