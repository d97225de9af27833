"""Who may ask: names with salted password hashes in a file that is read again when it changes."""

from __future__ import annotations

import hashlib
import os
import warnings
from functools import cache
from pathlib import Path
from threading import Lock

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from index.errors import SettingsError
from index.files import write_file

_LONGEST = 200  # characters of a name or a password; more would only be work for the hash
_FORBIDDEN = frozenset(":\n\r\0")


class Users:
    """The people of a users file.

    Raises:
        SettingsError: The file cannot be read, or a line of it is not a name and a hash.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = Lock()
        self._stamp = self._look()
        self._hashes = read_users(path)
        self._verified: dict[str, str] = {}

    def admits(self, name: str, password: str) -> bool:
        """Whether the name is known and the password is its own.

        A password that was right is recognised at once afterwards, as long as the file stays as it is.
        """
        if len(name) > _LONGEST or len(password) > _LONGEST:
            return False
        known = self._current().get(name)
        seal = hashlib.sha256(f"{known}\0{password}".encode("utf-8", "replace")).hexdigest()
        if known is not None and self._verified.get(name) == seal:
            return True
        if not _matches(known or _nobody(), password) or known is None:
            return False
        self._verified[name] = seal
        return True

    def mark(self, name: str) -> str | None:
        """What changes when a person's password does; None for a stranger."""
        known = self._current().get(name)
        return None if known is None else hashlib.sha256(known.encode()).hexdigest()[:16]

    def _current(self) -> dict[str, str]:
        """Names and hashes as the file has them now; one that cannot be read changes nothing, and that is said."""
        with self._lock:
            stamp = self._look()
            if stamp != self._stamp:
                self._stamp = stamp
                try:
                    self._hashes, self._verified = read_users(self._path), {}
                except SettingsError as fault:
                    warnings.warn(f"who could log in still can: {fault}", stacklevel=2)
            return self._hashes

    def _look(self) -> tuple[int, int] | None:
        """What changes when somebody writes the file."""
        try:
            found = self._path.stat()
        except OSError:
            return None
        return found.st_mtime_ns, found.st_ino


def read_users(path: Path) -> dict[str, str]:
    """Names and hashes of a users file.

    Raises:
        SettingsError: It cannot be read, or a line of it is not a name, a colon and an Argon2 hash.
    """
    found = {}
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(
            "the users file cannot be read", where=path, seen=error, remedy="Make one: qa user add NAME --file FILE."
        ) from error
    for number, line in enumerate(lines, 1):
        name, _, known = line.partition(":")
        if line.strip() and not (name and known.startswith("$argon2")):
            raise SettingsError(
                "a line is not a name and a password hash", where=f"{path}, line {number}", remedy="Use qa user add."
            )
        if line.strip():
            found[name] = known
    return found


def add_user(path: Path, name: str, password: str) -> None:
    """Add a person to a users file, or give one a new password; the file is for its owner's eyes only.

    Raises:
        SettingsError: The name or the password cannot be used, or the file cannot be read or written.
    """
    if not name.strip() or _FORBIDDEN & set(name) or len(name) > _LONGEST:
        raise SettingsError("the name cannot be used", seen=name, remedy="Use a name without a colon.")
    if not 8 <= len(password) <= _LONGEST:
        raise SettingsError("the password is too short or too long", remedy=f"Use 8 to {_LONGEST} characters.")
    users = read_users(path) if path.exists() else {}
    users[name] = PasswordHasher().hash(password)
    lines = "".join(f"{one}:{known}\n" for one, known in users.items())
    try:
        write_file(path, lines.encode(), mode=0o600)
    except OSError as error:
        raise SettingsError("the users file cannot be written", where=path, seen=error) from error


def _matches(known: str, password: str) -> bool:
    try:
        return PasswordHasher().verify(known, password)
    except (VerificationError, InvalidHashError):
        return False


@cache
def _nobody() -> str:
    """A stranger's password is compared all the same: the time taken does not tell which names there are."""
    return PasswordHasher().hash(os.urandom(16).hex())
