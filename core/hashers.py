"""Password hashing within a budget: <= 60 ms and 19 MiB a hash, at most four at once in a process."""

import threading

from django.contrib.auth.hashers import Argon2PasswordHasher

_slots = threading.BoundedSemaphore(4)


class Argon2id(Argon2PasswordHasher):
    """Argon2id with OWASP's second recommendation (m = 19 MiB, t = 2, p = 1).

    The semaphore keeps a morning's sign-ins from using up memory and both cores at once.
    """

    time_cost = 2
    memory_cost = 19 * 1024
    parallelism = 1

    def encode(self, password: str, salt: str) -> str:
        """Hash the password."""
        with _slots:
            return str(super().encode(password, salt))

    def verify(self, password: str, encoded: str) -> bool:
        """Compare the password with its hash."""
        with _slots:
            return bool(super().verify(password, encoded))
