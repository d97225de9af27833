"""Polite requests: one at a time, as robots.txt allows, conditional, with caps on size, time and redirects."""

from __future__ import annotations

import re
import time
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from types import TracebackType
from typing import TYPE_CHECKING, Self
from urllib.parse import urljoin, urlsplit
from urllib.robotparser import RobotFileParser

from index.errors import FetchError
from index.following.addresses import checked_address, refuse_private
from index.settings import FetchSettings

if TYPE_CHECKING:
    import httpx

_REDIRECTS = (301, 302, 303, 307, 308)
_NOT_MODIFIED = 304
_GZIP = b"\x1f\x8b"
_REFUSED = re.compile("4[0-9][0-9]")
_RETRY = "Try again later; what was fetched before is kept."
_ACCEPT = "application/feed+json, application/atom+xml, application/rss+xml, application/xml, text/html, */*;q=0.5"


@dataclass(frozen=True)
class Validators:
    """What a server said of a version, to ask whether there is a newer one (RFC 9110, section 13)."""

    etag: str | None = None
    last_modified: str | None = None

    def headers(self) -> dict[str, str]:
        """The headers of a conditional request."""
        stated = {"If-None-Match": self.etag, "If-Modified-Since": self.last_modified}
        return {name: value for name, value in stated.items() if value}


@dataclass(frozen=True)
class Fetched:
    """An answer; `content` is None where nothing has changed since the validators."""

    address: str
    content: bytes | None
    content_type: str
    validators: Validators


class Fetcher:
    """Fetches one address after the other.

    Args:
        sleep, clock: Told apart for tests.
    """

    def __init__(
        self,
        settings: FetchSettings | None = None,
        *,
        sleep: Callable[[float], None] = time.sleep,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        import httpx  # noqa: PLC0415  # only where something is fetched

        self.settings = settings or FetchSettings()
        self._sleep, self._clock = sleep, clock
        self._last: dict[str, float] = {}
        self._robots: dict[str, RobotFileParser] = {}
        headers = {"User-Agent": self.settings.user_agent, "Accept": _ACCEPT}
        self._client = httpx.Client(headers=headers, timeout=self.settings.max_seconds, trust_env=False)

    def get(self, address: str, validators: Validators | None = None) -> Fetched:
        """Fetch an address, following redirects.

        Raises:
            FetchError: It may not be fetched, answers with an error, is too large or takes too long.
        """
        at = address
        for _ in range(self.settings.max_redirects + 1):
            at = checked_address(at, allow_private=self.settings.allow_private)
            self._ask_robots(at)
            answer = self._request(at, (validators or Validators()).headers())
            if isinstance(answer, Fetched):
                return answer
            at = urljoin(at, answer)
        raise FetchError(
            f"more than {self.settings.max_redirects} redirects", where=address, seen=at, remedy="Use the last address."
        )

    def close(self) -> None:
        """Close open connections."""
        self._client.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        self.close()

    def _request(self, address: str, headers: dict[str, str]) -> Fetched | str:
        """The answer, or where a redirect leads."""
        import httpx  # noqa: PLC0415

        self._wait(address)
        try:
            with self._client.stream("GET", address, headers=headers, follow_redirects=False) as answer:
                self._check_peer(answer, address)
                if answer.status_code in _REDIRECTS and (target := answer.headers.get("location")):
                    return str(target)
                if answer.status_code not in (200, _NOT_MODIFIED):
                    raise FetchError("the server refuses", where=address, seen=f"{answer.status_code}", remedy=_RETRY)
                content = None if answer.status_code == _NOT_MODIFIED else self._read(answer, address)
        except httpx.HTTPError as error:
            seen = f"{type(error).__name__}: {error}"
            raise FetchError("the server does not answer", where=address, seen=seen, remedy=_RETRY) from error
        stated = Validators(answer.headers.get("etag"), answer.headers.get("last-modified"))
        return Fetched(address, content, answer.headers.get("content-type", ""), stated)

    def _check_peer(self, answer: httpx.Response, address: str) -> None:
        """The host may have been looked up anew since it was checked: what counts is who answered."""
        stream = answer.extensions.get("network_stream")
        peer = stream.get_extra_info("server_addr") if stream is not None else None
        if peer and not self.settings.allow_private:
            refuse_private(str(peer[0]), address)

    def _read(self, answer: httpx.Response, address: str) -> bytes:
        content = bytearray()
        deadline = self._clock() + self.settings.max_seconds
        for part in answer.iter_bytes():
            content += part
            if len(content) > self.settings.max_bytes or self._clock() > deadline:
                raise FetchError(
                    "the answer is too large or takes too long",
                    where=address,
                    seen=f"{len(content):,} bytes so far",
                    remedy=f"At most {self.settings.max_bytes:,} bytes in {self.settings.max_seconds:g} s are fetched.",
                )
        return self._unpacked(bytes(content), address)

    def _unpacked(self, content: bytes, address: str) -> bytes:
        """A file that is packed with gzip itself, as sitemaps are, without its packing."""
        if not content.startswith(_GZIP):
            return content
        unpacking = zlib.decompressobj(16 + zlib.MAX_WBITS)
        try:
            plain = unpacking.decompress(content, self.settings.max_bytes)
        except zlib.error as error:
            raise FetchError("the answer cannot be unpacked", where=address, seen=error, remedy=_RETRY) from error
        if unpacking.unconsumed_tail:
            raise FetchError("the answer unpacks to too much", where=address, seen=f"{len(content):,} bytes packed")
        return plain

    def _ask_robots(self, address: str) -> None:
        robots = self._robots_of(address)
        if not robots.can_fetch(self.settings.user_agent, address):
            raise FetchError("robots.txt does not allow it", where=address, remedy="Ask the site's owner.")

    def _robots_of(self, address: str) -> RobotFileParser:
        """The rules of a host, none where it has no robots.txt (RFC 9309, section 2.3.1).

        Raises:
            FetchError: The server fails, or does not answer: then nothing of it may be asked.
        """
        parts = urlsplit(address)
        root = f"{parts.scheme}://{parts.netloc}"
        if root not in self._robots:
            robots = RobotFileParser()
            try:
                robots.parse(self._robots_text(f"{root}/robots.txt").splitlines())
            except FetchError as error:
                if not _REFUSED.fullmatch(error.seen):
                    raise
                robots.parse([])
            self._robots[root] = robots
        return self._robots[root]

    def _robots_text(self, address: str) -> str:
        at = address
        for _ in range(self.settings.max_redirects + 1):
            answer = self._request(at, {})
            if isinstance(answer, Fetched):
                return (answer.content or b"").decode("utf-8-sig", "replace")
            at = checked_address(urljoin(at, answer), allow_private=self.settings.allow_private)
        return ""

    def _wait(self, address: str) -> None:
        """Wait until the host may be asked again."""
        parts = urlsplit(address)
        robots = self._robots.get(f"{parts.scheme}://{parts.netloc}")
        stated = robots.crawl_delay(self.settings.user_agent) if robots else None
        delay = max(self.settings.delay, min(float(stated or 0), self.settings.max_delay))
        if (last := self._last.get(parts.netloc)) is not None and (rest := last + delay - self._clock()) > 0:
            self._sleep(rest)
        self._last[parts.netloc] = self._clock()
