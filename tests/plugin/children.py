"""Programs that tests run to their end. None outlives the test process, however that ends."""

import signal
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

from tools.launch.places import ROOT
from tools.launch.processes import tied


def run(
    command: Sequence[str | Path],
    *,
    env: Mapping[str, str] | None = None,
    cwd: Path = ROOT,
    timeout: float = 250,
) -> "subprocess.CompletedProcess[str]":
    """Run a program and return what it said and how it ended; it is killed when its time is up."""
    return subprocess.run(
        command,
        check=False,
        cwd=cwd,
        env=env,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=timeout,
        preexec_fn=tied(signal.SIGKILL),
    )
