"""The corpora at hand, with the answerable questions of their gold sets."""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

import index
from benchmarks.written_questions import HELD_OUT, written_corpora
from qa.evaluation.gold import GoldQuestion, read_gold

XQUAD = "xquad-en"
SPANISH = "xquad-en, asked in Spanish"
_MANY = 300  # a seeded sample of so many questions, for the slow systems
_SAMPLES = Path(index.__file__).parent / "samples"


@dataclass(frozen=True)
class Corpus:
    """Posts, and questions that they answer.

    Attributes:
        is_foreign: Asked in another language than the posts: for the encoders that read both.
    """

    name: str
    source: Path
    questions: tuple[GoldQuestion, ...]
    is_foreign: bool = False

    @property
    def gold(self) -> str:
        """The questions as JSON Lines."""
        fields = {"id", "question", "answerable", "posts", "post_ids", "quotes", "answers", "kind"}
        return "".join(f"{one.model_dump_json(include=fields)}\n" for one in self.questions)

    @property
    def sha256(self) -> str:
        """Of the questions: figures with the same hash rest on the same ones."""
        return sha256(self.gold.encode()).hexdigest()


def corpora(
    shared: Path, scratch: Path, *, written: Sequence[Path] = (), spanish: bool = False, most: int | None = None
) -> Iterator[Corpus]:
    """Every corpus.

    Args:
        shared: The folder of the shared data.
        scratch: Where the posts of written questions go.
        written: Folders of questions written over blogs, of which the held-out blogs are taken.
        spanish: Whether XQuAD's English posts are asked in Spanish too.
        most: Most questions of a corpus, a seeded sample; by default those of the two large ones.
    """
    gold, xquad = shared / "gold", shared / "data/xquad-en/corpus.jsonl"
    places = {
        "jekyll-news": (shared / "corpus/jekyll-news", gold / "jekyll.dev.jsonl", most),
        "til": (shared / "corpus/til", gold / "til.dev.jsonl", most),
        "ai-blog-posts": (shared / "corpus/ai-blog-posts.txt", gold / "ai-blog-posts.dev.jsonl", most),
        "samples": (_SAMPLES / "posts", _SAMPLES / "gold.jsonl", most),
        XQUAD: (xquad, shared / "data/xquad-en/questions.jsonl", most or _MANY),
    }
    for name, (source, questions, limit) in places.items():
        yield Corpus(name, source, _some(read_gold(questions).questions, limit))
    if written:
        source, questions_written = written_corpora(written, scratch)[HELD_OUT]
        yield Corpus("blogs, held out", source, _some(questions_written, most or _MANY))
    if spanish:
        asked = read_gold(shared / "data/xquad-es/questions.jsonl").questions
        yield Corpus(SPANISH, xquad, _some(asked, most), is_foreign=True)


def _some(questions: Iterable[GoldQuestion], most: int | None) -> tuple[GoldQuestion, ...]:
    """The answerable ones, or a sample of them in their order."""
    answerable = [question for question in questions if question.answerable]
    if most is None or len(answerable) <= most:
        return tuple(answerable)
    places = random.Random(0).sample(range(len(answerable)), most)  # noqa: S311  # a sample is no secret
    return tuple(answerable[at] for at in sorted(places))
