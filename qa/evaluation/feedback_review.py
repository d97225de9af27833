"""Votes to gold questions: what a vote proposes, and a person's verdict on each."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from index.reader import Index
from index.records import Post
from index.text.blocks import BlockKind, blocks
from index.text.sentences import sentence_spans
from qa.answer import Answer
from qa.answering.receipt import ReceiptBroken
from qa.evaluation.feedback import Verdict, Vote
from qa.evaluation.gold import GoldQuestion
from qa.evaluation.suggest import judged

KIND = "asked"
"""The kind of a question that somebody really asked."""
_MOST_QUOTES = 9
_MOST_PASSAGES = 3


@dataclass(frozen=True)
class Case:
    """A vote to review.

    Attributes:
        answer: The answer again, every quote proven.
        choices: The gold questions it may become; the last says that the posts do not answer. After a vote for
            the answer there is only one.
    """

    vote: Vote
    answer: Answer
    choices: tuple[GoldQuestion, ...]


@dataclass(frozen=True)
class Reviewed:
    """What became of a vote; `question` is there where it was accepted."""

    vote: Vote
    verdict: Verdict
    question: GoldQuestion | None = None


def cases(votes: Iterable[Vote], index: Index, stale: Callable[[Vote, str], None]) -> Iterator[Case]:
    """The votes that were not reviewed yet, as they come up.

    Args:
        stale: Called with a vote whose quotes are no longer in these posts, and why. It is skipped and not marked
            as reviewed: it may be about the posts of another index.
    """
    for vote in votes:
        if vote.verdict:
            continue
        try:
            answer = vote.receipt.answer(index)
        except ReceiptBroken as error:
            stale(vote, str(error))
            continue
        yield Case(vote, answer, _choices(vote, answer))


def review_votes(
    open_cases: Iterable[Case], choose: Callable[[Case], str], ask: Callable[[GoldQuestion], str]
) -> Iterator[Reviewed]:
    """Go through cases; each is yielded when it is decided, so that it can be kept at once.

    Args:
        choose: Shows a case of several choices and gives the reply: a number from 1 takes that quote, `u` that the
            posts do not answer, `r` rejects, `q` ends. It is asked again after any other reply.
        ask: As `qa.evaluation.suggest.review` has it, for the question that was chosen.
    """
    for case in open_cases:
        verb, question = _chosen(case, choose)
        if question is not None:
            verb, question = judged(question, ask)
        if verb == "q":
            return
        yield Reviewed(case.vote, "rejected" if verb == "r" else "accepted", question)


def _chosen(case: Case, choose: Callable[[Case], str]) -> tuple[str, GoldQuestion | None]:
    if len(case.choices) == 1:
        return "", case.choices[0]
    while True:
        reply = choose(case).strip().casefold()
        if reply in ("r", "q"):
            return reply, None
        if reply == "u":
            return "", case.choices[-1]
        if reply.isascii() and reply.isdecimal() and 1 <= int(reply) < len(case.choices):
            return "", case.choices[int(reply) - 1]


def _choices(vote: Vote, answer: Answer) -> tuple[GoldQuestion, ...]:
    common = {"id": f"asked-{vote.key}", "question": answer.question}
    given = [(citation.post, citation.quote) for citation in answer.citations[:1]]
    quotes = given if vote.vote > 0 else list(_quotes(answer))[:_MOST_QUOTES]
    answerable = [GoldQuestion(**common, posts=(post.title,), quotes=(quote,), kind=KIND) for post, quote in quotes]
    if vote.vote > 0 and answerable:
        return tuple(answerable)
    return *answerable, GoldQuestion(**common, answerable=False, kind="unanswerable")


def _quotes(answer: Answer) -> Iterator[tuple[Post, str]]:
    """What may be the right quote: those that were given, then the sentences of the best passages in turn."""
    quotes = {(citation.post.id, citation.quote): citation.post for citation in answer.citations}
    for passage in answer.passages[:_MOST_PASSAGES]:
        for quote in _sentences(passage.text):
            quotes.setdefault((passage.post.id, quote), passage.post)
    return ((post, quote) for (_, quote), post in quotes.items())


def _sentences(text: str) -> Iterator[str]:
    for block in blocks(text):
        if block.kind in (BlockKind.PARAGRAPH, BlockKind.ITEM):
            yield from (text[start:end] for start, end in sentence_spans(text, block.start, block.end))
        elif block.kind is not BlockKind.HEADING:
            yield text[block.start : block.end].strip()
