"""A program that binds itself and then becomes another one.

`python -I limited.py '{"cpu": 60, "memory": 4294967296, "file": 1073741824}' ffmpeg …`

What reads a stranger's file gets little time, memory and disk, no network where the system allows to
take it away, and it dies with the worker that started it. It has no imports from Tomoni.
"""

import contextlib
import ctypes
import json
import os
import resource
import signal
import sys

_PR_SET_PDEATHSIG = 1
_PR_SET_NO_NEW_PRIVS = 38
_CLONE_NEWUSER = 0x10000000
_CLONE_NEWNET = 0x40000000


def _bind(limits: "dict[str, int]") -> None:
    for what, most in (
        (resource.RLIMIT_CPU, limits["cpu"]),
        (resource.RLIMIT_AS, limits["memory"]),
        (resource.RLIMIT_FSIZE, limits["file"]),
        (resource.RLIMIT_NOFILE, 64),
        (resource.RLIMIT_CORE, 0),
    ):
        hardest = resource.getrlimit(what)[1]
        bound = most if hardest == resource.RLIM_INFINITY else min(most, hardest)
        # macOS knows no limit of memory; what can't be bound is left to the clock.
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(what, (bound, bound))


def _isolate() -> None:
    """Linux only, and as far as the system allows: a container may forbid new namespaces."""
    libc = ctypes.CDLL(None, use_errno=True)
    parent = os.getppid()
    libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != parent:  # it died before we were bound to it
        sys.exit(1)
    libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    if libc.unshare(_CLONE_NEWNET):
        libc.unshare(_CLONE_NEWUSER | _CLONE_NEWNET)


if __name__ == "__main__":
    _bind(json.loads(sys.argv[1]))
    if sys.platform == "linux":
        _isolate()
    os.execv(sys.argv[2], sys.argv[2:])  # noqa: S606 - the caller names the program
