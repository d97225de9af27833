"""Posts and chunks in SQLite: however large, read a row at a time."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from enum import StrEnum
from pathlib import Path
from typing import Any, Self

from index.errors import IndexClosed
from index.filters import Filters
from index.records import Chunk, Post, Sentence, SentenceKind
from index.storage.twins import beside, distinct_ids, richness, twin_groups, twin_key, version_key
from index.text.tokenize import folded, words
from index.visible import pieces_from_json, pieces_to_json

_SCHEMA = """
CREATE TABLE posts (
    row INTEGER PRIMARY KEY, id TEXT NOT NULL, digest TEXT NOT NULL, version TEXT NOT NULL UNIQUE,
    twin TEXT NOT NULL, record TEXT NOT NULL
);
CREATE INDEX posts_id ON posts (id);
CREATE INDEX posts_digest ON posts (digest);
CREATE INDEX posts_twin ON posts (twin);
CREATE TABLE chunks (
    row INTEGER PRIMARY KEY, post INTEGER NOT NULL, start INTEGER NOT NULL, stop INTEGER NOT NULL,
    headings TEXT NOT NULL, sentences TEXT NOT NULL, pieces TEXT NOT NULL
);
CREATE TABLE facts (
    post INTEGER NOT NULL, kind TEXT NOT NULL, value TEXT NOT NULL, PRIMARY KEY (post, kind, value)
) WITHOUT ROWID;
CREATE INDEX facts_value ON facts (kind, value, post);
CREATE TABLE bylines (post INTEGER PRIMARY KEY, title TEXT NOT NULL, names TEXT NOT NULL);
CREATE TABLE detected (digest TEXT PRIMARY KEY, language TEXT NOT NULL) WITHOUT ROWID;
"""
_KINDS = tuple(SentenceKind)
PackedChunk = tuple[int, int, str, str, str]
"""Start, end, headings, sentences and visible pieces of a chunk as they are stored."""


class Stored(StrEnum):
    """What became of a post that was put into the store."""

    NEW = "new"
    TWIN = "twin"
    NEW_VERSION = "new version"


class PostStore:
    """Posts by row and id, chunks by row; a chunk's text is cut from its post, never stored twice.

    Every method raises `IndexClosed` once the store is closed.
    """

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection: sqlite3.Connection | None = connection

    @classmethod
    def create(cls, path: Path) -> Self:
        """A new, empty store."""
        connection = sqlite3.connect(path)
        connection.executescript(_SCHEMA)
        return cls(connection)

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

    def put(self, post: Post) -> Stored:
        """Keep a post; under the same id and title, a later text from the same file is its new version.

        `merge_twins` and `tell_ids_apart` settle what several files have, when every post is in.
        """
        digest = hashlib.sha256("\0".join((post.title, post.body, post.visible_pieces)).encode()).hexdigest()
        version = version_key(post)
        row, old, record = self._run("SELECT row, digest, record FROM posts WHERE version = ?", version).fetchone() or (
            None,
            None,
            None,
        )
        if record is not None and old == digest:
            post = beside(Post.model_validate_json(record), [post])
        stored = self._value(
            "INSERT OR REPLACE INTO posts (row, id, digest, version, twin, record) VALUES (?, ?, ?, ?, ?, ?) "
            "RETURNING row",
            *(row, post.id, digest, version, twin_key(post), post.model_dump_json()),
        )
        self._put_facts(stored, post)
        return Stored.NEW if row is None else Stored.TWIN if old == digest else Stored.NEW_VERSION

    def merge_twins(self) -> int:
        """Of posts with the same body keep the one that most is known of; it remembers the others' places and ids.

        Returns:
            How many posts went into others.
        """
        merged = 0
        for posts in self._repeated("twin"):
            rows = {id(post): row for row, post in posts}
            for group in twin_groups([post for _, post in posts]):
                kept = max(group, key=richness)
                others = sorted((post for post in group if post is not kept), key=lambda post: rows[id(post)])
                for row in (rows[id(post)] for post in others):
                    for table, key in (("posts", "row"), ("facts", "post"), ("bylines", "post")):
                        self._run(f"DELETE FROM {table} WHERE {key} = ?", row)  # noqa: S608  # names of our own
                self._update(rows[id(kept)], beside(kept, others))
                merged += len(others)
        return merged

    def tell_ids_apart(self, sources: Sequence[str]) -> int:
        """Give different texts under one id ids of their own, under which the old one is remembered.

        Args:
            sources: The files and folders that were read; the new ids name files relative to them.

        Returns:
            How many ids several texts had.
        """
        shared = 0
        for posts in self._repeated("id"):
            shared += 1
            rows = {id(post): row for row, post in posts}
            for post, candidates in distinct_ids([post for _, post in posts], sources):
                row = rows[id(post)]
                new = next(name for name in (*candidates, f"{post.id} ({row})") if self._given(name) is None)
                self._update(row, beside(post.model_copy(update={"id": new}), [post]))
        self._run("CREATE UNIQUE INDEX posts_unique_id ON posts (id)")
        return shared

    def _repeated(self, column: str) -> Iterator[list[tuple[int, Post]]]:
        """Rows and posts, in row order, that have the same value in a column."""
        values = self._run(f"SELECT {column} FROM posts GROUP BY {column} HAVING count(*) > 1")  # noqa: S608  # a literal
        for value in _column(values):
            rows = self._run(f"SELECT row, record FROM posts WHERE {column} = ? ORDER BY row", value)  # noqa: S608
            yield [(row, Post.model_validate_json(record)) for row, record in rows]

    def _update(self, row: int, post: Post) -> None:
        self._run("UPDATE posts SET id = ?, record = ? WHERE row = ?", post.id, post.model_dump_json(), row)
        self._put_facts(row, post)

    def _given(self, post_id: str) -> int | None:
        """The row of the post whose own id this is."""
        row: int | None = self._value("SELECT row FROM posts WHERE id = ?", post_id)
        return row

    def _put_facts(self, row: int, post: Post) -> None:
        """Store what a post can be filtered by, and searched by."""
        self._run("DELETE FROM facts WHERE post = ?", row)
        facts = dict.fromkeys((row, kind, value) for kind, value in _facts(post))
        self.require_open().executemany("INSERT INTO facts VALUES (?, ?, ?)", facts)
        names = _searched(*post.authors, post.publisher or "")
        self._run("INSERT OR REPLACE INTO bylines VALUES (?, ?, ?)", row, _searched(post.title), names)

    def rows_meeting(self, filters: Filters) -> list[int]:
        """Rows of the posts that meet filters, in order."""
        conditions: list[str] = []
        values: list[str] = []
        for kind, wanted in (("id", filters.posts), ("author", filters.authors), ("publisher", filters.publishers)):
            if wanted:
                conditions.append(f"kind = ? AND value IN ({', '.join('?' * len(wanted))})")
                values += [kind, *(wanted if kind == "id" else map(_comparable, wanted))]
        for sign, date in ((">=", filters.since), ("<=", filters.until)):
            if date is not None:
                conditions.append(f"kind = 'published' AND substr(value, 1, length(?)) {sign} ?")
                values += [date, date]
        query = " INTERSECT ".join(f"SELECT post FROM facts WHERE {one}" for one in conditions)  # noqa: S608  # no user's words
        return _column(self._run(f"{query} ORDER BY post", *values))

    def rows_named(self, word: str) -> tuple[list[int], list[int]]:
        """Rows of the posts with a word in the title that begins so, and of those with one in an author or publisher.

        Args:
            word: As `index.text.tokenize.folded` gives it.
        """
        query = "SELECT post FROM bylines WHERE instr({}, ?) > 0"
        title, names = (_column(self._run(query.format(field), f" {word}")) for field in ("title", "names"))
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

    def put_chunks(self, post_row: int, chunks: Sequence[Chunk]) -> None:
        """Add a post's chunks behind those already there."""
        self.put_packed(post_row, map(_packed, chunks))

    def put_packed(self, post_row: int, chunks: Iterable[PackedChunk]) -> None:
        """Add a post's chunks as another store holds them."""
        query = "INSERT INTO chunks (post, start, stop, headings, sentences, pieces) VALUES (?, ?, ?, ?, ?, ?)"
        self.require_open().executemany(query, ((post_row, *chunk) for chunk in chunks))

    def packed_chunks(self, rows: range) -> list[PackedChunk]:
        """The chunks of rows that follow each other, counted from 0, as they are stored."""
        query = "SELECT start, stop, headings, sentences, pieces FROM chunks WHERE row > ? AND row <= ? ORDER BY row"
        return self._run(query, rows.start, rows.stop).fetchall()

    def put_language(self, digest: str, language: str) -> None:
        """Remember which language was detected in a text."""
        self._run("INSERT OR REPLACE INTO detected VALUES (?, ?)", digest, language)

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

    def set_language(self, row: int, language: str) -> None:
        """Change the language of the post of a row."""
        self._update(row, self.post(row).model_copy(update={"language": language}))

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
        records = self._run("SELECT record FROM posts ORDER BY row LIMIT ? OFFSET ?", limit, offset)
        return [Post.model_validate_json(record) for record in _column(records)]

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
        return _chunk(post, *packed)

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


def _column(cursor: sqlite3.Cursor) -> list[Any]:
    return [value for (value,) in cursor]


def _facts(post: Post) -> Iterator[tuple[str, str]]:
    yield from (("id", one) for one in (post.id, *post.also_ids))
    for kind, names in (("author", post.authors), ("publisher", filter(None, [post.publisher]))):
        for name in names:
            yield kind, _comparable(name)
            yield f"{kind} as written", name
    if post.published:
        yield "published", post.published


def _comparable(name: str) -> str:
    return " ".join(folded(name).split())


def _searched(*texts: str) -> str:
    """The words of texts as they are looked for, each behind a space."""
    return "".join(f" {folded(word)}" for text in texts for word in words(text))


def _packed(chunk: Chunk) -> PackedChunk:
    sentences = [[sentence.start, sentence.end, _KINDS.index(sentence.kind)] for sentence in chunk.sentences]
    packed = json.dumps(sentences, separators=(",", ":"))
    return chunk.start, chunk.end, json.dumps(chunk.headings), packed, pieces_to_json(chunk.pieces)


def _chunk(post: Post, start: int, stop: int, headings: str, sentences: str, pieces: str) -> Chunk:
    unpacked = tuple(Sentence(start=a, end=b, kind=_KINDS[kind]) for a, b, kind in json.loads(sentences))
    return Chunk.cut(post, start, stop, tuple(json.loads(headings)), unpacked, pieces_from_json(pieces))
