"""Bring one file of sales figures to the stand and go all its way, as a sales manager would; prints JSON of seconds.

`python -m bench.seed_imports deals|counts|excel ROWS`. The stand's own worker does the work.
"""

import io
import json
import sys
import time
from collections.abc import Iterator

import django

django.setup()  # models can be imported only from here on

from core.mediafiles.storage import Incoming
from core.mediafiles.uploads import Arrived
from core.scope import CLIENT, enter
from core.tables import writing
from partners.models import Person
from sales import measures
from sales.imports import actions, exporting
from sales.imports.models import Import
from sales.models import Product, Source
from tests.partners.factories import make_client, make_partner, make_person, make_team

PEOPLE, PRODUCTS = 500, 5


def world() -> Person:
    """Make people, products and a source once; returns the sales manager."""
    client = make_client()
    found = Person.objects.filter(roles__contains=["sales_manager"]).first()
    if found is not None:
        return found
    Source.objects.create(name="CRM")
    for n in range(PRODUCTS):
        Product.objects.create(code=f"P{n}", name=f"商品{n}")
    partner = make_partner()
    team = make_team(partner)
    for n in range(PEOPLE):
        make_person(partner, team=team, sign_in=False, email=f"rep{n}@example.com")
    return make_person(client, roles=["sales_manager"])


def rows(kind: str, count: int) -> Iterator[list[str]]:
    """Yield a file's rows, its header first."""
    if kind == "counts":
        yield exporting.heads(measures.ACTIVITY, "ja")
        for n in range(count):
            day = f"2026/{n // 2500 % 10 + 1}/{n // 25000 % 28 + 1}"
            whose = [day, f"rep{n % PEOPLE}@example.com", "", f"P{n // PEOPLE % PRODUCTS}"]
            yield [*whose, str(n % 40), str(n % 7), "", "", ""]
        return
    yield exporting.heads(measures.OPPORTUNITY, "ja")
    for n in range(count):
        month = n % 6 + 1
        closed = ["受注", f"2026/{month + 3}/20"] if n % 2 else ["進行中", ""]
        start = [f"{kind}-{n:07}", f"rep{n % PEOPLE}@example.com", "", f"P{n % PRODUCTS}"]
        stages = [f"2026/{month}/8", f"2026/{month}/15", ""]
        money = [f"¥{n % 900 * 1000:,}", "", ""]
        yield [*start, f"2026/{month}/1", closed[0], *stages, closed[1], *money]


def content(kind: str, count: int) -> Incoming:
    """Write the file as it would arrive."""
    incoming = Incoming()
    if kind == "excel":
        out = io.BytesIO()
        writing.write_excel(rows(kind, count), out, title="x")
        incoming.write(out.getvalue())
    else:
        for piece in writing.csv_pieces(rows(kind, count)):
            incoming.write(piece)
    return incoming


def settled(file: Import, states: tuple[str, ...]) -> float:
    """Wait until the worker, a process of its own that calls nobody back, is through; returns the seconds."""
    began = time.perf_counter()
    while True:
        now = Import.objects.only("state", "error").get(pk=file.pk)
        if now.state in states:
            return time.perf_counter() - began
        if now.state == "failed":
            raise SystemExit(f"failed: {now.error}")
        time.sleep(0.05)


def main(kind: str, count: int) -> None:
    """Go all the way."""
    enter(CLIENT)
    manager = world()
    grain = measures.ACTIVITY if kind == "counts" else measures.OPPORTUNITY
    with content(kind, count) as incoming:
        size = incoming.size
        source = Source.objects.get(name="CRM").pk
        arrived = Arrived(incoming, f"{kind}.csv", None)
        file = actions.bring(actor=manager, source_id=source, grain=grain, arrived=arrived)
    took = {"read": settled(file, ("mapping",))}
    file.refresh_from_db()
    chosen = {index: key for key, index in file.mapping["columns"].items()}
    actions.map_columns(
        actor=manager, import_id=file.pk, chosen=chosen, currency="JPY", product_id=None
    )
    took["look"] = settled(file, ("checked",))
    actions.start(actor=manager, import_id=file.pk)
    took["take in"] = settled(file, ("applied",))
    counts = Import.objects.get(pk=file.pk).counts
    assert counts["new"] == count, counts
    json.dump({"size": size, "took": took}, sys.stdout)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
