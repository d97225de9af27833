"""Posts and chunks in one SQLite file: opened at once however large, read a row at a time."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Self

from index.filters import Filters
from index.records import Chunk, Post, Sentence, SentenceKind
from index.text.tokenize import folded, words

_SCHEMA = """
CREATE TABLE posts (row INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, digest TEXT NOT NULL, record TEXT NOT NULL);
CREATE INDEX posts_digest ON posts (digest);
CREATE TABLE chunks (
    row INTEGER PRIMARY KEY, post INTEGER NOT NULL, start INTEGER NOT NULL, stop INTEGER NOT NULL,
    headings TEXT NOT NULL, sentences TEXT NOT NULL
);
CREATE TABLE facts (post INTEGER NOT NULL, kind TEXT NOT NULL, value TEXT NOT NULL);
CREATE INDEX facts_value ON facts (kind, value, post);
CREATE TABLE bylines (post INTEGER PRIMARY KEY, title TEXT NOT NULL, names TEXT NOT NULL);
CREATE TABLE detected (digest TEXT PRIMARY KEY, language TEXT NOT NULL) WITHOUT ROWID;
"""
_KINDS = tuple(SentenceKind)
PackedChunk = tuple[int, int, str, str]
"""Start, end, headings and sentences of a chunk as they are stored."""


class PostStore:
    """Posts by row and id, chunks by row; a chunk's text is cut from its post, never stored twice."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

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
        """Write what is pending and let go of the file."""
        self._connection.commit()
        self._connection.close()

    def put(self, post: Post) -> bool:
        """Keep a post; False when its title and body are there already, under whichever id.

        Of two posts with one id the later replaces the earlier. `merge_twins` settles those of several ids.
        """
        digest = hashlib.sha256(f"{post.title}\0{post.body}".encode()).hexdigest()
        is_new = self._connection.execute("SELECT 1 FROM posts WHERE digest = ?", (digest,)).fetchone() is None
        same = self._connection.execute(
            "SELECT record FROM posts WHERE id = ? AND digest = ?", (post.id, digest)
        ).fetchone()
        if same is not None:
            post = _beside(Post.model_validate_json(same[0]), [post])
        self._connection.execute(
            "INSERT INTO posts (id, digest, record) VALUES (?, ?, ?) "
            "ON CONFLICT (id) DO UPDATE SET digest = excluded.digest, record = excluded.record",
            (post.id, digest, post.model_dump_json()),
        )
        return is_new

    def merge_twins(self) -> None:
        """Of posts with the same title and body keep the first, which remembers where else and as what it was found.

        Done when every post is in: only then is it known which text each id has in the end.
        """
        repeated = "SELECT digest FROM posts GROUP BY digest HAVING count(*) > 1"
        for (digest,) in self._connection.execute(repeated).fetchall():
            rows = self._connection.execute("SELECT record FROM posts WHERE digest = ? ORDER BY row", (digest,))
            first, *others = [Post.model_validate_json(record) for (record,) in rows]
            self._connection.executemany("DELETE FROM posts WHERE id = ?", [(other.id,) for other in others])
            record = _beside(first, others).model_dump_json()
            self._connection.execute("UPDATE posts SET record = ? WHERE id = ?", (record, first.id))

    def put_facts(self) -> None:
        """Note what posts can be filtered by, and found by; done when every post is in."""
        for row, post in self.posts():
            facts = ((row, kind, value) for kind, value in _facts(post))
            self._connection.executemany("INSERT INTO facts VALUES (?, ?, ?)", facts)
            byline = (row, _searched(post.title), _searched(*post.authors, post.publisher or ""))
            self._connection.execute("INSERT INTO bylines VALUES (?, ?, ?)", byline)

    def rows_meeting(self, filters: Filters) -> list[int]:
        """Rows of the posts that meet filters, in order."""
        conditions, values = [], []
        for kind, wanted in (("id", filters.posts), ("author", filters.authors), ("publisher", filters.publishers)):
            if wanted:
                conditions.append(f"kind = ? AND value IN ({', '.join('?' * len(wanted))})")
                values.append([kind, *(wanted if kind == "id" else map(_comparable, wanted))])
        for sign, date in ((">=", filters.since), ("<=", filters.until)):
            if date is not None:
                conditions.append(f"kind = 'published' AND substr(value, 1, length(?)) {sign} ?")
                values.append([date, date])
        query = " INTERSECT ".join(f"SELECT post FROM facts WHERE {one}" for one in conditions)  # noqa: S608  # no user's words
        found = self._connection.execute(f"{query} ORDER BY post", [one for some in values for one in some])
        return [row for (row,) in found]

    def rows_named(self, word: str) -> tuple[list[int], list[int]]:
        """Rows of the posts with a word in the title that begins so, and of those with one in an author or publisher.

        Args:
            word: As `index.text.tokenize.folded` gives it.
        """
        query = "SELECT post FROM bylines WHERE instr({}, ?) > 0"
        found = [self._connection.execute(query.format(field), (f" {word}",)) for field in ("title", "names")]
        title, names = ([row for (row,) in rows] for rows in found)
        return title, names

    def values(self, kind: str) -> list[tuple[str, int]]:
        """Every author or publisher as written, with how many posts are theirs, the commonest first."""
        query = "SELECT value, count(*) AS posts FROM facts WHERE kind = ? GROUP BY value ORDER BY posts DESC, value"
        return self._connection.execute(query, (f"{kind} as written",)).fetchall()

    def ids(self, begun: str, limit: int) -> list[tuple[str, str]]:
        """Ids that begin with some characters, each with its post's title."""
        query = """SELECT id, json_extract(record, '$.title') FROM posts
            WHERE substr(id, 1, length(?1)) = ?1 ORDER BY id LIMIT ?2"""
        return self._connection.execute(query, (begun, limit)).fetchall()

    def put_chunks(self, post_row: int, chunks: Sequence[Chunk]) -> None:
        """Add a post's chunks behind those already there."""
        packed = [(chunk.start, chunk.end, json.dumps(chunk.headings), _packed(chunk.sentences)) for chunk in chunks]
        self.put_packed(post_row, packed)

    def put_packed(self, post_row: int, chunks: Iterable[PackedChunk]) -> None:
        """Add a post's chunks as another store holds them."""
        self._connection.executemany(
            "INSERT INTO chunks (post, start, stop, headings, sentences) VALUES (?, ?, ?, ?, ?)",
            ((post_row, *chunk) for chunk in chunks),
        )

    def packed_chunks(self, rows: range) -> list[PackedChunk]:
        """The chunks of rows that follow each other, counted from 0, as they are stored."""
        query = "SELECT start, stop, headings, sentences FROM chunks WHERE row > ? AND row <= ? ORDER BY row"
        return self._connection.execute(query, (rows.start, rows.stop)).fetchall()

    def put_language(self, digest: str, language: str) -> None:
        """Remember which language was detected in a text."""
        self._connection.execute("INSERT OR REPLACE INTO detected VALUES (?, ?)", (digest, language))

    def language(self, digest: str) -> str | None:
        """The language detected in a text, if it was ever looked at."""
        found = self._connection.execute("SELECT language FROM detected WHERE digest = ?", (digest,)).fetchone()
        return None if found is None else str(found[0])

    def count_posts(self) -> int:
        """How many posts there are."""
        return int(self._connection.execute("SELECT count(*) FROM posts").fetchone()[0])

    def last_row(self) -> int:
        """The highest row of a post; rows are numbered from 1, and some may have been taken out."""
        return int(self._connection.execute("SELECT coalesce(max(row), 0) FROM posts").fetchone()[0])

    def count_chunks(self) -> int:
        """How many chunks there are, told at once: rows are numbered from 1 and none is ever taken out."""
        return int(self._connection.execute("SELECT coalesce(max(row), 0) FROM chunks").fetchone()[0])

    def languages(self) -> tuple[str, ...]:
        """The posts' languages, the commonest first."""
        query = """SELECT json_extract(record, '$.language') AS language FROM posts
            GROUP BY language ORDER BY count(*) DESC, min(row)"""
        return tuple(language for (language,) in self._connection.execute(query))

    def languages_by_row(self) -> dict[int, str]:
        """Every post's language by its row."""
        query = "SELECT row, json_extract(record, '$.language') FROM posts"
        return dict(self._connection.execute(query).fetchall())

    def digests(self) -> list[tuple[int, str]]:
        """Every post's row and digest, in row order."""
        return self._connection.execute("SELECT row, digest FROM posts ORDER BY row").fetchall()

    def row_of(self, digest: str) -> int | None:
        """The row of the post with a digest, if there is one."""
        found = self._connection.execute("SELECT row FROM posts WHERE digest = ?", (digest,)).fetchone()
        return None if found is None else int(found[0])

    def row_of_id(self, post_id: str) -> int | None:
        """The row of the post of an id, if there is one."""
        found = self._connection.execute("SELECT row FROM posts WHERE id = ?", (post_id,)).fetchone()
        return None if found is None else int(found[0])

    def posts(self) -> Iterator[tuple[int, Post]]:
        """Every post with its row, in row order."""
        for row, record in self._connection.execute("SELECT row, record FROM posts ORDER BY row"):
            yield row, Post.model_validate_json(record)

    def some_posts(self, offset: int, limit: int) -> list[Post]:
        """So many posts from one on, in row order."""
        query = "SELECT record FROM posts ORDER BY row LIMIT ? OFFSET ?"
        return [Post.model_validate_json(record) for (record,) in self._connection.execute(query, (limit, offset))]

    def post(self, row: int) -> Post:
        """The post of a row."""
        record = self._connection.execute("SELECT record FROM posts WHERE row = ?", (row,)).fetchone()
        return Post.model_validate_json(record[0])

    def post_by_id(self, post_id: str) -> Post | None:
        """The post of an id, if there is one."""
        record = self._connection.execute("SELECT record FROM posts WHERE id = ?", (post_id,)).fetchone()
        return None if record is None else Post.model_validate_json(record[0])

    def chunk(self, row: int, post: Post) -> Chunk:
        """The chunk of a row, counted from 0, which must be of the post given."""
        query = "SELECT start, stop, headings, sentences FROM chunks WHERE row = ?"
        return _chunk(post, *self._connection.execute(query, (row + 1,)).fetchone())

    def all_chunks(self) -> Iterator[tuple[Post, Chunk]]:
        """Every chunk with its post, in row order."""
        return self.some_chunks(range(self.count_chunks()))

    def some_chunks(self, rows: Iterable[int]) -> Iterator[tuple[Post, Chunk]]:
        """The chunks of rows, counted from 0, each with its post."""
        at, post = -1, None
        for row in rows:
            query = "SELECT post, start, stop, headings, sentences FROM chunks WHERE row = ?"
            post_row, *packed = self._connection.execute(query, (row + 1,)).fetchone()
            if post is None or post_row != at:
                at, post = post_row, self.post(post_row)
            yield post, _chunk(post, *packed)


def _beside(post: Post, twins: Sequence[Post]) -> Post:
    """A post that remembers the origins and ids of others with its title and body."""
    origins = dict.fromkeys((*post.also_at, *(origin for twin in twins for origin in (twin.origin, *twin.also_at))))
    origins.pop(post.origin, None)
    ids = dict.fromkeys((*post.also_ids, *(twin.id for twin in twins)))
    ids.pop(post.id, None)
    return post.model_copy(update={"also_at": tuple(origins), "also_ids": tuple(ids)})


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


def _packed(sentences: Sequence[Sentence]) -> str:
    return json.dumps([[s.start, s.end, _KINDS.index(s.kind)] for s in sentences], separators=(",", ":"))


def _chunk(post: Post, start: int, stop: int, headings: str, sentences: str) -> Chunk:
    unpacked = tuple(Sentence(start=a, end=b, kind=_KINDS[kind]) for a, b, kind in json.loads(sentences))
    return Chunk.cut(post, start, stop, tuple(json.loads(headings)), unpacked)
