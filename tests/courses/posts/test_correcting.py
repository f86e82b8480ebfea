"""A post is corrected: its readers see the new words, have still read it, and nobody is told anew."""

import dataclasses
import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from core.mediafiles.actions import add_picture
from core.models import Asset, Notice
from courses.authoring.actions.corrections import Correction, correct_published_key
from courses.authoring.actions.drafts import ConflictError, save_draft
from courses.authoring.models import Snapshot
from courses.authoring.queries import drafts
from courses.catalog.models import Block, Module, ModuleVersion
from courses.posts import queries, standing
from courses.posts.actions import correcting, managing, settling
from courses.posts.models import Post
from courses.posts.titling import document, lines
from courses.progress.models import ModuleProgress
from courses.progress.publishing import publish
from partners.models import Person
from partners.problems import Problem
from tests.core.media_samples import picture
from tests.courses.factories import make_course, single, version_of
from tests.courses.posts.factories import (
    browser,
    fail,
    post,
    read_by,
    ready,
    waiting_video,
)
from tests.gamification.queries import queries_of
from tests.partners.factories import make_partner, make_person

pytestmark = pytest.mark.django_db

WRONG, RIGHT = "新製品は5月発売です。\n詳しくは https://example.com/a", "新製品は6月発売です。"


def base_of(made: Post) -> str:
    """Return what a form that is opened now carries."""
    return standing.of(Post.objects.get(pk=made.pk)).said.base


def correct(made: Post, person: Person, **fields: Any) -> bool:
    """Correct a post, as from a form that was opened just now."""
    values = {"title": "", "text": RIGHT, "alt": "", "base": base_of(made), "by": person.pk}
    return correcting.correct(post_id=made.pk, **{**values, **fields})


def sent(by: Client, made: Post, **fields: str) -> Any:
    """Send the form."""
    values = {"title": "訂正", "text": RIGHT, "base": base_of(made)}
    return by.post(f"/posts/{made.pk}/edit/", {**values, **fields})


def opened(person: Person, made: Post) -> ModuleProgress:
    """Let somebody have read a post to the end."""
    return ModuleProgress.objects.create(
        person=person, organisation_id=person.organisation_id, module_id=made.module_id
    )


def test_a_correction_is_read_by_everybody_and_news_to_nobody(author: Person) -> None:
    made = post(author, title="新製曰", text=WRONG)
    newer = post(author, title="あとの話", text="話")
    rep = make_person(make_partner(), roles=["rep"])
    had = opened(rep, made)
    form = browser(author).get(f"/posts/{made.pk}/edit/").context["form"]
    assert (form["title"].value(), form["text"].value()) == ("新製曰", WRONG)
    answer = sent(browser(author), made, title="新製品", base=form["base"].value())
    assert (answer.status_code, answer["Location"]) == (302, "/posts/")
    assert read_by(rep) == ["あとの話", "新製品"]
    page = browser(rep).get(f"/modules/{made.module_id}/").content.decode()
    assert "6月発売" in page
    assert "5月発売" not in page
    assert "に訂正" in page
    assert "に訂正" not in browser(rep).get(f"/modules/{newer.module_id}/").content.decode()
    assert [word.read for word in queries.words_for(rep, 9)] == [False, True]
    assert ModuleProgress.objects.get() == had
    assert not Notice.objects.exists()
    assert [each["title"] for each in documents_of(made)] == ["新製曰", "新製品"]


def documents_of(made: Post) -> list[dict[str, Any]]:
    """Return all that was ever published of a post, the oldest first."""
    versions = ModuleVersion.objects.filter(module=made.module_id).order_by("number")
    return list(versions.values_list("document", flat=True))


def test_who_reads_it_only_after_two_corrections_has_read_it(author: Person) -> None:
    made = post(author)
    reader, early = (make_person(author.organisation, roles=["rep"]) for _ in range(2))
    opened(early, made)
    for text in ("一", "二"):
        correct(made, author, text=text)
    assert [queries.words_for(each, 1)[0].read for each in (early, reader)] == [True, False]
    opened(reader, made)
    assert queries.words_for(reader, 1)[0].read


@pytest.mark.parametrize(
    ("poster", "other", "status"),
    [
        ("ace", "ace", 404),
        ("author", "ace", 404),
        ("ace", "author", 302),
        ("author", "admin", 302),
        ("ace", "rep", 404),
    ],
)
def test_one_corrects_ones_own_and_who_writes_courses_anybodys(
    author: Person, poster: str, other: str, status: int
) -> None:
    mine = make_person(author.organisation, roles=[poster])
    made = post(mine)
    others = browser(make_person(author.organisation, roles=[other]))
    address = f"/posts/{made.pk}/edit/"
    assert others.get(address).status_code == (200 if status == 302 else status)
    answer = sent(others, made)
    assert answer.status_code == status
    if status == 302:
        assert answer["Location"] == "/posts/?of=all"
    assert len(documents_of(made)) == (2 if status == 302 else 1)
    for page in ("/posts/", f"/modules/{made.module_id}/"):
        assert address in browser(mine).get(page).content.decode()
        shown = others.get(f"{page}?of=all").content.decode()
        assert (address in shown) is (status == 302)
    assert sent(browser(mine), made, text="もう一度").status_code == 302


@pytest.mark.parametrize(
    ("role", "asked", "back"),
    [("author", "?of=all", "?of=all"), ("author", "?of=me", ""), ("ace", "?of=all", "")],
)
def test_from_a_correction_one_comes_back_to_the_list_in_which_one_began(
    author: Person, role: str, asked: str, back: str
) -> None:
    mine = make_person(author.organisation, roles=[role])
    shown, over = post(mine), post(mine)
    _over(over, mine)
    listed = browser(mine).get(f"/posts/{asked}").content.decode()
    for made in (shown, over):
        assert f'href="/posts/{made.pk}/edit/{back}"' in listed
    address = f"/posts/{shown.pk}/edit/{asked}"
    assert f'href="/posts/{back}"' in browser(mine).get(address).content.decode()
    fields = {"title": "訂正", "text": RIGHT, "base": base_of(shown)}
    assert browser(mine).post(address, fields)["Location"] == f"/posts/{back}"


@pytest.mark.parametrize("role", ["rep", "manager", "ace", "author", "admin"])
def test_to_a_partners_people_there_is_no_such_page(author: Person, role: str) -> None:
    made = post(author)
    theirs = browser(make_person(make_partner(), roles=[role]))
    for answer in (theirs.get(f"/posts/{made.pk}/edit/"), sent(theirs, made)):
        assert answer.status_code == 404
    assert (
        f"/posts/{made.pk}/edit/" not in theirs.get(f"/modules/{made.module_id}/").content.decode()
    )
    assert len(documents_of(made)) == 1


def test_what_somebody_corrected_meanwhile_is_not_overwritten_unseen(author: Person) -> None:
    made = post(author, text=WRONG)
    stale = base_of(made)
    correct(made, author, title="ほかの人の題", text="ほかの人の言葉")
    answer = sent(browser(author), made, title="自分の題", text="自分の言葉", base=stale)
    assert answer.status_code == 422
    page = answer.content.decode()
    for words in ("自分の題", "自分の言葉", "ほかの人の題", "ほかの人の言葉"):
        assert words in page
    assert len(documents_of(made)) == 2
    again = sent(
        browser(author), made, title="自分の題", text="自分の言葉", base=shown_base(answer)
    )
    assert again.status_code == 302
    assert documents_of(made)[-1]["title"] == "自分の題"


def test_a_form_that_failed_for_another_reason_is_stale_all_the_same(author: Person) -> None:
    made = post(author, text=WRONG)
    stale = base_of(made)
    correct(made, author, title="ほかの人の題", text="ほかの人の言葉")
    long = sent(browser(author), made, text="あ" * 2001, base=stale)
    assert "ほかの人の言葉" not in long.content.decode()
    again = sent(browser(author), made, text="短い言葉", base=shown_base(long))
    assert again.status_code == 422
    assert "ほかの人の言葉" in again.content.decode()
    assert len(documents_of(made)) == 2


def test_a_draft_that_was_in_the_way_and_came_out_is_not_overwritten_unseen(author: Person) -> None:
    made = post(author, title="題", text=WRONG)
    base = base_of(made)
    words = {"doc": document("下書きの言葉")}
    [block] = drafts.current_of(made.module, made.module.blocks.all()).document.blocks
    saved(made, author, blocks=(dataclasses.replace(block, data=words),))
    refused = sent(browser(author), made, title="題", base=base)
    assert "下書きの言葉" not in refused.content.decode()
    publish(module_id=made.module_id, by=author.pk)
    again = sent(browser(author), made, title="題", base=shown_base(refused))
    assert again.status_code == 422
    assert "下書きの言葉" in again.content.decode()
    assert len(documents_of(made)) == 2


def shown_base(answer: Any) -> str:
    """Return the base that a form carries as it is shown."""
    return str(answer.context["form"]["base"].value())


def test_the_same_words_publish_nothing_however_old_the_form(author: Person) -> None:
    made = post(author, title="題", text=WRONG)
    stale = base_of(made)
    same = {"title": " 題 ", "text": WRONG.replace("\n", "\r\n") + "\r\n"}
    assert sent(browser(author), made, **same).status_code == 302
    assert len(documents_of(made)) == 1
    assert correct(made, author, title="題")
    assert not correct(made, author, title="題", base=stale)  # its answer was lost on the way
    assert len(documents_of(made)) == 2


def test_the_video_that_came_meanwhile_is_no_correction(author: Person) -> None:
    asset = waiting_video(author)
    made = post(author, title="題", asset_id=asset.pk)
    rep = make_person(make_partner(), roles=["rep"])
    opened(rep, made)
    base = base_of(made)
    assert correct(made, author, title="新しい題", base=base)
    assert queries.words_for(rep, 1)[0].read
    base = base_of(made)
    ready(asset)
    settling.settle_videos()
    assert not queries.words_for(rep, 1)[0].read
    opened_again(rep)
    assert correct(made, author, title="もっと新しい題", base=base)
    video = documents_of(made)[-1]["blocks"][0]["data"]
    assert video["title"] == "もっと新しい題"
    assert not video.get("coming")
    assert queries.words_for(rep, 1)[0].read


def test_a_video_that_a_correction_brings_along_is_news(author: Person) -> None:
    asset = waiting_video(author)
    made = post(author, asset_id=asset.pk)
    rep = make_person(make_partner(), roles=["rep"])
    opened(rep, made)
    ready(asset)
    correct(made, author)
    assert not queries.words_for(rep, 1)[0].read


def opened_again(person: Person) -> None:
    """Let somebody have opened all of it just now."""
    ModuleProgress.objects.filter(person=person).update(last_at=timezone.now())


def test_a_picture_stays_and_its_words_come_and_go(author: Person) -> None:
    asset = add_picture(picture(), name="朝.jpg", uploaded_by=author.pk)
    made = post(author, title="題", text="", asset_id=asset.pk)
    for text, kinds in (("言葉", ["image", "text"]), ("", ["image"])):
        correct(made, author, title="新しい題", text=text)
        blocks = list(Block.objects.filter(module=made.module_id))
        assert [block.kind for block in blocks] == kinds
        assert blocks[0].data == {"asset": str(asset.pk), "alt": "新しい題"}


def test_what_says_nothing_and_what_is_too_long_is_not_taken(author: Person) -> None:
    made = post(author, text=WRONG)
    for fields in ({"text": " "}, {"text": "あ" * 2001}, {"title": "あ" * 161}):
        answer = sent(browser(author), made, **fields)
        assert answer.status_code == 422
        assert list(answer.context["form"].errors) == list(fields)
    assert len(documents_of(made)) == 1


def _over(made: Post, _author: Person) -> None:
    past = timezone.now() - dt.timedelta(seconds=1)
    Module.objects.filter(pk=made.module_id).update(expires_at=past)


def _withdrawn(made: Post, _author: Person) -> None:
    managing.take_back(post_id=made.pk, archived=True)


def _begun(made: Post, author: Person) -> None:
    saved(made, author, title="書きかけの題")


def _pictured(made: Post, author: Person) -> None:
    saved(made, author, picture_id=add_picture(picture(), name="朝.jpg", uploaded_by=author.pk).pk)


def _shaped(made: Post, author: Person) -> None:
    block = Block.objects.get(module=made.module_id)
    block.data["doc"]["content"][0]["content"][0]["marks"] = [{"type": "bold"}]
    block.save()
    publish(module_id=made.module_id, by=author.pk)


def saved(made: Post, author: Person, base: int | None = None, **fields: Any) -> None:
    """Save a draft of a post in the editor, as it stands there now or stood at a revision."""
    module = Module.objects.get(pk=made.module_id)
    current = drafts.current_of(module, module.blocks.all())
    wanted = dataclasses.replace(current.document, **fields)
    revision = current.revision if base is None else base
    save_draft(module_id=module.pk, base=revision, document=wanted, by=author.pk)


@pytest.mark.parametrize(
    ("become", "said"),
    [
        (_over, "この投稿は期限切れです"),
        (_withdrawn, "この投稿は取り下げられています"),
        (_begun, "まだ公開していない下書きがあります"),
        (_pictured, "まだ公開していない下書きがあります"),
        (_shaped, "編集画面で直してください"),
    ],
)
def test_what_cannot_be_corrected_says_why_and_keeps_what_was_typed(
    author: Person, become: Callable[[Post, Person], None], said: str
) -> None:
    made = post(author, title="題")
    base = base_of(made)
    become(made, author)
    before = len(documents_of(made))
    page = browser(author).get(f"/posts/{made.pk}/edit/").content.decode()
    assert said in page
    assert "<textarea" not in page
    answer = sent(browser(author), made, title="のこる題", base=base)
    assert answer.status_code == 422
    for words in (said, "のこる題", RIGHT):
        assert words in answer.content.decode()
    assert len(documents_of(made)) == before


def test_what_was_added_in_the_editor_is_in_nobodys_way_once_it_came_out(author: Person) -> None:
    asset, video = add_picture(picture(), uploaded_by=author.pk), waiting_video(author)
    made = post(author, asset_id=video.pk)
    _filled(made, asset)
    assert standing.of(Post.objects.get(pk=made.pk)).obstacle == "draft"
    publish(module_id=made.module_id, by=author.pk, without_waiting=True)
    assert correct(made, author, title="題")
    quiz = version_of(Module.objects.get(pk=made.module_id))
    correct_published_key(
        module_id=made.module_id,
        correction=Correction(quiz.pk, "q001", ["b"], "資料の誤り"),
        by=author.pk,
    )
    assert correct(made, author, title="新しい題")
    ready(video)
    assert settling.settle_videos() == 1
    kinds = [each["kind"] for each in documents_of(made)[-1]["blocks"]]
    assert kinds == ["video", "text", "person", "quiz"]
    assert standing.of(Post.objects.get(pk=made.pk)).obstacle == ""
    Block.objects.filter(module=made.module_id, kind="quiz").update(
        data={"items": [single("q001", right="c")]}
    )
    assert standing.of(Post.objects.get(pk=made.pk)).obstacle == "draft"


def _filled(made: Post, asset: Asset) -> None:
    """Give a post's draft a picture on its card, a person to ask and a question."""
    asked = {"name": "高橋", "role": "営業", "ask_about": "価格", "picture": str(asset.pk)}
    added = (("person", asked), ("quiz", {"items": [single("q001")]}))
    for place, (kind, data) in enumerate(added, start=2):
        Block.objects.create(
            module=made.module, key=f"more{place}", kind=kind, data=data, position=place
        )
    Module.objects.filter(pk=made.module_id).update(picture_id=asset.pk)


@pytest.mark.parametrize("become", [_over, _withdrawn])
def test_what_nobody_finds_any_more_is_still_read_by_its_writer(
    author: Person, become: Callable[[Post, Person], None]
) -> None:
    made = post(author, title="題", text="価格が変わります。\n\n来週からです。")
    become(made, author)
    leads = f'<a href="/posts/{made.pk}/edit/">題</a>'
    assert leads in browser(author).get("/posts/").content.decode()
    page = browser(author).get(f"/posts/{made.pk}/edit/").content.decode()
    for words in ("価格が変わります。", "来週からです。"):
        assert words in page
    other = make_person(author.organisation, roles=["manager"])
    assert browser(other).get(f"/posts/{made.pk}/edit/").status_code in {403, 404}


def test_a_post_whose_video_failed_is_corrected_only_in_words_that_it_has(author: Person) -> None:
    silent, worded = (
        post(author, text=text, asset_id=waiting_video(author).pk) for text in ("", "言葉")
    )
    for each in (silent, worded):
        fail(Asset.objects.get(pk=each.asset_id))
    settling.settle_videos()
    with pytest.raises(Problem):
        correct(silent, author)
    assert correct(worded, author)


def test_the_lesson_that_was_begun_from_it_keeps_its_words(author: Person) -> None:
    made = post(author, title="題")
    lesson = managing.promote(post_id=made.pk, course_id=make_course().pk)
    assert correct(made, author, title="新しい題")
    assert Module.objects.get(pk=lesson).title == "題"


def test_the_editor_knows_of_every_correction(author: Person) -> None:
    made = post(author, title="題")
    for title in ("二つ目の題", "三つ目の題"):
        before = drafts.current_of(made.module, made.module.blocks.all()).revision
        correct(made, author, title=title)
        with pytest.raises(ConflictError):
            saved(made, author, base=before, title="ふるい画面の題")
        made = Post.objects.get(pk=made.pk)
    kept = Snapshot.objects.filter(module=made.module_id).order_by("revision")
    assert [each.document["title"] for each in kept] == ["題", "二つ目の題", "三つ目の題"]
    assert [each.version.number if each.version else None for each in kept] == [None, 2, 3]


def test_lines_come_back_as_they_were_typed() -> None:
    for text in ("", "一\n二\n\n三", "見て https://example.com/a 。\n\nhttps://b.example"):
        assert lines(document(text)) == text
    bold = {"type": "text", "text": "一", "marks": [{"type": "bold"}]}
    assert lines({"type": "doc", "content": [{"type": "paragraph", "content": [bold]}]}) is None


def test_a_page_of_corrected_posts_costs_the_same_as_of_others(author: Person) -> None:
    made = post(author)
    rep = browser(make_person(make_partner(), roles=["rep"]))
    address = f"/modules/{made.module_id}/"
    few = [queries_of(lambda: rep.get(address)) for _ in range(2)][-1]
    correct(made, author)
    assert [queries_of(lambda: rep.get(address)) for _ in range(2)][-1] == few
