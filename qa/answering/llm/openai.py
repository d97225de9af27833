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
from qa.answering.llm.prompt import messages, new_fence
from qa.answering.llm.settings import LlmSettings
from qa.records import Passage

_LOG = logging.getLogger("postqa")
_MOST_BYTES = 2_000_000  # of one reply; a token comes in some 200 bytes
_UNTIL = "postqa.until"
_THOUGHTS = ("<think>", "</think>")
_WHOLE = ("stop", "eos", "eos_token")  # how servers say that the text is whole


class OpenAIWriter:
    """Writes through the `openai` package; may be shared by threads.

    One attempt a question, no redirects: the key and the posts go to the address named and to no other.
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
                follow_redirects=False, event_hooks={"request": [self._set_out], "response": [_bounded]}
            ),
        )
        self._client.organization = self._client.project = None  # the environment may name those of another server

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
        asked = messages(question, passages, self._settings.prompt_tokens, fence)
        said = ""
        for piece in _spoken(self._completed(asked)):
            said += piece
            if fence.strip("=") in said:
                raise WriterError("the language model repeated its instructions")
            yield piece

    def _completed(self, asked: list[dict[str, str]]) -> Iterator[str]:
        """The pieces of one completion, which must come to its own end."""
        ended: str | None = None
        with _told_plainly():
            stream = self._client.chat.completions.create(
                model=self._settings.model,
                messages=cast(Any, asked),  # two dictionaries, for which the package has its own types
                max_tokens=self._settings.max_tokens,
                temperature=0,
                stream=True,
            )
            with stream:
                for chunk in stream:
                    for choice in (chunk.choices or ())[:1]:
                        ended = choice.finish_reason or ended
                        if choice.delta.content:
                            yield choice.delta.content
        if ended not in _WHOLE:
            raise WriterError("the language model broke off")

    def _set_out(self, request: httpx2.Request) -> None:
        request.extensions[_UNTIL] = time.monotonic() + self._settings.seconds


class _Bounded(httpx2.SyncByteStream):
    """A reply that is not read beyond its time or size, also where it trickles and never makes a whole event."""

    def __init__(self, stream: httpx2.SyncByteStream, until: float) -> None:
        self._stream = stream
        self._until = until

    def __iter__(self) -> Iterator[bytes]:
        came = 0
        for part in self._stream:
            came += len(part)
            if time.monotonic() > self._until:
                raise WriterError("the language model took too long")
            if came > _MOST_BYTES:
                raise WriterError("the language model wrote without end")
            yield part

    def close(self) -> None:
        """Let go of the connection."""
        self._stream.close()


def _bounded(response: httpx2.Response) -> None:
    response.stream = _Bounded(cast(httpx2.SyncByteStream, response.stream), response.request.extensions[_UNTIL])


@contextmanager
def _told_plainly() -> Iterator[None]:
    """Every failure as one clause; what the server says of it may hold the key and goes nowhere."""
    try:
        yield
    except (GeneratorExit, WriterError):
        raise
    except Exception as error:
        _LOG.warning("the language model failed: %s %s", type(error).__name__, getattr(error, "status_code", ""))
        raise WriterError(_plain(error)) from None


def _plain(error: Exception) -> str:
    if isinstance(error, (openai.APITimeoutError, httpx2.TimeoutException)):
        return "the language model took too long"
    if isinstance(error, openai.APIStatusError):
        return f"the language model's server answered with an error ({error.status_code})"
    if isinstance(error, (openai.APIConnectionError, httpx2.HTTPError)):
        return "the connection to the language model failed"
    return "the language model sent what cannot be read"


def _spoken(pieces: Iterable[str]) -> Iterator[str]:
    """A text without the thoughts that some models put before it."""
    opens, closes = _THOUGHTS
    held, is_open = "", True  # whether the thoughts may still begin or go on
    for piece in pieces:
        if not is_open:
            yield piece
            continue
        held += piece
        begun = held.lstrip()
        if begun.startswith(opens):
            _, end, held_back = held.partition(closes)
            if end:
                is_open = False
                yield held_back.lstrip()
        elif not opens.startswith(begun):
            is_open = False
            yield held
    if is_open and not held.lstrip().startswith(opens):
        yield held
