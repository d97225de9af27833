"""`ask()` and `search()`: one question, one call."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from index.filters import Filters
from index.settings import default_index_path
from qa.answer import Answer
from qa.answering.llm.writer import configured_writer
from qa.assistant import Assistant
from qa.records import Passage


def ask(question: str, *, index: str | Path | None = None, filters: Filters | None = None) -> Answer:
    """Answer a question from the index in a folder; None means the default folder.

    The folder stays open between calls; a generation that is published meanwhile is picked up. Where `QA_LLM_URL`
    and `QA_LLM_MODEL` name a language model, it writes the text.

    Raises:
        QuestionError: The question is empty or too long, or no post meets the filters.
        IndexMissing: There is no index there; names the command that makes one.
        IndexCorrupt: The index is not as it was published.
        SettingsError: The language model's settings are wrong.
    """
    return _assistant(index).ask(question, filters=filters)


def search(
    question: str, k: int = 10, *, index: str | Path | None = None, filters: Filters | None = None
) -> list[Passage]:
    """The k best passages for a question, best first.

    Raises:
        QuestionError: The question cannot be used, or k is out of range.
        IndexMissing: There is no index there.
        IndexCorrupt: The index is not as it was published.
    """
    return _assistant(index).search(question, k, filters=filters)


def _assistant(index: str | Path | None) -> Assistant:
    return _opened((Path(index) if index is not None else default_index_path()).absolute())


@lru_cache(maxsize=4)
def _opened(root: Path) -> Assistant:
    return Assistant(root, writer=configured_writer())
