"""What a report is asked for."""

import datetime as dt
import uuid
from typing import Any

from django import forms
from django.core.cache import cache
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from analytics.associations import measures, words
from analytics.associations.grids import Wanted, wanted
from analytics.associations.models import LaunchStudy
from analytics.associations.question import Question, usual
from core import ids
from core.months import before
from courses.catalog.models import Course
from courses.posts.queries import courses_of_lessons
from partners.models import Organisation, Person, Team
from sales.forms.choices import ChoicesForm, pairs
from sales.models import Opportunity
from sales.queries import products

_CURRENCIES_KEPT = 600


class QuestionForm(ChoicesForm):
    """Which learning, which sales, of which months, of whom. For the client's people also: which company."""

    learning = forms.ChoiceField(label=pgettext_lazy("report", "Learning"))
    sales = forms.ChoiceField(label=pgettext_lazy("report", "Sales"))
    months = forms.ChoiceField(label=gettext_lazy("Period"))
    lag = forms.ChoiceField(label=gettext_lazy("Sales are taken"))
    product = forms.ChoiceField(label=gettext_lazy("Product"), required=False)
    course = forms.ChoiceField(label=gettext_lazy("Learning of"), required=False)
    organisation = forms.ChoiceField(label=gettext_lazy("Company"), required=False)
    team = forms.ChoiceField(label=gettext_lazy("Team"), required=False)

    def __init__(
        self,
        *args: Any,
        viewer: Person,
        today: dt.date,
        question: Question | None = None,
        **kwargs: Any,
    ) -> None:
        if question is not None or not args:
            kwargs["initial"] = _initial(question or usual(today))
        super().__init__(*args, **kwargs)
        self.viewer, self.today = viewer, today
        self.choose("learning", [(key, str(words.LEARNING[key])) for key in measures.LEARNING])
        self.choose("sales", _sales(viewer))
        self.choose("months", [(str(n), _length(n)) for n in measures.LENGTHS])
        self.choose("lag", [(str(n), words.later(n)) for n in measures.LAGS])
        self.choose("product", [("", _("All")), *pairs(products.choices())])
        courses = courses_of_lessons().order_by("position", "title").values_list("pk", "title")
        self.choose("course", [("", _("All")), *pairs(courses)])
        self._places(question)

    @property
    def narrowed(self) -> bool:
        """Whether less than everything is asked for, or was and can't be."""
        return any(each.value() or each.errors for each in self if not each.field.required)

    def _places(self, question: Question | None) -> None:
        """Offer companies to the client's people, and teams of one's own or of the company that was chosen."""
        found = Organisation.objects.visible_to(self.viewer).order_by("kind", "name")
        self.choose("organisation", [("", _("All")), *pairs(found.values_list("pk", "name"))])
        chosen = (
            self.data.get("organisation")
            if self.is_bound
            else question and question.organisation_id
        )
        if not self.viewer.of_client:
            del self.fields["organisation"]
            chosen = self.viewer.organisation_id
        place, offered = _id(chosen), []
        if place:
            teams = Team.objects.visible_to(self.viewer).filter(organisation_id=place)
            offered = pairs(teams.order_by("name").values_list("pk", "name"))
        self.choose("team", [("", _("All")), *offered])
        if not offered:
            self.fields["team"].widget = forms.HiddenInput()

    def question(self) -> Question:
        """Return what was asked, of a form that is valid. A partner's people ask about their own organisation."""
        given = self.cleaned_data
        until = self.today.replace(day=1)
        sales, _colon, currency = given["sales"].partition(":")
        return Question(
            since=before(until, int(given["months"])),
            until=until,
            lag=int(given["lag"]),
            learning=given["learning"],
            sales=sales,
            currency=currency,
            product_id=_id(given["product"]),
            course_id=_id(given["course"]),
            organisation_id=_id(given.get("organisation"))
            if self.viewer.of_client
            else self.viewer.organisation_id,
            team_id=_id(given["team"]),
        )


class LaunchForm(ChoicesForm):
    """The launch of which course, which sales, of how many whole months."""

    course = forms.ChoiceField(label=gettext_lazy("Course"))
    sales = forms.ChoiceField(label=pgettext_lazy("report", "Sales"))
    months = forms.ChoiceField(label=gettext_lazy("Period"))

    def __init__(
        self, *args: Any, viewer: Person, study: LaunchStudy | None = None, **kwargs: Any
    ) -> None:
        if not args:
            kwargs["initial"] = {"months": str(measures.USUAL_LAUNCH)}
        if study is not None:
            kwargs["initial"] = {
                "course": str(study.course_id),
                "sales": f"{study.sales}:{study.currency}" if study.currency else study.sales,
                "months": str(study.months),
            }
        super().__init__(*args, **kwargs)
        courses = courses_of_lessons().filter(is_archived=False).order_by("position", "title")
        self.choose("course", pairs(courses.values_list("pk", "title")))
        self.choose("sales", launched_sales(viewer))
        self.choose("months", [(str(n), _length(n)) for n in measures.LAUNCH_LENGTHS])

    def wish(self) -> dict[str, Any]:
        """Return what was asked, of a form that is valid."""
        given = self.cleaned_data
        sales, _colon, currency = given["sales"].partition(":")
        return {
            "course": Course.objects.get(pk=given["course"]),
            "sales": sales,
            "currency": currency,
            "months": int(given["months"]),
        }


def launched_sales(viewer: Person) -> list[tuple[str, str]]:
    """Return the measures that are looked at around a launch."""
    return [
        (key, name) for key, name in _sales(viewer) if key.partition(":")[0] in measures.LAUNCHED
    ]


class GridForm(ChoicesForm):
    """Which months, and how much later sales are taken."""

    months = forms.ChoiceField(label=gettext_lazy("Period"))
    lag = forms.ChoiceField(label=gettext_lazy("Sales are taken"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        usually = {"months": str(measures.USUAL_LENGTH), "lag": str(measures.USUAL_LAG)}
        super().__init__(*args, **{"initial": usually, **kwargs})
        self.choose("months", [(str(n), _length(n)) for n in measures.LENGTHS])
        self.choose("lag", [(str(n), words.later(n)) for n in measures.LAGS])

    def wanted(self, today: dt.date) -> Wanted:
        """Return what was asked for, of a form that is valid."""
        given = self.cleaned_data
        return wanted(today, int(given["months"]), int(given["lag"]))


def _initial(question: Question) -> dict[str, Any]:
    money = f":{question.currency}" if question.currency else ""
    return {
        "learning": question.learning,
        "sales": f"{question.sales}{money}",
        "months": str(question.months),
        "lag": str(question.lag),
        "product": str(question.product_id or ""),
        "course": str(question.course_id or ""),
        "organisation": str(question.organisation_id or ""),
        "team": str(question.team_id or ""),
    }


def _id(value: Any) -> uuid.UUID | None:
    try:
        return ids.parse(str(value)) if value else None
    except ValueError:
        return None


def _sales(viewer: Person) -> list[tuple[str, str]]:
    """Return the measures of sales; those in money once for each currency that was won."""
    found = []
    for key in measures.SALES:
        if key not in measures.OF_MONEY:
            found.append((key, words.offered(key)))
            continue
        found += [
            (f"{key}:{currency}", f"{words.SALES[key]} ({currency})")
            for currency in _currencies(viewer)
        ]
    return found


def _currencies(viewer: Person) -> list[str]:
    """Return the currencies of won deals, remembered for some minutes. One query at most."""
    deals = Opportunity.objects.visible_to(viewer).filter(outcome="won").exclude(currency="")
    found: list[str] | None = cache.get_or_set(
        f"associations.currencies.{viewer.organisation_id}",
        lambda: sorted(deals.order_by().values_list("currency", flat=True).distinct()),
        _CURRENCIES_KEPT,
    )
    return found or []


def _length(n: int) -> str:
    return ngettext("Last %(n)s whole month", "Last %(n)s whole months", n) % {"n": n}
