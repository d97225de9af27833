"""An opened index: everything a question needs, and nothing encoded again."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Literal, Self

import numpy as np
import numpy.typing as npt

from index.encoders.protocol import FLOAT, Encoder, EncoderIdentity, Vectors
from index.errors import EncoderMismatch, IndexCorrupt
from index.filters import Filters, nothing_matches
from index.layout import LAYOUT
from index.post_search import FoundRows, Sought, find_rows
from index.records import Chunk, Post
from index.search.chunk_features import Analysis, analysed
from index.search.probes import require_probes
from index.search.projection import Atlas
from index.search.similar_posts import similar_posts
from index.search.structures import Candidates, SearchQuery, Structures, TermStatistics
from index.search.tsne import Points
from index.search.vector_index import Allowed, Rows
from index.settings import default_index_path
from index.storage.post_store import PostStore
from index.storage.recovery import Sound, sound_generation

_CACHED_POSTS = 512
_CACHED_CHUNKS = 8_192
_CACHED_FILTERS = 32


class Index:
    """One published generation, opened for reading.

    Chunks are rows, numbered from 0 in the order of the corpus. `degraded` says why an older generation had to be
    opened; it is None otherwise.
    """

    def __init__(self, root: Path, generation: Sound) -> None:
        folder, manifest = generation.folder, generation.manifest
        self.root = root
        self.manifest = manifest
        self.degraded = generation.degraded
        self._lock = generation.lock
        self.structures = Structures.open(folder, manifest.settings.vectors)
        self.atlas = Atlas.open(folder, self.structures.vectors)
        self._store = PostStore.open(folder / LAYOUT.store)
        self._require_whole(folder)
        # The caches hold on to parts and not to this object, so that it goes as soon as nobody reads from it.
        self._analysis = _analyses(self._store, self.structures.chunk_posts)
        self._allowed = _allowances(self._store, self.structures.chunk_posts)

    @classmethod
    def open(cls, path: str | Path | None = None) -> Self:
        """Open the current generation of an index folder; None means the default folder.

        Raises:
            IndexMissing: There is no index there; names the command that makes one.
                IndexCorrupt: No generation is sound: a file is missing or not as it was published.
        """
        root = Path(path) if path is not None else default_index_path()
        return cls(root, sound_generation(root))

    def _require_whole(self, folder: Path) -> None:
        """Files may each be as published and yet not belong together: counts and probes tell."""
        said, parts = (self.manifest.chunks, self.manifest.sentences), self.structures
        for name, found in (
            (LAYOUT.vectors, (parts.vectors.rows, said[1])),
            (LAYOUT.sentence_vectors, (said[0], parts.sentence_vectors.rows)),
            (LAYOUT.lexical, (parts.lexical.rows, said[1])),
            (LAYOUT.chunk_posts, (len(parts.chunk_posts), said[1])),
            (LAYOUT.chunk_sentences, (len(parts.chunk_sentences) - 1, int(parts.chunk_sentences[-1]))),
            (LAYOUT.map_points, (len(self.atlas.points), said[1])),
            (LAYOUT.store, (self._store.count_chunks(), said[1])),
        ):
            if found != said:
                raise IndexCorrupt(
                    "the counts are not those of the manifest",
                    where=folder / name,
                    seen=found,
                    remedy="Build the index again: qa build.",
                )
        require_probes(parts.vectors, self.manifest.probes, folder)

    def require(self, encoder: Encoder) -> None:
        """Make sure that an encoder is the one this index was built with.

        Raises:
            EncoderMismatch: It is not; names both and the command that mends it.
        """
        built, given = self.manifest.encoder, encoder.identity
        if built != given:
            raise EncoderMismatch(
                f"the index was built with {_described(built)}, but asked with {_described(given)}",
                where=self.root,
                remedy=f"Build it again: {_setting(given)}qa build PATH --index {self.root} --encoder {given.name}",
            )

    def require_named(self, name: str) -> None:
        """Make sure that an encoder asked for by its name is the one this index was built with.

        Raises:
            EncoderMismatch: It is not; names both and what mends it.
        """
        built = self.manifest.encoder
        if built.name != name:
            raise EncoderMismatch(
                f"the index was built with {_described(built)}, but {name} is asked for",
                where=self.root,
                remedy=f"Leave --encoder and QA_ENCODER away, or build it again: qa build PATH --index {self.root} "
                f"--encoder {name}",
            )

    @property
    def terms(self) -> TermStatistics:
        """What is known of the corpus' terms."""
        return self.structures.lexical

    def search(self, query: SearchQuery, k: int, allowed: Allowed | None = None) -> Candidates:
        """Chunks put forward by dense, sentence and lexical search, at most k each, with all three's scores.

        Args:
            allowed: As `allowed` and `allowed_where` give it; None searches everything.
        """
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

    def post(self, post_id: str) -> Post | None:
        """The post of an id, if there is one."""
        return self._store.post_by_id(post_id)

    def post_at(self, row: int) -> Post:
        """The post of a row, as `chunk_posts` has them."""
        return self._store.post(row)

    def row_at(self, post_id: str, at: int) -> int | None:
        """The row of the chunk that holds a character of a post, or else the next one; None for an unknown post."""
        post = self._store.row_of_id(post_id)
        if post is None:
            return None
        first, last = np.searchsorted(self.structures.chunk_posts, [post, post + 1]).tolist()
        ends = [stop for _, stop, *_ in self._store.packed_chunks(range(first, last))]
        return next((first + n for n, stop in enumerate(ends) if at < stop), last - 1) if ends else None

    def find_posts(self, sought: str, offset: int, limit: int) -> tuple[int, list[tuple[Post, Chunk | None]]]:
        """How many posts have all these words, and so many of them from one on, best first; without words, all.

        Case, accents and endings do not count. With each post comes the chunk that fits best, if its text does.
        """
        if not sought.strip():
            return self.manifest.posts, [(post, None) for post in self.some_posts(offset, limit)]
        wanted = self.sought(sought)
        found = find_rows(wanted, self._store, self.structures.lexical, self.structures.chunk_posts)
        shown = []
        for row in found.posts[offset : offset + limit].tolist():
            post = self._store.post(row)
            shown.append((post, self._saying(row, post, found, wanted)))
        return len(found.posts), shown

    def sought(self, typed: str) -> Sought:
        """What somebody typed, as words to look for."""
        return Sought.of(typed, self.structures.lexical.languages)

    def _saying(self, post_row: int, post: Post, found: FoundRows, wanted: Sought) -> Chunk | None:
        chunks = (self._store.chunk(row, post) for row in found.chunks(post_row, self.structures.chunk_posts))
        return next((chunk for chunk in chunks if wanted.is_in(chunk.text)), None)

    def similar_posts(self, post_id: str, k: int) -> list[tuple[Post, float]]:
        """At most k other posts about much the same, with their scores, best first; none for an unknown id."""
        row = self._store.row_of_id(post_id)
        if row is None:
            return []
        near = similar_posts(row, self.structures.vectors, self.structures.chunk_posts, k)
        return [(self._store.post(other), score) for other, score in near]

    def allowed(self, filters: Filters | None) -> Allowed | None:
        """For each chunk whether it is of a post that meets filters; None where all do.

        Raises:
            QuestionError: No post meets them.
        """
        return self._allowed(filters) if filters else None

    def allowed_where(self, accepts: Callable[[Post], bool]) -> Allowed:
        """For each chunk whether its post is accepted, shape (chunks,)."""
        rows = [row for row, post in self._store.posts() if accepts(post)]
        return np.asarray(np.isin(self.structures.chunk_posts, rows))

    def names(self, kind: Literal["author", "publisher"]) -> list[tuple[str, int]]:
        """Every author or publisher with how many posts are theirs, the commonest first."""
        return self._store.values(kind)

    def chunks(self, rows: Iterable[int]) -> list[tuple[Post, Chunk]]:
        """The chunks of rows, each with its post, in the order asked for."""
        return [(one.post, one.chunk) for one in self.analyses(rows)]

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
        return self.atlas.points, self.structures.chunk_posts

    def place(self, vectors: Vectors) -> Points:
        """Where vectors, shape (n, d), lie on the map of the corpus, shape (n, 2)."""
        return self.atlas.place(vectors)

    def close(self) -> None:
        """Let go of the store's file and of the generation."""
        self._store.close()
        self._lock.close()


def _analyses(store: PostStore, chunk_posts: Rows) -> Callable[[int], Analysis]:
    """Gives a chunk's words by its row, and keeps those asked for lately."""
    post_of = lru_cache(maxsize=_CACHED_POSTS)(store.post)

    @lru_cache(maxsize=_CACHED_CHUNKS)
    def analysis(row: int) -> Analysis:
        post = post_of(int(chunk_posts[row]))
        return analysed(post, store.chunk(row, post))

    return analysis


def _allowances(store: PostStore, chunk_posts: Rows) -> Callable[[Filters], Allowed]:
    """Gives the chunks that filters let through, and keeps those asked for lately."""

    @lru_cache(maxsize=_CACHED_FILTERS)
    def allowance(filters: Filters) -> Allowed:
        rows = store.rows_meeting(filters)
        if not rows:
            raise nothing_matches(filters)
        return np.asarray(np.isin(chunk_posts, rows))

    return allowance


def _described(encoder: EncoderIdentity) -> str:
    prompts = [repr(prompt) for prompt in (encoder.query_prompt, encoder.document_prompt) if prompt]
    size = f"weights {encoder.weights[:12]}, {encoder.dimension} dimensions, {encoder.token_limit} tokens"
    return f"{encoder.name} ({', '.join([size, *prompts, encoder.backend])})"


def _setting(encoder: EncoderIdentity) -> str:
    return "" if encoder.backend == FLOAT else f"QA_BACKEND={encoder.backend} "
