"""The chat, and beside it the sources: components and what happens when they are used."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import gradio as gr

from index.records import Record
from qa.web.actions import Deeds
from qa.web.conversation import Conversation, Place
from qa.web.export import conversation_markdown
from qa.web.filter_choices import Choices
from qa.web.filter_fields import FILTERS, filter_fields
from qa.web.panel import EMPTY, panel_html
from qa.web.turns import Turns

AT_ONCE = 4  # questions answered at the same time; more wait their turn
QUIET: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden"}
_ASKING: dict[str, Any] = {**QUIET, "concurrency_limit": AT_ONCE, "concurrency_id": "ask"}
_HINT = "Ask a question"
# What a link in an answer asks for comes from page.js as an event with the deed and the turn's number.
_BRIDGE = """document.addEventListener('pq-do', ({ detail }) =>
  trigger(detail.deed === 'about' ? 'submit' : 'click', detail));"""
_DOWNLOAD = "(text) => document.dispatchEvent(new CustomEvent('pq-download', {detail: text}))"


class Told(Record):
    """What page.js tells of a link that was followed."""

    deed: str
    turn: int = 0
    text: str = ""
    post: str = ""


@dataclass(frozen=True)
class ChatTab:
    """The components of the chat that other parts of the page read or fill.

    Attributes:
        changes: The events after which the conversation is another one.
    """

    turns: gr.State
    entry: gr.Textbox
    log: gr.Chatbot
    panel: gr.HTML
    filters: Sequence[gr.components.Component]
    changes: Sequence[gr.events.Dependency]

    @property
    def outputs(self) -> list[gr.components.Component]:
        """What shows a conversation."""
        return [self.entry, self.turns, self.log, self.panel]


def chat_tab(conversation: Conversation, deeds: Deeds, examples: Sequence[str], offered: Choices) -> ChatTab:
    """Build the chat; to be called inside the tab that holds it."""
    turns, editing, voted = gr.State(()), gr.State(None), gr.State(None)
    with gr.Row(elem_id="pq-columns"):
        with gr.Column(elem_id="pq-chat", scale=3, min_width=0):
            log = _chatbot(examples)
            word, said, send_word = _word_row()
            entry, send = _entry_row()
            with gr.Row(elem_id="pq-below"):
                below, filters = filter_fields(offered)
                clear = gr.Button("Start over", size="sm", elem_id="pq-clear")
                export = gr.Button("Export as Markdown", size="sm", elem_id="pq-export")
        with gr.Column(elem_id="pq-panel", scale=2, min_width=0):
            panel = gr.HTML(EMPTY, elem_id="pq-panel-html", js_on_load=None, apply_default_css=False)
    bridge = gr.HTML("", visible="hidden", elem_id="pq-bridge", js_on_load=_BRIDGE)
    download = gr.Textbox(visible="hidden", elem_id="pq-markdown")
    outputs = [entry, turns, log, panel]

    def asking(question: str, turns: Turns, editing: int | None, *typed: object) -> Iterator[tuple[Any, ...]]:
        stated = dict(zip(FILTERS, typed, strict=True))
        entry, still_editing = "", None  # once: what is typed while the answer comes is the next question's
        for shown in conversation.ask(question, _place(turns, editing), stated):
            yield *shown_as(shown, entry), still_editing
            entry = still_editing = gr.skip()

    def example(chosen: gr.SelectData, turns: Turns, *typed: object) -> Iterator[tuple[Any, ...]]:
        yield from asking(str(chosen.value["text"]), turns, None, *typed)

    def do(event: gr.EventData, turns: Turns, *typed: object) -> Iterator[tuple[Any, ...]]:
        told = Told.model_validate(event._data)
        for after in deeds.done(told.deed, told.turn, turns, dict(zip(FILTERS, typed, strict=True)), told.text):
            entry, editing = (gr.skip(), gr.skip()) if after.entry is None else (after.entry, after.editing)
            yield *shown_as(after.turns, entry), editing, gr.update(visible=bool(after.voted)), after.voted

    def about(event: gr.EventData) -> tuple[Any, Any]:
        told = Told.model_validate(event._data)
        choices = dict.fromkeys((*offered.posts, (told.text, told.post)))
        return gr.update(open=True), gr.update(choices=list(choices), value=[told.post])

    def add_word(voted: str | None, said: str) -> tuple[Any, ...]:
        deeds.comment(voted, said)
        return gr.update(visible=False), ""

    asked = [*outputs, editing]
    growing = [
        gr.on([entry.submit, send.click], asking, [entry, turns, editing, *filters], asked, **_ASKING),
        log.example_select(example, [turns, *filters], asked, **_ASKING),
        bridge.click(do, [turns, *filters], [*asked, word, voted], **_ASKING),
    ]
    # What still grows is stopped, or it would come back into the empty conversation.
    cleared = clear.click(lambda: ("", (), [], EMPTY, None), None, asked, queue=False, cancels=growing, **QUIET)
    bridge.submit(about, None, [below, filters[0]], queue=False, **QUIET)
    gr.on([said.submit, send_word.click], add_word, [voted, said], [word, said], queue=False, **QUIET)
    export.click(conversation_markdown, turns, download, queue=False, **QUIET).then(
        None, download, None, js=_DOWNLOAD, **QUIET
    )
    return ChatTab(turns, entry, log, panel, filters, [*growing, cleared])


def shown_as(turns: Turns, entry: Any = "") -> tuple[Any, ...]:
    """Values for a tab's outputs: the entry's text, the conversation, its messages and its sources."""
    return entry, turns, messages(turns), panel_html(turns)


def messages(turns: Turns) -> list[dict[str, str]]:
    """The conversation as the chatbot takes it; an empty question or reply is no message."""
    both = ((("user", turn.asked_html), ("assistant", turn.said_html)) for turn in turns)
    return [{"role": role, "content": html} for pair in both for role, html in pair if html]


def _place(turns: Turns, editing: int | None) -> Place:
    """Behind the last turn; an edited question takes the place of the old one and of all that followed it."""
    numbers = [turn.number for turn in turns]
    return Place(turns[: numbers.index(editing)] if editing in numbers else turns)


def _entry_row() -> tuple[gr.Textbox, gr.Button]:
    with gr.Row(elem_id="pq-entry"):
        entry = gr.Textbox(
            placeholder=_HINT, label="Question", show_label=False, container=False, scale=1,
            lines=1, max_lines=5, autofocus=True, elem_id="pq-question-box",
        )  # fmt: skip
        send = gr.Button("Ask", variant="primary", scale=0, min_width=72, elem_id="pq-ask")
    return entry, send


def _word_row() -> tuple[gr.Row, gr.Textbox, gr.Button]:
    """A field for a word on an answer, which only a vote brings up."""
    with gr.Row(visible=False, elem_id="pq-word") as row:
        said = gr.Textbox(
            label="What was good or wrong? (optional)", max_lines=2, max_length=2_000, scale=1, elem_id="pq-word-box"
        )
        send = gr.Button("Send", scale=0, min_width=72, elem_id="pq-word-send")
    return row, said, send


def _chatbot(examples: Sequence[str]) -> gr.Chatbot:
    return gr.Chatbot(
        label="Conversation",
        show_label=False,
        container=False,
        elem_id="pq-log",
        height="100%",
        layout="bubble",
        latex_delimiters=[],
        autoscroll=False,  # to the end of an answer; page.js keeps its beginning in view
        sanitize_html=True,
        allow_file_downloads=False,
        buttons=[],
        group_consecutive_messages=False,
        feedback_options=None,
        examples=[{"text": question} for question in examples],
        placeholder="<p>Ask a question, or begin with one of these.</p>" if examples else "<p>Ask a question.</p>",
    )
