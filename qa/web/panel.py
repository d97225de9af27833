"""The panel beside the chat: the sources of the conversation's answers, the newest first."""

from __future__ import annotations

from markupsafe import Markup

from qa.messages import messages_in
from qa.web.templating import render
from qa.web.turns import Turns
from qa.web.ui_strings import ui_strings


def panel_html(turns: Turns) -> Markup:
    """The sources of the newest answer, what the words for certainty mean, and the sources of earlier ones folded."""
    answers = [turn for turn in reversed(turns) if turn.answer is not None and not turn.answer.is_reply]
    language = answers[0].answer.language if answers and answers[0].answer else ""
    return render("panel.html", turns=answers, words=certainty_words_html(language))


def certainty_words_html(language: str) -> Markup:
    """For each level of an answer, from which confidence on it is described by which words."""
    return render("certainty_words.html", say=ui_strings(language), levels=messages_in(language).confidence_steps)
