"""The panel beside the chat: the sources of the conversation's answers, the newest first."""

from __future__ import annotations

from markupsafe import Markup

from qa.web.templating import render
from qa.web.turns import Turns


def panel_html(turns: Turns) -> Markup:
    """The sources of the newest answer, and those of earlier ones folded below."""
    with_sources = [turn for turn in reversed(turns) if turn.answer is not None and not turn.answer.is_reply]
    return render("panel.html", turns=with_sources)
