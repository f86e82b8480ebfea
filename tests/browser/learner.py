"""What learners do in a browser, and what must be true in the database afterwards."""

import json
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.db.models import Sum
from playwright.sync_api import Locator, Page, expect

from core.mediafiles.actions import add_picture, add_ready_video
from core.scope import CLIENT, scoped
from courses.catalog.models import Module
from courses.quizzes.models import Attempt
from gamification.models import LedgerEntry
from partners.models import Person
from tests.courses.factories import make_module, multiple, single, truefalse
from tests.partners.factories import make_client, make_partner, make_person

MEDIA = Path(__file__).resolve().parents[2] / "lms" / "demo" / "content" / "media"
RIGHT = (["a"], ["b"], ["a", "b"], ["true"])
"""The right options of `make_lesson`'s questions, in order."""

ALL_RIGHT_POINTS = 40
"""What the rules give for a module whose four questions were right at once."""

ROWS = """(store) => new Promise((resolve) => {
  indexedDB.open("tomoni").onsuccess = ({ target }) => {
    const rows = target.result.transaction(store).objectStore(store).getAll();
    rows.onsuccess = () => resolve(rows.result);
  };
})"""
"""Returns all that the phone keeps in one of its stores."""


def make_rep(**fields: Any) -> Person:
    """Make a partner's rep in an installation that is set up."""
    make_client()
    return make_person(make_partner(), family_name="高橋", given_name="美咲", **fields)


def make_lesson(**fields: Any) -> Module:
    """Make a module with a real video, words, a story and four questions."""
    clip, still = MEDIA / "clips" / "price.mp4", MEDIA / "pictures" / "price.webp"
    texts = {each: (MEDIA / f"captions/price.{each}.vtt").read_text() for each in ("ja", "en")}
    with scoped(CLIENT):
        video = add_ready_video(clip, still, name="価格の対話", captions=texts)
        face = add_picture((MEDIA / "faces" / "kimura.webp").read_bytes(), name="木村")
    story = {
        "name": "木村 由紀さん",
        "role": "現場責任者",
        "picture": str(face.pk),
        "before": "毎晩1時間の残業。",
        "turning_point": "「何と比べて高いと感じましたか」",
        "after": "残業は月4時間に。",
    }
    items = [
        single("q001"),
        single("q002", right="b"),
        multiple("q003"),
        truefalse("q004"),
    ]
    return make_module(
        title="「高い」と言われたら、まず何を聞くか",
        blocks=[("video", {"asset": str(video.pk), "title": "価格の対話"}), ("story", story)],
        items=items,
        **fields,
    )


def module_address(module: Module) -> str:
    """Return where a module is."""
    return f"/modules/{module.pk}/"


def quiz_address(module: Module) -> str:
    """Return where its quiz is."""
    return f"/modules/{module.pk}/quiz/"


def settle(page: Page) -> None:
    """Have the service worker take over, as it has by a person's second page.

    A page that opens in the moment in which the worker begins is not always taken over: the next one is.
    """
    page.goto("/learn/")
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    page.goto("/learn/")
    until(page, "navigator.serviceWorker.controller")


def until(page: Page, condition: str) -> None:
    """Wait until this expression is true in the page (Playwright's own way needs `eval`, which our CSP forbids)."""
    came_true = page.evaluate(
        f"""async () => {{
          for (let tries = 0; tries < 200; tries += 1) {{
            if ({condition}) return true;
            await new Promise((go) => setTimeout(go, 50));
          }}
          return false;
        }}"""
    )
    assert came_true, condition


def question(page: Page) -> Locator:
    """Return the question that is shown."""
    return page.locator("fieldset[data-now]")


def choose(page: Page, options: Sequence[str]) -> None:
    """Choose these options of the question that is shown."""
    for option in options:
        question(page).locator(f'input[value="{option}"]').check(force=True)


def go(page: Page) -> Locator:
    """Return the one filled button of the quiz."""
    return page.locator("[data-go]")


def go_on(page: Page) -> None:
    """Press it by key: a tap on what came a moment ago counts as the second one of two."""
    go(page).press("Enter")


def answer(page: Page, answers: Sequence[Sequence[str]] = RIGHT) -> None:
    """Answer questions from the one that is shown on; the last one is answered but not sent."""
    for number, options in enumerate(answers):
        if number:
            go(page).click()
        choose(page, options)


def answer_and_save(page: Page, answers: Sequence[Sequence[str]]) -> None:
    """Answer questions, and wait until the server has them all. Begins with the first question."""
    answer(page, answers)
    until_saved(page, answers)


def until_saved(page: Page, answers: Sequence[Sequence[str]]) -> None:
    """Wait until this phone knows that the server has these answers and no others."""
    _until_answers(page, _SAVED, answers)


def until_kept(page: Page, answers: Sequence[Sequence[str]]) -> None:
    """Wait until this phone holds these answers and no others, whether or not the server has them."""
    _until_answers(page, _KEPT, answers)


def _until_answers(page: Page, found: str, answers: Sequence[Sequence[str]]) -> None:
    chosen = {f"q{number:03}": list(options) for number, options in enumerate(answers, start=1)}
    wanted = json.dumps(json.dumps(chosen, separators=(",", ":")))
    until(page, f"(await ({found})()) === {wanted}")


_KEPT = """async () => {
  if (!(await indexedDB.databases()).some(({ name }) => name === "tomoni")) return ""; // to open it would be to make it
  const rows = await new Promise((resolve) => {
    indexedDB.open("tomoni").onsuccess = ({ target }) => {
      const asked = target.result.transaction("attempts").objectStore("attempts").getAll();
      asked.onsuccess = () => resolve(asked.result);
    };
  });
  const given = Object.entries(rows[0]?.answers ?? {});
  return JSON.stringify(Object.fromEntries(given.map(([item, { options }]) => [item, options]).sort()));
}"""
"""What was answered on this phone: options by item."""

_SAVED = _KEPT.replace("?? {});", "?? {}).filter(([item, { seq }]) => seq <= rows[0].saved[item]);")
"""What this phone knows the server to have: options by item."""


def expect_sync(page: Page, state: str) -> None:
    """Wait until the chip in the bar says where the work is."""
    expect(page.locator("[data-sync]")).to_have_attribute("data-state", state)


def expect_result(page: Page, words: str | re.Pattern[str] = "4問中 4問 正解") -> None:
    """Wait until the result has come."""
    expect(page.locator("#outcome")).to_have_text(words)


def points(person: Person) -> int:
    """Return the person's points as the ledger has them."""
    total = LedgerEntry.objects.filter(person=person).aggregate(all=Sum("points"))["all"]
    return int(total or 0)


def stored(attempt: Attempt) -> dict[str, list[str]]:
    """Return an attempt's answers."""
    rows = attempt.answers.order_by("item_key")
    return {row.item_key: sorted(row.option_keys) for row in rows}


def assert_handed_in_once(person: Person) -> Attempt:
    """Assert one attempt with all answers right, scored once, and the points for it."""
    attempt = Attempt.objects.exclude(state=Attempt.State.SUPERSEDED).get(person=person)
    assert attempt.state == Attempt.State.SCORED
    assert list(stored(attempt).values()) == [sorted(right) for right in RIGHT]
    assert (attempt.correct_count, attempt.scoring) == (4, 1)
    assert points(person) == ALL_RIGHT_POINTS
    return attempt
