"""Two at once: of an invitation, a link, and administrators who dismiss each other, one wins."""

import re
import threading
from collections.abc import Callable

import pytest
from django.db import connection, transaction
from django.test import Client as Browser
from django.urls import reverse

from core.models import OutgoingMail
from partners.actions import belonging, invitations, links, pasting
from partners.actions.people import locked
from partners.models import Account, Person
from partners.pasted import parse
from tests.concurrency.racing import race
from tests.core.broker import quiet_broker
from tests.partners.factories import PASSWORD, make_client, make_partner, make_person, sign_in
from tests.plugin.patience import PATIENCE, wait_until

__all__ = ["quiet_broker"]  # a fixture: no worker takes part

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("quiet_broker")]


def test_an_invitation_makes_one_account() -> None:
    admin = make_person(make_client(), roles=["admin"])
    person = make_person(make_partner(), sign_in=False)
    (issued,) = invitations.invite(actor=admin, people=[person], by_mail=False)
    url = reverse("partners:invitation", args=[issued.token])
    form = {"language": "ja", "how": "password", "password": PASSWORD}
    answers = race([lambda: Browser().post(url, form).status_code] * 6)
    assert sorted(answers) == [302, *[410] * 5]
    assert Account.objects.filter(email=person.email).count() == 1


@pytest.mark.parametrize("act", ["invite", "revoke", "leave"])
def test_whoever_accepts_while_an_administrator_ends_the_invitation_hears_so(act: str) -> None:
    admin = make_person(make_client(), roles=["admin"])
    person = make_person(make_partner(), sign_in=False)
    (issued,) = invitations.invite(actor=admin, people=[person], by_mail=False)
    ends: dict[str, Callable[[], object]] = {
        "invite": lambda: invitations.invite(actor=admin, people=[person], by_mail=False),
        "revoke": lambda: invitations.revoke_invitation(actor=admin, person_id=person.pk),
        "leave": lambda: belonging.deactivate_person(actor=admin, person_id=person.pk),
    }
    held = threading.Event()

    def end() -> object:
        with transaction.atomic():
            locked(person.pk)
            held.set()
            _until_somebody_waits_for_us()
            return ends[act]()

    def accept() -> object:
        assert held.wait(PATIENCE)
        return invitations.accept_invitation(token=issued.token, password=PASSWORD, language="ja")

    ended, accepted = race([end, accept])
    assert ended
    assert not isinstance(ended, Exception), ended
    assert isinstance(accepted, invitations.Closed), accepted
    assert accepted.state == "revoked"
    assert not Account.objects.filter(email=person.email).exists()


def _until_somebody_waits_for_us() -> None:
    waits = "SELECT 1 FROM pg_locks WHERE NOT granted AND pg_backend_pid() = ANY (pg_blocking_pids(pid))"
    with connection.cursor() as cursor:
        wait_until(lambda: cursor.execute(waits).fetchone(), "somebody waits for us")


@pytest.mark.parametrize("act", ["add", "edit"])
@pytest.mark.parametrize("field", ["email", "login_name"])
def test_an_address_given_to_somebody_else_meanwhile_is_told_beside_its_field(
    act: str, field: str
) -> None:
    browser = sign_in(Browser(), make_person(make_client(), roles=["admin"]))
    partner = make_partner()
    person = make_person(partner, email="own@example.com", login_name="own")
    url = f"{reverse('partners:add_person')}?organisation={partner.pk}"
    if act == "edit":
        url = reverse("partners:edit_person", args=[person.pk])
    typed = {"family_name": "森", "email": "mori@example.com", "login_name": "mori"}
    held = threading.Event()

    def win() -> None:
        with transaction.atomic():
            make_person(partner, sign_in=False, **{"email": None, field: typed[field]})
            held.set()
            _until_somebody_waits_for_us()

    def lose() -> object:
        assert held.wait(PATIENCE)
        return browser.post(url, {**typed, "roles": ["rep"]}).context["form"].errors

    won, errors = race([win, lose])
    assert won is None, won
    words = "このアドレスかログイン名は、たった今ほかの方に割り当てられました。"
    assert errors == {field: [words]}
    assert Person.objects.filter(**{field: typed[field]}).count() == 1


def test_a_link_opens_once() -> None:
    make_client()
    make_person(make_partner(), email="misaki@example.com")
    links.send_link(address="misaki@example.com")
    (path,) = re.findall(r"/accounts/link/\S+", OutgoingMail.objects.get().text)
    answers = race([lambda: Browser().post(path).status_code] * 6)
    assert sorted(answers) == [302, *[410] * 5]


def test_administrators_cant_dismiss_each_other_at_once() -> None:
    client = make_client()
    admins = [make_person(client, roles=["admin"]) for _ in range(2)]
    for _ in range(5):
        Person.objects.filter(pk__in=[a.pk for a in admins]).update(roles=["admin", "rep"])

        def dismiss(me: Person, other: Person) -> int:
            url = reverse("partners:change_roles", args=[other.pk])
            return sign_in(Browser(), me).post(url, {"roles": ["rep"]}).status_code

        race([lambda: dismiss(*admins), lambda: dismiss(*reversed(admins))])
        assert Person.objects.filter(roles__contains=["admin"]).exists()


def test_the_same_table_entered_twice_at_once_makes_everybody_once() -> None:
    admin = make_person(make_client(), roles=["admin"])
    partner = make_partner()
    table = parse("\n".join(f"山田 {n}\t\tuser{n}@example.com\tチーム" for n in range(50)))
    entered = race(
        [lambda: pasting.enter_people(actor=admin, organisation=partner, table=table)] * 4
    )
    assert sorted(len(people) for people in entered) == [0, 0, 0, 50]
    assert partner.teams.count() == 1
