"""What migrations do is what Django's own would do; only the way there is shorter."""

from typing import Any

import pytest
from django.core.management.commands import migrate as djangos
from django.db import connection, models
from django.db.migrations import Migration, RunPython
from django.db.migrations import operations as steps
from django.db.migrations.state import ModelState, ProjectState

import core.management.commands.migrate  # noqa: F401 - it hands Django's command our executor
from core.migrating import Executor, GrowingState

pytestmark = pytest.mark.django_db


def _to(name: str, **options: Any) -> "models.ForeignKey[Any, Any]":
    return models.ForeignKey(f"shop.{name}", models.CASCADE, **options)


def _made(name: str, *fields: tuple[str, Any], **options: Any) -> steps.CreateModel:
    key = ("code", models.CharField(max_length=9, primary_key=True))
    return steps.CreateModel(name, [key, *fields], options=options)


ADDS = [
    _made("Firm"),
    _made("Seller", ("firm", _to("Firm"))),
    _made("Deal", ("seller", _to("Seller")), ("firm", _to("Firm", null=True))),
    steps.AddField("Firm", "best", _to("Seller", null=True, related_name="+")),
    steps.AddField("Deal", "buyers", models.ManyToManyField("shop.Firm", related_name="bought")),
    steps.AddField("Deal", "amount", models.IntegerField(default=0)),
    steps.AddIndex("Deal", models.Index(fields=["firm", "amount"], name="by_firm")),
    steps.AddConstraint(
        "Deal", models.UniqueConstraint(fields=["seller", "amount"], name="once_each")
    ),
    steps.AddField("Firm", "town", models.CharField(default="")),
]
CHANGES = [
    steps.AlterField("Firm", "code", models.IntegerField(primary_key=True)),
    steps.AlterModelTable("Seller", "people_who_sell"),
    steps.AddField("Deal", "second", _to("Seller", null=True, related_name="seconded")),
    steps.RenameModel("Seller", "Rep"),
    steps.RenameField("Rep", "code", "number"),
    steps.AlterField("Deal", "seller", _to("Rep", null=True)),
    steps.RemoveField("Firm", "best"),
    _made("Visit", ("rep", _to("Rep")), ("deal", _to("Deal"))),
    steps.DeleteModel("Visit"),
]


def _statements(state: ProjectState, operations: list[Any]) -> list[str]:
    """Return the SQL of these steps from this state on, with classes as a migration finds them."""
    assert state.apps is not None
    migration = Migration("0001", "shop")
    migration.operations = operations
    with connection.schema_editor(collect_sql=True, atomic=False) as editor:
        migration.apply(state, editor, collect_sql=True)
    return list(editor.collected_sql)


@pytest.mark.parametrize("operations", [ADDS, [*ADDS, *CHANGES]], ids=["adds", "changes"])
def test_every_step_says_the_same_to_the_database(operations: list[Any]):
    ours, djangos = GrowingState(), ProjectState()
    assert _statements(ours, operations) == _statements(djangos, operations)
    assert ours == djangos


def test_what_is_added_changes_no_other_class(monkeypatch: pytest.MonkeyPatch):
    made: list[str] = []
    render = ModelState.render

    def note(self: ModelState, apps: Any) -> Any:
        made.append(self.name)
        return render(self, apps)

    monkeypatch.setattr(ModelState, "render", note)
    _statements(GrowingState(), ADDS)
    assert made == ["Firm", "Seller", "Deal", "Firm", *["Deal"] * 4, "Firm"]


def test_a_step_that_runs_python_sees_all_relations():
    state = GrowingState()
    _statements(state, ADDS)
    seen: set[str] = set()

    def look(apps: Any, _editor: Any) -> None:
        firm = apps.get_model("shop", "Firm")
        seen.update(each.name for each in firm._meta.get_fields())
        assert apps.get_model("shop", "Deal").firm.field.related_model is firm

    RunPython(look).database_forwards("shop", connection.schema_editor(), state.clone(), state)
    assert seen >= {"seller", "deal", "bought", "best"}


@pytest.mark.parametrize("is_empty", [True, False])
def test_migrate_goes_this_way_from_nothing_and_djangos_otherwise(is_empty: bool):
    assert vars(djangos)["MigrationExecutor"] is Executor
    executor = Executor(connection)
    assert executor.loader.applied_migrations
    if is_empty:
        executor.loader.applied_migrations = {}
    here = executor.loader.graph.leaf_nodes("core")
    reached = executor.migrate(here, plan=[], state=executor.loader.project_state())
    assert type(reached) is (GrowingState if is_empty else ProjectState)
