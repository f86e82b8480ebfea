"""What taking a CRM's file in costs, from its arrival to its last row, in the product's own worker.

    .venv/bin/python -m bench.imports [--rows 200000] [--excel 100000]

Prints rows a second for reading, looking and taking in, and for all of it; CPU by program, and the most memory that the
worker has held. A small file goes first: what the large one needs beyond it is what grows with the file.
"""

import argparse
from pathlib import Path

from bench.stand import Stand, stand

GOAL_RATE, GOAL_EXCEL = 5_000, 60


def peak(site: Stand) -> float:
    """Return the most memory, in MB, that the worker of the queue `bulk`, or a child of it, has held."""
    roots = {pid for pid, name in site.supervisor.named_pids().items() if "bulk" in name}
    parents: dict[int, int] = {}
    held: dict[int, float] = {}
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        try:
            lines = (entry / "status").read_text().splitlines()
        except OSError:
            continue
        fields = dict(line.split(":", 1) for line in lines)
        parents[int(entry.name)] = int(fields["PPid"])
        if "VmHWM" in fields:
            held[int(entry.name)] = int(fields["VmHWM"].split()[0]) / 1024
    family = set(roots)
    for _ in range(4):
        family |= {pid for pid, parent in parents.items() if parent in family}
    return max((held[pid] for pid in family if pid in held), default=0.0)


def measure(site: Stand, kind: str, rows: int) -> None:
    """Take one file in and print what it took."""
    before = site.cpu_seconds()
    found = site.seed("bench.seed_imports", kind, str(rows))
    cpu = {name: used - before[name] for name, used in site.cpu_seconds().items()}
    took = found["took"]
    whole = sum(took.values())
    steps = ", ".join(f"{name} {seconds:.1f} s" for name, seconds in took.items())
    print(f"{kind}: {rows:,} rows, {found['size'] / 2**20:.1f} MB: {whole:.1f} s ({steps})")
    goal = f"{GOAL_EXCEL / whole:.1f}" if kind == "excel" else f"{rows / whole / GOAL_RATE:.2f}"
    print(
        f"  {rows / whole:,.0f} rows/s in all, {rows / took['take in']:,.0f} taken in; {goal} × goal"
    )
    used = ", ".join(f"{name} {seconds:.1f} s" for name, seconds in cpu.items() if seconds > 0.5)
    print(f"  CPU: {used}; worker's memory at most {peak(site):.0f} MB so far")


def main() -> None:
    """Measure."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--rows", type=int, default=200_000)
    parser.add_argument("--excel", type=int, default=100_000)
    wanted = parser.parse_args()
    with stand() as site:
        measure(site, "deals", max(wanted.rows // 20, 1000))
        measure(site, "counts", wanted.rows)
        measure(site, "deals-large", wanted.rows)
        measure(site, "excel", wanted.excel)


if __name__ == "__main__":
    main()
