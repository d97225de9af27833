"""Users: names with salted password hashes, in a file that is read again when it changes."""

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

_MAX_LENGTH = 200  # characters of a name or a password; more would only be work for the hash
_FORBIDDEN = frozenset(":\n\r\0")


class Users:
    """The users of a users file.

    Raises:
        SettingsError: The file cannot be read, or a line of it is not a name and a hash.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = Lock()
        self._state = self._file_state()
        self._hashes = read_users(path)
        self._verified: dict[str, str] = {}

    def verify(self, name: str, password: str) -> bool:
        """Whether the name is known and the password is its own.

        A password that was right is recognised at once afterwards, as long as the file stays as it is.
        """
        if len(name) > _MAX_LENGTH or len(password) > _MAX_LENGTH:
            return False
        stored = self._current().get(name)
        digest = hashlib.sha256(f"{stored}\0{password}".encode("utf-8", "replace")).hexdigest()
        if stored is not None and self._verified.get(name) == digest:
            return True
        if not _matches(stored or _unknown_user(), password) or stored is None:
            return False
        self._verified[name] = digest
        return True

    def fingerprint(self, name: str) -> str | None:
        """Changes when a user's password does; None for an unknown user."""
        stored = self._current().get(name)
        return None if stored is None else hashlib.sha256(stored.encode()).hexdigest()[:16]

    def _current(self) -> dict[str, str]:
        """Names and hashes as the file has them now; where it cannot be read, those of before, with a warning."""
        with self._lock:
            state = self._file_state()
            if state != self._state:
                self._state = state
                try:
                    self._hashes, self._verified = read_users(self._path), {}
                except SettingsError as error:
                    warnings.warn(f"who could log in still can: {error}", stacklevel=2)
            return self._hashes

    def _file_state(self) -> tuple[int, int] | None:
        """Changes when somebody writes the file."""
        try:
            state = self._path.stat()
        except OSError:
            return None
        return state.st_mtime_ns, state.st_ino


def read_users(path: Path) -> dict[str, str]:
    """Names and hashes of a users file.

    Raises:
        SettingsError: It cannot be read, or a line of it is not a name, a colon and an Argon2 hash.
    """
    users = {}
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(
            "the users file cannot be read", where=path, seen=error, remedy="Make one: qa user add NAME --file FILE."
        ) from error
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        name, _, stored = line.partition(":")
        if not (name and stored.startswith("$argon2")):
            raise SettingsError(
                "a line is not a name and a password hash", where=f"{path}, line {number}", remedy="Use qa user add."
            )
        users[name] = stored
    return users


def add_user(path: Path, name: str, password: str) -> None:
    """Add a user to a users file, or set a user's password; only the file's owner can read it.

    Raises:
        SettingsError: The name or the password cannot be used, or the file cannot be read or written.
    """
    if not name.strip() or _FORBIDDEN & set(name) or len(name) > _MAX_LENGTH:
        raise SettingsError("the name cannot be used", seen=name, remedy="Use a name without a colon.")
    if not 8 <= len(password) <= _MAX_LENGTH:
        raise SettingsError("the password is too short or too long", remedy=f"Use 8 to {_MAX_LENGTH} characters.")
    users = read_users(path) if path.exists() else {}
    users[name] = PasswordHasher().hash(password)
    lines = "".join(f"{user}:{stored}\n" for user, stored in users.items())
    try:
        write_file(path, lines.encode(), mode=0o600)
    except OSError as error:
        raise SettingsError("the users file cannot be written", where=path, seen=error) from error


def _matches(stored: str, password: str) -> bool:
    try:
        return PasswordHasher().verify(stored, password)
    except (VerificationError, InvalidHashError):
        return False


@cache
def _unknown_user() -> str:
    """A hash to compare an unknown user's password with: the time taken does not tell which names exist."""
    return PasswordHasher().hash(os.urandom(16).hex())
