"""An answer as Markdown, to keep or to send: what posts say in it stays words."""

from __future__ import annotations

import re

from qa.answer import Answer, flagged_text
from qa.links import source_line
from qa.records import Citation

_LIVE = re.compile(r"([\\`*_{}\[\]()#+!|<>~$-])")


def answer_markdown(answer: Answer) -> str:
    """An answer, and below it the quotes with where they stand."""
    notes = [f"*{inert(warning)}*" for warning in answer.warnings]
    nearest = [f"- {inert(source_line(post))}" for post in (() if answer.answered else answer.nearest)]
    sure = f"Confidence {answer.confidence:.0%}, index generation {answer.generation}."
    sources = [_source(citation) for citation in answer.citations]
    return "\n\n".join([inert(flagged_text(answer)), *notes, *nearest, *sources, sure])


def inert(text: str) -> str:
    """A text that reads the same in Markdown and makes nothing of itself."""
    return _LIVE.sub(r"\\\1", text)


def _source(citation: Citation) -> str:
    where = f"{inert(source_line(citation.post))} (characters {citation.start}–{citation.end})"
    quoted = "\n".join(f"> {inert(line)}" for line in citation.shown.split("\n"))
    return f"**{inert(citation.marker)}** {where}\n\n{quoted}"
