"""BM25 over chunks (bm25s): saved as plain arrays, opened by mapping them."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, Self

import bm25s
import numpy as np
import numpy.typing as npt

from index.settings import LexicalSettings
from index.terms import terms

Scores = npt.NDArray[np.float32]
_SETTINGS_FILE = "postqa.json"


class LexicalIndex:
    """Scores each chunk for a bag of terms; every chunk is a row, in the order given when built.

    Lucene's variant of BM25 is used: a term's weight is at most its idf, so a score divided by the sum of
    the question's idfs is a share between 0 and 1, comparable between questions and corpora.
    """

    def __init__(self, ranker: Any, settings: LexicalSettings, rows: int) -> None:  # bm25s carries no types
        self._ranker = ranker
        self._settings = settings
        self.rows = rows
        self._counts = np.diff(ranker.scores["indptr"])

    @classmethod
    def build(cls, texts: Iterable[str], settings: LexicalSettings) -> Self:
        """Index texts, one a chunk, in row order."""
        tokens = [terms(text, settings.stemmer) or [""] for text in texts]
        ranker = bm25s.BM25(method="lucene", k1=settings.k1, b=settings.b)
        ranker.index(tokens, show_progress=False)
        return cls(ranker, settings, len(tokens))

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Open a saved index by mapping its arrays."""
        saved = json.loads((folder / _SETTINGS_FILE).read_text(encoding="utf-8"))
        ranker = bm25s.BM25.load(str(folder), mmap=True, load_corpus=False, allow_pickle=False)
        return cls(ranker, LexicalSettings(**saved["settings"]), int(saved["rows"]))

    def save(self, folder: Path) -> None:
        """Write arrays and parameters into a folder."""
        folder.mkdir(parents=True, exist_ok=True)
        self._ranker.save(str(folder), show_progress=False, allow_pickle=False)
        saved = {"settings": self._settings.model_dump(), "rows": self.rows}
        (folder / _SETTINGS_FILE).write_text(json.dumps(saved, sort_keys=True), encoding="utf-8")

    @property
    def settings(self) -> LexicalSettings:
        """The parameters the index was built with."""
        return self._settings

    def terms(self, text: str) -> list[str]:
        """A text's terms under this index's stemmer."""
        return terms(text, self._settings.stemmer)

    def knows(self, term: str) -> bool:
        """Whether any chunk holds the term."""
        return term in self._ranker.vocab_dict

    def idf(self, term: str) -> float:
        """`ln(1 + (N - n + 0.5) / (n + 0.5))` with n the chunks that hold the term (Robertson 2009, Lucene)."""
        at = self._ranker.vocab_dict.get(term)
        holding = 0 if at is None else int(self._counts[at])
        return math.log(1 + (self.rows - holding + 0.5) / (holding + 0.5))

    @property
    def greatest_idf(self) -> float:
        """The idf of a term that no chunk holds: no term weighs more."""
        return math.log(1 + (self.rows + 0.5) / 0.5)

    def vocabulary(self) -> Iterable[str]:
        """Every term that some chunk holds."""
        return (term for term in self._ranker.vocab_dict if term)

    def shares(self, query_terms: Sequence[str]) -> Scores:
        """For each chunk the share of the question's weight found there, 0 to 1, shape (rows,)."""
        distinct = list(dict.fromkeys(query_terms))
        total = sum(self.idf(term) for term in distinct)
        known = [term for term in distinct if self.knows(term)]
        if not known or total <= 0:
            return np.zeros(self.rows, dtype=np.float32)
        scores = self._ranker.get_scores(known)
        return np.asarray(scores / total, dtype=np.float32)
