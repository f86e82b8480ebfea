"""Roles in words, and which organisation's people may have which: a pure module."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

OF_CLIENT = ("rep", "manager", "ace", "author", "sales_manager", "admin")
OF_PARTNER = ("rep", "manager", "ace")

LABELS: dict[str, Promise] = {
    "rep": _("Rep"),
    "manager": _("Team manager"),
    "ace": _("Ace"),
    "author": _("Author"),
    "sales_manager": _("Sales manager"),
    "admin": _("Administrator"),
}

DUTIES: dict[str, Promise] = {
    "rep": _("Learns on the phone, answers quizzes, climbs the ranking"),
    "manager": _("Sees how their team is getting on"),
    "ace": _("Explains how the best would think"),
    "author": _("Writes modules and quizzes"),
    "sales_manager": _("Reads what learning does for sales"),
    "admin": _("Adds partners and people, sends invitations"),
}

# What people write in a table for a role, folded (see `partners.folding.same`).
_WORDS = {
    "rep": (
        "rep",
        "salesrep",
        "sales",
        "seller",
        "営業",
        "営業担当",
        "営業担当者",
        "担当",
        "担当者",
    ),
    "manager": (
        *("manager", "teammanager", "leader", "lead"),
        *(
            "マネージャー",
            "マネージャ",
            "マネジャー",
            "チームマネージャー",
            "責任者",
            "リーダー",
            "管理職",
        ),
    ),
    "ace": ("ace", "エース", "トップ営業"),
    "author": ("author", "教材担当", "作成者", "教材作成", "教材作成者", "著者"),
    "sales_manager": ("salesmanager", "営業責任者", "営業管理者", "営業部長"),
    "admin": ("admin", "administrator", "管理者", "システム管理者"),
}


def words() -> dict[str, tuple[str, ...]]:
    """Return the words by which a table may name each role."""
    return _WORDS


def of_kind(kind: str) -> tuple[str, ...]:
    """Return the roles that people of the client, or of a partner, may have."""
    return OF_CLIENT if kind == "client" else OF_PARTNER
