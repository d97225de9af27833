"""What the page is made of, over an assistant behind its gate."""

from __future__ import annotations

from collections.abc import Sequence

from qa.assistant import Assistant
from qa.server.gate import Gate
from qa.server.settings import ServerSettings
from qa.web.choices import choices
from qa.web.examples import example_questions, follow_ups
from qa.web.map_tab import map_tab
from qa.web.page import PageParts
from qa.web.posts_tab import posts_tab
from qa.web.render import About
from qa.web.saved import restored
from qa.web.turns import Turns


def page_parts(gate: Gate, settings: ServerSettings) -> PageParts:
    """The page's parts; examples are asked of the assistant before anybody comes."""
    assistant = gate.assistant

    def restore(kept: Sequence[object]) -> Turns:
        return restored(kept, assistant.index)

    return PageParts(
        about=_about(assistant),
        examples=example_questions(assistant),
        offered=choices(assistant.index),
        suggest=lambda answer: follow_ups(gate, answer),
        restore=restore,
        tabs=(posts_tab(), map_tab()),
    )


def _about(assistant: Assistant) -> About:
    manifest = assistant.index.manifest
    return About(posts=manifest.posts, generation=manifest.generation, encoder=assistant.encoder_name)
