"""The store of posts while it is built: every text once, each under an id of its own, with what it is searched by."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from enum import StrEnum
from pathlib import Path
from typing import Self

from index.records import Chunk, Post
from index.storage.post_store import PackedChunk, PostStore, comparable, packed_chunk
from index.storage.twins import beside, distinct_ids, richness, twin_groups, twin_key, version_key
from index.text.tokenize import folded, words

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


class Stored(StrEnum):
    """What became of a post that was put into the store."""

    NEW = "new"
    TWIN = "twin"
    NEW_VERSION = "new version"


class PostWriter(PostStore):
    """A store that posts and chunks are put into; what was put can be read at once."""

    @classmethod
    def create(cls, path: Path) -> Self:
        """A new, empty store."""
        connection = sqlite3.connect(path)
        connection.executescript(_SCHEMA)
        return cls(connection)

    def put(self, post: Post) -> Stored:
        """Keep a post; under the same id and title, a later text from the same file is its new version.

        `merge_twins` and `tell_ids_apart` settle what several files have, when every post is in.
        """
        digest = hashlib.sha256("\0".join((post.title, post.body, post.visible_pieces)).encode()).hexdigest()
        version = version_key(post)
        known = self._run("SELECT row, digest, record FROM posts WHERE version = ?", version).fetchone()
        row, old, record = known or (None, None, "")
        if old == digest:
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

    def _repeated(self, field: str) -> Iterator[list[tuple[int, Post]]]:
        """Rows and posts, in row order, that have the same value in a field."""
        values = self._values(f"SELECT {field} FROM posts GROUP BY {field} HAVING count(*) > 1")  # noqa: S608  # a literal
        for value in values:
            rows = self._run(f"SELECT row, record FROM posts WHERE {field} = ? ORDER BY row", value)  # noqa: S608
            yield [(row, Post.model_validate_json(record)) for row, record in rows]

    def _update(self, row: int, post: Post) -> None:
        self._run("UPDATE posts SET id = ?, record = ? WHERE row = ?", post.id, post.model_dump_json(), row)
        self._put_facts(row, post)

    def _put_facts(self, row: int, post: Post) -> None:
        """Store what a post can be filtered by, and searched by."""
        self._run("DELETE FROM facts WHERE post = ?", row)
        facts = dict.fromkeys((row, kind, value) for kind, value in _facts(post))
        self.require_open().executemany("INSERT INTO facts VALUES (?, ?, ?)", facts)
        names = _searched(*post.authors, post.publisher or "")
        self._run("INSERT OR REPLACE INTO bylines VALUES (?, ?, ?)", row, _searched(post.title), names)

    def put_chunks(self, post_row: int, chunks: Sequence[Chunk]) -> None:
        """Add a post's chunks behind those already there."""
        self.put_packed(post_row, map(packed_chunk, chunks))

    def put_packed(self, post_row: int, chunks: Iterable[PackedChunk]) -> None:
        """Add a post's chunks as another store holds them."""
        query = "INSERT INTO chunks (post, start, stop, headings, sentences, pieces) VALUES (?, ?, ?, ?, ?, ?)"
        self.require_open().executemany(query, ((post_row, *chunk) for chunk in chunks))

    def put_language(self, digest: str, language: str) -> None:
        """Remember which language was detected in a text."""
        self._run("INSERT OR REPLACE INTO detected VALUES (?, ?)", digest, language)

    def set_language(self, row: int, language: str) -> None:
        """Change the language of the post of a row."""
        self._update(row, self.post(row).model_copy(update={"language": language}))


def _facts(post: Post) -> Iterator[tuple[str, str]]:
    yield from (("id", one) for one in (post.id, *post.also_ids))
    for kind, names in (("author", post.authors), ("publisher", filter(None, [post.publisher]))):
        for name in names:
            yield kind, comparable(name)
            yield f"{kind} as written", name
    if post.published:
        yield "published", post.published


def _searched(*texts: str) -> str:
    """The words of texts as they are looked for, each behind a space."""
    return "".join(f" {folded(word)}" for text in texts for word in words(text))
