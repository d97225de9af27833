"""Small stand-ins: posts of a few words, passages of them, and an assistant with prepared answers."""

from __future__ import annotations

from collections.abc import Sequence
from types import SimpleNamespace

import pytest

from index.records import Post, SentenceKind
from qa.answer import Answer
from qa.evaluation.gold import GoldQuestion, GoldSet
from qa.evaluation.results import Evaluation
from qa.evaluation.runner import evaluate
from qa.records import Citation, Evidence, Passage, PassageFeatures, Segment


class Prepared:
    """An assistant with prepared answers that refuses any other question."""

    def __init__(self, answers: dict[str, Answer], rankings: dict[str, list[Passage]]) -> None:
        self.answers, self.rankings = answers, rankings
        self.searched: list[tuple[str, int]] = []

    def quote(self, question: str) -> Answer:
        """The answer given for the question, else a refusal."""
        nothing = Answer(question=question, question_as_understood=question, answered=False, confidence=0)
        return self.answers.get(question, nothing)

    def search(self, question: str, k: int) -> list[Passage]:
        """The first k passages given for the question."""
        self.searched.append((question, k))
        return self.rankings.get(question, [])[:k]


def _post(id: str, body: str, title: str = "") -> Post:
    return Post(id=id, title=title or f"Title of {id}", body=body)


def _passage(post: Post, text: str, *sentences: str, **measured: float) -> Passage:
    start = post.body.index(text)
    evidence = tuple(
        Evidence(
            start=post.body.index(each),
            end=post.body.index(each) + len(each),
            text=each,
            kind=SentenceKind.SENTENCE,
            score=1.0,
        )
        for each in sentences
    )
    features = PassageFeatures(**measured)
    return Passage(
        post=post,
        text=text,
        start=start,
        end=start + len(text),
        score=1,
        features=features,
        evidence=evidence,
    )


def _answer(
    question: str,
    text: str = "",
    cites: Sequence[tuple[Post, str]] = (),
    *,
    answered: bool = True,
    confidence: float = 1.0,
    generation: int = 1,
) -> Answer:
    citations = tuple(
        Citation(
            marker=f"[{number}]",
            quote=quote,
            start=post.body.index(quote),
            end=post.body.index(quote) + len(quote),
            post=post,
        )
        for number, (post, quote) in enumerate(cites, start=1)
    )
    return Answer(
        question=question,
        question_as_understood=question,
        segments=(Segment(text),),
        answered=answered,
        confidence=confidence,
        citations=citations,
        generation=generation,
    )


@pytest.fixture
def boat() -> Post:
    return _post("boat", "Ana built the boat. Ben sailed it to “Crete”. Nobody saw the boat again.", "The  Boat")


@pytest.fixture
def other() -> Post:
    return _post("other", "Ana built the boat. A copy elsewhere.", "Another post")


def _gold(**fields: object) -> GoldQuestion:
    return GoldQuestion.model_validate({"id": "g", "question": "Q?", "post_ids": ("boat",), **fields})


def _judged(assistant: Prepared, *questions: GoldQuestion) -> Evaluation:
    return evaluate(assistant, GoldSet(name="set", questions=questions))


@pytest.fixture
def make() -> SimpleNamespace:
    """The makers of all that an evaluation is about."""
    return SimpleNamespace(post=_post, passage=_passage, answer=_answer, assistant=Prepared, gold=_gold, judged=_judged)
