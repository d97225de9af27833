"""An opened index: everything a question needs, and nothing encoded again."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache, partial
from pathlib import Path
from typing import Literal, Self

import numpy as np
import numpy.typing as npt

from index.arrays import Rows
from index.encoders.protocol import FLOAT, Encoder, EncoderIdentity, Vectors
from index.errors import EncoderMismatch, IndexCorrupt
from index.filters import Filters, checked_filters, nothing_matches
from index.layout import LAYOUT
from index.post_search import FoundPost, FoundPosts, PostMatches, WordQuery, search_posts
from index.records import Chunk, Post
from index.search.candidates import Candidates, SearchQuery, TermStatistics
from index.search.chunk_features import Analysis, analysed
from index.search.projection import Projection
from index.search.structures import Structures
from index.search.tsne import Points
from index.search.vectors import Allowed
from index.settings import default_index_path
from index.storage.post_store import PostStore
from index.storage.recovery import OpenedGeneration, open_generation

_CACHED_POSTS = 512
_CACHED_CHUNKS = 8_192
_CACHED_FILTERS = 32


class Index:
    """One published generation, opened for reading.

    Chunks are rows, numbered from 0 in the order of the corpus. `degraded` says why an older generation had to be
    opened; it is None otherwise.
    """

    def __init__(self, root: Path, generation: OpenedGeneration) -> None:
        folder, manifest = generation.folder, generation.manifest
        self.root = root
        self.manifest = manifest
        self.degraded = generation.degraded
        self._lock = generation.lock
        self.structures = Structures.open(folder, manifest.settings.vectors)
        self._projection = Projection.open(folder, self.structures.vectors)
        self._store = PostStore.open(folder / LAYOUT.store)
        self._require_counts(folder)
        # The caches hold on to parts and not to this object, so that it goes as soon as nobody reads from it.
        chunk_posts, post_of = self.structures.chunk_posts, lru_cache(_CACHED_POSTS)(self._store.post)
        self._analysis = lru_cache(_CACHED_CHUNKS)(partial(_analysed_chunk, self._store, post_of, chunk_posts))
        self._allowed = lru_cache(_CACHED_FILTERS)(partial(_allowed_chunks, self._store, chunk_posts))

    @classmethod
    def open(cls, path: str | Path | None = None) -> Self:
        """Open the current generation of an index folder; None means the default folder.

        Raises:
            IndexMissing: There is no index there; names the command that makes one.
            IndexCorrupt: No generation is sound: a file is missing or not as it was published.
            SettingsError: The vector store that it was built with is not installed.
        """
        root = Path(path) if path is not None else default_index_path()
        return cls(root, open_generation(root))

    def __repr__(self) -> str:
        manifest = self.manifest
        return f"Index({str(self.root)!r}, generation {manifest.generation}, {manifest.posts:,} posts)"

    def _require_counts(self, folder: Path) -> None:
        """Files may each be as published and yet not belong together: their counts show it."""
        parts, manifest = self.structures, self.manifest
        arrays = (parts.vectors, parts.chunk_posts, parts.chunk_sentences[1:], self._projection.points)
        chunks = {*map(len, arrays), parts.lexical.rows, self._store.count_chunks()}
        sentences = {len(parts.sentence_vectors), int(parts.chunk_sentences[-1])}
        if (chunks, sentences) != ({manifest.chunks}, {manifest.sentences}):
            raise IndexCorrupt(
                "the counts are not those of the manifest",
                where=folder,
                seen=f"{sorted(chunks)} chunks, {sorted(sentences)} sentences",
            )

    def require_open(self) -> None:
        """Make sure that the index is not closed.

        Raises:
            IndexClosed: It is; whatever reads posts or searches raises this as well.
        """
        self._store.require_open()

    def require(self, encoder: Encoder | str) -> None:
        """Make sure that an encoder, or one asked for by its name, is the one this index was built with.

        Raises:
            EncoderMismatch: It is not; names both and the command that helps.
        """
        built = self.manifest.encoder
        given = encoder if isinstance(encoder, str) else encoder.identity
        if given in (built, built.name):
            return
        command = f"qa build PATH --index {self.root} --encoder"
        if isinstance(given, str):
            asked, remedy = given, f"Leave --encoder and QA_ENCODER away, or build it again: {command} {given}"
        else:
            backend = "" if given.backend == FLOAT else f"QA_BACKEND={given.backend} "
            asked, remedy = _described(given), f"Build it again: {backend}{command} {given.name}"
        what = f"the index was built with {_described(built)}, but asked with {asked}"
        raise EncoderMismatch(what, where=self.root, remedy=remedy)

    @property
    def terms(self) -> TermStatistics:
        """What is known of the corpus' terms."""
        return self.structures.lexical

    def search(self, query: SearchQuery, k: int, allowed: Allowed | None = None) -> Candidates:
        """Chunks put forward by dense, sentence and lexical search, at most k each, with all three's scores.

        Args:
            allowed: As `allowed` and `allowed_where` give it; None searches everything.
        """
        self.require_open()
        return self.structures.search(query, k, allowed)

    def best_term_scores(
        self, rows: Iterable[int], scores: Callable[[Sequence[str]], npt.NDArray[np.float64]]
    ) -> npt.NDArray[np.float64]:
        """For each chunk and each of m words the highest score of any of the chunk's terms, shape (rows, m).

        Args:
            scores: Gives the scores of terms with the words, none below 0, shape (terms, m).
        """
        return self.structures.lexical.best_term_scores(rows, scores)

    def posts(self) -> Iterator[Post]:
        """Every post, in the order of the corpus."""
        return (post for _, post in self._store.posts())

    def some_posts(self, offset: int, limit: int) -> list[Post]:
        """So many posts from one on, in the order of the corpus."""
        return self._store.some_posts(offset, limit)

    def posts_meeting(self, filters: Filters | None) -> tuple[int, Iterator[Post]]:
        """How many posts meet filters, and these posts in the order of the corpus, read as they are taken."""
        if not filters:
            return self.manifest.posts, self.posts()
        rows = self._store.rows_meeting(filters)
        return len(rows), map(self._store.post, rows)

    def post(self, post_id: str) -> Post | None:
        """The post of an id, if there is one."""
        return self._store.post_by_id(post_id)

    def row_at(self, post_id: str, at: int) -> int | None:
        """The row of the chunk that holds a character of a post, or else the next one; None for an unknown post."""
        post = self._store.row_of_id(post_id)
        if post is None:
            return None
        rows = range(*self.structures.chunks_of(post))
        ends = (stop for _, stop, *_ in self._store.packed_chunks(rows))
        return next((row for row, stop in zip(rows, ends, strict=True) if at < stop), rows[-1])

    def find_posts(self, text: str, offset: int, limit: int, vector: Vectors | None = None) -> FoundPosts:
        """So many posts from one on, best first, that have all these words or are near them in meaning.

        Without words these are all posts, in the order of the corpus.

        Case, accents and endings do not count.

        Args:
            vector: Of the text as a question, shape (d,); None finds by words alone.
        """
        if not text.strip():
            return FoundPosts(self.manifest.posts, 0, [FoundPost(post) for post in self.some_posts(offset, limit)])
        query = self.word_query(text)
        matches = search_posts(query, self._store, self.structures, vector)
        shown = [self._found(row, matches, query) for row in matches.posts[offset : offset + limit].tolist()]
        near = len(matches.nearest_chunks)
        return FoundPosts(len(matches.posts) - near, near, shown)

    def _found(self, row: int, matches: PostMatches, query: WordQuery) -> FoundPost:
        post = self._store.post(row)
        if (nearest := matches.nearest_chunks.get(row)) is not None:
            return FoundPost(post, self._store.chunk(nearest, post), is_near=True)
        chunks = (self._store.chunk(at, post) for at in matches.best_chunks(*self.structures.chunks_of(row)))
        return FoundPost(post, next((chunk for chunk in chunks if query.is_in(chunk.text)), None))

    def word_query(self, text: str) -> WordQuery:
        """The words of what somebody typed, as `find_posts` looks for them."""
        return WordQuery.of(text, self.terms.languages)

    def similar_posts(self, post_id: str, k: int) -> list[tuple[Post, float]]:
        """At most k other posts about much the same, with their scores, best first; none for an unknown id."""
        row = self._store.row_of_id(post_id)
        if row is None:
            return []
        return [(self._store.post(other), score) for other, score in self.structures.similar_posts(row, k)]

    def allowed(self, filters: Filters | None) -> Allowed | None:
        """For each chunk whether it is of a post that meets filters; None where all do.

        Raises:
            QuestionError: No post meets them, or they are no `Filters`.
        """
        stated = checked_filters(filters)
        return self._allowed(stated) if stated else None

    def allowed_where(self, accepts: Callable[[Post], bool]) -> Allowed:
        """For each chunk whether its post is accepted, shape (chunks,)."""
        rows = [row for row, post in self._store.posts() if accepts(post)]
        return np.asarray(np.isin(self.structures.chunk_posts, rows))

    def names(self, kind: Literal["author", "publisher"]) -> list[tuple[str, int]]:
        """Every author or publisher with how many posts are theirs, the commonest first."""
        return self._store.values(kind)

    def chunks(self, rows: Iterable[int]) -> list[tuple[Post, Chunk]]:
        """The chunks of rows, each with its post, in the order asked for."""
        return [(analysis.post, analysis.chunk) for analysis in self.analyses(rows)]

    def analyses(self, rows: Iterable[int]) -> list[Analysis]:
        """The chunks of rows with their words, in the order asked for."""
        return [self._analysis(row) for row in rows]

    def all_chunks(self) -> Iterator[Chunk]:
        """Every chunk, in row order."""
        return (chunk for _, chunk in self._store.all_chunks())

    def longest_posts(self, limit: int) -> list[tuple[int, Post, int]]:
        """The posts with most chunks, in the order of the corpus: row, post, and how many chunks it has."""
        rows, counts = np.unique(self.structures.chunk_posts, return_counts=True)
        most = np.sort(np.argsort(-counts, kind="stable")[:limit])
        pairs = zip(rows[most].tolist(), counts[most].tolist(), strict=True)
        return [(row, self._store.post(row), count) for row, count in pairs]

    def map_points(self) -> tuple[Points, Rows]:
        """Every chunk's point on the map of the corpus, shape (n, 2), and the row of its post, shape (n,)."""
        return self._projection.points, self.structures.chunk_posts

    def place(self, vectors: Vectors) -> Points:
        """Where vectors, shape (n, d), lie on the map of the corpus, shape (n, 2)."""
        return self._projection.place(vectors)

    def close(self) -> None:
        """Release the store's file and the generation; closing again does nothing."""
        self._store.close()
        self._lock.close()


def _analysed_chunk(store: PostStore, post_of: Callable[[int], Post], chunk_posts: Rows, row: int) -> Analysis:
    post = post_of(int(chunk_posts[row]))
    return analysed(post, store.chunk(row, post))


def _allowed_chunks(store: PostStore, chunk_posts: Rows, filters: Filters) -> Allowed:
    posts = store.rows_meeting(filters)
    if not posts:
        raise nothing_matches(filters)
    return np.asarray(np.isin(chunk_posts, posts))


def _described(encoder: EncoderIdentity) -> str:
    prompts = [repr(prompt) for prompt in (encoder.query_prompt, encoder.document_prompt) if prompt]
    size = f"weights {encoder.weights[:12]}, {encoder.dimension} dimensions, {encoder.token_limit} tokens"
    return f"{encoder.name} ({', '.join([size, *prompts, encoder.backend])})"
