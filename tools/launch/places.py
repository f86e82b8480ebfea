"""Where things lie: the project, its state, and the short folder for sockets."""

import hashlib
import json
import os
import secrets
import shutil
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tools.launch.console import Problem

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Places:
    """The folders of one installation. All that it keeps lies under `state`."""

    state: Path

    @classmethod
    def of_the_project(cls) -> "Places":
        """Return the places of this copy of the project; TOMONI_STATE_DIR moves them."""
        return cls(Path(os.environ.get("TOMONI_STATE_DIR", ROOT / ".state")).resolve())

    @property
    def tag(self) -> str:
        """A short name that no other copy of the project on this machine has."""
        return hashlib.sha256(str(self.state).encode()).hexdigest()[:8]

    @property
    def sockets(self) -> Path:
        """The folder for Unix sockets: their paths may not be longer than 108 bytes."""
        return Path(f"/tmp/tomoni-{os.geteuid()}-{self.tag}")  # noqa: S108 - see make()

    @property
    def logs(self) -> Path:
        """Each program's own log file lies here."""
        return self.state / "logs"

    def make(self) -> "Places":
        """Create the folders; raises Problem when the socket folder belongs to someone else."""
        self.logs.mkdir(parents=True, exist_ok=True)
        self.sockets.mkdir(mode=0o711, exist_ok=True)
        found = self.sockets.lstat()
        if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.geteuid():
            raise Problem(f"{self.sockets} belongs to someone else. Remove it and start again.")
        self.sockets.chmod(0o711)
        return self

    def forget_sockets(self) -> None:
        """Remove the socket folder, when nothing runs any more."""
        shutil.rmtree(self.sockets, ignore_errors=True)

    def secret(self) -> str:
        """Return this installation's secret key, made at the first call and kept unreadable."""
        path = self.state / "secret"
        if not path.exists():
            path.touch(mode=0o600)
            path.write_text(secrets.token_urlsafe(50), encoding="ascii")
        return path.read_text(encoding="ascii")

    def read(self, name: str) -> dict[str, Any]:
        """Return what was remembered under `name`, or an empty dictionary."""
        try:
            found = json.loads((self.state / f"{name}.json").read_text(encoding="utf-8"))
        except (FileNotFoundError, ValueError):
            return {}
        return found if isinstance(found, dict) else {}

    def write(self, name: str, values: dict[str, Any]) -> None:
        """Remember `values` under `name`, whole or not at all."""
        path = self.state / f"{name}.json"
        new = path.with_suffix(".new")
        new.write_text(json.dumps(values, indent=1), encoding="utf-8")
        new.replace(path)


def fingerprint(*parts: str | Path) -> str:
    """Return a hash of texts and of files' contents: equal means that nothing changed."""
    digest = hashlib.sha256()
    for part in parts:
        if isinstance(part, Path):
            digest.update(part.read_bytes() if part.is_file() else b"absent")
        else:
            digest.update(part.encode())
        digest.update(b"\0")
    return digest.hexdigest()
