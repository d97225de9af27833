"""The panel beside the chat: the sources of the conversation's answers, the newest first."""

from __future__ import annotations

from qa.web.safe import safe
from qa.web.turns import Turn, Turns

_LONGEST_TITLE = 90  # characters of an earlier question in the panel

EMPTY = (
    '<div class="pq-empty"><h2>Sources</h2><p>Every quote will stand here in its passage, with the post it '
    'comes from. Click a marker such as <span class="pq-marker">[1]</span> in an answer to read it in its post.'
    "</p></div>"
)


def panel_html(turns: Turns) -> str:
    """The sources of the newest answer, and those of earlier ones folded below."""
    answered = [turn for turn in reversed(turns) if turn.answer]
    if not answered:
        return EMPTY
    newest, *earlier = answered
    say = newest.strings
    folded = "".join(map(_folded, earlier))
    label = f'<h3 class="pq-earlier">{safe(say.earlier)}</h3>' if earlier else ""
    sources = f"<h2>{safe(say.sources)}</h2>{newest.sources_html}"
    return f'<div class="pq-sources" data-turn="{newest.number}">{sources}{label}{folded}</div>'


def _folded(turn: Turn) -> str:
    text = turn.question.strip()
    title = text if len(text) <= _LONGEST_TITLE else f"{text[:_LONGEST_TITLE]}…"
    return f'<details class="pq-turn"><summary>{safe(title)}</summary>{turn.sources_html}</details>'
