"""Many attempts in one page, taken by the product's own script: what the phone holds, sends and hears of."""

from typing import Any

TAKE = """async ({ modules, person, items, online }) => {
  const named = (part) => performance.getEntriesByType("resource").map(({ name }) => name)
    .find((name) => new URL(name).pathname.includes(`/catalog/${part}.`) && name.endsWith(".js"));
  const phone = await import(named("phone"));
  const store = await import(named("store"));
  const heard = [];
  const pause = (ms) => new Promise((go) => setTimeout(go, ms));
  for (const module of modules) {
    let row = await phone.begin({
      person, module, title: "-", version: "", chosen: {}, attempt: "", retry: false,
      renderedAt: new Date().toISOString(), items: items.length,
    });
    for (const item of items) {
      row = await phone.answer(row, item, ["a"]);
      phone.flush();
      await pause(Math.random() * 30);
    }
    row = await phone.handIn(row);
    for (let tries = 0; tries < 400; tries += 1) {
      await phone.flush();
      row = await store.get("attempts", person, row.id);
      if (row.state !== "open" || row.problem) break;
      await pause(online);
    }
    heard.push({ id: row.id, state: row.state, problem: row.problem ?? "", saved: row.saved, answers: row.answers });
  }
  return heard;
}"""
"""Takes a quiz of each module; returns what the phone was told of each attempt."""


def acknowledged(heard: list[dict[str, Any]]) -> dict[str, set[str]]:
    """Return the items of each attempt that the phone was told to be stored."""
    return {
        row["id"]: {
            item for item, seq in row["saved"].items() if seq >= row["answers"][item]["seq"]
        }
        for row in heard
    }
