"""The tab Evaluate: run gold questions, see the progress, read what was missed, compare with an earlier run."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import gradio as gr

from index.errors import PostqaError
from index.reader import Index
from qa.evaluation.evaluation_jobs import EvaluationJobs, EvaluationState
from qa.evaluation.gold import GoldSet, gold_from_text
from qa.evaluation.gold_catalog import GoldCatalog
from qa.jobs import JobBusy
from qa.web.chat_tab import QUIET, UNQUEUED, ChatTab
from qa.web.evaluation_report import evaluation_routes
from qa.web.page import Tab
from qa.web.render import error_html, notice_html
from qa.web.safe import safe
from qa.web.templating import render
from qa.web.wording import counted, sentence

_PASTED_NAME = "pasted questions"
_MAX_PASTED = 500_000  # characters; in UTF-8 they stay below what a request may hold
_WATCHERS = 16  # pages that may follow a run at the same time; one more waits
_POLL_SECONDS = 0.15  # between two looks at the progress
_NO_BASELINE = ("nothing", "")
_EXAMPLE = '{"question": "Who built the lighthouse?", "answerable": true, "posts": ["The lighthouse on Gull Rock"]}'
_SHOW_REPORT = "(run, baseline) => document.dispatchEvent(new CustomEvent('pq-evaluation', {detail: {run, baseline}}))"


@dataclass(frozen=True)
class EvaluateTab:
    """What the tab works with.

    Attributes:
        index: Gives the one that answers now.
    """

    jobs: EvaluationJobs
    catalog: GoldCatalog
    index: Callable[[], Index]

    @property
    def tab(self) -> Tab:
        """The tab, for the page."""
        return Tab("Evaluate", "evaluate", self._build, evaluation_routes(self.jobs.runs), self.jobs.stop)

    def _build(self, _: ChatTab) -> None:
        with gr.Column(elem_id="pq-evaluate"):
            gr.HTML(render("evaluate.html"))
            gold_help = gr.HTML("", elem_id="pq-gold-help", apply_default_css=False)
            with gr.Row(elem_id="pq-evaluate-choose"):
                gold = gr.Dropdown([], label="Gold questions", scale=1, min_width=220, elem_id="pq-gold")
                run = gr.Button("Run", variant="primary", scale=0, min_width=96, elem_id="pq-evaluate-run")
                stop = gr.Button("Stop", scale=0, min_width=96, visible=False, elem_id="pq-evaluate-stop")
            pasted = _own_questions()
            progress = gr.HTML("", elem_id="pq-evaluate-progress")
            with gr.Row(elem_id="pq-evaluate-runs"):
                shown = gr.Dropdown([], label="Show the run of", min_width=220, elem_id="pq-evaluate-shown")
                baseline = gr.Dropdown(
                    [_NO_BASELINE], value="", label="Compare with", min_width=220, elem_id="pq-evaluate-baseline"
                )
            report = '<pq-report id="pq-report" tabindex="-1"></pq-report>'
            gr.HTML(report, elem_id="pq-report-frame", js_on_load=None, apply_default_css=False)
        after = [progress, stop, shown, baseline]
        gr.on(None, self._choices, None, [gold_help, gold, shown, baseline], **UNQUEUED)  # when the page is loaded
        gr.on([run.click], self._run, [gold, pasted], after, concurrency_limit=_WATCHERS, **QUIET).then(
            None, [shown, baseline], None, js=_SHOW_REPORT, **QUIET
        )
        stop.click(self.jobs.stop, None, None, **UNQUEUED)
        gr.on([shown.input, baseline.input], None, [shown, baseline], None, js=_SHOW_REPORT, **QUIET)

    def _choices(self) -> tuple[Any, ...]:
        names, runs = self.catalog.names(self.index()), self.jobs.runs.names()
        gold_help = "" if names else render("gold_help.html", example=_EXAMPLE)
        gold = gr.update(choices=names, value=names[0] if names else None)
        return gold_help, gold, *self._runs(runs[0] if runs else None)

    def _run(self, name: str | None, pasted: str | None) -> Iterator[tuple[Any, ...]]:
        """Start a run and show its progress until it ends; where another one runs, say so and follow that one."""
        notice = ""
        try:
            self.jobs.start(self._gold(name, pasted))
        except JobBusy as error:
            notice = error_html(error)
        except PostqaError as error:
            yield notice_html(str(error)), *(gr.skip(),) * 3
            return
        state = self.jobs.state
        while state.running:
            yield f"{notice}{progress_html(state)}", gr.update(visible=True), gr.skip(), gr.skip()
            time.sleep(_POLL_SECONDS)
            state = self.jobs.follow(state, 1.0)
        yield ended_html(state), gr.update(visible=False), *self._runs(state.run)

    def _gold(self, name: str | None, pasted: str | None) -> GoldSet:
        if pasted and pasted.strip():  # None where the field was never unfolded
            return gold_from_text(pasted, _PASTED_NAME)
        return self.catalog.read(name or "", self.index())

    def _runs(self, chosen: str | None) -> tuple[Any, Any]:
        """The runs to choose from; the chosen one is shown, and compared with none at first."""
        runs = [(self.jobs.runs.label(name), name) for name in self.jobs.runs.names()]
        shown = gr.update(choices=runs, value=chosen) if chosen else gr.update(choices=runs)
        return shown, gr.update(choices=[_NO_BASELINE, *runs])


def progress_html(state: EvaluationState) -> str:
    """The progress of a run."""
    return (
        f'<div class="pq-progress"><progress max="{state.total}" value="{state.done}" aria-label="Questions asked">'
        f'</progress><p role="status">{state.done:,} of {state.total:,} questions of {safe(state.gold)}</p></div>'
    )


def ended_html(state: EvaluationState) -> str:
    """The end of a run."""
    if state.fault:
        return notice_html(sentence(state.fault))
    return f'<p class="pq-done" role="status">{counted(state.total or 0, "question")} of {safe(state.gold)} asked.</p>'


def _own_questions() -> gr.Textbox:
    with gr.Accordion("Your own questions", open=False, elem_id="pq-gold-own"):
        pasted = gr.Textbox(
            label="JSON Lines, asked instead of the set above while something stands here", lines=4, max_lines=12,
            max_length=_MAX_PASTED, placeholder=_EXAMPLE, elem_id="pq-gold-text",
        )  # fmt: skip
        gr.HTML(render("gold_file.html"), apply_default_css=False)
    return pasted
