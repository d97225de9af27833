"""What stands below an answer in the chat: questions to go on with, and actions on the answer."""

from __future__ import annotations

from collections.abc import Sequence

from qa.web.safe import safe
from qa.web.ui_strings import ENGLISH, UiStrings


def footer_html(turn: int, suggestions: Sequence[str], vote: int | None, say: UiStrings = ENGLISH) -> str:
    """Suggestions and tools; each is a link whose address names an action for page.js.

    The chat's sanitiser removes buttons and attributes, so that the address must name everything.

    Args:
        vote: 1, -1 or 0; None where there is no answer, which can be neither copied nor voted on.
    """
    return f"{_suggestions(suggestions, say)}{_tools(turn, vote, say)}"


def _suggestions(questions: Sequence[str], say: UiStrings) -> str:
    if not questions:
        return ""
    links = "".join(f'<li><a class="pq-suggestion" href="#pq-action-ask">{safe(text)}</a></li>' for text in questions)
    return f'<div class="pq-next"><p>{safe(say.go_on)}</p><ul>{links}</ul></div>'


def _tools(turn: int, vote: int | None, say: UiStrings) -> str:
    tools = {"retry": say.again, "edit": say.edit}
    if vote is not None:
        like = f"{say.helpful} ✓" if vote > 0 else say.helpful
        dislike = f"{say.not_helpful} ✓" if vote < 0 else say.not_helpful
        tools = {"copy": say.copy_sources, **tools, "like": like, "dislike": dislike}
    links = (
        f'<a class="pq-tool" href="#pq-action-{action}-{turn}">{safe(label)}</a>' for action, label in tools.items()
    )
    return f'<p class="pq-tools">{"".join(links)}</p>'
