"""What stands below an answer in the chat: questions to go on with, and what can be done with it."""

from __future__ import annotations

from collections.abc import Sequence

from qa.web.safe import safe

_VOTES = ((1, "like", "Helpful"), (-1, "dislike", "Not helpful"))


def footer_html(turn: int, suggestions: Sequence[str], vote: int | None) -> str:
    """Suggestions and tools; each is a link whose address page.js turns into the deed.

    The chat's sanitiser takes buttons and their attributes away, so that the address must say it all.

    Args:
        vote: 1, -1 or 0; None where there is no answer, which can be neither copied nor voted on.
    """
    return f"{_suggestions(suggestions)}{_tools(turn, vote)}"


def _suggestions(questions: Sequence[str]) -> str:
    if not questions:
        return ""
    links = "".join(f'<li><a class="pq-suggestion" href="#pq-do-ask">{safe(one)}</a></li>' for one in questions)
    return f'<div class="pq-next"><p>Go on with</p><ul>{links}</ul></div>'


def _tools(turn: int, vote: int | None) -> str:
    links = [_tool(deed, turn, label) for deed, label in (("retry", "Ask again"), ("edit", "Edit"))]
    if vote is not None:
        links.insert(0, _tool("copy", turn, "Copy with sources"))
        links += [_tool(deed, turn, f"{label} ✓" if vote == value else label) for value, deed, label in _VOTES]
    return f'<p class="pq-tools">{"".join(links)}</p>'


def _tool(deed: str, turn: int, label: str) -> str:
    return f'<a class="pq-tool" href="#pq-do-{deed}-{turn}">{safe(label)}</a>'
