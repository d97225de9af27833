"""What people think of answers: votes in SQLite, with all that is needed to show the answer again.

The file is not part of an index generation: votes outlive a build.
"""

from __future__ import annotations

import os
import re
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from index.errors import PostqaError
from index.files import data_folder, place_file
from index.reader import Index
from index.records import Record
from qa.answering.receipt import Receipt, ReceiptBroken

Verdict = Literal["", "accepted", "rejected"]

_KEY = re.compile(r"[A-Za-z0-9_-]{1,64}")
_BUSY_TIMEOUT = 10.0  # seconds that a writer waits for another one
_VERSION = 1
_SCHEMA = f"""
CREATE TABLE votes (
    key TEXT PRIMARY KEY,
    vote INTEGER NOT NULL CHECK (vote IN (-1, 1)),
    word TEXT NOT NULL DEFAULT '',
    question TEXT NOT NULL,
    said TEXT NOT NULL,
    receipt TEXT NOT NULL,
    generation INTEGER NOT NULL,
    at TEXT NOT NULL,
    verdict TEXT NOT NULL DEFAULT ''
) STRICT;
PRAGMA user_version = {_VERSION};
"""
_INSERT = """
INSERT OR REPLACE INTO votes (key, vote, question, said, receipt, generation, at) VALUES (?, ?, ?, ?, ?, ?, ?)
"""
_SELECT = """
SELECT key, vote, word AS comment, said AS answer_text, receipt, at, verdict FROM votes ORDER BY at, rowid
"""


class FeedbackError(PostqaError):
    """Votes cannot be kept or read."""


class Vote(Record):
    """A vote as it is kept.

    Attributes:
        key: The turn that was voted on; no other has it.
        vote: 1 for helpful, -1 for not.
        comment: What the person added; often nothing.
        answer_text: As it was shown; empty where it could not be proven any more.
        receipt: What the answer was made of, with its question and generation.
        at: When, ISO 8601 in UTC.
        verdict: What became of it in review; empty until then.
    """

    key: str
    vote: Literal[-1, 1]
    comment: str
    answer_text: str
    receipt: Receipt
    at: str
    verdict: Verdict


def default_feedback_path() -> Path:
    """The file when none is named: `QA_FEEDBACK`, else in the user's data folder."""
    named = os.environ.get("QA_FEEDBACK")
    return Path(named) if named else data_folder() / "feedback.sqlite"


@dataclass(frozen=True)
class Feedback:
    """Votes in a file, which the first one makes; threads and processes may share it.

    Attributes:
        index: Gives the index that answers now, so that an answer's text is kept beside its places.
    """

    path: Path
    index: Callable[[], Index] | None = None

    def vote(self, receipt: Receipt, vote: int, key: str) -> str:
        """Keep a vote (1 or -1) in place of an earlier one with the same key, or delete that (0); returns its key.

        A new vote has no comment and is not reviewed: both were about the old one.

        Raises:
            FeedbackError: The vote or the key is none, or the file cannot be written.
        """
        if vote not in (-1, 0, 1) or not _KEY.fullmatch(key):
            raise FeedbackError("this is no vote", seen=f"{vote} for {key!r}", remedy="Vote 1, -1 or 0.")
        if vote:
            at = datetime.now(UTC).isoformat(timespec="seconds")
            content = receipt.question, self._answer_text(receipt), receipt.model_dump_json(), receipt.generation
            self._write(_INSERT, key, vote, *content, at)
        else:
            self._write("DELETE FROM votes WHERE key = ?", key)
        return key

    def comment(self, key: str, comment: str) -> None:
        """Keep a comment on a vote; one on a vote that was deleted is dropped with it.

        Raises:
            FeedbackError: The file cannot be written.
        """
        self._write("UPDATE votes SET word = ? WHERE key = ?", comment, key)

    def judge(self, key: str, verdict: Verdict) -> None:
        """Note what became of a vote in review.

        Raises:
            FeedbackError: The file cannot be written.
        """
        self._write("UPDATE votes SET verdict = ? WHERE key = ?", verdict, key)

    def votes(self) -> list[Vote]:
        """All votes, the oldest first; none where there is no file yet.

        Raises:
            FeedbackError: The file cannot be read.
        """
        if not self.path.exists():
            return []
        with self._connected() as rows:
            return [
                Vote.model_validate({**row, "receipt": Receipt.model_validate_json(row["receipt"])})
                for row in rows.execute(_SELECT)
            ]

    def _answer_text(self, receipt: Receipt) -> str:
        with suppress(ReceiptBroken):
            return receipt.answer(self.index()).text if self.index else ""
        return ""

    def _write(self, statement: str, *values: object) -> None:
        with self._connected() as rows:
            rows.execute(statement, values)

    @contextmanager
    def _connected(self) -> Iterator[sqlite3.Connection]:
        """A connection for one statement: they are rare, and threads share none."""
        try:
            if not self.path.exists():
                _create(self.path)
            with closing(sqlite3.connect(self.path, timeout=_BUSY_TIMEOUT, isolation_level=None)) as rows:
                rows.row_factory = sqlite3.Row
                (version,) = rows.execute("PRAGMA user_version").fetchone()
                if version != _VERSION:
                    raise ValueError(f"its version is {version}, not {_VERSION}")
                yield rows
        except (sqlite3.Error, OSError, ValueError) as error:
            raise FeedbackError(
                "votes cannot be kept or read", where=self.path, seen=error, remedy="Name another file in QA_FEEDBACK."
            ) from error


def _create(path: Path) -> None:
    """Make the file beside its place and link it there: of several who come at once, one is first."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=path.parent, prefix=".feedback-") as folder:
        pending = Path(folder) / path.name
        with closing(sqlite3.connect(pending)) as rows:
            rows.execute("PRAGMA journal_mode = WAL")  # readers and the writer do not wait for each other
            rows.executescript(_SCHEMA)
        pending.chmod(0o600)  # questions are nobody else's business
        with suppress(FileExistsError):
            place_file(pending, path, replace=False)
