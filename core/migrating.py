"""From nothing to a database in seconds: what a step adds changes the class of its own model only.

Django keeps a class for each model as it is at that step. With a new model or relation it makes those of everything
related anew, and of what is related to that: nearly all models, hundreds of times on the way from nothing. A
statement needs one table and the keys of those that it names. Steps that change what others refer to are left to
Django, and a step that runs Python is given classes made anew: Django does so after anything that it calls delayed.
"""

from typing import Any

from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.state import ModelState, ProjectState


class GrowingState(ProjectState):
    """Django's own, which makes only the changed model's class anew where a step adds or nobody else refers to it."""

    _adds = False

    @classmethod
    def of(cls, state: ProjectState) -> "GrowingState":
        """Return the same state, with the classes that it has."""
        made = cls()
        vars(made).update(vars(state))
        return made

    def add_model(self, model_state: ModelState) -> None:
        """Add a model, to which nothing refers yet."""
        self._adds = True
        super().add_model(model_state)
        self._adds = False

    def add_field(self, *args: Any, **options: Any) -> None:
        """Add a field; what it points to stays as it is."""
        self._adds = True
        super().add_field(*args, **options)
        self._adds = False

    def reload_model(self, app_label: str, model_name: str, delay: bool = False) -> None:
        """Make a model's class anew, with `delay` or for what is added no other one."""
        if "apps" not in vars(self) or not (delay or self._adds):
            super().reload_model(app_label, model_name, delay)
            return
        self.is_delayed = True
        self._reload({(app_label, model_name)})  # type: ignore[attr-defined] # Django's, not in its stubs


class Executor(MigrationExecutor):
    """Django's own, which goes from nothing on a state that grows.

    A database that holds something is brought up to date by Django alone, a few steps at a time: there is nothing
    to be saved, and people's rows at stake.
    """

    def migrate(
        self,
        targets: Any,
        plan: Any = None,
        state: ProjectState | None = None,
        fake: bool = False,
        fake_initial: bool = False,
    ) -> ProjectState:
        """Bring the database to these migrations, from this state on."""
        if state is not None and not self.loader.applied_migrations:
            state = GrowingState.of(state)
        return super().migrate(targets, plan, state, fake, fake_initial)
