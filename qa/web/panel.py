"""The panel beside the chat: the sources of the conversation's answers, the newest first."""

from __future__ import annotations

from qa.web.safe import safe
from qa.web.turns import Turn, Turns
from qa.web.ui_strings import lines_in

_LONGEST_TITLE = 90  # characters of an earlier question in the panel

EMPTY = (
    '<div class="pq-empty"><h2>Sources</h2><p>Every quote will stand here in its passage, with the post it '
    'comes from. Click a marker such as <span class="pq-marker">[1]</span> in an answer to read it in its post.'
    "</p></div>"
)


def panel_html(turns: Turns) -> str:
    """The sources of the newest answer, and those of earlier ones folded below."""
    shown = [turn for turn in reversed(turns) if turn.answer]
    if not shown:
        return EMPTY
    earlier = "".join(_folded(turn) for turn in shown[1:])
    say = lines_in(shown[0].answer.language if shown[0].answer else "")
    label = f'<h3 class="pq-earlier">{safe(say.earlier)}</h3>' if earlier else ""
    newest = f"<h2>{safe(say.sources)}</h2>{shown[0].sources_html}"
    return f'<div class="pq-sources" data-turn="{shown[0].number}">{newest}{label}{earlier}</div>'


def _folded(turn: Turn) -> str:
    text = turn.question.strip()
    title = text if len(text) <= _LONGEST_TITLE else f"{text[:_LONGEST_TITLE]}…"
    return f'<details class="pq-turn"><summary>{safe(title)}</summary>{turn.sources_html}</details>'
