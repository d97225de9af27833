"""A question that leans on the ones before it, made to stand by itself.

"And who funded it?" after "Who founded Sightbit?" becomes "And who funded Sightbit?"; "what about the second
one?" after a list names its second item. Rules over words, in English: a question they find nothing to lean
in is taken as it is.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from index.blocks import BlockKind, blocks
from index.terms import folded, is_stop_word, words
from qa.records import Answer

Turn = Answer | str
"""What came before: an answer, or only the question that was asked."""

_LEAD = re.compile(r"^\W*(?:(?:and|but|so|ok|okay|also|then)\b[\s,]*)*(?:(?:what|how) about\b)?\s*", re.I)
_PRONOUN = re.compile(r"\b(?:it|this|that|these|those|they|them|he|him|she|her)\b", re.I)
_POSSESSIVE = re.compile(r"\b(?:its|their|his|hers?)\b(?=\s+\w)", re.I)
_ORDINALS = {
    word: place
    for place, names in enumerate(("first 1st", "second 2nd", "third 3rd", "fourth 4th", "fifth 5th", "sixth 6th"))
    for word in names.split()
}
_NTH = re.compile(rf"\bthe\s+(?P<which>{'|'.join(_ORDINALS)}|last)\s+(?:one|item|step|point|thing|row)\b", re.I)
_MARKS = re.compile(r"^\s*(?:[-*+•]|\(?\d{1,3}[.)])\s+|[*_`|]+")
_PLACED = re.compile(r"(?P<where>in|at|on|for|from|by|with|during)\s", re.I)
_OPENS_ANEW = re.compile(r"^\W*(?:what|how) about\b|^\W*and\b", re.I)
_LONGEST_SUBJECT = 3  # words
_FEW = 4  # content words: a follow-up with more of them brings its own subject
_QUESTION_WORDS = frozenset("who whom whose what which when where why how many much name list tell".split())
_COMMON_VERBS = frozenset(
    """found founded fund funded make made makes use used uses work works worked run runs say says said get gets give
    gives take takes start started build built help helps need needs mean means happen happened call called write
    wrote written come comes show shows create created won win support supports""".split()
)


def standalone(question: str, history: Sequence[Turn]) -> str:
    """The question with its subject taken from the history, where it leans on it.

    Args:
        question: As asked, checked already.
        history: Earlier turns, oldest first.
    """
    if not history:
        return question
    named = _item_named(question, history[-1])
    if named is not None:
        return named
    subject = _subject(_asked(history[-1]))
    if not subject or _shares_word(question, subject):
        return question
    if _PRONOUN.search(question) or _POSSESSIVE.search(question):
        return _with_subject(question, subject)
    if _OPENS_ANEW.match(question) and len(_content(question)) < _FEW:
        return _varied(question, _asked(history[-1]))
    return question


def _asked(turn: Turn) -> str:
    return turn.question_as_understood if isinstance(turn, Answer) else turn


def _content(text: str) -> list[str]:
    """The words of a text that carry a subject, as written."""
    return [word for word in words(text) if not is_stop_word(folded(word)) and folded(word) not in _QUESTION_WORDS]


def _shares_word(question: str, subject: str) -> bool:
    return bool({folded(word) for word in words(question)} & {folded(word) for word in _content(subject)})


def _subject(question: str) -> str:
    """What a question is about: its first run of names, else its first run of words that carry a subject."""
    names = re.findall(r"(?<!^)\b[A-ZÀ-Þ][\w’'\-]*(?:\s+(?:of\s+|the\s+)?[A-ZÀ-Þ0-9][\w’'\-]*)*", question)
    if names:
        return str(names[0])
    runs: list[list[str]] = [[]]
    for word in words(question):
        plain = folded(word)
        if is_stop_word(plain) or plain in _QUESTION_WORDS or plain in _COMMON_VERBS:
            runs.append([])
        else:
            runs[-1].append(word)
    filled = [run for run in runs if run]
    return f"the {' '.join(filled[0][:_LONGEST_SUBJECT])}" if filled else ""


def _with_subject(question: str, subject: str) -> str:
    """Pronouns replaced: the first possessive and the first plain one, for there is one subject."""
    owned = _POSSESSIVE.sub(f"{subject}’s", question, count=1)
    return owned if owned != question else _PRONOUN.sub(subject, question, count=1)


def _varied(question: str, before: str) -> str:
    """The earlier question asked again of another thing: "what about Cisco?" after "Who funds Sightbit?"."""
    thing = _LEAD.sub("", question).rstrip(" ?!.")
    if not thing:
        return question
    if placed := _PLACED.match(thing):
        phrase = re.compile(rf"\b{placed['where']}\s+[^\s?!.]+", re.I)
        return phrase.sub(thing, before, count=1) if phrase.search(before) else f"{before.rstrip(' ?')} {thing}?"
    subject = _subject(before)
    return before.replace(subject, thing) if subject and subject in before else f"{before.rstrip(' ?')} {thing}?"


def _item_named(question: str, turn: Turn) -> str | None:
    """The question with "the second one" replaced by the second item of the list last quoted."""
    found = _NTH.search(question)
    if found is None or not isinstance(turn, Answer):
        return None
    items = _items(turn)
    which = found["which"].casefold()
    place = len(items) - 1 if which == "last" else _ORDINALS[which]
    if not 0 <= place < len(items):
        return None
    asked = f"{question[: found.start()]}“{items[place]}”{question[found.end() :]}"
    return f"{asked} ({turn.question_as_understood})"


def _items(answer: Answer) -> list[str]:
    """The items or rows of the first quoted list, their first sentences without marks."""
    for citation in answer.citations:
        listed = [
            citation.quote[block.start : block.end]
            for block in blocks(citation.quote)
            if block.kind in (BlockKind.ITEM, BlockKind.ROW)
        ]
        if len(listed) > 1:
            return [re.split(r"(?<=[.!?])\s", _MARKS.sub("", item).strip())[0].rstrip(".") for item in listed]
    return [_MARKS.sub("", citation.quote).strip() for citation in answer.citations]
