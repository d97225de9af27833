"""What people think of answers: votes in SQLite, with all that is needed to look at the answer again.

The file stands beside the index and in no generation: votes outlive a build.
"""

from __future__ import annotations

import os
import re
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

import platformdirs

from index.errors import PostqaError
from index.reader import Index
from index.records import Record
from qa.answering.receipt import Receipt, ReceiptBroken

Verdict = Literal["", "accepted", "rejected"]

_KEY = re.compile(r"[A-Za-z0-9_-]{1,64}")
_PATIENCE = 10.0  # seconds that a writer waits for another one
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
_COLUMNS = "key, vote, word, said, receipt, at, verdict"


class FeedbackError(PostqaError):
    """Votes cannot be kept or read."""


class Voted(Record):
    """A vote as it is kept.

    Attributes:
        key: The turn that was voted on; no other has it.
        vote: 1 for helpful, -1 for not.
        word: What the person added; often nothing.
        said: The answer's text as it was shown; empty where it could not be proven any more.
        receipt: What the answer was made of, with its question and generation.
        at: When, ISO 8601 in UTC.
        verdict: What became of it in review; empty until then.
    """

    key: str
    vote: Literal[-1, 1]
    word: str
    said: str
    receipt: Receipt
    at: str
    verdict: Verdict


def default_feedback_path() -> Path:
    """The file when none is named: `QA_FEEDBACK`, else beside the index in the user's data folder."""
    named = os.environ.get("QA_FEEDBACK")
    return Path(named) if named else platformdirs.user_data_path("postqa") / "feedback.sqlite"


class Feedback:
    """Votes in a file, which the first one makes; threads and processes may share it.

    Args:
        path: The file.
        index: Gives the index that answers now, so that an answer's words are kept beside its places.
    """

    def __init__(self, path: Path, index: Callable[[], Index] | None = None) -> None:
        self.path = path
        self._index = index

    def vote(self, receipt: Receipt, vote: int, key: str) -> str:
        """Keep a vote (1 or -1) in place of an earlier one with the same key, or take that back (0); gives its id.

        A new vote begins without a word and unreviewed: what was said of the old one was not said of it.

        Raises:
            FeedbackError: The vote or the key is none, or the file cannot be written.
        """
        if vote not in (-1, 0, 1) or not _KEY.fullmatch(key):
            raise FeedbackError("this is no vote", seen=f"{vote} for {key!r}", remedy="Vote 1, -1 or 0.")
        row = (key, vote, receipt.question, self._said(receipt), receipt.model_dump_json(), receipt.generation, _now())
        with self._writing() as rows:
            rows.execute("DELETE FROM votes WHERE key = ?", (key,))
            if vote:
                names = "key, vote, question, said, receipt, generation, at"
                rows.execute(f"INSERT INTO votes ({names}) VALUES (?, ?, ?, ?, ?, ?, ?)", row)  # noqa: S608
        return key

    def comment(self, vote_id: str, word: str) -> None:
        """Keep a word on a vote; one on a vote that was taken back is dropped with it.

        Raises:
            FeedbackError: The file cannot be written.
        """
        with self._writing() as rows:
            rows.execute("UPDATE votes SET word = ? WHERE key = ?", (word, vote_id))

    def judge(self, key: str, verdict: Verdict) -> None:
        """Note what became of a vote in review.

        Raises:
            FeedbackError: The file cannot be written.
        """
        with self._writing() as rows:
            rows.execute("UPDATE votes SET verdict = ? WHERE key = ?", (verdict, key))

    def votes(self) -> list[Voted]:
        """All votes, the oldest first; none where there is no file yet.

        Raises:
            FeedbackError: The file cannot be read.
        """
        if not self.path.exists():
            return []
        with _told(self.path), closing(self._connected()) as rows:
            found = rows.execute(f"SELECT {_COLUMNS} FROM votes ORDER BY at, rowid").fetchall()  # noqa: S608
            return [_voted(row) for row in found]

    def _said(self, receipt: Receipt) -> str:
        if self._index is None:
            return ""
        try:
            return receipt.answer(self._index()).text
        except ReceiptBroken:
            return ""

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        with _told(self.path):
            if not self.path.exists():
                _create(self.path)
            with closing(self._connected()) as rows:
                rows.execute("BEGIN IMMEDIATE")
                yield rows
                rows.commit()

    def _connected(self) -> sqlite3.Connection:
        """A connection of its own for each deed: they are rare, and threads share none."""
        rows = sqlite3.connect(self.path, timeout=_PATIENCE, isolation_level=None)
        try:
            version = rows.execute("PRAGMA user_version").fetchone()[0]
            if version != _VERSION:
                raise ValueError(f"its version is {version}, not {_VERSION}")
        except BaseException:
            rows.close()
            raise
        return rows


def _create(path: Path) -> None:
    """Make the file whole beside its place and link it there: of several who come at once, one is first."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=path.parent, prefix=".feedback-") as beside:
        made = Path(beside) / path.name
        with closing(sqlite3.connect(made)) as rows:
            rows.execute("PRAGMA journal_mode = WAL")  # readers and the writer do not wait for each other
            rows.executescript(_SCHEMA)
        made.chmod(0o600)  # questions are nobody else's business
        try:
            os.link(made, path)
        except FileExistsError:
            return


def _voted(row: tuple[str, int, str, str, str, str, str]) -> Voted:
    key, vote, word, said, receipt, at, verdict = row
    return Voted.model_validate(
        {"key": key, "vote": vote, "word": word, "said": said, "at": at, "verdict": verdict}
        | {"receipt": Receipt.model_validate_json(receipt)}
    )


@contextmanager
def _told(path: Path) -> Iterator[None]:
    try:
        yield
    except (sqlite3.Error, OSError, ValueError) as error:
        raise FeedbackError(
            "votes cannot be kept or read", where=path, seen=error, remedy="Name another file in QA_FEEDBACK."
        ) from error


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
