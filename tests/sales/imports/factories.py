"""Files of figures for tests, brought by a sales manager and worked at on the spot."""

import uuid
from collections.abc import Mapping
from typing import Any

from core.mediafiles.storage import Incoming
from core.mediafiles.uploads import Arrived
from partners.models import Person
from sales.imports import actions, working
from sales.imports.models import Import, Trouble
from sales.models import Product, Source
from tests.partners.factories import make_client, make_partner, make_person, make_team
from tests.sales.factories import make_crm, make_product

DEALS = "商談ID,担当者,商品コード,商談開始日,フェーズ,受注日,金額\n"
COUNTS = "日付,担当者,商品コード,架電数,リード\n"


class World:
    """A client with a sales manager and a CRM, a partner with two reps, a product."""

    def __init__(self) -> None:
        self.client = make_client(time_zone="Asia/Tokyo")
        self.partner = make_partner("みらい営業")
        self.team = make_team(self.partner)
        self.manager: Person = make_person(self.client, roles=["sales_manager"])
        self.sato, self.suzuki = (
            make_person(
                self.partner, team=self.team, family_name=name, given_name=given, sign_in=False
            )
            for name, given in (("佐藤", "葵"), ("鈴木", "蓮"))
        )
        self.product: Product = make_product("ホナミ点検")
        self.crm: Source = make_crm("Salesforce")

    def deal(self, key: str, **cells: str) -> str:
        """Return a good row of DEALS with some cells changed."""
        usual = {
            "owner": "佐藤 葵",
            "product": self.product.code,
            "opened": "2026/06/01",
            "stage": "受注",
            "closed": "2026/06/20",
            "amount": "120000",
        }
        return ",".join([key, *{**usual, **cells}.values()]) + "\n"

    def count(self, day: str, **cells: str) -> str:
        """Return a good row of COUNTS with some cells changed."""
        usual = {"owner": "佐藤 葵", "product": self.product.code, "calls": "12", "leads": "3"}
        return ",".join([day, *{**usual, **cells}.values()]) + "\n"

    def bring(
        self, content: str | bytes, grain: str = "opportunity", name: str = "deals.csv"
    ) -> Import:
        """Bring a file and have it read."""
        data = content.encode() if isinstance(content, str) else content
        incoming = Incoming()
        incoming.write(data)
        with incoming:
            file = actions.bring(
                actor=self.manager,
                source_id=self.crm.pk,
                grain=grain,
                arrived=Arrived(incoming, name, None),
            )
        return self.worked(file)

    def worked(self, file: Import) -> Import:
        """Be the worker, and return the file as it is then."""
        working.work()
        return Import.objects.get(pk=file.pk)

    def checked(
        self,
        content: str | bytes,
        grain: str = "opportunity",
        *,
        columns: Mapping[str, int] | None = None,
        product_id: uuid.UUID | None = None,
    ) -> Import:
        """Bring a file, take its columns as suggested, and have its rows looked at."""
        file = self.bring(content, grain)
        assert file.state == "mapping", file.error
        chosen = {index: key for key, index in (columns or file.mapping["columns"]).items()}
        actions.map_columns(
            actor=self.manager,
            import_id=file.pk,
            chosen=chosen,
            currency="JPY",
            product_id=product_id,
        )
        return self.worked(file)

    def applied(self, content: str | bytes, grain: str = "opportunity", **more: Any) -> Import:
        """Bring a file and take it in."""
        file = self.checked(content, grain, **more)
        assert file.state == "checked", file.error
        actions.start(actor=self.manager, import_id=file.pk)
        return self.worked(file)

    def undone(self, file: Import) -> Import:
        """Take an import back."""
        actions.undo(actor=self.manager, import_id=file.pk)
        return self.worked(file)


def troubles(file: Import) -> list[tuple[int, str, str]]:
    """Return row, column and code of all that is wrong in a file."""
    rows = Trouble.objects.filter(file=file).order_by("row", "id")
    return list(rows.values_list("row", "column", "code"))


def counted(file: Import) -> tuple[int, int, int, int]:
    """Return how many rows are new, changed, the same, left out."""
    new, changed, same, left = (file.counts[name] for name in ("new", "changed", "same", "left"))
    return new, changed, same, left
