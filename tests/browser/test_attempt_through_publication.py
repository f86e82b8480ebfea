"""A rep is in the middle of a quiz while its module is published anew and one of its answers is corrected."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from core.scope import CLIENT, scoped
from courses.authoring.actions.drafts import save_draft
from courses.quizzes.models import Attempt, KeyCorrection
from gamification.models import LedgerEntry
from tests.browser.learner import (
    ALL_RIGHT_POINTS,
    RIGHT,
    answer,
    answer_and_save,
    expect_result,
    go,
    make_rep,
    points,
    question,
    quiz_address,
)
from tests.browser.people import fill, send
from tests.courses.authoring.writing import draft, make_author, quiz_block, read, text_block
from tests.courses.factories import hand_in, make_module, multiple, single, truefalse, version_of
from tests.partners.factories import make_person
from tests.plugin.processes import Site

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_the_begun_version_counts_and_a_correction_is_booked_and_told(
    page: Page,
    new_context: Callable[..., BrowserContext],
    sign_in: Callable[[BrowserContext, Any], None],
    site: Site,
) -> None:
    rep, author = make_rep(), make_author()
    finished = make_person(rep.organisation)
    module = make_module(title="値引きの前に")
    begun = version_of(module)
    hand_in(finished, module)
    site.worker.wait_until_idle()
    assert points(finished) == ALL_RIGHT_POINTS
    sign_in(page.context, rep.account)
    page.goto(quiz_address(module))
    answer_and_save(page, RIGHT[:2])

    items = [single("q001", right="c"), multiple("q003", stem="別の問い"), truefalse("q004")]
    document = read(draft(text_block(key="blk000"), quiz_block(*items, key="blk001")))
    with scoped(CLIENT):
        save_draft(module_id=module.pk, base=0, document=document, by=author.pk)
    context = new_context(viewport={"width": 1280, "height": 800})
    sign_in(context, author.account)
    desk = context.new_page()
    desk.goto(f"/authoring/modules/{module.pk}/publish/")
    fill(desk, note="問いを見直しました")
    desk.locator('button[value="now"]').click()
    expect(desk.locator(".banner-ok").first).to_be_visible()
    desk.goto(f"/authoring/modules/{module.pk}/answers/{begun.pk}/q001/")
    desk.locator('input[name="right"][value="c"]').check()
    fill(desk, note="資料の誤り")
    send(desk)
    desk.wait_for_url(f"**/modules/{module.pk}/answers/")
    site.worker.wait_until_idle()
    assert KeyCorrection.objects.filter(quiz_version=begun).exists()

    go(page).click()
    expect(question(page)).to_contain_text("q003?")
    answer(page, RIGHT[2:])
    go(page).click()
    expect_result(page, "4問中 3問 正解")
    mine = Attempt.objects.get(person=rep)
    assert (mine.quiz_version_id, len(mine.item_keys)) == (begun.pk, 4)

    assert Attempt.objects.get(person=finished).correct_count == 3
    booked = list(LedgerEntry.objects.filter(person=finished).values_list("rule", "points"))
    assert sum(each for _, each in booked) < ALL_RIGHT_POINTS, booked
    assert points(rep) == points(finished)
    theirs = new_context()
    sign_in(theirs, finished.account)
    phone = theirs.new_page()
    phone.goto(f"/attempts/{Attempt.objects.get(person=finished).pk}/")
    expect(phone.locator("main")).to_contain_text("4問中 3問 正解")
    expect(phone.locator("main")).to_contain_text("採点の見直し")
    expect(phone.locator("main")).to_contain_text("この問題の正解は公開後に訂正されました")
    expect(phone.locator("main")).to_contain_text("訂正の理由： 資料の誤り")
    phone.goto("/notices/")
    expect(phone.locator("main")).to_contain_text("4問中3問正解になりました（訂正前は4問）")
