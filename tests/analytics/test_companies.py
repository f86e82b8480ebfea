"""Figures over all companies: everybody is counted who learns with a partner that is worked with, in each of them."""

import datetime as dt

import pytest
from django.core.cache import cache
from django.test import Client as Browser
from django.urls import reverse
from django.utils import timezone

from analytics.figures import Share
from analytics.models import PersonSummary
from analytics.queries import companies, modules
from analytics.queries.modules import Whom
from partners.actions.organisations import set_organisation_active
from partners.models import Organisation, Person
from tests.analytics.factories import catch_up, learn
from tests.courses.assignments.factories import in_days, make_assignment, role_target
from tests.courses.factories import make_module
from tests.partners.factories import make_client, make_partner, make_person, sign_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin() -> Person:
    return make_person(make_client(), roles=["admin"])


def rep(partner: Organisation, *, learnt: object = None, at: dt.datetime | None = None) -> Person:
    person = make_person(partner, sign_in=False)
    if learnt:
        learn(person, learnt, at=at)
    return person


def set_active(admin: Person, partner: Organisation, *, active: bool) -> None:
    set_organisation_active(actor=admin, organisation_id=partner.pk, active=active)
    catch_up()


def test_people_of_a_stopped_partner_are_in_no_figure_over_all(admin):
    goes_on, stopped, module = make_partner(), make_partner(), make_module()
    for partner in (goes_on, stopped):
        rep(partner, learnt=module)
        rep(partner)
    catch_up()
    before = companies.everybody(admin)
    set_active(admin, stopped, active=False)
    found = companies.everybody(admin)
    assert (found.companies, found.figures.people, found.figures.learning) == (1, 2, 1)
    assert (found.figures.finished, found.figures.finished_ever) == (1, 1)
    assert (found.figures.quiz.n, found.figures.seconds) == (1, before.figures.seconds // 2)
    set_active(admin, stopped, active=True)
    assert companies.everybody(admin) == before


def test_the_month_before_is_told_of_the_same_people_as_this_one(admin):
    goes_on, stopped, module = make_partner(), make_partner(), make_module()
    ago = timezone.now().replace(day=1) - dt.timedelta(days=2)
    for partner in (goes_on, stopped):
        rep(partner, learnt=module, at=ago)
    set_active(admin, stopped, active=False)
    assert companies.everybody(admin).figures.quiz_before.n == 1


def test_nobody_of_a_stopped_partner_is_late(admin):
    goes_on, stopped, module = make_partner(), make_partner(), make_module()
    for partner in (goes_on, stopped):
        rep(partner)
    make_assignment(module, [role_target("rep")], by=admin, due_on=in_days(0))
    cache.clear()
    catch_up()
    PersonSummary.objects.update(due_on=dt.date(2020, 1, 1))
    assert companies.everybody(admin).figures.late == 2
    Organisation.objects.filter(pk=stopped.pk).update(is_active=False)
    assert companies.everybody(admin).figures.late == 1


@pytest.mark.parametrize("audience", ["everybody", "chosen"])
def test_a_module_spreads_among_those_who_can_still_learn_it(admin, audience):
    goes_on, stopped, module = make_partner(), make_partner(), make_module(audience=audience)
    if audience == "chosen":
        for partner in (goes_on, stopped):
            module.readers.create(organisation=partner)
    rep(goes_on, learnt=module)
    rep(stopped, learnt=module)
    for _ in range(4):
        rep(stopped)
    catch_up()
    line = modules.line(Whom(admin), module.pk)
    assert (line.spread.finished, line.spread.days) == (Share(2, 6), None)
    assert line.spread.missing == 3, "five of six are the first 80 %"
    set_active(admin, stopped, active=False)
    line = modules.line(Whom(admin), module.pk)
    assert (line.spread.finished, line.spread.days) == (Share(1, 1), 0)
    assert line.spread.missing == 0


def test_companies_are_sorted_by_how_many_are_late(admin):
    none, two, one = make_partner("あ社"), make_partner("い社"), make_partner("う社")
    module = make_module()
    for partner in (none, two, two, one):
        rep(partner)
    make_assignment(module, [role_target("rep")], by=admin, due_on=in_days(0))
    cache.clear()
    catch_up()
    late = PersonSummary.objects.exclude(organisation=none)
    late.update(due_on=dt.date(2020, 1, 1))
    found = companies.companies(admin, "", "late", None).object_list
    assert [(each.organisation, each.late) for each in found] == [(two, 2), (one, 1), (none, 0)]


def test_of_a_company_that_finished_nothing_no_number_is_told_and_few_are_no_people(admin):
    rep(make_partner("あ社"))
    rep(make_partner("い社"), learnt=make_module())
    catch_up()
    page = sign_in(Browser(), admin).get(reverse("analytics:progress")).content.decode()
    none, few = (
        page.partition(f">{name}</a></th>")[2].partition("</tr>")[0] for name in ("あ社", "い社")
    )
    assert none.count('<span class="dim">–</span>') == 3
    assert "n=0" not in none
    assert few.count("件数不足（n=1）") == 2


def test_where_nobody_sells_yet_it_counts_nobody_and_leads_to_whom_one_adds() -> None:
    client = make_client()
    for role, leads in (("admin", True), ("sales_manager", False)):
        boss = make_person(client, roles=[role])
        page = sign_in(Browser(), boss).get("/progress/").content.decode()
        assert "まだ担当者がいません" in page
        assert "0人中" not in page
        assert ("パートナーと人を加える" in page) is leads
