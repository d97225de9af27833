"""The page: its head, the chat, the other tabs, and beside all of them the reading pane."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import gradio as gr
from fastapi import APIRouter
from gradio.events import api

from index.errors import PostqaError
from qa.answer import Answer
from qa.web.actions import Actions, Votes
from qa.web.chat_tab import AT_ONCE, UNQUEUED, ChatTab, chat_tab, examples_html
from qa.web.conversation import Conversation, StreamingAssistant
from qa.web.conversations import conversation_list
from qa.web.examples import Example
from qa.web.render import About, about_html
from qa.web.templating import render
from qa.web.turns import Turns

TITLE = "Ask the posts"
_LOADED = "() => document.dispatchEvent(new CustomEvent('pq-loaded'))"  # addresses.js waits for it


@dataclass(frozen=True)
class Tab:
    """A tab beside the chat.

    Attributes:
        build: Makes its components, inside the tab.
        routes: What its script fetches.
        stop: Ends what it runs in the background, when the server ends.
    """

    label: str
    name: str
    build: Callable[[ChatTab], None]
    routes: APIRouter
    stop: Callable[[], None] = lambda: None


def html_tab(label: str, name: str, html: str, routes: APIRouter) -> Tab:
    """A tab of plain HTML that a script fills."""

    def build(_: ChatTab) -> None:
        gr.HTML(html, elem_id=f"pq-{name}", js_on_load=None, apply_default_css=False)

    return Tab(label, name, build, routes)


@dataclass(frozen=True)
class Facts:
    """What follows from the index at hand.

    Attributes:
        about: What the page says of the index it asks.
        examples: Questions offered while the conversation is empty.
    """

    about: About
    examples: Sequence[Example] = ()


@dataclass(frozen=True)
class PageParts:
    """What the page is made of, beside the assistant.

    Attributes:
        facts: Of the index that answers when the page is made.
        suggests: Whether the best sentence is shown while a question is typed.
        latest_facts: Of the index that answers when the page is loaded or posts were added; None where it never
            changes.
        latest_about: What of them is known at once.
        suggest: Gives questions to go on with after an answer.
        votes: Where votes are kept; None keeps none.
        restore: Makes turns of what a browser kept of them; None has the browser keep nothing.
        tabs: Beside the chat, in order.
        routes: Of the reading pane.
    """

    facts: Facts
    suggest: Callable[[Answer], Sequence[str]] = lambda _: ()
    votes: Votes | None = None
    restore: Callable[[Sequence[object]], Turns] | None = None
    tabs: Sequence[Tab] = ()
    routes: APIRouter = field(default_factory=APIRouter)
    latest_facts: Callable[[], Facts] | None = None
    latest_about: Callable[[], About] | None = None
    suggests: bool = False


def page(assistant: StreamingAssistant, parts: PageParts) -> gr.Blocks:
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

    actions = Actions(Conversation(assistant, parts.suggest), parts.votes)
    blocks = gr.Blocks(title=TITLE, analytics_enabled=False, fill_width=True)
    with blocks:
        head = gr.HTML(about_html(parts.facts.about), elem_id="pq-about")
        with gr.Tabs(elem_id="pq-tabs"):
            with gr.Tab("Chat", id="chat", elem_id="pq-tab-chat"):
                chat = chat_tab(actions, parts.facts.examples, suggests=parts.suggests)
            for tab in parts.tabs:
                with gr.Tab(tab.label, id=tab.name, elem_id=f"pq-tab-{tab.name}"):
                    tab.build(chat)
        gr.HTML(render("reader.html"), elem_id="pq-reader-frame", js_on_load=None, apply_default_css=False)
        if parts.latest_facts and parts.latest_about:
            _refresh(blocks, head, chat, parts.latest_facts, parts.latest_about)
        if parts.restore:
            conversation_list(blocks, chat, parts.restore, _LOADED)
        else:
            blocks.load(None, js=_LOADED)
        api(ask, api_name="ask", concurrency_limit=AT_ONCE, concurrency_id="ask")
    return blocks


def _refresh(
    blocks: gr.Blocks,
    head: gr.HTML,
    chat: ChatTab,
    latest_facts: Callable[[], Facts],
    latest_about: Callable[[], About],
) -> None:
    """Show what the index holds when the page is loaded, and again when posts were added."""
    told = "document.addEventListener('pq-index-changed', () => trigger('click', {}));"  # by add.js
    changed = gr.HTML("", visible="hidden", js_on_load=told)
    moments = [blocks.load, changed.click]
    gr.on(moments, lambda: about_html(latest_about()), None, head, **UNQUEUED)
    gr.on(moments, lambda: gr.update(placeholder=examples_html(latest_facts().examples)), None, chat.log, **UNQUEUED)
