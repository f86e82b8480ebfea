"""What may be asked and told: serializers and fields that take exactly what they say, and nothing that is like it."""

import datetime as dt
import re
import uuid
from collections.abc import Mapping
from typing import Any

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from core import ids
from core.calendars import is_no_day
from core.jsonbody import MAX_INTEGER

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_MONTH = re.compile(r"20[0-9]{2}-(0[1-9]|1[0-2])")
_MOMENT = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{1,9})?)?"
    r"(Z|[+-][0-9]{2}:[0-9]{2})",
    re.IGNORECASE,
)
FIRST_YEAR, LAST_YEAR = 2000, 2100
_NO_SUCH_DAY = _("This day doesn't exist. Please check month and day.")


class Shapes(serializers.ListSerializer[Any]):
    """Several objects."""

    default_error_messages = {"max_length": _("At most {max_length} stand in one request, please.")}


class Shape(serializers.Serializer[Any]):
    """An object of which every field is known: one that is not is refused, as it is likely misspelt."""

    class Meta:
        list_serializer_class = Shapes

    def to_internal_value(self, data: Any) -> Any:
        """Read the fields. Raises ValidationError for one that nobody asked for."""
        if isinstance(data, Mapping):
            unknown = sorted(map(str, set(data) - set(self.fields)))
            if unknown:
                message = _("There is no such field.")
                error = serializers.ErrorDetail(str(message), code="unknown_field")
                raise serializers.ValidationError({name[:80]: [error] for name in unknown[:20]})
        return super().to_internal_value(data)


class Text(serializers.CharField):
    """A text: no number is taken for one. Blanks at its ends are left out."""

    def to_internal_value(self, data: Any) -> str:
        """Read it."""
        if not isinstance(data, str):
            self.fail("invalid")
        return str(super().to_internal_value(data))


class Whole(serializers.IntegerField):
    """A whole number in plain digits, within what every program can hold (2^53)."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("min_value", 0)
        kwargs.setdefault("max_value", MAX_INTEGER)
        super().__init__(**kwargs)

    def to_internal_value(self, data: Any) -> int:
        """Read it; digits in a text are for addresses only, where everything is a text."""
        if isinstance(data, str) and self.context.get("is_address"):
            if not re.fullmatch(r"[0-9]{1,16}", data):
                self.fail("invalid")
            return int(data)
        if isinstance(data, bool) or not isinstance(data, int):
            self.fail("invalid")
        return data


class Flag(serializers.BooleanField):
    """True or false; in an address `true` or `false`."""

    def to_internal_value(self, data: Any) -> bool:
        """Read it."""
        if isinstance(data, bool):
            return data
        if not (self.context.get("is_address") and data in {"true", "false"}):
            self.fail("invalid", input=data)
        return bool(data == "true")


class Id(serializers.UUIDField):
    """An id, written as we write it."""

    def to_internal_value(self, data: Any) -> uuid.UUID:
        """Read it."""
        try:
            return ids.parse(data)
        except ValueError:
            self.fail("invalid", value=str(data)[:40])


class Day(serializers.DateField):
    """A day: 2026-11-22."""

    default_error_messages = {
        "invalid": _("A day is written as 2026-11-22."),
        "range": _("A day between 2000 and 2100 is expected."),
    }

    def to_internal_value(self, value: Any) -> dt.date:
        """Read it."""
        if not isinstance(value, str) or not _DAY.fullmatch(value):
            self.fail("invalid")
        try:
            day = dt.date.fromisoformat(value)
        except ValueError:
            raise serializers.ValidationError(_NO_SUCH_DAY, code="invalid") from None
        if not FIRST_YEAR <= day.year <= LAST_YEAR:
            self.fail("range")
        return day


@extend_schema_field({"type": "string", "pattern": f"^{_MONTH.pattern}$"})
class Month(serializers.CharField):
    """A month: 2026-11."""

    default_error_messages = {"invalid": _("A month is written as 2026-11.")}

    def to_internal_value(self, data: Any) -> str:
        """Read it."""
        if not isinstance(data, str) or not _MONTH.fullmatch(data):
            self.fail("invalid")
        return data


class Moment(serializers.DateTimeField):
    """A moment with its time zone: 2026-11-22T09:30:00+09:00."""

    default_error_messages = {
        "invalid": _("A moment is written with its time zone: 2026-11-22T09:30:00+09:00."),
        "range": _("A day between 2000 and 2100 is expected."),
    }

    def to_internal_value(self, value: Any) -> dt.datetime:
        """Read it."""
        if not isinstance(value, str) or not _MOMENT.fullmatch(value):
            self.fail("invalid")
        if is_no_day(value[:10]):
            raise serializers.ValidationError(_NO_SUCH_DAY, code="invalid")
        try:
            moment = dt.datetime.fromisoformat(value.upper())
        except ValueError:
            self.fail("invalid")
        if not FIRST_YEAR <= moment.year <= LAST_YEAR:
            self.fail("range")
        return moment.astimezone(dt.UTC)


class Choice(serializers.ChoiceField):
    """One of these words."""

    def __init__(self, choices: Any, **kwargs: Any) -> None:
        super().__init__(choices, **kwargs)
        self.error_messages["invalid_choice"] = format_lazy(
            _("“{{input}}” is none of these words: {words}."),
            words=", ".join(map(str, self.choices)),
        )

    def to_internal_value(self, data: Any) -> Any:
        """Read it."""
        if not isinstance(data, str):
            self.fail("invalid_choice", input=str(data)[:40])
        return super().to_internal_value(data)
