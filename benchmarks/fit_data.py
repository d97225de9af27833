"""What the weights are fitted on: corpora with gold questions, and what is measured of every candidate."""

from __future__ import annotations

import hashlib
import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

import numpy as np
import numpy.typing as npt

import index
from benchmarks.written_questions import HELD_OUT, written_corpora
from index.encoders.installed.loading import load_encoder
from index.reader import Index
from index.search.vectors import Allowed
from index.settings import DEFAULT_ENCODER, BuildSettings
from qa.answering.confidence import CONFIDENCE_FEATURES
from qa.answering.features import ScoredChunk, sentence_features
from qa.answering.retrieve import ranked_chunks
from qa.answering.weights import PASSAGE_FEATURES, Weights, default_weights
from qa.assistant import Assistant
from qa.evaluation.calibrate import Trial, run_trial, without_answer
from qa.evaluation.gold import GoldQuestion, read_gold
from qa.evaluation.judge import Candidate, Judge
from qa.question.query import Query, understand
from qa.records import Passage, SentenceFeatures
from qa.settings import AskSettings

Array = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
SETTINGS = AskSettings()
FITTED_ON = ("xquad", "samples")
_LONG_RANKING = 50
_MOST_WRITTEN = 400  # questions over one kind of blog
_OFF_TOPIC_STEP = 3  # of the other corpora's questions: they are easy, and a third of them is plenty


@dataclass(frozen=True)
class FeatureNames:
    """Which features get weights, in their order."""

    passages: tuple[str, ...]
    sentences: tuple[str, ...]
    confidence: tuple[str, ...]


SENTENCE_FEATURES = SentenceFeatures._fields
_COGNATES = "cognate_overlap"
# Over near misses by persons, margins and likenesses tell English questions apart no better.
_IN_ONE_LANGUAGE = CONFIDENCE_FEATURES[: CONFIDENCE_FEATURES.index(_COGNATES)]
PLAIN = FeatureNames(
    ("dense", "sentence", "lexical"), tuple(name for name in SENTENCE_FEATURES if name != _COGNATES), _IN_ONE_LANGUAGE
)
WIDE = FeatureNames(PASSAGE_FEATURES, SENTENCE_FEATURES, _IN_ONE_LANGUAGE)
EVERY = FeatureNames(PASSAGE_FEATURES, SENTENCE_FEATURES, CONFIDENCE_FEATURES)


@dataclass(frozen=True)
class Asked:
    """A question with its candidates' features and which of them are right; `posts` are the passages' posts."""

    corpus: str
    question: GoldQuestion
    group: str
    posts: tuple[str, ...]
    passages: tuple[Array, Flags]
    sentences: tuple[Array, Flags]


@dataclass(frozen=True)
class Corpus:
    """An opened index with its gold questions, and questions that it cannot answer."""

    name: str
    index: Index
    questions: tuple[GoldQuestion, ...]
    off_topic: tuple[GoldQuestion, ...] = ()

    def query(self, question: GoldQuestion, centring: float = 0.0) -> Query:
        """The question against this corpus' terms."""
        built = self.index.manifest.encoder
        return understand(question.question, load_encoder(built.name, built.backend), self.index.terms, centring)


def corpora(shared: Path, folder: Path, encoder: str = DEFAULT_ENCODER) -> dict[str, Corpus]:
    """Build the three English corpora into a folder."""
    samples = Path(index.__file__).parent / "samples"
    places = {
        "xquad": (shared / "data/xquad-en/corpus.jsonl", shared / "data/xquad-en/questions.jsonl"),
        "samples": (samples / "posts", samples / "gold.jsonl"),
        "posts": (shared / "corpus", shared / "gold/ai-blog-posts.dev.jsonl"),
    }
    built = {}
    for name, (source, gold) in places.items():
        index.build([source], folder / name, settings=BuildSettings(encoder=encoder))
        built[name] = Corpus(name, index.open(folder / name), read_gold(gold).questions)
    return {name: _with_off_topic(one, built) for name, one in built.items()}


def _with_off_topic(corpus: Corpus, built: dict[str, Corpus]) -> Corpus:
    """Questions of the other corpora that weights are fitted on."""
    others = (built[name] for name in FITTED_ON if name != corpus.name)
    return replace(corpus, off_topic=tuple(one for other in others for one in other.questions[::_OFF_TOPIC_STEP]))


def written_blogs(folders: Sequence[Path], folder: Path, encoder: str = DEFAULT_ENCODER) -> dict[str, Corpus]:
    """Questions written for training over blogs, a corpus for each kind of blog; those held out are not among them.

    Args:
        folders: Of JSON Lines files, one a blog (`benchmarks.written_questions`).
        folder: Where posts and indexes go.
        encoder: Its name.
    """
    built = {}
    for name, (posts, questions) in written_corpora(folders, folder / "written").items():
        if name != HELD_OUT:
            index.build([posts], folder / name, settings=BuildSettings(encoder=encoder))
            draw = random.Random(name)  # noqa: S311  # draws questions, the same every time
            some = draw.sample(questions, min(_MOST_WRITTEN, len(questions)))
            built[name] = Corpus(name, index.open(folder / name), tuple(some))
    return built


def spanish_corpora(shared: Path, folder: Path, built: dict[str, Corpus], encoder: str) -> dict[str, Corpus]:
    """Spanish questions over the English corpora, and the Spanish sample posts, asked in either language."""
    samples = Path(index.__file__).parent / "samples"
    place = folder / "samples in Spanish"
    index.build([samples / "es" / "posts"], place, settings=BuildSettings(encoder=encoder))
    opened = index.open(place)
    xquad = read_gold(shared / "data/xquad-es/questions.jsonl").questions
    over_english = read_gold(samples / "gold-es.jsonl").questions
    over_spanish = read_gold(samples / "es" / "gold.jsonl").questions
    in_english = read_gold(samples / "es" / "gold-en.jsonl").questions
    some = xquad[::_OFF_TOPIC_STEP]
    return {
        "xquad, asked in Spanish": Corpus("xquad, asked in Spanish", built["xquad"].index, xquad, over_spanish),
        "samples, asked in Spanish": Corpus(
            "samples, asked in Spanish", built["samples"].index, over_english, (*some, *over_spanish)
        ),
        "Spanish samples": Corpus("Spanish samples", opened, over_spanish, some[::_OFF_TOPIC_STEP]),
        "Spanish samples, asked in English": Corpus(
            "Spanish samples, asked in English", opened, in_english, built["xquad"].questions[:: 4 * _OFF_TOPIC_STEP]
        ),
    }


def group_of(question: GoldQuestion) -> str:
    """What must not be on both sides of a split: the article of an XQuAD question, else the post."""
    ids = question.post_ids or question.posts or (question.id,)
    return ids[0].rpartition("#")[0] or ids[0]


def halves(group: str) -> int:
    """0 or 1 by the group's name, the same at every run."""
    return hashlib.sha256(group.encode()).digest()[0] % 2


def asked(
    corpus: Corpus, features: FeatureNames = PLAIN, start: Weights | None = None, centring: float = 0.0
) -> list[Asked]:
    """Every answerable question with its candidates and their features.

    Args:
        corpus: With its questions.
        features: Which to keep.
        start: By which weights candidates are chosen; those of the default encoder unless given.
        centring: How much of a foreign question's centre is taken off.
    """
    weights = start or default_weights()
    return [_asked(corpus, one, features, weights, centring) for one in corpus.questions if one.answerable]


def _asked(corpus: Corpus, question: GoldQuestion, features: FeatureNames, start: Weights, centring: float) -> Asked:
    query, judge = corpus.query(question, centring), Judge(question)
    found = ranked_chunks(query, corpus.index, start, SETTINGS, _LONG_RANKING)
    passages = np.array([[getattr(one.features, name) for name in features.passages] for one in found])
    covers = np.array([judge.covers(_bare(one)) for one in found])
    rows, right = [], []
    for one in found[: SETTINGS.evidence_depth]:
        rows += sentence_features(query, one, cognates=_COGNATES in features.sentences)
        for sentence in one.chunk.sentences:
            text = one.post.body[sentence.start : sentence.end]
            right.append(judge.proves(Candidate(one.post, sentence.start, sentence.end, text)))
    kept = [SENTENCE_FEATURES.index(name) for name in features.sentences]
    posts = tuple(one.post.id for one in found)
    sentences = (np.array(rows)[:, kept], np.array(right))
    return Asked(corpus.name, question, group_of(question), posts, (passages, covers), sentences)


def _bare(one: ScoredChunk) -> Passage:
    return Passage(post=one.post, text=one.chunk.text, start=one.chunk.start, end=one.chunk.end, score=0)


def trials(asked_of: Iterable[Corpus], weights: Weights) -> list[Trial]:
    """Answerable questions, the same with the answer taken away, and questions that are off topic."""
    found: list[Trial | None] = []
    for corpus in asked_of:
        snapshot = Assistant(corpus.index, weights=weights).snapshot
        for question in corpus.questions:
            kind = "answerable" if question.answerable else question.kind
            found.append(_placed(run_trial(snapshot, SETTINGS, question, kind), question, corpus))
            if question.answerable:
                kind, kept = _taken_away(corpus, question)
                found.append(_placed(run_trial(snapshot, SETTINGS, question, kind, allowed=kept), question, corpus))
        for question in corpus.off_topic:
            found.append(_placed(run_trial(snapshot, SETTINGS, question, "off-topic"), question, corpus))
    return [one for one in found if one is not None]


def _taken_away(corpus: Corpus, question: GoldQuestion) -> tuple[str, Allowed]:
    """XQuAD without the answering paragraph, which is a post there; a sample post without the answering chunk."""
    if question.post_ids:
        return "removed", without_answer(corpus.index, question)
    judge = Judge(question)
    covers = (judge.covers(passage) for passage in _passages(corpus.index))
    return "chunk removed", ~np.fromiter(covers, dtype=np.bool_)


@cache
def _passages(opened: Index) -> Sequence[Passage]:
    rows = opened.chunks(range(opened.manifest.chunks))
    return [Passage(post=post, text=one.text, start=one.start, end=one.end, score=0) for post, one in rows]


def _placed(found: Trial | None, question: GoldQuestion, corpus: Corpus) -> Trial | None:
    return None if found is None else replace(found, group=group_of(question), corpus=corpus.name)
