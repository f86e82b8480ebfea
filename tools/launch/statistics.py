"""The statistics worker's libraries: they are fetched once the first page is there, and then the worker starts.

`python -m tools.launch.statistics` installs them.
"""

import signal
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tools.launch import install, programs
from tools.launch.console import run_command, say
from tools.launch.places import ROOT, Places
from tools.launch.processes import Program, Supervisor, tied

GROUP = "stats"


@dataclass
class Statistics:
    """The statistics worker of one start: there at once where its libraries are, else a little later."""

    places: Places
    supervisor: Supervisor
    environment: Mapping[str, str]
    _fetching: "subprocess.Popen[bytes] | None" = None

    def workers(self) -> list[Program]:
        """Return its worker, if its libraries are there."""
        return [self._worker()] if install.has(GROUP) else []

    def fetch(self) -> None:
        """Begin to install what is missing, without waiting."""
        if install.has(GROUP):
            return
        say("  Statistics are being installed; until then reports wait.")
        with (self.places.logs / "statistics.log").open("ab") as log:
            self._fetching = subprocess.Popen(
                [str(install.PYTHON), "-m", "tools.launch.statistics"],
                cwd=ROOT,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                preexec_fn=tied(signal.SIGTERM),  # noqa: PLW1509 - one thread forks
            )

    def look(self) -> None:
        """Start the worker once its libraries have arrived."""
        code = self._fetching.poll() if self._fetching else None
        if code is None:
            return
        self._fetching = None
        if code:
            say("  Statistics could not be installed (statistics.log); the next start tries again.")
            return
        self.supervisor.start(self._worker())
        say("  Statistics are in: reports are computed now.")

    def stop(self) -> None:
        """End an installation that still goes on; the next start begins it anew."""
        if self._fetching:
            self._fetching.terminate()
            self._fetching.wait()
            self._fetching = None

    def _worker(self) -> Program:
        return programs.worker([programs.STATISTICS], self.environment, 1)


def main(_arguments: Sequence[str]) -> int:
    """Install the libraries."""
    install.ensure([GROUP], Places.of_the_project().make())
    return 0


if __name__ == "__main__":
    run_command(main)
