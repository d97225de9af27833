"""A conversation as Markdown, to keep or to send."""

from __future__ import annotations

from qa.markdown import answer_markdown, escaped
from qa.web.turns import Turns


def conversation_markdown(turns: Turns) -> str:
    """Each question as a heading, its answer, and below it the quotes with where they stand."""
    answered = ((turn.question.strip(), turn.answer) for turn in turns if turn.answer is not None)
    return "\n\n".join(f"## {escaped(question)}\n\n{answer_markdown(answer)}" for question, answer in answered) + "\n"
