"""Two authors at the bank at once."""

from functools import partial

import pytest

from core.scope import CLIENT, scoped
from courses.quizzes.bank.actions import TroublesError, archive_item
from courses.quizzes.bank.importing import bring_file, enter_file
from courses.quizzes.models import BankFile, BankItem
from partners.models import Person
from tests.concurrency.racing import race
from tests.courses.quizzes.bank.samples import make_author, make_item

pytestmark = pytest.mark.django_db(transaction=True)

TABLE = b"code,question,option a,option b,right option\n" + b"".join(
    f"Q-{number},Why?,a,b,A\n".encode() for number in range(50)
)


def enter(author: Person, file: BankFile) -> dict[str, int]:
    """Enter a file as a request of the client's would."""
    with scoped(CLIENT):
        outcome: dict[str, int] = enter_file(
            actor=author, file=file, encoding="", language="en"
        ).outcome
    return outcome


def test_one_file_entered_twice_at_once_is_entered_once() -> None:
    author = make_author()
    file = bring_file(actor=author, name="x", content=TABLE)
    outcomes = race([partial(enter, author, file)] * 5)
    assert outcomes == [{"new": 50, "changed": 0, "same": 0, "trouble": 0}] * 5
    assert BankItem.objects.count() == 50


def test_two_files_with_the_same_items_make_them_once() -> None:
    author = make_author()
    files = [bring_file(actor=author, name=str(n), content=TABLE) for n in range(4)]
    outcomes = race([partial(enter, author, file) for file in files])
    assert sorted(outcome["new"] for outcome in outcomes) == [0, 0, 0, 50]
    assert sorted(outcome["same"] for outcome in outcomes) == [0, 50, 50, 50]
    assert BankItem.objects.count() == 50


def test_one_code_written_by_many_at_once_is_one_item() -> None:
    author = make_author()

    def write(stem: str) -> BankItem:
        with scoped(CLIENT):
            return make_item(author, "Q-1", stem=stem)

    results = race([partial(write, f"Question {n}") for n in range(6)])
    assert sum(isinstance(result, BankItem) for result in results) == 1
    assert sum(isinstance(result, TroublesError) for result in results) == 5


def test_a_file_and_an_archiving_hand_never_undo_each_other() -> None:
    author = make_author()
    for round_ in range(5):
        item = make_item(author, f"R-{round_}")
        table = f"code,question\nR-{round_},New {round_}\n".encode()
        file = bring_file(actor=author, name="x", content=table)

        def put_away(item: BankItem = item) -> None:
            with scoped(CLIENT):
                archive_item(actor=author, item_id=item.pk, archived=True)

        results = race([partial(enter, author, file), put_away])
        assert not [each for each in results if isinstance(each, Exception)], results
        item.refresh_from_db()
        assert (item.stem, item.is_archived) == (f"New {round_}", True)
