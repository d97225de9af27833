"""Example questions for the corpus: made from its sentences, titles and headings, and offered if posts answer them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, islice, zip_longest
from typing import Protocol

from index.errors import PostqaError
from index.records import Post
from qa.answer import Answer
from qa.assistant import Assistant
from qa.evaluation.suggest_rules import LANGUAGES, drafts
from qa.records import Citation

_EXAMPLES = 3
_FOLLOW_UPS = 3
_MAX_TRIED = 12
_FACTS = 9  # tried of questions that a sentence answers; those of titles and headings are answered less surely
_FACT_RULES = frozenset({"when", "how many", "origin", "definition", "who"})
_POSTS = 48  # looked at from the start of the corpus: a large one is not read through for three questions
_CHUNKS = 600
_LONGEST = 110  # characters of a question
_SCAFFOLD = re.compile(r"\b(?:about the authors?|acknowledge?ments?|references|conclusion|introduction)\b", re.I)
_NAME = re.compile(r"[A-Z][\w.'-]*(?: [A-Z][\w.'-]*)?")
# Sentences, lists and references do not read well after "What do the posts say about".
_SENTENCE = re.compile(
    r"\b(?:is|are|was|were|has|have|had|do|does|did|can|will|should|must|this|these|our|your|its?|we|you|they|i)\b|[.!?:,]",
    re.I,
)


class Quotes(Protocol):
    """Answers questions in the posts' own words."""

    def quote(self, question: str) -> Answer:
        """An answer made of quotes, or a refusal."""


@dataclass(frozen=True)
class Example:
    """A question with the title of the post that answers it."""

    question: str
    source: str


@dataclass(frozen=True)
class Outline:
    """What examples are made of: a post and the innermost headings of its passages, in order."""

    post: Post
    headings: tuple[str, ...]


def example_questions(assistant: Assistant) -> list[Example]:
    """At most three questions that the posts answer; the same ones for the same index."""
    posts = list(islice(assistant.index.posts(), _POSTS))
    headings: dict[str, dict[str, None]] = {post.id: {} for post in posts}
    for chunk in islice(assistant.index.all_chunks(), _CHUNKS):
        if chunk.post_id in headings and chunk.headings:
            headings[chunk.post_id][chunk.headings[-1]] = None
    outlines = [Outline(post, tuple(headings[post.id])) for post in posts]
    return answered(assistant, chain(islice(facts(posts), _FACTS), candidates(outlines)))


def follow_ups(assistant: Quotes, answer: Answer) -> list[str]:
    """At most three questions about what was found beside an answer; each is answered, and with another quote."""
    headings: dict[str, tuple[Post, dict[str, None]]] = {}
    for passage in answer.passages:
        of_post = headings.setdefault(passage.post.id, (passage.post, {}))[1]
        of_post.update(dict.fromkeys(passage.headings[-1:]))
    outlines = [Outline(post, tuple(names)) for post, names in headings.values()]
    quoted = {(citation.post.id, citation.start) for citation in answer.citations}

    def has_new_quote(question: str) -> bool:
        first = {(citation.post.id, citation.start) for citation in _citations(assistant, question)[:1]}
        is_new = bool(first - quoted)
        quoted.update(first)
        return is_new

    tried = (question for question in islice(candidates(outlines), _MAX_TRIED) if question != answer.question)
    return list(islice(filter(has_new_quote, tried), _FOLLOW_UPS))


def answered(assistant: Quotes, questions: Iterator[str]) -> list[Example]:
    """The three questions, of at most twelve tried, that are answered with the greatest confidence.

    They are answered by different posts and begin with different words as far as there are such. Where fewer than three
    are answered outright, those that the posts come nearest to fill up.
    """
    tried = [(question, _answer(assistant, question)) for question in islice(questions, _MAX_TRIED)]
    shown = [(answer, question) for question, answer in tried if answer is not None and answer.citations]
    shown.sort(key=lambda one: (bool(one[0]), one[0].confidence), reverse=True)
    seen: Counter[str] = Counter()

    def repetition(one: tuple[Answer, str]) -> tuple[bool, int, int]:
        post, word = one[0].citations[0].post.id, one[1].partition(" ")[0]
        seen.update((post, word))
        return not one[0], seen[post], seen[word]

    shown.sort(key=repetition)  # stable: of the same repetition the surest first
    return [Example(question, answer.citations[0].post.title) for answer, question in shown[:_EXAMPLES]]


def _answer(assistant: Quotes, question: str) -> Answer | None:
    """The answer in the posts' own words; None where the question cannot be used."""
    try:
        return assistant.quote(question)
    except PostqaError:
        return None


def _citations(assistant: Quotes, question: str) -> Sequence[Citation]:
    """What the posts answer with; nothing where they do not say it outright."""
    answer = _answer(assistant, question)
    return answer.citations if answer else ()


def facts(posts: Iterable[Post]) -> Iterator[str]:
    """A question a post that one of its sentences answers, of the kind that was taken least often so far."""
    taken: Counter[str] = Counter()
    for post in posts:
        made = [draft for draft in drafts(post) if draft.rule in _FACT_RULES and len(draft.question) <= _LONGEST]
        if post.language in LANGUAGES and made:
            draft = min(made, key=lambda one: taken[one.rule])
            taken[draft.rule] += 1
            yield draft.question


def candidates(outlines: Sequence[Outline]) -> Iterator[str]:
    """Questions to try: kinds take turns, and so do posts, so that the first few differ."""
    english = [outline for outline in outlines if outline.post.language in LANGUAGES]
    kinds = (
        [_about_name(outline.post) for outline in english],
        [_about_heading(outline) for outline in english[::-1]],  # from the other end: another post each time
        [_title_question(outline.post.title) for outline in english],
        [_about_title(outline.post) for outline in english],
    )
    kept = [[question for question in kind if question and len(question) <= _LONGEST] for kind in kinds]
    offered = (question for row in zip_longest(*kept) for question in row if question)
    return iter(dict.fromkeys(offered))


def _about_name(post: Post) -> str | None:
    """What X is, for a title "X: …" whose X the post uses as a name: more than once, and never in small letters."""
    name, colon, _ = post.title.partition(": ")
    is_name = _NAME.fullmatch(name) and post.body.count(name) > 1 and name.lower() not in post.body
    return f"What is {name}?" if colon and is_name else None


def _title_question(title: str) -> str | None:
    """The question in a title, if there is one."""
    question = re.match(r"[^?:]{8,}\?", title)
    return question.group() if question and len(question.group().split()) >= 4 else None


def _about_heading(outline: Outline) -> str | None:
    """What is said under one of a post's headings: the longest that is not a sentence."""
    usable = [h for h in outline.headings if h.count(" ") > 1 and not _SCAFFOLD.search(h) and not _SENTENCE.search(h)]
    return _about(max(usable, key=len), outline.post) if usable else None


def _about_title(post: Post) -> str | None:
    return None if _SENTENCE.search(post.title) else _about(post.title, post)


def _about(topic: str, post: Post) -> str:
    return f"What do the posts say about {_in_sentence(topic, post.body)}?"


def _in_sentence(heading: str, body: str) -> str:
    """A heading without its capital, unless the post writes its first word so amid a sentence too."""
    first = heading.split(maxsplit=1)[0]
    is_name = not first[1:].islower() or re.search(rf"[a-z,] {re.escape(first)}\b", body) is not None
    is_title = any(word[0].isupper() for word in heading.split()[1:])
    is_small = first in ("The", "A", "An") or not (is_name or is_title)
    return heading if not is_small else f"{heading[:1].lower()}{heading[1:]}"
