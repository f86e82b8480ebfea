"""Examples for `/styleguide/`: every component in every state, in the language of the reader."""

from typing import Any

from django import forms, template
from django.core.paginator import Page, Paginator
from django.templatetags.static import static
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from core.nav import NavLink
from core.templatetags.ui import icon_names

register = template.Library()


class ExampleForm(forms.Form):
    """One field of each kind."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=40)
    email = forms.EmailField(
        label=gettext_lazy("E-mail address"), help_text=gettext_lazy("The invitation goes here.")
    )
    password = forms.CharField(label=gettext_lazy("Password"), widget=forms.PasswordInput)
    territory = forms.ChoiceField(
        label=gettext_lazy("Territory"),
        choices=[
            ("", gettext_lazy("Choose one")),
            ("east", gettext_lazy("East")),
            ("west", gettext_lazy("West")),
        ],
    )
    note = forms.CharField(label=gettext_lazy("Note"), widget=forms.Textarea, required=False)
    picture = forms.FileField(label=pgettext_lazy("of a person", "Picture"), required=False)
    contact = forms.ChoiceField(
        label=gettext_lazy("How may we reach you?"),
        choices=[
            ("mail", gettext_lazy("By mail")),
            ("push", gettext_lazy("By a notice on the phone")),
        ],
        widget=forms.RadioSelect,
    )
    weekly = forms.BooleanField(
        label=gettext_lazy("Tell me once a week what is new"), required=False
    )
    agree = forms.BooleanField(label=gettext_lazy("I have read how my data is used"))


class FilterForm(forms.Form):
    """Two filters of a list."""

    words = forms.CharField(label=gettext_lazy("Name"), required=False)
    territory = forms.ChoiceField(
        label=gettext_lazy("Territory"),
        choices=[
            ("", gettext_lazy("All")),
            ("east", gettext_lazy("East")),
            ("west", gettext_lazy("West")),
        ],
        required=False,
    )


def _nav() -> list[NavLink]:
    places = [
        (_("Home"), "home"),
        (_("Learn"), "learn"),
        (_("Practise"), "practise"),
        (_("Ranking"), "rank"),
        (_("Everyone"), "voice"),
    ]
    return [NavLink(label, icon, "#main", current=icon == "home") for label, icon in places]


def _rows() -> list[dict[str, Any]]:
    return [
        {
            "url": "#rows",
            "title": _("Honami Check 4.0: test before selling"),
            "meta": [_("by Fri 27 Nov"), _("pass it to start selling")],
            "icon": "lock",
            "tone": "warn",
        },
        {
            "url": "#rows",
            "title": _("“No signal in the basement plant room”"),
            "good": _("Now being built"),
            "meta": [_("27 said the same")],
            "icon": "voice",
            "tone": "ok",
        },
        {
            "url": "#rows",
            "title": _("Ryo Sasaki"),
            "meta": [_("Not here for 6 days, daily until last month")],
            "person": True,
        },
        {
            "title": _("The first three minutes of a first visit"),
            "icon": "offline",
            "blocked": _("You can see it once you're online"),
        },
    ]


def _week() -> list[dict[str, str]]:
    said = {"done": _("learnt"), "now": _("today"), "off": _("not counted"), "": ""}
    days = [_("Mon"), _("Tue"), _("Wed"), _("Thu"), _("Fri"), _("Sat"), _("Sun")]
    states = ["done", "now", "", "", "", "off", "off"]
    return [
        {"label": day, "state": state, "said": said[state]}
        for day, state in zip(days, states, strict=True)
    ]


def _ranking() -> list[dict[str, Any]]:
    hidden = _("Somebody at another partner")
    return [
        {"place": _("1st"), "hidden": hidden, "points": "6,480"},
        {"gap": _("40,121 people not shown")},
        {
            "place": _("40,123rd"),
            "name": _("Misaki Takahashi"),
            "detail": pgettext("ranking", "You"),
            "points": "1,240",
            "me": True,
        },
        {"place": _("40,124th"), "hidden": hidden, "points": "1,239"},
    ]


def _table() -> dict[str, Any]:
    heads: list[dict[str, Any]] = [
        {"label": _("Name")},
        {"label": _("Finished")},
        {"label": _("Quiz average"), "number": True},
    ]
    people = [(_("Aya Morita"), "100%", "92"), (_("Takumi Ogawa"), "60%", "71")]
    rows = [
        [
            {"text": name, "head": True, "url": "#tables"},
            {"text": finished, "label": heads[1]["label"]},
            {"text": score, "label": heads[2]["label"], "number": True},
        ]
        for name, finished, score in people
    ]
    return {"heads": heads, "rows": rows}


def _story() -> dict[str, Any]:
    return {
        "turns": [
            {
                "title": _("What was hard"),
                "text": _("An hour of overtime every night to copy the check sheets."),
            },
            {
                "title": _("The word that turned it"),
                "text": _("“Compared with what does it feel expensive?”"),
                "key": True,
            },
            {
                "title": _("Today"),
                "text": _("No more copying: overtime fell from 22 hours a month to 4."),
            },
        ],
        "say": [
            _("If I may ask: compared with what does it feel expensive?"),
            _("How many hours a month go into copying the check sheets?"),
        ],
    }


def _points() -> list[dict[str, str]]:
    return [
        {"label": _("Module finished"), "value": "+20", "url": "#earned"},
        {"label": _("3 right at the first try"), "value": "+15", "url": "#earned"},
    ]


def _page() -> Page[int]:
    return Paginator(range(90), 30).page(2)


@register.simple_tag
def examples() -> dict[str, Any]:
    """Return made-up values for every component of the style guide."""
    blank = {"email": "misaki@", "contact": "", "note": _("Typed text stays.")}
    return {
        "form": ExampleForm(auto_id="new_%s", initial={"contact": "mail"}),
        "bad_form": ExampleForm(blank, auto_id="bad_%s"),
        "icons": sorted(icon_names() - {"logo"}),
        "nav": _nav(),
        "rows": _rows(),
        "week": _week(),
        "ranking": _ranking(),
        "table": _table(),
        "story": _story(),
        "points": _points(),
        "page": _page(),
        "segments": ["done", "now", "", ""],
        "steps": [_("File"), _("Columns"), _("Check"), _("Import")],
        "pips": ["on", "on", "gone", "", ""],
        "picture": static("core/img/price-talk.svg"),
        "face": static("core/img/ace.svg"),
        "logo": static("core/img/icon.svg"),
        "filter": FilterForm({"territory": "east"}, auto_id="filter_%s"),
        "badge": {"name": _("Talking about the price"), "url": "#earned-h"},
        "calm": static("core/img/calm.svg"),
        "tracks": [{"src": "#", "lang": "ja", "label": "日本語", "default": True}],
        "pills": [
            {"label": pgettext("ranking", "People"), "url": "#forms", "current": True},
            {"label": _("Teams"), "url": "#forms"},
            {"label": _("Partners"), "url": "#forms"},
        ],
        "menu": [
            {"label": _("Edit"), "icon": "edit", "url": "#quiet"},
            {"label": _("Put away"), "icon": "archive", "opens": "ask"},
        ],
    }
