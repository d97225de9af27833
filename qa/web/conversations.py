"""The conversations of a reader: a list in their own browser, of which one is open; opening one proves it anew."""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable, Sequence
from typing import Any

import gradio as gr
from pydantic import ValidationError

from index.records import Record
from qa.web.chat_tab import UNQUEUED, ChatTab, shown_as
from qa.web.saved import saved
from qa.web.turns import Turns

_OPEN = "document.addEventListener('pq-open', () => trigger('click'));"
_FIRST = "() => [window.pqFirst()]"
_OPENED = "() => [window.pqOpened()]"
_KEEP = "(kept) => window.pqKeep(kept)"


class KeptConversation(Record):
    """A conversation as a browser keeps it; its turns are what `qa.web.saved` makes of them."""

    id: str
    turns: tuple[object, ...] = ()


def conversation_list(
    blocks: gr.Blocks, chat: ChatTab, restore: Callable[[Sequence[object]], Turns], loaded: str
) -> None:
    """Have the browser keep every conversation, and open one of them when the page is loaded or it is chosen.

    Args:
        loaded: Script to run when the page's first conversation is open.
    """
    opener = gr.HTML("", visible="hidden", js_on_load=_OPEN)
    chosen, kept = (gr.Textbox(visible="hidden") for _ in range(2))
    shown = [*chat.outputs, chat.conversation, chat.editing]

    def first(stored: str) -> tuple[Any, ...]:
        conversation = _kept(stored)
        turns = restore(conversation.turns)
        if not turns:  # a question that is asked at once must not be lost
            return *(gr.skip(),) * len(chat.outputs), conversation.id, gr.skip()
        return *shown_as(turns, gr.skip()), conversation.id, None

    def choose(stored: str) -> tuple[Any, ...]:
        conversation = _kept(stored)
        return *shown_as(restore(conversation.turns), gr.skip()), conversation.id, None

    def keep(conversation: str, turns: Turns) -> str:
        return json.dumps({"id": conversation, "turns": saved(turns)})

    loading = blocks.load(first, chosen, shown, js=_FIRST, **UNQUEUED)
    opening = opener.click(choose, chosen, shown, js=_OPENED, cancels=list(chat.growing), **UNQUEUED)
    for change in (loading, opening, *chat.changes):
        change.then(keep, [chat.conversation, chat.turns], kept, **UNQUEUED).then(None, kept, None, js=_KEEP)
    loading.then(None, js=loaded)


def _kept(stored: str) -> KeptConversation:
    try:
        return KeptConversation.model_validate_json(stored)
    except ValidationError:
        return KeptConversation(id=secrets.token_hex(8))
