"""Reports that stand below a place of the navigation lead back to it, and it is marked meanwhile."""

import re

import pytest
from django.test import Client as Browser

from tests.partners.factories import make_client, make_partner, make_person, sign_in

pytestmark = pytest.mark.django_db

ASK, SCENARIOS = "/reports/learning-to-sales/", "/reports/scenarios/"


@pytest.mark.parametrize(
    ("side", "roles", "page", "place"),
    [
        ("partner", ["manager"], SCENARIOS, "/team/"),
        ("partner", ["manager"], ASK, "/sales/funnel/"),
        ("client", ["manager"], SCENARIOS, "/progress/"),
        ("client", ["sales_manager"], ASK, "/sales/funnel/"),
        ("client", ["admin"], SCENARIOS, "/progress/"),
        ("client", ["author"], SCENARIOS, "/authoring/"),
    ],
)
def test_a_report_leads_back_to_its_place(side, roles, page, place):
    client = make_client()
    home = client if side == "client" else make_partner()
    browser = sign_in(Browser(), make_person(home, roles=roles))
    body = browser.get(page).content.decode()
    top = body.partition('<header class="top">')[2].partition("</header>")[0]
    assert re.findall(r'<a class="iconbtn" href="([^"]+)"><svg[^>]*><use[^>]*#left', top) == [place]
    assert re.findall(r'<a href="([^"]+)" aria-current="page"', body) == [place]
