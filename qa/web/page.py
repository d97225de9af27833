"""The page: the chat, and beside it the sources. It shows what `qa.web.conversation` yields."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import gradio as gr
from gradio.events import api

from index.errors import PostqaError
from qa.web.choices import Choices
from qa.web.conversation import Asks, converse
from qa.web.filtering import FILTERS, filter_fields
from qa.web.render import About, about_html
from qa.web.sources import EMPTY, Turn, panel_html

TITLE = "Ask the posts"
_AT_ONCE = 4  # questions answered at the same time; more wait their turn
_HINT = "Ask a question"

Turns = tuple[Turn, ...]
Message = dict[str, str]


def page(assistant: Asks, about: About, examples: Sequence[str], offered: Choices | None = None) -> gr.Blocks:
    """The page as Gradio Blocks, not yet served.

    Args:
        assistant: Answers the questions.
        about: Which index that is.
        examples: Questions offered while the conversation is empty.
        offered: What questions can be filtered by.
    """

    def ask(question: str) -> str:
        """Answer a question with quotes from the posts; each is followed by its marker, such as [1].

        Args:
            question: The question, in plain words.
        """
        try:
            return assistant.ask(question).text
        except PostqaError as error:
            raise gr.Error(str(error), print_exception=False) from error

    def chat(question: str, turns: Turns, *typed: object) -> Iterator[tuple[Any, ...]]:
        for shown in converse(assistant, question, turns, dict(zip(FILTERS, typed, strict=True))):
            yield "", shown, _messages(shown), panel_html(shown)

    def example(chosen: gr.SelectData, turns: Turns, *typed: object) -> Iterator[tuple[Any, ...]]:
        yield from chat(str(chosen.value["text"]), turns, *typed)

    def start_over() -> tuple[Any, ...]:
        return "", (), [], EMPTY

    blocks = gr.Blocks(title=TITLE, analytics_enabled=False, fill_width=True)
    with blocks:
        gr.HTML(about_html(about), elem_id="pq-about")
        clear = gr.Button("Start over", size="sm", elem_id="pq-clear")
        turns = gr.State(())
        with gr.Row(elem_id="pq-columns"):
            with gr.Column(elem_id="pq-chat", scale=3, min_width=0):
                log = _chatbot(examples)
                with gr.Row(elem_id="pq-entry"):
                    entry = gr.Textbox(
                        placeholder=_HINT, label="Question", show_label=False, container=False, scale=1,
                        lines=1, max_lines=5, autofocus=True, elem_id="pq-question-box",
                    )  # fmt: skip
                    send = gr.Button("Ask", variant="primary", scale=0, min_width=72, elem_id="pq-ask")
                filters = filter_fields(offered or Choices())
            with gr.Column(elem_id="pq-panel", scale=2, min_width=0):
                panel = gr.HTML(EMPTY, elem_id="pq-panel-html", js_on_load=None, apply_default_css=False)
        outputs = [entry, turns, log, panel]
        quiet: dict[str, Any] = {
            "outputs": outputs,
            "api_visibility": "private",
            "show_progress": "hidden",
            "concurrency_limit": _AT_ONCE,
            "concurrency_id": "ask",
        }
        gr.on([entry.submit, send.click], chat, [entry, turns, *filters], **quiet)
        log.example_select(example, [turns, *filters], **quiet)
        clear.click(start_over, None, outputs, api_visibility="private", show_progress="hidden", queue=False)
        api(ask, api_name="ask", concurrency_limit=_AT_ONCE, concurrency_id="ask")
    return blocks


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


def _messages(turns: Turns) -> list[Message]:
    """The conversation as the chatbot takes it; an empty question or reply is no message."""
    both = ((("user", turn.question_html), ("assistant", turn.reply_html)) for turn in turns)
    return [{"role": role, "content": html} for pair in both for role, html in pair if html]
