"""What is said in a conversation without asking the posts: small talk, and questions about the post cited last.

Rules over words, each for a whole question: "thanks" is small talk, "Who wrote it?" asks for an author. Small talk is
known in the languages of dialogue.txt, questions about a cited post in English and Spanish.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path

from index.text.scripts import fold_marks
from index.text.tokenize import folded
from qa.question.question_patterns import pattern_sections

_NOT_WORDS = re.compile(r"[^\w']+")
_LONGEST = 80  # characters


class DialogueAct(StrEnum):
    """What a question does in a conversation, other than to ask the posts."""

    GREETING = "greeting"
    THANKS = "thanks"
    FAREWELL = "farewell"
    AUTHOR = "author"
    DATE = "date"
    QUESTION_WORD = "question_word"


SMALL_TALK = frozenset((DialogueAct.GREETING, DialogueAct.THANKS, DialogueAct.FAREWELL))


@dataclass(frozen=True)
class Utterance:
    """A question that is a dialogue act.

    Attributes:
        language: Of the rule that recognised it.
        asked: The question word that stands alone, as in "And when?"; empty for other acts.
    """

    act: DialogueAct
    language: str
    asked: str = ""

    @property
    def is_small_talk(self) -> bool:
        """Whether nothing is asked."""
        return self.act in SMALL_TALK

    @property
    def reply(self) -> str:
        """What is answered to small talk."""
        return _sections()[self.language][f"reply {self.act}"]

    def asked_of(self, before: str) -> str:
        """A question asked anew with the question word that stands alone: "when built X?" after "Who built X?"."""
        leading = re.compile(_sections()[self.language]["leading_word"].replace("\n", "|"), re.I)
        return f"{self.asked.capitalize()} {leading.sub('', before).strip()}"


def utterance(question: str, languages: Collection[str] = ()) -> Utterance | None:
    """The dialogue act that a question is; None for one that asks the posts.

    Args:
        question: As asked.
        languages: Those of the posts, preferred where a word is of several languages.
    """
    if len(question) > _LONGEST:
        return None
    text = _NOT_WORDS.sub(" ", question.replace("’", "'")).strip()
    recognised = [
        Utterance(act, language, text[slice(*match.span("asked"))] if "asked" in pattern.groupindex else "")
        for language, act, pattern in _patterns()
        if (match := pattern.fullmatch(folded(text)))
    ]
    return next((one for one in recognised if one.language in languages), next(iter(recognised), None))


@cache
def _sections() -> dict[str, dict[str, str]]:
    return pattern_sections(Path(__file__).with_suffix(".txt"))


@cache
def _patterns() -> tuple[tuple[str, DialogueAct, re.Pattern[str]], ...]:
    """Each language's acts; small talk may be said twice, as in "hello, good morning"."""
    patterns = []
    for language, sections in _sections().items():
        for act in DialogueAct:
            if act in sections:
                said = f"(?:{fold_marks(sections[act])})".replace("\n", "|")
                patterns.append((language, act, re.compile(f"{said}(?: {said})*" if act in SMALL_TALK else said)))
    return tuple(patterns)
