"""The page: its head, the chat, the other tabs, and beside all of them the reading pane."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import gradio as gr
from fastapi import APIRouter
from gradio.events import api

from index.errors import PostqaError
from qa.answer import Answer
from qa.web.actions import Deeds, Votes
from qa.web.chat_tab import AT_ONCE, QUIET, ChatTab, chat_tab, shown_as
from qa.web.conversation import Conversation, Streams
from qa.web.filter_choices import Choices
from qa.web.render import About, about_html
from qa.web.saved import saved
from qa.web.turns import Turns

TITLE = "Ask the posts"
_STORED = "postqa-conversation"
# What a browser keeps is proven anew before it is shown, so that nothing is gained by keeping it secret.
_SECRET = "postqa"  # noqa: S105
_READER = (
    '<aside id="pq-reader" aria-label="Reading pane" hidden><p class="pq-reader-bar">'
    '<span id="pq-reader-title"></span><button type="button" id="pq-reader-close">Close</button></p>'
    '<div id="pq-reader-text"></div></aside>'
)


@dataclass(frozen=True)
class Tab:
    """A tab beside the chat.

    Attributes:
        build: Makes its components, inside the tab.
        stop: Ends what it runs in the background, when the server ends.
    """

    label: str
    name: str
    build: Callable[[ChatTab], None]
    stop: Callable[[], None] = lambda: None


@dataclass(frozen=True)
class Facts:
    """What follows from the index at hand.

    Attributes:
        about: What the page says of the index it asks.
        examples: Questions offered while the conversation is empty.
        offered: What questions can be filtered by.
    """

    about: About
    examples: Sequence[str] = ()
    offered: Choices = field(default_factory=Choices)


@dataclass(frozen=True)
class PageParts:
    """What the page is made of beside who answers.

    Attributes:
        facts: Of the index that answers when the page is made.
        follow: Gives those of the one that answers when the page is loaded; None where it never changes.
        suggest: Gives questions to go on with after an answer.
        votes: Where votes are kept; None keeps none.
        restore: Makes turns of what a browser kept of them; None brings nothing back.
        tabs: Beside the chat, in order.
        routes: What the tabs' scripts fetch.
    """

    facts: Facts
    suggest: Callable[[Answer], Sequence[str]] | None = None
    votes: Votes | None = None
    restore: Callable[[Sequence[object]], Turns] | None = None
    tabs: Sequence[Tab] = ()
    routes: Sequence[APIRouter] = ()
    follow: Callable[[], Facts] | None = None


def page(assistant: Streams, parts: PageParts) -> gr.Blocks:
    """The page as Gradio Blocks, not yet served."""

    def ask(question: str) -> str:
        """Answer a question with quotes from the posts; each is followed by its marker, such as [1].

        Args:
            question: The question, in plain words.
        """
        try:
            return assistant.ask(question).text
        except PostqaError as error:
            raise gr.Error(str(error), print_exception=False) from error

    conversation = Conversation(assistant, parts.suggest) if parts.suggest else Conversation(assistant)
    blocks = gr.Blocks(title=TITLE, analytics_enabled=False, fill_width=True)
    with blocks:
        head = gr.HTML(about_html(parts.facts.about), elem_id="pq-about")
        with gr.Tabs(elem_id="pq-tabs"):
            with gr.Tab("Chat", id="chat", elem_id="pq-tab-chat"):
                deeds = Deeds(conversation, parts.votes)
                chat = chat_tab(conversation, deeds, parts.facts.examples, parts.facts.offered)
            for tab in parts.tabs:
                with gr.Tab(tab.label, id=tab.name, elem_id=f"pq-tab-{tab.name}"):
                    tab.build(chat)
        gr.HTML(_READER, elem_id="pq-reader-frame", js_on_load=None, apply_default_css=False)
        if parts.follow:
            _refresh(blocks, head, chat, parts.follow)
        if parts.restore:
            _keep(blocks, chat, parts.restore)
        api(ask, api_name="ask", concurrency_limit=AT_ONCE, concurrency_id="ask")
    return blocks


def _refresh(blocks: gr.Blocks, head: gr.HTML, chat: ChatTab, facts: Callable[[], Facts]) -> None:
    """Have a page that is loaded say and offer what the index holds by then."""
    several = list(chat.filters[:3])  # posts, authors, publishers

    def now() -> tuple[Any, ...]:
        found = facts()
        choices = (found.offered.posts, found.offered.authors, found.offered.publishers)
        examples = [{"text": question} for question in found.examples]
        return (
            about_html(found.about),
            gr.update(examples=examples),
            *(gr.update(choices=list(values)) for values in choices),
        )

    blocks.load(now, None, [head, chat.log, *several], **QUIET, queue=False)


def _keep(blocks: gr.Blocks, chat: ChatTab, restore: Callable[[Sequence[object]], Turns]) -> None:
    """Have the reader's own browser keep the conversation, and bring it back when the page is loaded again."""
    kept = gr.BrowserState([], storage_key=_STORED, secret=_SECRET)
    quiet = {**QUIET, "queue": False}

    def bring_back(stored: object) -> tuple[Any, ...]:
        turns = restore(stored if isinstance(stored, list) else [])
        if not turns:  # whoever asks at once shall not find it gone
            return (gr.skip(),) * len(chat.outputs)
        return shown_as(turns, gr.skip())

    blocks.load(bring_back, kept, chat.outputs, **quiet)
    for change in chat.changes:
        change.then(saved, chat.turns, kept, **quiet)
