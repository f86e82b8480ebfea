"""Tags that draw the parts every page is made of. Built in: templates need no `{% load %}`."""

import functools
import re
from pathlib import Path
from typing import Any

from django import template
from django.conf import settings
from django.forms import BaseForm, BoundField
from django.forms.widgets import CheckboxInput, ChoiceWidget, PasswordInput, Select
from django.template.context import Context
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from core import slots
from core.formfields import EitherField
from core.words import between, inner, listed, moment, month, month_short, number, time_left

register = template.Library()

register.simple_tag(between)
register.filter("inner", inner)
register.filter("listed", listed)
register.filter("moment", moment)
register.filter("month", month)
register.filter("month_short", month_short)
register.filter("number", number)
register.filter("time_left", time_left)

_SPRITE = Path(__file__).resolve().parent.parent / "static" / "core" / "icons.svg"


@functools.cache
def icon_names() -> frozenset[str]:
    """Return the names of all symbols in `icons.svg`."""
    return frozenset(re.findall(r'<symbol id="([a-z-]+)"', _SPRITE.read_text("utf-8")))


@functools.cache
def _sprite_url() -> str:
    return static("core/icons.svg")


@register.simple_tag
def icon(name: str, size: str = "", label: str = "") -> SafeString:
    """Draw a symbol of `icons.svg`: size "", "s" or "l"; `label` only where no word stands beside.

    An unknown name draws nothing; in debug and in tests it raises ValueError.
    """
    return _drawn(name, size, str(label))


@functools.lru_cache(maxsize=2000)
def _drawn(name: str, size: str, label: str) -> SafeString:
    if name not in icon_names():
        if settings.DEBUG or settings.TESTING:
            raise ValueError(f"No symbol {name!r} in core/static/core/icons.svg")
        return mark_safe("")
    css = f"icon icon-{size}" if size else "icon"
    if label:
        return format_html(
            '<svg class="{}" role="img" aria-label="{}"><use href="{}#{}"/></svg>',
            css,
            label,
            _sprite_url(),
            name,
        )
    return format_html(
        '<svg class="{}" aria-hidden="true"><use href="{}#{}"/></svg>', css, _sprite_url(), name
    )


_SILHOUETTE = mark_safe(
    '<path d="M14 98c0-20 15-30 34-30s34 10 34 30Z" fill="currentColor"/>'
    '<circle cx="48" cy="42" r="20" fill="currentColor"/></svg>'
)


@functools.lru_cache(maxsize=100)
def _silhouette(css: str, alt: str) -> SafeString:
    hidden = mark_safe('aria-hidden="true"')
    told = format_html('role="img" aria-label="{}"', alt) if alt else hidden
    return format_html('<svg class="{}" {} viewBox="0 0 96 96">{}', css, told, _SILHOUETTE)


@register.simple_tag
def avatar(url: str = "", size: str = "", tone: str = "", alt: str = "") -> SafeString:
    """Draw a face, or the one silhouette: size "", "s", "l" or "xl", tone "", "warm", "cool" or "green".

    `alt` only where no name stands beside. `components/avatar.html` draws the same.
    """
    css = f"av av-{size}" if size else "av"
    if url:
        return format_html(
            '<img class="{}{}" src="{}" width="96" height="96" alt="{}" loading="lazy" decoding="async">',
            css,
            f" av-{tone}" if tone else "",
            url,
            alt,
        )
    return _silhouette(css, str(alt))


_RANK_ROW = (
    '<li{}><span class="pos">{}</span>{}<div>{}</div>'
    '<span class="pt">{}<span class="xs dim"> pt</span></span></li>'
)
_MINE = mark_safe(' class="me" aria-current="true"')


@register.simple_tag
def rank_row(
    place: str,
    points: str,
    name: str = "",
    detail: str = "",
    picture: str = "",
    me: bool = False,
    hidden: str = "",
) -> SafeString:
    """Draw a place of a ranking, inside `<ol class="rank">`: a name with its detail, or what is said of who is hidden.

    By nodes of a template a page of eight took a tenth of its time for them.
    """
    if name:
        more = format_html('<br><span class="xs dim">{}</span>', detail) if detail else ""
        who = format_html("<b>{}</b>{}", name, more)
    else:
        who = format_html('<p class="h s dim phrase">{}</p>', hidden)
    return format_html(_RANK_ROW, _MINE if me else "", place, avatar(picture), who, points)


@register.simple_tag(takes_context=True)
def slot(context: Context, name: str, **values: Any) -> SafeString:
    """Render what higher apps show in this place of a lower app's page (see `core.slots`)."""
    return slots.render(name, context["request"], **values)


@register.filter
def clock(seconds: "float | None") -> str:
    """Return a length of time as on a player: 84 -> "1:24", 3723 -> "1:02:03", None -> "0:00"."""
    minutes, rest = divmod(int(seconds or 0), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def _kind(bound: BoundField) -> str:
    """Return which fragment draws the field: hidden, check, group, password or input."""
    widget = bound.field.widget
    if widget.is_hidden:
        return "hidden"
    if isinstance(widget, CheckboxInput):
        return "check"
    if isinstance(widget, ChoiceWidget) and not isinstance(widget, Select):
        return "group"
    return "password" if isinstance(widget, PasswordInput) else "input"


@register.inclusion_tag("components/field.html")
def field(bound: BoundField, *, marked: bool = True, **attrs: Any) -> dict[str, Any]:
    """Draw a form's field with label, hint and errors; further words become attributes.

    A field that needn't be filled is called optional, unless it is one of several of which one is needed, or
    `marked=False` says that it goes without saying: so it does of a list's filters.

    `{% field form.city rows=3 css="input-s" %}`; underscores in names turn into hyphens. Django
    links input, hint (`<id>_helptext`) and error (`<id>_error`) and sets `aria-invalid` itself.
    """
    kind = _kind(bound)
    css = attrs.pop("css", "")
    extra: dict[str, str | bool] = {
        name.replace("_", "-"): str(value) for name, value in attrs.items()
    }
    if kind in {"input", "password"}:
        extra["class"] = f"input {css}".strip()
    control = bound.as_widget(attrs=extra) if kind != "group" else ""
    return {
        "bound": bound,
        "kind": kind,
        "control": control,
        "optional": marked
        and not bound.field.required
        and not isinstance(bound.field, EitherField)
        and kind not in {"check", "hidden"},
        "help_id": f"{bound.auto_id}_helptext",
        "error_id": f"{bound.auto_id}_error",
    }


@register.inclusion_tag("components/error_summary.html")
def error_summary(*forms: "BaseForm | None", focus: bool = True) -> dict[str, Any]:
    """List what has to be mended in these forms, each line a link to its field.

    Draws nothing if all is well. With `focus` (one a page) the page opens there.
    """
    problems: list[dict[str, str]] = []
    bound_forms = [form for form in forms if form is not None and form.is_bound]
    for form in bound_forms:
        problems += [
            {"target": "", "label": "", "text": str(text)} for text in form.non_field_errors()
        ]
        for bound in form:
            target = "" if bound.is_hidden else bound.auto_id
            label = "" if bound.is_hidden else str(bound.label)
            problems += [
                {"target": target, "label": label, "text": str(text)} for text in bound.errors
            ]
    return {"problems": problems, "kept": _kept(bound_forms), "focus": focus}


def _kept(forms: "list[BaseForm]") -> str:
    """Return what of these forms comes back: all, all but_password, all but_file, or nothing.

    A browser never fills in a file again, nor does Django a password.
    """
    shown = [bound for form in forms for bound in form if not bound.is_hidden]
    files = [bound for bound in shown if bound.field.widget.needs_multipart_form]
    if any(_empties(bound) for bound in shown):
        return "but_password"
    if files and files == shown:
        return "nothing"
    return "but_file" if any(bound.html_name in bound.form.files for bound in files) else "all"


def _empties(bound: BoundField) -> bool:
    """Say whether a field comes back empty, as passwords do."""
    widget = bound.field.widget
    return isinstance(widget, PasswordInput) and not widget.render_value
