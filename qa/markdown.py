"""An answer as Markdown, to keep or to send; text from posts is escaped."""

from __future__ import annotations

import re

from qa.answer import Answer, Level, flagged_text
from qa.links import source_line
from qa.records import Citation

_SPECIAL = re.compile(r"([\\`*_{}\[\]()#+!|<>~$-])")


def answer_markdown(answer: Answer) -> str:
    """An answer, and below it the quotes with their sources and offsets; the nearest quotes stand as quotes only."""
    is_quoted_nearest = answer.level is Level.NEAREST and answer.written_by is None
    text = f"*{escaped(answer.lead)}*" if is_quoted_nearest else escaped(flagged_text(answer))
    notes = [f"*{escaped(warning)}*" for warning in answer.warnings]
    nearest = [f"- {escaped(source_line(post))}" for post in (() if answer.answered else answer.suggested_posts)]
    certainty = [] if answer.is_reply else [f"{escaped(answer.certainty)}, index generation {answer.generation}."]
    sources = [_source(citation) for citation in answer.citations]
    return "\n\n".join([text, *notes, *nearest, *sources, *certainty])


def escaped(text: str) -> str:
    """A text escaped for Markdown."""
    return _SPECIAL.sub(r"\\\1", text)


def _source(citation: Citation) -> str:
    where = f"{escaped(source_line(citation.post))} (characters {citation.start}–{citation.end})"
    quoted = "\n".join(f"> {escaped(line)}" for line in citation.shown.split("\n"))
    return f"**{escaped(citation.marker)}** {where}\n\n{quoted}"
