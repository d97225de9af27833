"""What the page is made of, over an assistant behind its gate."""

from __future__ import annotations

from collections.abc import Sequence

from qa.assistant import Assistant
from qa.feedback import Feedback, default_feedback_path
from qa.gold_offered import GoldShelf
from qa.laboratory import Laboratory, Runs
from qa.server.gate import Gate
from qa.server.settings import ServerSettings
from qa.web.choices import choices
from qa.web.evaluate_tab import EvaluateTab
from qa.web.evaluation_routes import evaluation_routes
from qa.web.examples import example_questions, follow_ups
from qa.web.page import PageParts, Tab
from qa.web.render import About
from qa.web.saved import restored
from qa.web.turns import Turns


def page_parts(gate: Gate, settings: ServerSettings) -> PageParts:
    """The page's parts; examples are asked of the assistant before anybody comes."""
    assistant = gate.assistant

    def restore(kept: Sequence[object]) -> Turns:
        return restored(kept, assistant.index)

    feedback = Feedback(settings.feedback or default_feedback_path(), lambda: assistant.index)
    runs = Runs(feedback.path.parent / "evaluations")
    return PageParts(
        about=_about(assistant),
        examples=example_questions(assistant),
        offered=choices(assistant.index),
        suggest=lambda answer: follow_ups(gate, answer),
        votes=feedback,
        restore=restore,
        tabs=_tabs(gate, settings, runs),
        routes=[evaluation_routes(runs)] if settings.is_among_friends else [],
    )


def _tabs(gate: Gate, settings: ServerSettings, runs: Runs) -> list[Tab]:
    if not settings.is_among_friends:
        return []
    assistant = gate.assistant
    laboratory = Laboratory(assistant, runs, busy=lambda: gate.inside > 0)
    return [EvaluateTab(laboratory, GoldShelf(settings.gold), lambda: assistant.index).tab]


def _about(assistant: Assistant) -> About:
    manifest = assistant.index.manifest
    return About(posts=manifest.posts, generation=manifest.generation, encoder=assistant.encoder_name)
