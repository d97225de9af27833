"""A follow-up question made self-contained.

"And who funded it?" after "Who founded Sightbit?" becomes "And who funded Sightbit?"; "what about the second
one?" after a list names its second item. Rules over words, in English: a question without a
reference to earlier ones is left as it is.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from index.errors import QuestionError
from index.text.blocks import BlockKind, blocks
from index.text.list_markers import LIST_MARKER
from index.text.tokenize import folded, is_stop_word, words
from qa.answer import Answer
from qa.question.dialogue import utterance

Turn = Answer | str
"""What came before: an answer, or only the question that was asked."""

MOST_TURNS = 30
"""How many turns of a conversation are kept, and may be sent with a question."""

_LEAD_IN = re.compile(r"^\W*(?:(?:and|but|so|ok|okay|also|then)\b[\s,]*)*(?:(?:what|how) about\b)?\s*", re.I)
_PRONOUN = re.compile(r"\b(?:it|this|that|these|those|they|them|he|him|she|her)\b", re.I)
_POSSESSIVE = re.compile(r"\b(?:its|their|his|hers?)\b(?=\s+\w)", re.I)
# "that" joins two clauses after these, and after a noun or a name; the "it" of "is it true that" refers to nothing.
_BEFORE_THAT = frozenset("say says said show shows showed mean means so such true fact know knows think thinks".split())
_EMPTY_PRONOUN = re.compile(r"\bit\s+(?:be\s+)?\w+\s+(?:that|if|whether|to)\b|\btake\s+\w+\b.*\bto\b", re.I)
_NEW_CLAUSE = re.compile(r"[,;:]|\b(?:and|or|but|when|if|while|because|since|before|after|that|which|who)\b", re.I)
_NAME = re.compile(r"(?<!^)\b(?!I\b)[A-ZÀ-Þ]\w")
_ORDINALS = {
    word: place
    for place, names in enumerate(("first 1st", "second 2nd", "third 3rd", "fourth 4th", "fifth 5th", "sixth 6th"))
    for word in names.split()
}
_NTH = re.compile(rf"\bthe\s+(?P<which>{'|'.join(_ORDINALS)}|last)\s+(?:one|item|step|point|thing|row)\b", re.I)
_MARKUP = re.compile(rf"^\s*{LIST_MARKER}|[*_`|]+")
_PREPOSITION = re.compile(r"(?P<where>in|at|on|for|from|by|with|during)\s", re.I)
_WHAT_ABOUT = re.compile(r"^\W*(?:what|how) about\b|^\W*and\b", re.I)
_LONGEST_SUBJECT = 3  # words
_FEW = 4  # content words: a follow-up with more of them brings its own subject
_QUESTION_WORDS = frozenset("who whom whose what which when where why how many much name list tell".split())
_ARTICLES = frozenset("the a an".split())
_AUXILIARIES = frozenset("do does did can could will would should".split())
_COMMON_VERBS = frozenset(
    """found founded fund funded make made makes use used uses work works worked run runs say says said get gets give
    gives take takes start started build built help helps need needs mean means happen happened call called write
    wrote written come comes show shows create created won win support supports""".split()
)


def checked_history(history: object) -> Sequence[Turn]:
    """The earlier turns as a caller gave them.

    Raises:
        QuestionError: They are no list of answers and questions.
    """
    if isinstance(history, Sequence) and not isinstance(history, str):
        wrong = [turn for turn in history if not isinstance(turn, Answer | str)]
        if not wrong:
            return history
        history = wrong[0]
    remedy = "Use a list of earlier answers or questions, the oldest first."
    raise QuestionError("not a history", where="history", seen=repr(history), remedy=remedy)


def standalone(question: str, history: Sequence[Turn], language: str = "en") -> str:
    """The question with its subject taken from the history, where it refers to it.

    Args:
        question: As asked, checked already.
        history: Earlier turns, oldest first.
        language: Of the question; the rules are English, and one in another language is left as it is.
    """
    history = put_to_posts(history)
    if not history or language != "en":
        return question
    if with_item := _with_item(question, history[-1]):
        return with_item
    subject = _subject(question_of(history[-1]))
    if not subject or _shares_word(question, subject):
        return question
    owned = _possessive(question)
    if match := owned or _pronoun(question):
        return f"{question[: match.start()]}{subject}{'’s' if owned else ''}{question[match.end() :]}"
    if _WHAT_ABOUT.match(question) and len(_content(question)) < _FEW:
        return _substituted(question, question_of(history[-1]))
    return question


def put_to_posts(history: Sequence[Turn]) -> list[Turn]:
    """The turns that asked the posts, without small talk and questions about a cited post."""
    return [turn for turn in history if not _is_aside(turn)]


def refers_to_nothing(question: str) -> bool:
    """Whether an English question that is the first of its conversation cannot be understood by itself."""
    refers = _pronoun(question) or _possessive(question) or _NTH.search(question)
    if not refers or _NAME.search(question) or any(map(str.isdigit, question)):
        return False
    return all(folded(word) in _COMMON_VERBS for word in _content(_NTH.sub("", question)))


def _is_aside(turn: Turn) -> bool:
    if isinstance(turn, Answer):
        return turn.is_reply or turn.states_facts
    return utterance(turn) is not None


def question_of(turn: Turn) -> str:
    """The question of a turn, as it was understood where that is known."""
    return turn.question_as_understood if isinstance(turn, Answer) else turn


def _content(text: str) -> list[str]:
    """The content words of a text, as written."""
    return [word for word in words(text) if not is_stop_word(folded(word)) and folded(word) not in _QUESTION_WORDS]


def _shares_word(question: str, subject: str) -> bool:
    return bool({folded(word) for word in words(question)} & {folded(word) for word in _content(subject)})


def _subject(question: str) -> str:
    """What a question is about: its first run of names, else its first run of content words."""
    names = re.findall(r"(?<!^)\b[A-ZÀ-Þ][\w’'\-]*(?:\s+(?:of\s+|the\s+)?[A-ZÀ-Þ0-9][\w’'\-]*)*", question)
    if names:
        return str(names[0])
    runs: dict[int, list[str]] = {}
    asked = words(question)
    plain = [folded(word) for word in asked]
    start = 0
    for at, word in enumerate(plain):
        if is_stop_word(word) or word in _QUESTION_WORDS or word in _COMMON_VERBS:
            start = at + 1
        else:
            runs.setdefault(start, []).append(asked[at])
    # "Who steers the ferry" is about what follows its article.
    first = next((at for at in runs if at and plain[at - 1] in _ARTICLES), next(iter(runs), None))
    if first is None:
        return ""
    run = runs[first]
    if len(run) > 1 and _AUXILIARIES & set(plain[max(0, first - 2) : first]):
        run = run[:-1]  # the verb: "does the ferry leave"
    return f"the {' '.join(run[:_LONGEST_SUBJECT])}"


def _possessive(question: str) -> re.Match[str] | None:
    """The first possessive without a name before it in the question itself."""
    match = _POSSESSIVE.search(question)
    return match if match and not _NAME.search(question[: match.start()]) else None


def _pronoun(question: str) -> re.Match[str] | None:
    """The first pronoun that refers to an earlier turn."""
    if _EMPTY_PRONOUN.search(question):
        return None
    for match in _PRONOUN.finditer(question):
        before = question[: match.start()]
        if not (_is_conjunction(match, before) or _is_named_before(before)):
            return match
    return None


def _is_conjunction(match: re.Match[str], before: str) -> bool:
    """Whether this is the "that" of "say that …" or "cameras that …"."""
    if match.group().casefold() != "that" or not re.match(r"\s+\w", match.string[match.end() :]):
        return False
    last = [folded(word) for word in words(before)[-1:]]
    return any(word in _BEFORE_THAT or not (is_stop_word(word) or word in _COMMON_VERBS) for word in last)


def _is_named_before(before: str) -> bool:
    """Whether an earlier clause of the question names something: "What is Kubeflow and how do I install it"."""
    clauses = list(_NEW_CLAUSE.finditer(before))
    return bool(clauses) and _NAME.search(before[: clauses[-1].start()]) is not None


def _substituted(question: str, before: str) -> str:
    """The earlier question with another subject: "what about Cisco?" after "Who funds Sightbit?"."""
    thing = _LEAD_IN.sub("", question).rstrip(" ?!.")
    if not thing:
        return question
    if placed := _PREPOSITION.match(thing):
        phrase = re.compile(rf"\b{placed['where']}\s+[^\s?!.]+", re.I)
        return phrase.sub(thing, before, count=1) if phrase.search(before) else f"{before.rstrip(' ?')} {thing}?"
    subject = _subject(before)
    return before.replace(subject, thing) if subject and subject in before else f"{before.rstrip(' ?')} {thing}?"


def _with_item(question: str, turn: Turn) -> str | None:
    """The question with "the second one" replaced by the second item of the list last quoted."""
    match = _NTH.search(question)
    if match is None or not isinstance(turn, Answer):
        return None
    items = _items(turn)
    which = match["which"].casefold()
    place = len(items) - 1 if which == "last" else _ORDINALS[which]
    if not 0 <= place < len(items):
        return None
    asked = f"{question[: match.start()]}“{items[place]}”{question[match.end() :]}"
    return f"{asked} ({turn.question_as_understood})"


def _items(answer: Answer) -> list[str]:
    """The items or rows of the first quoted list, their first sentences without marks."""
    for citation in answer.citations:
        listed = [
            citation.shown[block.start : block.end]
            for block in blocks(citation.shown)
            if block.kind in (BlockKind.ITEM, BlockKind.ROW)
        ]
        if len(listed) > 1:
            return [re.split(r"(?<=[.!?])\s", _MARKUP.sub("", item).strip())[0].rstrip(".") for item in listed]
    return [_MARKUP.sub("", citation.shown).strip() for citation in answer.citations]
