"""What a plug-in gives for an encoder whose files `qa encoder add` writes into the user's data folder."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from index.encoders.protocol import Vectors
from index.records import Record


class Origin(Record):
    """What an encoder was made from.

    Attributes:
        origin: A package with its version, a hub's repository with its revision, or a folder.
        file: What was read there.
        file_sha256: SHA-256 of that file; of several, of the weights.
    """

    origin: str
    file: str
    file_sha256: str


@dataclass(frozen=True)
class Engine:
    """Another implementation of the same model, to compare with.

    Attributes:
        vectors: Of queries, shape (n, d), of unit length.
        tokens: How many tokens a query has, special ones and prompt included.
    """

    name: str
    vectors: Callable[[Sequence[str]], Vectors]
    tokens: Callable[[str], int]


EngineLoader = Callable[[], Engine | None]
"""Loads an engine; gives None where it is not installed."""


@dataclass(frozen=True)
class OriginalModel:
    """The model as its authors published it: a BERT with mean pooling, in a repository of the Hugging Face hub.

    Attributes:
        config: What its `config.json` must state: other models are refused.
        prompts: What it reads before queries and documents, by the names of sentence-transformers.
        min_cosine: Least agreement with the engine.
    """

    repository: str
    config: Mapping[str, object]
    prompts: Mapping[str, str]
    min_cosine: float


@dataclass(frozen=True)
class AddableModel:
    """How the files of an encoder are made, and what they are checked with.

    Attributes:
        licence: As its authors state it.
        unpack: Writes a sentence-transformers folder into an empty folder.
        engine: What its vectors are compared with.
        min_cosine: Least agreement of what was unpacked with the engine.
        original: Where the weights can be had instead; None if only `unpack` has them.
    """

    licence: str
    unpack: Callable[[Path], Origin]
    engine: EngineLoader
    min_cosine: float
    original: OriginalModel | None = None
