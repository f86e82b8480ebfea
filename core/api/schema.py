"""The description of the doors (OpenAPI 3.1), made from the doors themselves."""

import re
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, extend_schema
from rest_framework import serializers

from core.api.doors import Door, Nothing
from core.api.shapes import Shape
from core.problems import CONTENT_TYPE

F = TypeVar("F", bound=Callable[..., Any])


class TroubleShape(Shape):
    """One thing to be mended."""

    field = serializers.CharField(help_text="Where it stands: `rows.3.day`. Rows count from 0.")
    code = serializers.CharField(help_text="For programs; stays the same within this version.")
    message = serializers.CharField(help_text="For people, in the language of whoever asks.")


class ProblemShape(Shape):
    """Problem details (RFC 9457): nothing was done."""

    type = serializers.CharField(help_text="`urn:tomoni:problem:` and the code.")
    title = serializers.CharField(help_text="What is in the way, for people, in their language.")
    status = serializers.IntegerField(help_text="The HTTP status.")
    detail = serializers.CharField(help_text="As `title`.")
    code = serializers.CharField(help_text="For programs; stays the same within this version.")
    message = serializers.CharField(help_text="As `title`.")
    field = serializers.CharField(
        help_text="The first field or parameter to mend, if there is one."
    )
    errors = TroubleShape(many=True, help_text="All that is to be mended, at most 100.")  # type: ignore[assignment]
    request_id = serializers.CharField(help_text="Names this request in our logs.")


def paged(item: type[Shape], *, followed_by: str = "") -> type[Shape]:
    """Return the shape of a page of these items; `followed_by` is the parameter that asks for what has changed."""
    fields: dict[str, Any] = {
        "__doc__": "A page of a list.",
        "items": item(many=True, help_text="What is on this page."),
        "next": serializers.CharField(
            allow_null=True, help_text="The `cursor` of the next page; null on the last one."
        ),
    }
    if followed_by:
        fields["next_since"] = serializers.DateTimeField(
            help_text=f"Ask with it as `{followed_by}` next time, to follow changes: the same on all pages of a walk."
            " Items may come twice, none is left out."
        )
    name = item.__name__.removesuffix("Shape")
    return type(f"{name}PageShape", (Shape,), fields)


def operation(
    name: str,
    *,
    tag: str,
    answer: type[Shape],
    body: type[Shape] | None = None,
    status: int = 200,
    refusals: Sequence[int] = (),
    examples: Sequence[OpenApiExample] = (),
) -> Callable[[F], F]:
    """Describe one operation: its name in clients, its group, and what is sent and answered.

    The first line of the method's docstring is its summary, the rest its description.
    """
    wrong = {400, 401, 403, 404, 429, *refusals} | ({413, 415} if body else set())
    return extend_schema(
        operation_id=name,
        tags=[tag],
        request=body,
        responses={
            status: answer,
            **{(each, CONTENT_TYPE): ProblemShape for each in sorted(wrong)},
        },
        examples=list(examples) or None,
    )


def example(name: str, value: dict[str, Any], *, sent: bool = False) -> OpenApiExample:
    """Return an example of an answer, or of what is `sent`."""
    return OpenApiExample(
        name,
        value=value,
        request_only=sent,
        response_only=not sent,
        status_codes=None if sent else ["200", "201"],
    )


class DoorSchema(AutoSchema):
    """What the schema says of a door beyond the usual: its parameters, and the scope that a token needs."""

    def get_override_parameters(self) -> list[Any]:
        """Add the door's own parameters."""
        query = getattr(self.view, "query", Nothing)
        named = [_named(name) for name in re.findall(r"{(\w+)}", self.path)]
        return [query, *named] if self.method == "GET" and query is not Nothing else named

    def get_serializer_name(self, serializer: Any, direction: Any) -> str:
        """Name a shape without the word that all of them have."""
        return str(super().get_serializer_name(serializer, direction)).removesuffix("Shape")

    def get_description(self) -> str:  # type: ignore[override]
        """Name the scope under the description."""
        words = self._lines()[1]
        scope = self._needs()
        return f"{words}\n\nScope of a token: `{scope}`.".strip() if scope else words

    def get_summary(self) -> str:
        """Return the first line of the docstring."""
        return self._lines()[0]

    def _needs(self) -> str:
        return str(self.view.needs(self.method))  # type: ignore[attr-defined]

    def _lines(self) -> tuple[str, str]:
        method = getattr(self.view, self.method.lower())
        first, _, rest = (method.__doc__ or "").strip().partition("\n")
        return first.rstrip("."), "\n".join(line.strip() for line in rest.strip().splitlines())

    def get_auth(self) -> list[Any]:
        """Say what a token needs, and that a session will do."""
        scope = self._needs()
        return [{"token": [scope] if scope else []}, {"session": []}]


def _named(name: str) -> OpenApiParameter:
    """Describe the id in an address."""
    words = f"The id of the {name.removesuffix('_id')}."
    return OpenApiParameter(name, OpenApiTypes.UUID, OpenApiParameter.PATH, description=words)


class _KnownExtension(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    target_class = "core.api.doors.Known"
    name = ["token", "session"]

    def get_security_definition(self, _auto_schema: Any) -> list[dict[str, str]]:
        """Describe both ways in."""
        return [
            {
                "type": "http",
                "scheme": "bearer",
                "description": "A token made on the page “Tokens” by an administrator.",
            },
            {
                "type": "apiKey",
                "in": "cookie",
                "name": "session",
                "description": "A signed-in browser. Changes need the header `X-CSRFToken`.",
            },
        ]


def only_ours(endpoints: list[Any], **_kwargs: Any) -> list[Any]:
    """Leave out what is no part of the published interface."""
    return [
        each
        for each in endpoints
        if each[0].startswith("/api/v1/") and issubclass(each[3].cls, Door)
    ]
