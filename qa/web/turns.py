"""The turns of a conversation, as they are shown and as later questions lean on them."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from qa.answer import Answer
from qa.markdown import answer_markdown
from qa.web.footer import footer_html
from qa.web.map_queries import answer_mark, marks_html
from qa.web.render import finished_html, question_html
from qa.web.safe import safe
from qa.web.sources import sources_html
from qa.web.ui_strings import lines_in


@dataclass(frozen=True)
class Turn:
    """One question of a conversation, as shown: in the chat, its reply, and its sources.

    Attributes:
        number: Counted from 1 through the whole conversation; part of the ids of its cards.
        reply_html: What is shown while there is no answer: its beginning, or what was wrong.
        answer: What later questions of the conversation may lean on.
        stated: The filters as they were typed.
        suggestions: Questions to go on with.
        vote: 1 for helpful, -1 for not, 0 for neither.
        is_whole: Nothing more comes; only then it says what can be done next.
        key: Names this turn to whoever keeps votes; no other turn of any conversation has it.
    """

    number: int
    question: str
    reply_html: str = ""
    answer: Answer | None = None
    stated: Mapping[str, object] = field(default_factory=dict)
    suggestions: Sequence[str] = ()
    vote: int = 0
    is_whole: bool = True
    key: str = field(default_factory=lambda: secrets.token_hex(8))

    @property
    def asked_html(self) -> str:
        """The question in the chat; nothing for one that was left empty."""
        return question_html(self.question) if self.question.strip() else ""

    @property
    def said_html(self) -> str:
        """The reply in the chat: what there is so far, and below what is whole, what can be done next."""
        said = self.reply_html
        if self.answer and not said:
            said = finished_html(self.answer, self.number)
        vote = self.vote if self.answer else None
        say = lines_in(self.answer.language if self.answer else "")
        return said + (footer_html(self.number, self.suggestions, vote, say) if self.is_whole else "")

    @property
    def sources_html(self) -> str:
        """Its cards in the panel; nothing where there is no answer."""
        if self.answer is None:
            return ""
        copied = safe(answer_markdown(self.answer))  # page.js copies it from there
        mark = marks_html([answer_mark(self.answer, self.number)])  # map.js shows it
        return f'{sources_html(self.answer, self.number)}<pre id="pq-{self.number}-copy" hidden>{copied}</pre>{mark}'


Turns = tuple[Turn, ...]


def next_number(turns: Turns) -> int:
    """The number of the next question, which no turn of the conversation has or had."""
    return max((turn.number for turn in turns), default=0) + 1
