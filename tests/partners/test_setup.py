"""Setting up: once, by one, and only where that is meant."""

import re
from functools import partial

import pytest
from django.test import Client as Browser
from django.urls import reverse

from partners.models import Account, Client, Organisation, Person, Team
from tests.concurrency.racing import race
from tests.courses.assignments.factories import make_assignment, person_target
from tests.courses.factories import make_module
from tests.partners.factories import PASSWORD, make_client, make_partner, make_person

FORM = {
    "client_name": "ホナミ",
    "language": "ja",
    "time_zone": "Asia/Tokyo",
    "family_name": "白石",
    "given_name": "千尋",
    "sign_in": "Ｓhiraishi＠example.com",
    "password": PASSWORD,
    "partner_name": "みらい営業",
    "team_name": "第1チーム",
}


@pytest.mark.django_db
def test_a_new_installation_leads_to_set_up(client: Browser) -> None:
    for path in ("/", "/accounts/login/"):
        assert client.get(path).headers["Location"] == "/setup/"
    assert client.get("/setup/").status_code == 200


@pytest.mark.django_db
def test_setting_up_makes_all_and_signs_in(client: Browser) -> None:
    response = client.post("/setup/", FORM)
    assert response.headers["Location"] == "/setup/next/"
    row = Client.objects.get()
    assert (row.name, row.time_zone, row.is_demo) == ("ホナミ", "Asia/Tokyo", False)
    person = Person.objects.get()
    assert (person.email, person.roles, person.of_client) == (
        "shiraishi@example.com",
        ["author", "admin"],
        True,
    )
    assert Team.objects.get().organisation.name == "みらい営業"
    page = client.get("/setup/next/")
    assert page.status_code == 200
    assert "はじめの一歩" in page.content.decode()
    assert client.get("/setup/").status_code == 404
    assert Browser().post("/setup/", FORM).status_code == 404


@pytest.mark.django_db
def test_a_log_in_name_and_no_partner_do(client: Browser) -> None:
    form = {**FORM, "sign_in": "Shiraishi", "partner_name": "", "team_name": ""}
    assert client.post("/setup/", form).status_code == 302
    assert Account.objects.get().login_name == "shiraishi"
    assert Organisation.objects.count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("client_name", " \u202e"),
        ("client_name", "\0"),
        ("time_zone", "Mars/Olympus"),
        ("language", "xx"),
        ("family_name", ""),
        ("family_name", "白" * 61),
        ("sign_in", "shiraishi@"),
        ("sign_in", "ab"),
        ("password", "short"),
        ("password", ""),
        ("partner_name", ""),
        ("partner_name", "ホナミ"),
        ("team_name", "x" * 81),
    ],
)
def test_what_cant_be_kept_changes_nothing(client: Browser, field: str, value: str) -> None:
    response = client.post("/setup/", {**FORM, field: value})
    assert response.status_code == 422
    assert "千尋" in response.content.decode()
    assert PASSWORD not in response.content.decode()
    assert not Client.objects.exists()
    assert not Account.objects.exists()


@pytest.mark.django_db
def test_all_that_has_to_be_mended_is_told_together(client: Browser) -> None:
    wrong = {
        "client_name": "株" * 121,
        "time_zone": "Mars/Olympus",
        "family_name": "白" * 61,
        "given_name": "千" * 61,
        "family_reading": "白石",
        "given_reading": "Chihiro",
        "sign_in": "shiraishi@",
        "password": "short",
        "partner_name": "",
        "team_name": "x" * 81,
    }
    response = client.post("/setup/", {**FORM, **wrong})
    errors = response.context["form"].errors
    assert set(errors) == set(wrong)
    assert all(len(each) == 1 for each in errors.values())
    page = response.content.decode()
    assert all(typed in page for field, typed in wrong.items() if field != "password")
    assert 'value="short"' not in page
    assert not Client.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize("partner", ["ホナミ", "ﾎﾅﾐ", "ほなみ", "ホ ナ ミ"])
def test_a_partner_called_like_the_client_is_told_with_the_rest(
    client: Browser, partner: str
) -> None:
    typed = {**FORM, "client_name": "ホナミ ", "partner_name": partner, "password": "short"}
    errors = client.post("/setup/", typed).context["form"].errors
    assert errors["partner_name"] == ["「ホナミ」はすでにあります。"]
    assert set(errors) == {"partner_name", "password"}


@pytest.mark.django_db
def test_a_long_name_of_the_client_is_told(client: Browser) -> None:
    response = client.post("/setup/", {**FORM, "client_name": "株" * 200})
    assert response.status_code == 422
    assert not Client.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_of_two_who_set_up_at_once_one_wins() -> None:
    def begin(n: int) -> int:
        form = {**FORM, "client_name": f"会社{n}", "sign_in": f"admin{n}@example.com"}
        return Browser().post("/setup/", form).status_code

    answers = race([partial(begin, n) for n in range(6)])
    assert Client.objects.count() == 1
    assert Account.objects.count() == 1
    assert set(answers) <= {302, 404}


@pytest.fixture
def production(settings) -> None:
    """An installation that anybody may reach."""
    settings.TESTING = False
    settings.EMBEDDED = False


@pytest.mark.django_db
@pytest.mark.usefixtures("production")
def test_a_server_without_token_cant_be_set_up(client: Browser) -> None:
    assert "SETUP_TOKEN" in client.get("/setup/").content.decode()
    client.post("/setup/", FORM)
    assert not Client.objects.exists()


@pytest.mark.django_db
@pytest.mark.usefixtures("production")
def test_a_server_is_set_up_with_its_token(client: Browser, settings) -> None:
    settings.SETUP_TOKEN = "long and random"
    assert "client_name" not in client.get("/setup/").content.decode()
    wrong = client.post("/setup/", {"token": "guess", "unlock": "1"})
    assert "トークンが違う" in wrong.content.decode()
    client.post("/setup/", {**FORM, "token": "guess"})
    assert not Client.objects.exists()
    unlocked = client.post("/setup/", {"token": "long and random", "unlock": "1"})
    assert "client_name" in unlocked.content.decode()
    client.post("/setup/", {**FORM, "token": "long and random"})
    assert Client.objects.exists()


@pytest.mark.django_db
def test_a_client_that_is_set_up_asks_to_sign_in(client: Browser) -> None:
    make_client()
    assert client.get("/").headers["Location"].startswith("/accounts/login/")
    assert client.get(reverse("account_login")).status_code == 200


@pytest.mark.django_db
def test_the_first_steps_lead_until_a_first_rep_can_learn(client: Browser) -> None:
    client.post("/setup/", {**FORM, "partner_name": "", "team_name": ""})
    admin = Person.objects.get()

    def left() -> str:
        pages = [client.get(url).content.decode() for url in ("/setup/next/", "/")]
        said = [re.findall(r"(\d)つのうち、あと(\d)つです", page) for page in pages]
        assert said[0] == said[1]
        if said[0]:
            assert all("はじめの一歩" in page for page in pages)
        return "".join("/".join(each) for each in said[0])

    def links() -> str:
        return client.get("/setup/next/").content.decode()

    assert left() == "6/6"
    partner = make_partner("みらい営業")
    assert left() == "6/5"
    assert f'href="/partners/{partner.pk}/invite/"' in links()
    rep = make_person(partner, roles=["rep"], sign_in=False)
    assert left() == "6/4"
    module = make_module()
    assert left() == "6/3"
    make_assignment(module, [person_target(rep)], by=admin)
    assert left() == "6/2"
    for address in ("/authoring/", "/assignments/new/"):
        assert f'href="{address}"' in links()
    make_person(partner, roles=["rep"])
    assert left() == ""
    assert "はじめの一歩" not in client.get("/").content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("password", "said"),
    [
        ("shiraishi@example", "名前やアドレスに似たものは使えません"),
        ("password123", "よく使われていて、推測されやすいパスワードです"),
    ],
)
def test_a_refused_password_says_why_and_that_it_is_to_be_typed_again(
    client: Browser, password: str, said: str
) -> None:
    page = client.post("/setup/", {**FORM, "password": password}).content.decode()
    assert said in page
    assert "パスワードのほかは残っています" in page
    assert "入力した内容は残っています" not in page
    assert not Client.objects.exists()


@pytest.mark.django_db
def test_the_first_administrator_was_invited_by_nobody(client: Browser) -> None:
    client.post("/setup/", FORM)
    page = client.get("/profile/").content.decode()
    assert "招待してくれた方が管理しています" not in page
    assert f'href="/people/{Person.objects.get().pk}/"' in page
    invited = Browser()
    invited.force_login(make_person(make_partner(), roles=["rep"]).account)
    assert "招待してくれた方が管理しています" in invited.get("/profile/").content.decode()
