"""A text written from the passages instead of quotes alone, where somebody has a language model for it."""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator, Sequence
from importlib.util import find_spec
from typing import Protocol

from index.errors import SettingsError, WriterError
from index.sources.decoding import clean
from qa.answering.llm.grounding import checked
from qa.answering.llm.stream import pieces, stopping
from qa.records import Answer, Passage

_LOG = logging.getLogger("postqa")
_NAMES = ("QA_LLM_URL", "QA_LLM_MODEL")
_LONGEST = 20_000  # characters; what writes more has lost itself


class Writer(Protocol):
    """Writes an answer from numbered passages; may be shared by threads."""

    @property
    def name(self) -> str:
        """What readers are told about who wrote."""

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


def written(answer: Answer, passages: Sequence[Passage], writer: Writer) -> Iterator[str | Answer]:
    """The words as they are written, and at last the answer made of them; or the extractive one, with the reason.

    Whatever a writer does, an answer comes: it never costs a reader the quotes.

    Args:
        answer: The extractive one, which answers.
        passages: Best first.
    """
    said: list[str] = []
    last = answer
    try:
        sources = _sources(answer, passages)
        with stopping(writer.write(answer.question_as_understood, sources)) as words:
            for piece in map(clean, words):
                said.append(piece)
                if sum(map(len, said)) > _LONGEST:
                    raise WriterError("the language model wrote without end")
                yield piece
        last = checked(answer, sources, "".join(said), writer.name)
    except WriterError as error:
        last = _instead(answer, error)
    except Exception as error:
        # Its words may hold an address or a key: only its kind is told.
        _LOG.warning("the language model failed: %s", type(error).__name__)
        last = _instead(answer, WriterError("the language model failed"))
    yield last


def last_of(told: Iterator[str | Answer]) -> Answer:
    """The answer at the end of a stream.

    Raises:
        ValueError: There is none.
    """
    for one in told:
        if isinstance(one, Answer):
            return one
    raise ValueError("the stream ended without an answer")


def told(answer: Answer, passages: Sequence[Passage], writer: Writer | None) -> Iterator[str | Answer]:
    """An answer piece by piece: written where there is a writer and something to write, else quotes or a refusal."""
    return written(answer, passages, writer) if writer is not None and answer.answered else pieces(answer)


def _sources(answer: Answer, passages: Sequence[Passage]) -> list[Passage]:
    """As many passages as an answer carries, those that it quotes first."""
    quoted = [one for one in passages if _is_quoted(one, answer)]
    rest = [one for one in passages if not _is_quoted(one, answer)]
    return [*quoted, *rest][: max(len(answer.passages), len(quoted))]


def _is_quoted(passage: Passage, answer: Answer) -> bool:
    return any(map(passage.overlaps, answer.citations))


def _instead(answer: Answer, error: WriterError) -> Answer:
    why = f"{error.what[:1].upper()}{error.what[1:]}; this is what the posts say in their own words."
    return answer.model_copy(update={"warnings": (*answer.warnings, why)})
