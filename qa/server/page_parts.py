"""The parts of the page, over an assistant behind its gate."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from threading import Lock

from fastapi import APIRouter

from index.reader import Index
from qa.assistant import Assistant
from qa.evaluation.evaluation_jobs import EvaluationJobs
from qa.evaluation.feedback import Feedback, default_feedback_path
from qa.evaluation.gold_catalog import GoldCatalog
from qa.evaluation.runs import Runs
from qa.server.gate import Gate
from qa.server.settings import ServerSettings
from qa.uploads import UploadJobs
from qa.web.add_routes import add_routes
from qa.web.add_tab import add_tab
from qa.web.evaluate_tab import EvaluateTab
from qa.web.evaluation_routes import evaluation_routes
from qa.web.examples import example_questions, follow_ups
from qa.web.filter_choices import choices
from qa.web.map_routes import map_routes
from qa.web.map_tab import map_tab
from qa.web.page import Facts, PageParts, Tab
from qa.web.posts_routes import posts_routes
from qa.web.posts_tab import posts_tab
from qa.web.render import About
from qa.web.routes import page_routes
from qa.web.saved import restored
from qa.web.turns import Turns


def page_parts(gate: Gate, settings: ServerSettings) -> PageParts:
    """The page's parts; examples are asked of the assistant before anybody comes."""
    assistant = gate.assistant

    def index() -> Index:
        return assistant.index

    def restore(kept: Sequence[object]) -> Turns:
        return restored(kept, index())

    feedback = Feedback(settings.feedback or default_feedback_path(), index)
    tabs, routes = _tabs(gate, settings, Runs(feedback.path.parent / "evaluations"), index)
    follow = _latest_facts(assistant)
    return PageParts(
        facts=follow(),
        follow=follow,
        suggest=lambda answer: follow_ups(gate, answer),
        votes=feedback,
        restore=restore,
        tabs=[posts_tab(), map_tab(), *tabs],
        routes=[*_reading(gate, index), *routes],
    )


def _reading(gate: Gate, index: Callable[[], Index]) -> list[APIRouter]:
    """Routes for everybody who may ask."""
    return [page_routes(index), posts_routes(index), map_routes(lambda: gate.assistant.serving, gate.run_async)]


def _tabs(
    gate: Gate, settings: ServerSettings, runs: Runs, index: Callable[[], Index]
) -> tuple[list[Tab], list[APIRouter]]:
    """What costs much or changes something is there only for local or authenticated users."""
    assistant = gate.assistant
    if not settings.is_restricted:
        return [], []
    evaluations = EvaluationJobs(assistant, runs, busy=lambda: gate.admitted > 0)
    tabs = [EvaluateTab(evaluations, GoldCatalog(settings.gold), index).tab]
    routes = [evaluation_routes(runs)]
    if settings.add_posts is not None:
        uploads = UploadJobs(assistant, settings.add_posts, settings.add_total_bytes)
        tabs.append(add_tab(settings.add_bytes))
        routes.append(add_routes(uploads, index, settings.add_files, settings.add_bytes))
    return tabs, routes


def _latest_facts(assistant: Assistant) -> Callable[[], Facts]:
    """Gives the facts of the generation that answers, gathered once for each: examples are questions really asked."""
    lock = Lock()
    of_generation = lru_cache(1)(lambda _: _facts(assistant))

    def latest() -> Facts:
        with lock:
            return of_generation(assistant.index.manifest.generation)

    return latest


def _facts(assistant: Assistant) -> Facts:
    index = assistant.index
    manifest = index.manifest
    return Facts(
        about=About(
            posts=manifest.posts,
            generation=manifest.generation,
            encoder=assistant.encoder_name,
            writer=assistant.writer.name if assistant.writer else None,
        ),
        examples=example_questions(assistant),
        offered=choices(index),
    )
