"""Near misses proposed from gold questions: close to what the posts say, and probably not answered by them.

Another attribute of the same subject is asked for, or the same of another subject. No rule can tell that no post
answers such a question: a person must check each.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, zip_longest

from index.records import Post
from qa.evaluation.gold_records import GoldQuestion

NEAR_MISS = "near-miss"
"""The kind of the questions proposed here."""

_OTHER_ATTRIBUTE = (
    (r"(?:When|Where) was (.+) founded\?", "How many people worked at {0} when it was founded?"),
    (r"Where is (.+) based\?", "Where was {0} based before?"),
    (r"(?:When|Since when) (did|was|were|has|have) (.+)\?", "Why {0} {1}?"),
    (r"How many (.+) (?:does|do) (.+) have\?", "How many {0} did {1} have at first?"),
    (r"Who (?:is|was) (.+)\?", "Where was {0} born?"),
    (r"What (?:is|was) (.+)\?", "How much does {0} cost?"),
    (r"What does (.+) stand for\?", "Who coined the abbreviation {0}?"),
    (r"Who wrote the post (.+)\?", "Who translated the post {0}?"),
    (r"Who said (.+)\?", "On which day was it said: {0}?"),
)
_SAME_OF_ANOTHER = (
    (r"When was (?P<subject>.+) (?P<asked>founded)\?", "When was {0} founded?"),
    (r"Where was (?P<subject>.+) (?P<asked>founded)\?", "Where was {0} founded?"),
    (r"Where is (?P<subject>.+) (?P<asked>based)\?", "Where is {0} based?"),
    (r"How many (?P<asked>.+) (?:does|do) (?P<subject>.+) have\?", "How many {1} does {0} have?"),
)
_NAMED = (*(pattern for pattern, _ in _SAME_OF_ANOTHER), r"What (?:is|was) (?P<subject>.+)\?")


def near_misses(questions: Sequence[GoldQuestion], posts: Iterable[Post], limit: int) -> list[GoldQuestion]:
    """Propose at most `limit` unanswerable questions, half of each sort as far as there are any.

    Args:
        questions: Answerable ones, from `qa.evaluation.suggest.suggest`.
        posts: Where a line that names the other subject with what is asked drops a proposal.
    """
    asked = {question.question.casefold() for question in questions}
    lines = [line.casefold() for post in posts for line in post.body.splitlines()]
    sorts = zip_longest(_other_attributes(questions), _other_subjects(questions, lines))
    proposed = dict.fromkeys(text for text in chain.from_iterable(sorts) if text and text.casefold() not in asked)
    return [
        GoldQuestion(id=f"n{number:03d}", question=text, answerable=False, kind=NEAR_MISS)
        for number, text in enumerate([*proposed][:limit], 1)
    ]


def _other_attributes(questions: Iterable[GoldQuestion]) -> Iterator[str]:
    for question in questions:
        matches = ((re.fullmatch(pattern, question.question), other) for pattern, other in _OTHER_ATTRIBUTE)
        yield from [other.format(*match.groups()) for match, other in matches if match][:1]


def _other_subjects(questions: Sequence[GoldQuestion], lines: Sequence[str]) -> Iterator[str]:
    named = dict.fromkeys(
        match["subject"]
        for question in questions
        for pattern in _NAMED
        if (match := re.fullmatch(pattern, question.question))
    )
    for question in questions:
        for pattern, other in _SAME_OF_ANOTHER:
            if match := re.fullmatch(pattern, question.question):
                asked = match["asked"].casefold()
                others = (name for name in named if name != match["subject"] and not _is_said(name, asked, lines))
                yield from [other.format(name, match["asked"]) for name in others][:1]


def _is_said(name: str, asked: str, lines: Iterable[str]) -> bool:
    """Whether a line names a subject with what is asked of it."""
    subject = name.casefold().removeprefix("the ")
    return any(subject in line and asked in line for line in lines)
