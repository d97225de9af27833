"""The chat, and beside it the sources: components and what happens when they are used."""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import gradio as gr
from markupsafe import Markup

from index.records import Record
from qa.web.actions import Actions
from qa.web.conversation import Position
from qa.web.examples import Example
from qa.web.export import conversation_markdown
from qa.web.panel import panel_html
from qa.web.question_filters import filters_in
from qa.web.templating import render
from qa.web.turns import Turns

AT_ONCE = 4  # questions answered at the same time; more wait their turn
QUIET: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden"}
UNQUEUED: dict[str, Any] = {**QUIET, "queue": False}
# The first input becomes the filters as they are when it is asked.
_WITH_FILTERS = "(_, ...others) => [window.pqFilters(), ...others]"
_TYPED = "(_, question, ...others) => [window.pqFilters(), window.pqAsked(question, true), ...others]"
_ASKING: dict[str, Any] = {**QUIET, "concurrency_limit": AT_ONCE, "concurrency_id": "ask"}
# draft.js shows a question before the server has answered, and puts it back where it could not be asked.
_ASKED = "document.addEventListener('pq-asked', () => trigger('click'));"
_PENDING = "(log) => [window.pqPending(log)]"
_NOT_ASKED = "(text, log) => window.pqNotAsked(text, log)"
# page.js reports the action of a link in an answer as an event, with the turn's number.
_BRIDGE = "document.addEventListener('pq-action', ({ detail }) => trigger('click', detail));"
_DOWNLOAD = "(text) => document.dispatchEvent(new CustomEvent('pq-download', {detail: text}))"


class ActionEvent(Record):
    """What page.js reports of a link that was followed."""

    action: str
    turn: int = 0
    text: str = ""


@dataclass(frozen=True)
class ChatTab:
    """The components of the chat that other parts of the page read or fill.

    Attributes:
        conversation: The id under which the browser keeps it; starting over and editing begin another.
        editing: The number of the turn that the next question replaces.
        growing: The events that make an answer grow.
        changes: The events after which the conversation is another one.
    """

    conversation: gr.State
    editing: gr.State
    turns: gr.State
    entry: gr.Textbox
    log: gr.Chatbot
    panel: gr.HTML
    growing: Sequence[gr.events.Dependency]
    changes: Sequence[gr.events.Dependency]

    @property
    def outputs(self) -> list[gr.components.Component]:
        """What shows a conversation."""
        return [self.entry, self.turns, self.log, self.panel]


def chat_tab(actions: Actions, examples: Sequence[Example], *, suggests: bool = False) -> ChatTab:
    """Build the chat; to be called inside the tab that holds it.

    Args:
        suggests: Whether the best sentence is shown while a question is typed: suggest.js fetches it.
    """
    turns, editing, voted, conversation = gr.State(()), gr.State(None), gr.State(None), gr.State("")
    with gr.Row(elem_id="pq-columns"):
        with gr.Column(elem_id="pq-chat", scale=3, min_width=0):
            log = _chatbot(examples)
            comment_row, comment, send_comment = _comment_row()
            entry, send = _entry_row()
            with gr.Row(elem_id="pq-below"):
                gr.HTML(render("filters.html"), elem_id="pq-filters", js_on_load=None, apply_default_css=False)
                gr.HTML(
                    render("conversations.html"), elem_id="pq-conversations", js_on_load=None, apply_default_css=False
                )
                clear = gr.Button("Start over", size="sm", elem_id="pq-clear")
                export = gr.Button("Export as Markdown", size="sm", elem_id="pq-export")
                if suggests:
                    gr.HTML(render("suggest.html"), elem_id="pq-suggest", js_on_load=None, apply_default_css=False)
        with gr.Column(elem_id="pq-panel", scale=2, min_width=0):
            panel = gr.HTML(panel_html(()), elem_id="pq-panel-html", js_on_load=None, apply_default_css=False)
    bridge = gr.HTML("", visible="hidden", elem_id="pq-bridge", js_on_load=_BRIDGE)
    download, filters = (gr.Textbox(visible="hidden") for _ in range(2))

    def ask_typed(filters: str, question: str, turns: Turns, editing: int | None) -> Iterator[tuple[Any, ...]]:
        position = _position(turns, editing)
        # Once: an edited question leads to a conversation of its own, beside the one that it was in.
        begun = (None, gr.skip() if position.before == turns else _new_id())
        for grown in actions.conversation.ask(question, position, filters_in(filters)):
            yield *shown_as(grown, gr.skip()), *begun
            begun = (gr.skip(), gr.skip())

    def act(event: gr.EventData, filters: str, turns: Turns) -> Iterator[tuple[Any, ...]]:
        link = ActionEvent.model_validate(event._data)
        for after in actions.perform(link.action, link.turn, turns, filters_in(filters), link.text):
            entry, editing = (gr.skip(), gr.skip()) if after.entry is None else (after.entry, after.editing)
            yield *shown_as(after.turns, entry), editing, gr.skip(), gr.update(visible=bool(after.voted)), after.voted

    def add_comment(voted: str | None, text: str) -> tuple[Any, ...]:
        actions.comment(voted, text)
        return gr.update(visible=False), ""

    chat = [entry, turns, log, panel, editing, conversation]
    growing = [
        gr.on([entry.submit, send.click], ask_typed, [filters, entry, turns, editing], chat, js=_TYPED, **_ASKING),
        bridge.click(act, [filters, turns], [*chat, comment_row, voted], js=_WITH_FILTERS, **_ASKING),
    ]
    asked = gr.HTML("", visible="hidden", elem_id="pq-asked", js_on_load=_ASKED)
    asked.click(None, log, log, js=_PENDING, **QUIET)
    for asking in growing:
        asking.failure(None, [entry, log], [entry, log], js=_NOT_ASKED, **QUIET)
    # What still grows is stopped, or it would come back into the empty conversation.
    cleared = clear.click(lambda: (*shown_as((), gr.skip()), None, _new_id()), None, chat, cancels=growing, **UNQUEUED)
    gr.on([comment.submit, send_comment.click], add_comment, [voted, comment], [comment_row, comment], **UNQUEUED)
    export.click(conversation_markdown, turns, download, **UNQUEUED).then(None, download, None, js=_DOWNLOAD, **QUIET)
    return ChatTab(conversation, editing, turns, entry, log, panel, growing, [*growing, cleared])


def shown_as(turns: Turns, entry: Any = "") -> tuple[Any, ...]:
    """Values for a tab's outputs: the entry's text, the conversation, its messages and its sources."""
    return entry, turns, messages(turns), panel_html(turns)


def examples_html(examples: Sequence[Example]) -> Markup:
    """What stands in the place of a conversation that has not begun."""
    return render("examples.html", examples=examples)


def messages(turns: Turns) -> list[dict[str, str]]:
    """The conversation as the chatbot takes it; an empty question or reply is no message."""
    both = ((("user", turn.user_html), ("assistant", turn.assistant_html)) for turn in turns)
    return [{"role": role, "content": html} for pair in both for role, html in pair if html]


def _new_id() -> str:
    return secrets.token_hex(8)


def _position(turns: Turns, editing: int | None) -> Position:
    """Behind the last turn; an edited question replaces the old one and all that followed it."""
    numbers = [turn.number for turn in turns]
    return Position(turns[: numbers.index(editing)] if editing in numbers else turns)


def _entry_row() -> tuple[gr.Textbox, gr.Button]:
    with gr.Row(elem_id="pq-entry"):
        entry = gr.Textbox(
            placeholder="Ask a question", label="Question", show_label=False, container=False, scale=1,
            lines=1, max_lines=5, elem_id="pq-question-box",
        )  # fmt: skip
        return entry, gr.Button("Ask", variant="primary", scale=0, min_width=72, elem_id="pq-ask")


def _comment_row() -> tuple[gr.Row, gr.Textbox, gr.Button]:
    """A field for a comment on an answer, shown after a vote."""
    with gr.Row(visible=False, elem_id="pq-comment") as row:
        label = "What was good or wrong? (optional)"
        comment = gr.Textbox(label=label, max_lines=2, max_length=2_000, scale=1, elem_id="pq-comment-box")
        return row, comment, gr.Button("Send", scale=0, min_width=72, elem_id="pq-comment-send")


def _chatbot(examples: Sequence[Example]) -> gr.Chatbot:
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
        placeholder=examples_html(examples),
    )
