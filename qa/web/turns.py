"""The turns of a conversation, as they are shown and as later questions refer to them."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlencode

from markupsafe import Markup

from qa.answer import Answer
from qa.answering.evidence_sheet import sheet_token
from qa.markdown import answer_markdown
from qa.survey.request import asks_for_posts
from qa.web.footer import footer_html
from qa.web.map_queries import answer_query, map_queries_html
from qa.web.render import finished_html, question_html
from qa.web.sources import sources_html
from qa.web.templating import render
from qa.web.ui_strings import UiStrings, ui_strings


@dataclass(frozen=True)
class Turn:
    """One question of a conversation, with its reply in the chat and its sources.

    Attributes:
        number: Counted from 1 through the whole conversation; part of the ids of its cards.
        reply_html: What is shown while there is no answer: its beginning, or an error.
        answer: What later questions of the conversation may refer to.
        stated: The filters as they were typed.
        suggestions: Questions to go on with.
        vote: 1 for helpful, -1 for not, 0 for neither.
        is_whole: Whether the reply is finished; only then actions on it are offered.
        key: Identifies this turn where votes are kept; no other turn of any conversation has it.
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
    def strings(self) -> UiStrings:
        """The texts around the answer, in its language."""
        return ui_strings(self.answer.language if self.answer is not None else "")

    @property
    def user_html(self) -> str:
        """The question in the chat; nothing for one that was left empty."""
        return question_html(self.question) if self.question.strip() else ""

    @property
    def assistant_html(self) -> str:
        """The reply in the chat as far as there is one, and the footer of a finished one."""
        reply = self.reply_html
        if not reply and self.answer is not None:
            reply = finished_html(self.answer, self.number, is_filtered=any(self.stated.values()))
        vote = self.vote if self.answer is not None and not self.answer.is_reply else None
        return reply + (footer_html(self.number, self.suggestions, vote, self.strings) if self.is_whole else "")

    @property
    def address(self) -> str:
        """The question and its filters as the query of an address."""
        filters = {name: value for name, value in self.stated.items() if value}
        return urlencode({"q": self.question.strip().encode("utf-8", "replace"), **filters}, doseq=True)

    @property
    def sources_html(self) -> Markup:
        """Its cards in the panel; nothing where there is no answer."""
        if self.answer is None:
            return Markup()
        return render(
            "turn_sources.html",
            number=self.number,
            address=self.address,
            asks_for_posts=asks_for_posts(self.question),
            sheet=sheet_token(self.answer),
            sources=sources_html(self.answer, self.number),
            markdown=answer_markdown(self.answer),
            queries=map_queries_html([answer_query(self.answer, self.number)]),
        )


Turns = tuple[Turn, ...]


def next_number(turns: Turns) -> int:
    """The number of the next question, which no turn of the conversation has or had."""
    return max((turn.number for turn in turns), default=0) + 1
