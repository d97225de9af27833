"""A writer behind any server that speaks OpenAI's chat protocol. Imported only where one is configured."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, cast

import httpx2
import openai

from index.errors import WriterError
from qa.answering.llm.prompt import chat_messages, new_fence
from qa.answering.llm.settings import LlmSettings
from qa.records import Passage

_LOG = logging.getLogger("postqa")
_MAX_BYTES = 2_000_000  # of one reply; a token takes about 200 bytes
_DEADLINE = "postqa.deadline"
_THOUGHTS = ("<think>", "</think>")
_COMPLETE = ("stop", "eos", "eos_token")  # how servers say that the text is complete


class OpenAIWriter:
    """Writes through the `openai` package; may be shared by threads.

    One attempt a question, no redirects: the key and the posts go to the configured address and to no other.
    """

    def __init__(self, settings: LlmSettings) -> None:
        self._settings = settings
        key = settings.key.get_secret_value() if settings.key else "none"  # or the package would look for one itself
        self._client = openai.OpenAI(
            api_key=key,
            base_url=settings.url,
            max_retries=0,
            timeout=settings.seconds,
            http_client=openai.DefaultHttpxClient(
                follow_redirects=False, event_hooks={"request": [self._set_deadline], "response": [_limit]}
            ),
        )
        self._client.organization = self._client.project = None  # the environment may name another server's

    @property
    def name(self) -> str:
        """The model's name."""
        return self._settings.model

    @property
    def seconds(self) -> float:
        """No more is read after the setting's seconds, and the read that runs then may take as long again."""
        return 2 * self._settings.seconds

    def write(self, question: str, passages: Sequence[Passage]) -> Iterator[str]:
        """The model's words, without its thoughts.

        Raises:
            WriterError: The server cannot be reached, fails, is too slow, breaks off or sends something else.
        """
        fence = new_fence()
        written = ""
        for piece in _without_thoughts(self._completion(question, passages, fence)):
            written += piece
            if fence.strip("=") in written:
                raise WriterError("the language model repeated its instructions")
            yield piece

    def _completion(self, question: str, passages: Sequence[Passage], fence: str) -> Iterator[str]:
        """The pieces of one completion, which must be complete."""
        reason: str | None = None
        messages = chat_messages(question, passages, self._settings.prompt_tokens, fence)
        with _as_writer_error():
            stream = self._client.chat.completions.create(
                model=self._settings.model,
                messages=cast(Any, messages),  # two dictionaries, for which the package has its own types
                max_tokens=self._settings.max_tokens,
                temperature=0,
                stream=True,
            )
            with stream:
                for chunk in stream:
                    for choice in (chunk.choices or ())[:1]:
                        reason = choice.finish_reason or reason
                        if choice.delta.content:
                            yield choice.delta.content
        if reason not in _COMPLETE:
            raise WriterError("the language model broke off")

    def _set_deadline(self, request: httpx2.Request) -> None:
        request.extensions[_DEADLINE] = time.monotonic() + self._settings.seconds


class _LimitedStream(httpx2.SyncByteStream):
    """A reply that is not read beyond its deadline or size, even if it trickles and never completes an event."""

    def __init__(self, stream: httpx2.SyncByteStream, deadline: float) -> None:
        self._stream = stream
        self._deadline = deadline

    def __iter__(self) -> Iterator[bytes]:
        size = 0
        for part in self._stream:
            size += len(part)
            if time.monotonic() > self._deadline:
                raise WriterError("the language model took too long")
            if size > _MAX_BYTES:
                raise WriterError("the language model wrote without end")
            yield part

    def close(self) -> None:
        """Release the connection."""
        self._stream.close()


def _limit(response: httpx2.Response) -> None:
    stream = cast(httpx2.SyncByteStream, response.stream)
    response.stream = _LimitedStream(stream, response.request.extensions[_DEADLINE])


@contextmanager
def _as_writer_error() -> Iterator[None]:
    """Every failure as one clause; the server's own message may hold the key and is neither shown nor logged."""
    try:
        yield
    except (GeneratorExit, WriterError):
        raise
    except Exception as error:
        _LOG.warning("the language model failed: %s %s", type(error).__name__, getattr(error, "status_code", ""))
        raise WriterError(_reason(error)) from None


def _reason(error: Exception) -> str:
    if isinstance(error, (openai.APITimeoutError, httpx2.TimeoutException)):
        return "the language model took too long"
    if isinstance(error, openai.APIStatusError):
        return f"the language model's server answered with an error ({error.status_code})"
    if isinstance(error, (openai.APIConnectionError, httpx2.HTTPError)):
        return "the connection to the language model failed"
    return "the language model sent what cannot be read"


def _without_thoughts(pieces: Iterable[str]) -> Iterator[str]:
    """A text without the thoughts that some models write before it."""
    opening, closing = _THOUGHTS
    pieces = iter(pieces)
    begun = ""
    for piece in pieces:
        begun += piece
        text = begun.lstrip()
        if text.startswith(opening) and closing in text:
            yield text.partition(closing)[2].lstrip()
            break
        if text.startswith(opening) or opening.startswith(text):
            continue
        yield begun
        break
    else:
        if not begun.lstrip().startswith(opening):
            yield begun
    yield from pieces
