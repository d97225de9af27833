"""Ask an assistant every question of a gold set over its public API, and judge its answers and rankings."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from time import perf_counter
from typing import Protocol

from index.errors import QuestionError
from qa.answer import Answer
from qa.answering.examination import Examination
from qa.evaluation import metrics
from qa.evaluation.gold import GoldQuestion, GoldSet
from qa.evaluation.judge import Candidate, Judge, answering_sentences, candidates, cited, ranked_posts
from qa.evaluation.results import ANSWER_HIT, DECISION, Evaluation, Quoted, Row, TopPassage, first_rank
from qa.records import Citation, Passage, by_name

RANKED = 100
"""How many passages are asked for and judged."""

_DEPTHS = (1, 3, 5)
_SHOWN_PASSAGES = 5
_SHOWN_CHARACTERS = 200


class Evaluated(Protocol):
    """What is evaluated: two methods of the public API.

    Where there is `examine(question, k)`, which gives both and what a refusal held back, it is called instead. For the
    report, `encoder_name`, `reader_name`, `calibrated_on` and `fingerprint` are taken where there are such.
    """

    def quote(self, question: str) -> Answer:
        """An answer in the posts' own words, which may be a refusal."""

    def search(self, question: str, k: int) -> list[Passage]:
        """The best `k` passages, best first."""


def evaluate(assistant: Evaluated, gold: GoldSet, *, progress: Callable[[int, int], None] | None = None) -> Evaluation:
    """Judge the answers and rankings for every question of the set.

    Args:
        assistant: Asked for an answer, which is timed, and for the ranking.
        gold: The questions.
        progress: Called with the questions done and their total after each.
    """
    rows: list[Row] = []
    generations: set[int] = set()
    for question in gold.questions:
        row, generation = _row(assistant, question)
        rows.append(row)
        generations |= generation
        if progress:
            progress(len(rows), len(gold.questions))
    return Evaluation(
        gold=gold.name,
        sha256=gold.sha256,
        dropped=gold.dropped,
        generations=tuple(sorted(generations)),
        encoder=getattr(assistant, "encoder_name", ""),
        reader=getattr(assistant, "reader_name", ""),
        calibration=getattr(assistant, "calibrated_on", ""),
        fingerprint=getattr(assistant, "fingerprint", {}),
        rows=tuple(rows),
    )


def _row(assistant: Evaluated, question: GoldQuestion) -> tuple[Row, set[int]]:
    try:
        examined = _examined(assistant, question.question)
    except QuestionError as error:
        return _refused_as_input(question, str(error)), set()
    return _judged(question, examined), {examined.answer.generation}


def _examined(assistant: Evaluated, question: str) -> Examination:
    """An answer and a ranking, by one call where the assistant offers that."""
    examine = getattr(assistant, "examine", None)
    if examine is not None:
        examination: Examination = examine(question, RANKED)
        return examination
    started = perf_counter()
    answer = assistant.quote(question)
    milliseconds = (perf_counter() - started) * 1000
    return Examination(answer, tuple(assistant.search(question, k=RANKED)), milliseconds=milliseconds)


def _refused_as_input(question: GoldQuestion, error: str) -> Row:
    nothing = Answer(question=question.question, question_as_understood="", answered=False, confidence=0)
    row = _judged(question, Examination(nothing, ()))
    return row.model_copy(update={"error": error, "measures": row.measures | {DECISION: 0.0}})


def _judged(question: GoldQuestion, examined: Examination) -> Row:
    judge, answer, passages = Judge(question), examined.answer, examined.passages
    held_back = examined.quotes if question.answerable and not answer.answered else ()
    offered = candidates(answer.citations, passages)
    quotes = [_quoted(judge, candidate) for candidate in offered[: max(_DEPTHS)]]
    sentences = answering_sentences(answer.citations, passages)[: max(_DEPTHS)]
    kept = tuple(_cited(judge, citation) for citation in held_back)
    posts = ranked_posts(passages)
    post_gains = judge.post_gains(posts)
    passage_rank = first_rank(judge.covers(passage) for passage in passages)
    measures = {
        **(_ranking_measures(judge, post_gains, passage_rank) if question.answerable else {}),
        **_proof_measures(question, [one.right for one in quotes], list(map(judge.proves, sentences))),
        **_answer_hit(judge, answer),
        DECISION: float(answer.answered == question.answerable),
    }
    return Row(
        id=question.id,
        question=question.question,
        kind=question.kind,
        gold=question.gold,
        answerable=question.answerable,
        gold_posts=question.posts or question.post_ids,
        gold_quotes=question.quotes,
        gold_answers=question.answers,
        answered=answer.answered,
        level=answer.level,
        read=any(one.reader is not None for passage in answer.passages for one in passage.evidence),
        confidence=answer.confidence,
        answer=answer.text,
        citations=tuple(_cited(judge, citation) for citation in answer.citations),
        held_back=kept,
        candidates=tuple(quotes),
        passages=tuple(_shown(judge, passage) for passage in passages[:_SHOWN_PASSAGES]),
        ranking=tuple(post.id for post in posts),
        post_rank=first_rank(gain > 0 for gain in post_gains),
        post_passage_rank=first_rank(any(map(judge.accepts, (one.post, *one.also_in))) for one in passages),
        passage_rank=passage_rank,
        measures=measures,
        correct=_correct(question, kept or quotes, post_gains),
        unplaced_quotes=judge.unplaced_quotes([passage.post for passage in passages]),
        milliseconds=examined.milliseconds,
    )


def _ranking_measures(judge: Judge, post_gains: Sequence[float], passage_rank: int | None) -> dict[str, float]:
    """Over posts, graded where the set grades; over passages, of which only the first relevant one has a gain.

    Any one gold quote is a right citation, so a question needs one passage, not all that hold a quote: the
    ideal ranking has gain 1 at rank 1 and nothing after.
    """
    passage_gains = [0.0] * (passage_rank - 1) + [1.0] if passage_rank else []
    over_posts = metrics.ranking_measures("post", post_gains, tuple(judge.gains.values()))
    return over_posts | metrics.ranking_measures("passage", passage_gains, (1.0,))


def _proof_measures(question: GoldQuestion, quotes: Sequence[bool], sentences: Sequence[bool]) -> dict[str, float]:
    """`quote@k` where the gold has quotes, else `answer@k` where it has answers: a right one among k.

    Args:
        question: What was asked.
        quotes: Whether each quote is right.
        sentences: Whether each sentence is, for `sentence@k`.
    """
    if not question.answerable or not (question.quotes or question.answers):
        return {}
    right = {"quote" if question.quotes else "answer": quotes, "sentence": sentences}
    return {f"{name}@{k}": float(any(hits[:k])) for name, hits in right.items() for k in _DEPTHS}


def _answer_hit(judge: Judge, answer: Answer) -> dict[str, float]:
    """Whether the answer's text contains a gold answer; a refusal's text never does."""
    if not judge.gold.answerable or not judge.gold.answers:
        return {}
    text = answer.text
    for citation in answer.citations:  # "1" must not be found in "[1]"
        text = text.replace(citation.marker, " ")
    return {ANSWER_HIT: float(answer.answered and judge.holds_answer(text))}


def _correct(question: GoldQuestion, quotes: Sequence[Quoted], post_gains: Sequence[float]) -> bool:
    """Whether the first quote is right, shown or held back; where the gold names only posts, the first post."""
    if not question.answerable:
        return False
    if question.quotes or question.answers:
        return bool(quotes) and quotes[0].right
    return bool(post_gains) and post_gains[0] > 0


def _cited(judge: Judge, citation: Citation) -> Quoted:
    """A citation with its words as they stand in the post, markup included."""
    proven = citation.post.body[citation.start : citation.end] == citation.quote
    return _quoted(judge, cited(citation)).model_copy(update={"quote": citation.quote, "proven": proven})


def _quoted(judge: Judge, candidate: Candidate) -> Quoted:
    return Quoted(
        post_id=candidate.post.id,
        title=candidate.post.title,
        start=candidate.start,
        end=candidate.end,
        quote=candidate.text,
        proven=candidate.post.body[candidate.start : candidate.end] == candidate.text,
        right=judge.proves(candidate),
        sentence=candidate.sentence.text if candidate.focus else "",
        sentence_right=judge.proves(candidate.sentence),
    )


def _shown(judge: Judge, passage: Passage) -> TopPassage:
    return TopPassage(
        post_id=passage.post.id,
        title=passage.post.title,
        text=passage.text[:_SHOWN_CHARACTERS],
        score=passage.score,
        # JSON has no infinity, which a feature may use for "not found".
        features={name: value for name, value in by_name(passage.features).items() if math.isfinite(value)},
        relevant=judge.covers(passage),
    )
