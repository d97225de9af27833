"""Stand-ins for what is slow or large: an encoder made of hashes, a few posts, weights anyone can follow."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import numpy as np

import index
from index.encoders.late_chunking import encoder_input
from index.encoders.protocol import DocumentVectors, Encodable, EncoderIdentity, Vectors
from index.records import BuildReport
from index.search.bm25 import LexicalIndex
from index.search.chunk_terms import TermCollector
from index.settings import DEFAULT_ENCODER, BuildSettings, ChunkSettings, LexicalSettings
from index.text.tokenize import folded, is_stop_word, plain_words, terms, words
from qa.answering.weights import Linear, Weights

_TOKEN = re.compile(r"\w+|[^\w\s]")
_SPECIAL = 2  # as a real tokenizer puts one token before a text and one behind it


class WordHashEncoder:
    """An encoder whose vectors are sums over words: two texts are as near as they share words.

    Each word stands for a vector of +1 and -1 read off its BLAKE2b hash, so rankings are the same on every
    machine and can be worked out by a person. Tokens are runs of word characters and single other marks.
    """

    def __init__(
        self, *, dimension: int = 64, token_limit: int = 64, name: str = "word-hash", document_prompt: str = ""
    ) -> None:
        weights = hashlib.sha256(f"word-hash/{dimension}".encode()).hexdigest()
        self._identity = EncoderIdentity(
            name=name,
            weights=weights,
            dimension=dimension,
            token_limit=token_limit,
            document_prompt=document_prompt,
        )

    @property
    def identity(self) -> EncoderIdentity:
        """Name, weights' hash, dimension, limit and prompts."""
        return self._identity

    def token_spans(self, text: str) -> list[tuple[int, int]]:
        """Character offsets of every token of a text."""
        return [match.span() for match in _TOKEN.finditer(text)]

    def read_span(self, passage: Encodable) -> int:
        """How many leading characters of the passage lie within the token limit."""
        read = encoder_input(self._identity.document_prompt, passage)
        spans = self.token_spans(read.text)[: self._identity.token_limit - _SPECIAL]
        return max(0, spans[-1][1] - read.start) if spans else 0

    def encode_query(self, queries: Sequence[str]) -> Vectors:
        """Vectors of questions."""
        return self._vectors(queries)

    def encode_document(self, passages: Sequence[Encodable]) -> DocumentVectors:
        """Vectors of passages, up to the token limit, and of their sentences."""
        read = [f"{passage.context} {passage.text[: self.read_span(passage)]}" for passage in passages]
        sentences = [passage.text[start:end] for passage in passages for start, end in passage.sentences]
        return DocumentVectors(self._vectors(read), self._vectors(sentences))

    def _vectors(self, texts: Sequence[str]) -> Vectors:
        sums = [sum((self._signs(word) for word in _content(text)), self._nothing()) for text in texts]
        rows = np.asarray([row if row.any() else self._signs("") for row in sums], dtype=np.float32)
        rows = rows.reshape(len(texts), self._identity.dimension)
        return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), dtype=np.float32)

    def _nothing(self) -> Vectors:
        return np.zeros(self._identity.dimension, dtype=np.float32)

    def _signs(self, word: str) -> Vectors:
        digest = hashlib.blake2b(word.encode(), digest_size=-(-self._identity.dimension // 8)).digest()
        bits = np.unpackbits(np.frombuffer(digest, dtype=np.uint8))[: self._identity.dimension]
        return np.asarray(bits * 2.0 - 1.0, dtype=np.float32)


def _content(text: str) -> list[str]:
    return [word for word in map(folded, words(text)) if not is_stop_word(word)]


SMALL_CHUNKS = BuildSettings(encoder=DEFAULT_ENCODER, chunks=ChunkSettings(max_tokens=40, context_tokens=16))
"""Chunks that fit the stand-in's 64 tokens together with a title."""

POSTS: tuple[Mapping[str, object], ...] = (
    {
        "id": "lighthouse",
        "title": "The lighthouse on Gull Rock",
        "authors": ["Mara Quill"],
        "publisher": "Coast Letters",
        "url": "https://coast.example/lighthouse",
        "published": "2021-05-04",
        "language": "en",
        "text": (
            "Ingrid Holm built the lighthouse on Gull Rock in 1874. Storms had wrecked eleven ships there.\n\n"
            "The lamp burned whale oil at first. This was costly, so paraffin replaced it in 1902.\n\n"
            "## Visiting\n\n"
            "To climb the tower, do the following:\n\n"
            "1. Buy a ticket at the pier.\n"
            "2. Take the noon ferry.\n"
            "3. Climb the 112 stairs.\n\n"
            "The keeper sells honey in summer."
        ),
    },
    {
        "id": "bees",
        "title": "Bees of the island",
        "authors": ["Tomas Reed"],
        "language": "en",
        "text": (
            "The island bees gather nectar from heather. Their honey tastes of smoke.\n\n"
            "| Hive | Kilograms | Year |\n"
            "|------|-----------|------|\n"
            "| North meadow | 31 | 2019 |\n"
            "| Harbour wall | 18 | 2020 |\n\n"
            "A virus killed half of the colonies in 2016."
        ),
    },
    {
        "id": "ferry",
        "title": "The ferry timetable",
        "language": "en",
        "text": (
            "The ferry leaves the pier at noon. It crosses the sound in forty minutes.\n\n"
            "Captain Oda Lind has steered the ferry since 1998."
        ),
    },
    {
        "id": "ferry-notice",
        "title": "A notice about the ferry",
        "language": "en",
        "text": "Captain Oda Lind has steered the ferry since 1998.",
    },
)


def write_posts(path: Path, posts: Sequence[Mapping[str, object]] = POSTS) -> Path:
    """Write posts as JSON Lines; gives the path back."""
    path.write_text("".join(json.dumps(post) + "\n" for post in posts), encoding="utf-8")
    return path


def build_small(
    root: Path, posts: Sequence[Mapping[str, object]] = POSTS, encoder: WordHashEncoder | None = None
) -> BuildReport:
    """Build an index of a few posts with the stand-in; the source lies beside the index folder."""
    source = write_posts(root.with_name(f"{root.name}-posts.jsonl"), posts)
    return index.build([source], root, settings=SMALL_CHUNKS, encoder=encoder or WordHashEncoder())


def lexical_index(texts: Iterable[str], settings: LexicalSettings | None = None) -> LexicalIndex:
    """An index of English texts, one a chunk, in row order."""
    all_terms, all_words = TermCollector(), TermCollector()
    for text in texts:
        all_terms.add(terms(text))
        all_words.add(plain_words(text))
    return LexicalIndex.build(all_terms.finished(), all_words.finished(), settings or LexicalSettings())


def plain_weights(threshold: float = 0.5) -> Weights:
    """Weights that a person can follow: an answer is sure as far as one sentence covers the question's words."""
    return Weights(
        passage=Linear(weights={"dense": 0.5, "sentence": 0.5, "lexical": 1.0}),
        sentence=Linear(weights={"similarity": 3.0, "coverage_context": 1.0, "lexical": 1.0, "is_heading": -3.0}),
        confidence=Linear(weights={"best_lexical": 8.0}, intercept=-3.0),
        threshold=threshold,
        quote_margin=0.5,
    )
