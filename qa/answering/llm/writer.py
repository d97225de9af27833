"""A text written from the passages instead of quotes alone, where somebody has a language model for it."""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator, Sequence
from importlib.util import find_spec
from typing import Protocol

from index.errors import SettingsError, WriterError
from index.sources.decoding import clean
from qa.answer import Answer
from qa.answering.llm.grounding import grounded
from qa.answering.llm.stream import closing_iterator, words_of
from qa.records import Passage

_LOG = logging.getLogger("postqa")
_NAMES = ("QA_LLM_URL", "QA_LLM_MODEL")
_LONGEST = 20_000  # characters; what writes more has lost itself


class Writer(Protocol):
    """Writes an answer from numbered passages; may be shared by threads."""

    @property
    def name(self) -> str:
        """Shown to readers as the author of the text."""

    @property
    def seconds(self) -> float:
        """The longest that `write` takes, from its call to its last words."""

    def write(self, question: str, passages: Sequence[Passage]) -> Iterator[str]:
        """The text piece by piece, where `[n]` behind a sentence points to the nth passage, from 1.

        Raises:
            WriterError: There is no text, or not all of it.
        """


def configured_writer() -> Writer | None:
    """The writer that `QA_LLM_URL` and `QA_LLM_MODEL` name; without them None, and then nothing of it is loaded.

    Raises:
        SettingsError: A setting is wrong, or the extra `llm` is not installed.
    """
    if not any(os.environ.get(name) for name in _NAMES):
        return None
    from qa.answering.llm.settings import llm_settings  # noqa: PLC0415  # only those who ask for a model wait for what it takes

    settings = llm_settings()
    if find_spec("openai") is None:
        raise SettingsError(
            "the package openai is not installed", where=_NAMES[0], remedy="Install the extra: pip install '.[llm]'."
        )
    from qa.answering.llm.openai import OpenAIWriter  # noqa: PLC0415

    return OpenAIWriter(settings)


def write_answer(answer: Answer, passages: Sequence[Passage], writer: Writer | None) -> Answer:
    """An answer in the writer's words; the extractive one where there is no writer, it refuses, or the writer fails.

    Args:
        answer: The extractive one.
        passages: Best first.
        writer: May fail in any way: it never costs a reader the quotes.
    """
    if writer is None or not answer.answered or answer.states_facts:
        return answer
    sources = _sources(answer, passages)
    try:
        return grounded(answer, sources, "".join(_reply(answer, sources, writer)), writer.name)
    except Exception as error:
        return _extractive(answer, error)


def stream_answer(answer: Answer, passages: Sequence[Passage], writer: Writer | None) -> Iterator[str | Answer]:
    """The words of what `write_answer` returns, as they are written, and at last the answer itself."""
    if writer is None or not answer.answered or answer.states_facts:
        yield from words_of(answer)
        return
    sources = _sources(answer, passages)
    reply: list[str] = []
    try:
        with closing_iterator(_reply(answer, sources, writer)) as pieces:
            for piece in pieces:
                reply.append(piece)
                yield piece
        last = grounded(answer, sources, "".join(reply), writer.name)
    except Exception as error:
        last = _extractive(answer, error)
    yield last


def _reply(answer: Answer, sources: Sequence[Passage], writer: Writer) -> Iterator[str]:
    """What a writer writes, piece by piece.

    Raises:
        WriterError: It is too long.
    """
    length = 0
    with closing_iterator(writer.write(answer.question_as_understood, sources)) as pieces:
        for piece in map(clean, pieces):
            length += len(piece)
            if length > _LONGEST:
                raise WriterError("the language model wrote without end")
            yield piece


def _sources(answer: Answer, passages: Sequence[Passage]) -> list[Passage]:
    """As many passages as an answer carries, those that it quotes first."""
    quoted = [one for one in passages if _is_quoted(one, answer)]
    rest = [one for one in passages if not _is_quoted(one, answer)]
    return [*quoted, *rest][: max(len(answer.passages), len(quoted))]


def _is_quoted(passage: Passage, answer: Answer) -> bool:
    return any(map(passage.overlaps, answer.citations))


def _extractive(answer: Answer, error: Exception) -> Answer:
    """The extractive answer, with a warning that says why it is not in the writer's words."""
    if isinstance(error, WriterError):
        what = error.what
    else:
        # The message may hold an address or a key: only the error's type is logged.
        _LOG.warning("the language model failed: %s", type(error).__name__)
        what = "the language model failed"
    warning = f"{what[:1].upper()}{what[1:]}; this is what the posts say in their own words."
    return answer.model_copy(update={"warnings": (*answer.warnings, warning)})
