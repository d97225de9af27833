"""Vectors for a corpus of any size with the neighbourhoods of a real one; nothing is encoded for it.

A real corpus' vectors are taken apart into the mean of all, what an article adds to it, what a passage adds to its
article and what a sentence adds to its passage. New articles, passages and sentences are put together from mixtures
of those parts, with the real lengths, so that neighbours are as near and as many as they are in the real corpus;
`structure` measures that on both.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from index.encoders.protocol import Vectors

Rows = npt.NDArray[np.int64]
Numbers = npt.NDArray[np.float64]


@dataclass(frozen=True)
class RealVectors:
    """A real corpus: passages with their article's number, sentences with their passage's, and questions.

    Attributes:
        answers: For each question the row of the sentence that answers it.
    """

    passages: Vectors
    articles: Rows
    sentences: Vectors
    owners: Rows
    questions: Vectors
    answers: Rows


@dataclass(frozen=True)
class Parts:
    """Differences of one level of a corpus from the level above: directions, and how long each is."""

    rows: Vectors

    def draw(self, count: int, mixed: int, rng: np.random.Generator) -> Vectors:
        """New parts, shape (count, d): sums of a few real ones with random signs and weights, of a real length."""
        weights = rng.normal(size=(count, mixed)).astype(np.float32)
        chosen = rng.integers(0, len(self.rows), size=(count, mixed))
        drawn = np.einsum("nm,nmd->nd", weights, self.rows[chosen], optimize=True)
        lengths = np.linalg.norm(self.rows, axis=1)[rng.integers(0, len(self.rows), size=count)]
        return np.asarray(_unit(drawn) * lengths[:, None], dtype=np.float32)


class VectorMaker:
    """Draws passages, their sentences and questions to them.

    Args:
        real: The corpus whose neighbourhoods are kept.
        articles_a_topic: How many articles share a subject; a real collection has several on each.
        topic_share: How much of an article's part (squared length) is its topic's.
    """

    def __init__(
        self, real: RealVectors, *, articles_a_topic: int = 200, topic_share: float = 0.6, fresh: float = 0.4
    ) -> None:
        self._mean = real.passages.mean(axis=0)
        members = [np.flatnonzero(real.articles == one) for one in np.unique(real.articles)]
        centres = np.stack([real.passages[rows].mean(axis=0) for rows in members])
        own = np.concatenate([real.passages[rows] - centre for rows, centre in zip(members, centres, strict=True)])
        self._passage = Parts(own)
        # Articles differ in more ways than a few dozen of them show: passages' own directions stand for the rest.
        self._article = Parts(centres - self._mean)
        self._other_ways = Parts(_unit(own) * float(np.linalg.norm(self._article.rows, axis=1).mean()))
        self._sentence = Beside.of(real.sentences, real.passages[real.owners])
        self._question = Beside.of(real.questions, real.sentences[real.answers])
        self._articles_a_topic = articles_a_topic
        self._topic_share = topic_share
        self._fresh = fresh

    @property
    def dimension(self) -> int:
        """Width of a vector."""
        return int(self._mean.size)

    def passages(self, articles: Rows, rng: np.random.Generator) -> Vectors:
        """One unit vector for each entry of `articles`, which numbers the articles from 0 in order."""
        count = int(articles[-1]) + 1 if len(articles) else 0
        topics = self._subjects(count // self._articles_a_topic + 1, rng)
        of_topic = topics[rng.integers(0, len(topics), size=count)]
        share = self._topic_share
        centres = np.sqrt(share) * of_topic + np.sqrt(1 - share) * self._subjects(count, rng)
        made = np.empty((len(articles), self._mean.size), dtype=np.float32)
        for start in range(0, len(articles), _AT_ONCE):
            rows = articles[start : start + _AT_ONCE]
            own = self._passage.draw(len(rows), 4, rng)
            made[start : start + len(rows)] = _unit(self._mean + centres[rows] + own)
        return made

    def _subjects(self, count: int, rng: np.random.Generator) -> Vectors:
        fresh = self._fresh
        known, other = self._article.draw(count, 4, rng), self._other_ways.draw(count, 4, rng)
        return np.asarray(np.sqrt(1 - fresh) * known + np.sqrt(fresh) * other, dtype=np.float32)

    def sentences(self, passages: Vectors, rng: np.random.Generator) -> Vectors:
        """One sentence's vector for each passage given; repeat a passage for each of its sentences."""
        return self._sentence.draw(passages, rng)

    def questions(self, sentences: Vectors, rng: np.random.Generator) -> Vectors:
        """One question's vector for each sentence that answers it."""
        return self._question.draw(sentences, rng)


@dataclass(frozen=True)
class Beside:
    """How vectors lie beside others: the cosines between them, and the directions they lie off in."""

    cosines: Vectors
    directions: Parts

    @classmethod
    def of(cls, these: Vectors, those: Vectors) -> Beside:
        """Measured on pairs of unit vectors."""
        cosines = np.einsum("nd,nd->n", these, those)
        return cls(cosines, Parts(_unit(these - cosines[:, None] * those)))

    def draw(self, those: Vectors, rng: np.random.Generator) -> Vectors:
        """A unit vector beside each of those given, at a cosine drawn from the real ones."""
        cosines = rng.choice(self.cosines, size=len(those)).astype(np.float32)[:, None]
        off = self.directions.draw(len(those), 4, rng)
        off = _unit(off - np.einsum("nd,nd->n", off, those)[:, None] * those)
        beside = cosines * those + np.sqrt(np.maximum(0, 1 - cosines**2)) * off
        return _unit(np.asarray(beside, dtype=np.float32))


_AT_ONCE = 20_000  # rows: a mixture of four parts of each is 120 MB


def structure(vectors: Vectors) -> dict[str, float]:
    """What a search structure lives on, measured on unit vectors, shape (n, d).

    Cosines to the nearest and the tenth nearest neighbour, mean and spread of all pairs' cosines, and the intrinsic
    dimension by the distances' growth to the 20th neighbour (Levina and Bickel 2004) and by the participation ratio
    of the covariance's eigenvalues.
    """
    cosines = vectors @ vectors.T
    pairs = cosines[np.triu_indices(len(vectors), 1)]
    np.fill_diagonal(cosines, -1)
    nearest = -np.sort(-cosines, axis=1)[:, :20]
    distances = np.sqrt(np.maximum(2 - 2 * nearest.astype(np.float64), 1e-6))
    growth = np.log(distances[:, -1:] / distances[:, :-1]).mean(axis=1)
    spectrum = np.linalg.eigvalsh(np.cov(vectors.T))
    quantiles = {f"nearest, {q:.0%}": float(np.quantile(nearest[:, 0], q)) for q in (0.1, 0.5, 0.9)}
    return quantiles | {
        "tenth nearest, 50%": float(np.median(nearest[:, 9])),
        "pairs, mean": float(pairs.mean()),
        "pairs, spread": float(pairs.std()),
        "intrinsic dimension": float(1 / growth.mean()),
        "participation ratio": float(spectrum.sum() ** 2 / (spectrum**2).sum()),
    }


def _unit(rows: Vectors) -> Vectors:
    return np.asarray(rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-9), dtype=np.float32)
