"""Posts and chunks in SQLite, read a row at a time however many there are."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Self

from index.errors import IndexClosed
from index.filters import Filters
from index.records import Chunk, Post, Sentence, SentenceKind
from index.text.tokenize import folded
from index.visible import pieces_from_json, pieces_to_json

_KINDS = tuple(SentenceKind)
PackedChunk = tuple[int, int, str, str, str]
"""Start, end, headings, sentences and visible pieces of a chunk as they are stored."""


class PostStore:
    """Posts by row and id, chunks by row; a chunk's text is cut from its post, never stored twice.

    Every method raises `IndexClosed` once the store is closed.
    """

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection: sqlite3.Connection | None = connection

    @classmethod
    def open(cls, path: Path) -> Self:
        """Open a finished store for reading; several threads may share it."""
        # A published generation never changes, so SQLite may skip its locks: a read-only folder works too.
        uri = f"{path.absolute().as_uri()}?mode=ro&immutable=1"
        return cls(sqlite3.connect(uri, uri=True, check_same_thread=False))

    def close(self) -> None:
        """Write what is pending and release the file; a closed store stays closed."""
        if self._connection is not None:
            self._connection.commit()
            self._connection.close()
        self._connection = None

    def require_open(self) -> sqlite3.Connection:
        """The connection.

        Raises:
            IndexClosed: The store is closed.
        """
        if self._connection is None:
            raise IndexClosed("the index is closed")
        return self._connection

    def _run(self, query: str, *values: Any) -> sqlite3.Cursor:
        return self.require_open().execute(query, values)

    def _value(self, query: str, *values: Any) -> Any:
        """The first field of the first row; None where there is no row."""
        row = self._run(query, *values).fetchone()
        return None if row is None else row[0]

    def _given(self, post_id: str) -> int | None:
        """The row of the post whose own id this is."""
        row: int | None = self._value("SELECT row FROM posts WHERE id = ?", post_id)
        return row

    def _values(self, query: str, *values: Any) -> list[Any]:
        """The one field of every row."""
        return [value for (value,) in self._run(query, *values)]

    def rows_meeting(self, filters: Filters) -> list[int]:
        """Rows of the posts that meet filters, in order."""
        conditions: list[str] = []
        values: list[str] = []
        for kind, wanted in (("id", filters.posts), ("author", filters.authors), ("publisher", filters.publishers)):
            if wanted:
                conditions.append(f"kind = ? AND value IN ({', '.join('?' * len(wanted))})")
                values += [kind, *(wanted if kind == "id" else map(comparable, wanted))]
        for sign, date in ((">=", filters.since), ("<=", filters.until)):
            if date is not None:
                conditions.append(f"kind = 'published' AND substr(value, 1, length(?)) {sign} ?")
                values += [date, date]
        query = " INTERSECT ".join(f"SELECT post FROM facts WHERE {one}" for one in conditions)  # noqa: S608  # no user's words
        return self._values(f"{query} ORDER BY post", *values)

    def rows_named(self, word: str) -> tuple[list[int], list[int]]:
        """Rows of the posts with a word in the title that begins so, and of those with one in an author or publisher.

        Args:
            word: As `index.text.tokenize.folded` gives it.
        """
        query = "SELECT post FROM bylines WHERE instr({}, ?) > 0"
        title, names = (self._values(query.format(field), f" {word}") for field in ("title", "names"))
        return title, names

    def values(self, kind: str) -> list[tuple[str, int]]:
        """Every author or publisher as written, with how many posts are theirs, the commonest first."""
        query = "SELECT value, count(*) AS posts FROM facts WHERE kind = ? GROUP BY value ORDER BY posts DESC, value"
        return self._run(query, f"{kind} as written").fetchall()

    def ids(self, prefix: str, limit: int) -> list[tuple[str, str]]:
        """Ids that begin with some characters, each with its post's title."""
        query = """SELECT id, json_extract(record, '$.title') FROM posts
            WHERE substr(id, 1, length(?1)) = ?1 ORDER BY id LIMIT ?2"""
        return self._run(query, prefix, limit).fetchall()

    def packed_chunks(self, rows: range) -> list[PackedChunk]:
        """The chunks of rows that follow each other, counted from 0, as they are stored."""
        query = "SELECT start, stop, headings, sentences, pieces FROM chunks WHERE row > ? AND row <= ? ORDER BY row"
        return self._run(query, rows.start, rows.stop).fetchall()

    def language(self, digest: str) -> str | None:
        """The language detected in a text, if it was ever looked at."""
        language: str | None = self._value("SELECT language FROM detected WHERE digest = ?", digest)
        return language

    def count_posts(self) -> int:
        """How many posts there are."""
        return int(self._value("SELECT count(*) FROM posts"))

    def last_row(self) -> int:
        """The highest row of a post; rows are numbered from 1, and some may have been taken out."""
        return int(self._value("SELECT coalesce(max(row), 0) FROM posts"))

    def count_chunks(self) -> int:
        """How many chunks there are, at once: rows are numbered from 1 and none is ever taken out."""
        return int(self._value("SELECT coalesce(max(row), 0) FROM chunks"))

    def languages(self) -> tuple[str, ...]:
        """The posts' languages, the commonest first."""
        return tuple(self.language_counts())

    def language_counts(self) -> dict[str, int]:
        """How many posts each language has, the commonest first."""
        query = """SELECT json_extract(record, '$.language') AS language, count(*) FROM posts
            GROUP BY language ORDER BY count(*) DESC, min(row)"""
        return dict(self._run(query).fetchall())

    def posts_in(self, language: str) -> list[tuple[int, Post]]:
        """Rows and posts of a language, in row order."""
        query = "SELECT row, record FROM posts WHERE json_extract(record, '$.language') = ? ORDER BY row"
        return [(row, Post.model_validate_json(record)) for row, record in self._run(query, language)]

    def digests(self) -> list[tuple[int, str, str]]:
        """Every post's row, digest and language, in row order."""
        query = "SELECT row, digest, json_extract(record, '$.language') FROM posts ORDER BY row"
        return self._run(query).fetchall()

    def row_of(self, digest: str, language: str) -> int | None:
        """The row of the post with a digest and a language, if there is one."""
        query = "SELECT row FROM posts WHERE digest = ? AND json_extract(record, '$.language') = ?"
        row: int | None = self._value(query, digest, language)
        return row

    def row_of_id(self, post_id: str) -> int | None:
        """The row of the post of an id, or of the first that was found under it too, if there is one."""
        row: int | None = self._given(post_id)
        if row is None:
            row = self._value("SELECT min(post) FROM facts WHERE kind = 'id' AND value = ?", post_id)
        return row

    def posts(self) -> Iterator[tuple[int, Post]]:
        """Every post with its row, in row order."""
        for row, record in self._run("SELECT row, record FROM posts ORDER BY row"):
            yield row, Post.model_validate_json(record)

    def some_posts(self, offset: int, limit: int) -> list[Post]:
        """So many posts from one on, in row order."""
        records = self._values("SELECT record FROM posts ORDER BY row LIMIT ? OFFSET ?", limit, offset)
        return [Post.model_validate_json(record) for record in records]

    def post(self, row: int) -> Post:
        """The post of a row."""
        return Post.model_validate_json(self._value("SELECT record FROM posts WHERE row = ?", row))

    def post_by_id(self, post_id: str) -> Post | None:
        """The post of an id, or the first that was found under it too, if there is one."""
        row = self.row_of_id(post_id)
        return None if row is None else self.post(row)

    def chunk(self, row: int, post: Post) -> Chunk:
        """The chunk of a row, counted from 0, which must be of the post given."""
        (packed,) = self.packed_chunks(range(row, row + 1))
        return _unpacked(post, *packed)

    def all_chunks(self) -> Iterator[tuple[Post, Chunk]]:
        """Every chunk with its post, in row order."""
        return self.some_chunks(range(self.count_chunks()))

    def some_chunks(self, rows: Iterable[int]) -> Iterator[tuple[Post, Chunk]]:
        """The chunks of rows, counted from 0, each with its post."""
        post_row, post = -1, None
        for row in rows:
            owner = self._value("SELECT post FROM chunks WHERE row = ?", row + 1)
            if post is None or owner != post_row:
                post_row, post = owner, self.post(owner)
            yield post, self.chunk(row, post)


def comparable(name: str) -> str:
    """A name without case, accents and repeated spaces."""
    return " ".join(folded(name).split())


def packed_chunk(chunk: Chunk) -> PackedChunk:
    """A chunk as it is stored."""
    sentences = [[sentence.start, sentence.end, _KINDS.index(sentence.kind)] for sentence in chunk.sentences]
    packed = json.dumps(sentences, separators=(",", ":"))
    return chunk.start, chunk.end, json.dumps(chunk.headings), packed, pieces_to_json(chunk.pieces)


def _unpacked(post: Post, start: int, stop: int, headings: str, sentences: str, pieces: str) -> Chunk:
    unpacked = tuple(Sentence(start=a, end=b, kind=_KINDS[kind]) for a, b, kind in json.loads(sentences))
    return Chunk.cut(post, start, stop, tuple(json.loads(headings)), unpacked, pieces_from_json(pieces))
