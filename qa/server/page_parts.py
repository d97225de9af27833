"""The parts of the page, over an assistant behind its gate."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from threading import Lock

from index.reader import Index
from qa.assistant import Assistant
from qa.evaluation.evaluation_jobs import EvaluationJobs
from qa.evaluation.feedback import Feedback, default_feedback_path
from qa.evaluation.gold_catalog import GoldCatalog
from qa.evaluation.runs import Runs
from qa.server.gate import Gate
from qa.server.settings import ServerSettings
from qa.uploads import UploadJobs
from qa.web.add_tab import add_tab
from qa.web.evaluate_tab import EvaluateTab
from qa.web.examples import example_questions, follow_ups
from qa.web.map_tab import map_tab
from qa.web.page import Facts, PageParts, Tab
from qa.web.posts_tab import posts_tab
from qa.web.question_filters import filter_routes
from qa.web.reading import reading_routes
from qa.web.render import About
from qa.web.saved import restored
from qa.web.sheet import sheet_routes
from qa.web.survey_tab import survey_tab


def page_parts(gate: Gate, settings: ServerSettings) -> PageParts:
    """The page's parts; its examples are asked of the assistant before anybody comes."""
    assistant = gate.assistant

    def index() -> Index:
        return assistant.index

    feedback = Feedback(settings.feedback or default_feedback_path(), index)
    tabs = [
        posts_tab(lambda: assistant.snapshot),
        survey_tab(gate.survey_async),
        map_tab(lambda: assistant.snapshot, gate.run_async),
    ]
    if settings.is_restricted:
        tabs += _restricted_tabs(gate, settings, Runs(feedback.path.parent / "evaluations"), index)
    latest_facts = _latest_facts(assistant)
    page_routes = reading_routes(index)
    page_routes.include_router(sheet_routes(index))
    page_routes.include_router(filter_routes(index))
    return PageParts(
        facts=latest_facts(),
        latest_facts=latest_facts,
        latest_about=lambda: _about(assistant),
        suggest=lambda answer: follow_ups(gate, answer),
        votes=feedback,
        restore=lambda kept: restored(kept, index()),
        tabs=tabs,
        routes=page_routes,
        suggests=settings.suggest,
    )


def _restricted_tabs(gate: Gate, settings: ServerSettings, runs: Runs, index: Callable[[], Index]) -> list[Tab]:
    """What costs much or changes something, for local or authenticated users."""
    evaluations = EvaluationJobs(gate.assistant, runs, busy=lambda: gate.admitted > 0)
    tabs = [EvaluateTab(evaluations, GoldCatalog(settings.gold), index).tab]
    if settings.add_posts is not None:
        uploads = UploadJobs(gate.assistant, settings.add_posts, settings.add_total_bytes)
        tabs.append(add_tab(uploads, index, settings.add_files, settings.add_bytes))
    return tabs


def _latest_facts(assistant: Assistant) -> Callable[[], Facts]:
    """Gives the facts of the generation that answers, gathered once for each: examples are questions really asked."""
    lock = Lock()
    of_generation = lru_cache(1)(lambda _: _facts(assistant))

    def latest() -> Facts:
        with lock:
            return of_generation(assistant.index.manifest.generation)

    return latest


def _facts(assistant: Assistant) -> Facts:
    return Facts(_about(assistant), example_questions(assistant))


def _about(assistant: Assistant) -> About:
    manifest = assistant.index.manifest
    writer = assistant.writer.name if assistant.writer else None
    return About(manifest.posts, manifest.generation, assistant.encoder_name, writer)
