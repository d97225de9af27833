"""The tab Evaluate: run gold questions, watch them go, read what was missed, compare with an earlier run."""

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
from qa.web.chat_tab import QUIET, ChatTab
from qa.web.page import Tab
from qa.web.render import error_html, notice_html
from qa.web.safe import safe

_PASTED = "pasted questions"
_MOST_PASTED = 500_000  # characters; in UTF-8 they stay below what a request may hold
_WATCHERS = 16  # who may watch a run at the same time; one more waits
_EACH = 0.15  # seconds between two looks at how far it is
_INTRO = (
    '<p class="pq-lead">Ask every question of a gold set and see what is found, quoted and refused. The chat stays '
    "open meanwhile; finished runs are kept.</p>"
)
_FILE = (
    '<p class="pq-file"><label for="pq-gold-file">From a file</label> '
    '<input type="file" id="pq-gold-file" accept=".jsonl,.json,.txt"> '
    '<span id="pq-gold-said" role="status">It is read here, in the browser.</span></p>'
)
_NONE = ("nothing", "")
_HINT = '{"question": "Who built the lighthouse?", "answerable": true, "posts": ["The lighthouse on Gull Rock"]}'
_SHOW = "(run, baseline) => document.dispatchEvent(new CustomEvent('pq-evaluation', {detail: {run, baseline}}))"


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
        return Tab("Evaluate", "evaluate", self._build, self.jobs.stop)

    def _build(self, _: ChatTab) -> None:
        with gr.Column(elem_id="pq-lab"):
            gr.HTML(_INTRO)
            with gr.Row(elem_id="pq-lab-choose"):
                gold = gr.Dropdown([], label="Gold questions", scale=1, min_width=220, elem_id="pq-gold")
                run = gr.Button("Run", variant="primary", scale=0, min_width=96, elem_id="pq-lab-run")
                stop = gr.Button("Stop", scale=0, min_width=96, visible=False, elem_id="pq-lab-stop")
            pasted = _own_questions()
            progress = gr.HTML("", elem_id="pq-lab-progress")
            with gr.Row(elem_id="pq-lab-runs"):
                shown = gr.Dropdown([], label="Show the run of", min_width=220, elem_id="pq-lab-shown")
                baseline = gr.Dropdown(
                    [_NONE], value="", label="Compare with", min_width=220, elem_id="pq-lab-baseline"
                )
            gr.HTML('<div id="pq-report" tabindex="-1"></div>', elem_id="pq-report-frame", apply_default_css=False)
        after = [progress, stop, shown, baseline]
        gr.on(None, self._offered, None, [gold, shown, baseline], queue=False, **QUIET)  # when the page is loaded
        gr.on([run.click], self._run, [gold, pasted], after, concurrency_limit=_WATCHERS, **QUIET).then(
            None, [shown, baseline], None, js=_SHOW, **QUIET
        )
        stop.click(self.jobs.stop, None, None, queue=False, **QUIET)
        gr.on([shown.input, baseline.input], None, [shown, baseline], None, js=_SHOW, **QUIET)

    def _offered(self) -> tuple[Any, ...]:
        names = self.catalog.names(self.index())
        return (gr.update(choices=names, value=names[0] if names else None), *self._listed(None))

    def _run(self, name: str | None, pasted: str | None) -> Iterator[tuple[Any, ...]]:
        """Begin, and tell how far it is until it ends; where another one runs, that is said, and it is followed."""
        told = ""
        try:
            self.jobs.start(self._gold(name, pasted))
        except JobBusy as error:
            told = error_html(error)
        except PostqaError as error:
            yield notice_html(str(error)), *(gr.skip(),) * 3
            return
        state = self.jobs.state
        while state.running:
            yield f"{told}{progress_html(state)}", gr.update(visible=True), gr.skip(), gr.skip()
            time.sleep(_EACH)
            state = self.jobs.follow(state, 1.0)
        yield ended_html(state), gr.update(visible=False), *self._listed(state.run)

    def _gold(self, name: str | None, pasted: str | None) -> GoldSet:
        if pasted and pasted.strip():  # none where the field was never unfolded
            return gold_from_text(pasted, _PASTED)
        return self.catalog.read(name or "", self.index())

    def _listed(self, chosen: str | None) -> tuple[Any, Any]:
        """The runs to choose from; the one chosen is shown, and none is compared with before somebody says so."""
        runs = [(self.jobs.runs.label(name), name) for name in self.jobs.runs.names()]
        shown = gr.update(choices=runs, value=chosen) if chosen else gr.update(choices=runs)
        return shown, gr.update(choices=[_NONE, *runs])


def progress_html(state: EvaluationState) -> str:
    """How far a run is."""
    return (
        f'<div class="pq-progress"><progress max="{state.total}" value="{state.done}" aria-label="Questions asked">'
        f'</progress><p role="status">{state.done:,} of {state.total:,} questions of {safe(state.gold)}</p></div>'
    )


def ended_html(state: EvaluationState) -> str:
    """How a run ended."""
    if state.fault:
        return notice_html(f"{state.fault[:1].upper()}{state.fault[1:]}")
    noun = "question" if state.total == 1 else "questions"
    return f'<p class="pq-done" role="status">{state.total:,} {noun} of {safe(state.gold)} asked.</p>'


def _own_questions() -> gr.Textbox:
    with gr.Accordion("Your own questions", open=False, elem_id="pq-gold-own"):
        pasted = gr.Textbox(
            label="JSON Lines, asked instead of the set above while something stands here", lines=4, max_lines=12,
            max_length=_MOST_PASTED, placeholder=_HINT, elem_id="pq-gold-text",
        )  # fmt: skip
        gr.HTML(_FILE, apply_default_css=False)
    return pasted
