"""What stands below an answer in the chat: questions to go on with, and what can be done with it."""

from __future__ import annotations

from collections.abc import Sequence

from qa.web.safe import safe
from qa.web.ui_strings import ENGLISH, Lines


def footer_html(turn: int, suggestions: Sequence[str], vote: int | None, say: Lines = ENGLISH) -> str:
    """Suggestions and tools; each is a link whose address page.js turns into the deed.

    The chat's sanitiser takes buttons and their attributes away, so that the address must say it all.

    Args:
        vote: 1, -1 or 0; None where there is no answer, which can be neither copied nor voted on.
    """
    return f"{_suggestions(suggestions, say)}{_tools(turn, vote, say)}"


def _suggestions(questions: Sequence[str], say: Lines) -> str:
    if not questions:
        return ""
    links = "".join(f'<li><a class="pq-suggestion" href="#pq-do-ask">{safe(one)}</a></li>' for one in questions)
    return f'<div class="pq-next"><p>{safe(say.go_on)}</p><ul>{links}</ul></div>'


def _tools(turn: int, vote: int | None, say: Lines) -> str:
    links = [_tool("retry", turn, say.again), _tool("edit", turn, say.edit)]
    if vote is not None:
        votes = ((1, "like", say.helpful), (-1, "dislike", say.not_helpful))
        links.insert(0, _tool("copy", turn, say.copy))
        links += [_tool(deed, turn, f"{label} ✓" if vote == value else label) for value, deed, label in votes]
    return f'<p class="pq-tools">{"".join(links)}</p>'


def _tool(deed: str, turn: int, label: str) -> str:
    return f'<a class="pq-tool" href="#pq-do-{deed}-{turn}">{safe(label)}</a>'
