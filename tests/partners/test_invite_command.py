"""`manage.py invite`: a way back in for whoever runs the server."""

import re

import pytest
from django.core.management import CommandError, call_command
from django.test import Client as Browser

from partners.models import Invitation, Organisation, Person
from partners.queries.history import of_person
from tests.partners.factories import make_client, make_partner, make_person

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin() -> Person:
    """An administrator of the client."""
    return make_person(make_client(), roles=["admin"])


@pytest.fixture
def partner() -> Organisation:
    """A partner."""
    return make_partner()


def test_the_command_lets_a_locked_out_administrator_in(
    admin: Person, capsys: pytest.CaptureFixture[str]
) -> None:
    call_command("invite", str(admin.email).upper())
    (url,) = re.findall(r"/i/[\w-]{43}/", capsys.readouterr().out)
    assert Browser().get(url).status_code == 200
    with pytest.raises(CommandError):
        call_command("invite", "nobody@example.com")


def test_the_command_makes_an_administrator_of_the_client_alone(
    admin: Person, partner: Organisation, capsys: pytest.CaptureFixture[str]
) -> None:
    author = make_person(admin.organisation, roles=["author"])
    call_command("invite", str(author.email))
    author.refresh_from_db()
    assert author.roles == ["author"]
    call_command("invite", str(author.email), "--admin")
    author.refresh_from_db()
    assert author.roles == ["author", "admin"]
    assert "/i/" in capsys.readouterr().out
    assert sum("管理者" in entry.text for entry in of_person(admin, author)) == 1

    rep = make_person(partner)
    before = Invitation.objects.count()
    with pytest.raises(CommandError, match="自社の方だけ"):
        call_command("invite", str(rep.email), "--admin")
    rep.refresh_from_db()
    assert "admin" not in rep.roles
    assert Invitation.objects.count() == before
