"""A page served over a small index, a hostile post in it, and a browser to look at it with."""

from __future__ import annotations

import shutil
import socket
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from index.records import Post
from qa import Answer, Assistant, Citation, Passage
from tests.stand_ins import POSTS, WordHashEncoder, build_small, plain_weights

HOSTILE_TEXT = (
    "The zebra vault opens with <script>alert(4)</script> and <img src=x onerror=alert(5)> and "
    "![x](http://evil.example/x.png) and [a](javascript:alert(6)) and $$x^2$$ and {{7*7}} and ${alert(8)} coins."
)
HOSTILE = {
    "id": "hostile",
    "title": "<img src=http://evil.example/t.png onerror=alert(1)> ![t](http://evil.example/t.png)",
    "authors": ["<script>alert(2)</script>"],
    "publisher": "$$y$$ **bold**",
    "url": "javascript:alert(3)",
    "language": "en",
    "text": HOSTILE_TEXT,
}


@dataclass(frozen=True)
class Site:
    """A served page and the assistant behind it."""

    address: str
    assistant: Assistant


@pytest.fixture(scope="session")
def web_assistant(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    """An assistant over the small posts and a hostile one."""
    root = tmp_path_factory.mktemp("web") / "index"
    encoder = WordHashEncoder()
    build_small(root, (*POSTS, HOSTILE), encoder)
    with Assistant(root, encoder=encoder, weights=plain_weights()) as assistant:
        yield assistant


@pytest.fixture(scope="session")
def site(web_assistant: Assistant) -> Iterator[Site]:
    """The page on a free port."""
    from qa.web.serve import serve

    served = serve(web_assistant, port=free_port(), prevent_thread_lock=True)
    yield Site(served.address, web_assistant)
    served.close()


@pytest.fixture(scope="session")
def chromium() -> tuple[str, str]:
    """The browser's and its driver's path."""
    paths = tuple(shutil.which(name) or "" for name in ("chromium", "chromedriver"))
    if not all(paths):
        pytest.skip("no browser here: chromium and chromedriver (Debian's chromium-driver) are both needed")
    return paths[0], paths[1]


@pytest.fixture
def profile(tmp_path: Path) -> Path:
    """A browser profile that nobody has used."""
    return tmp_path / "profile"


@pytest.fixture
def post() -> Post:
    """A post with two sections."""
    return Post(
        id="p",
        title="On <ferries>",
        authors=("Ann", "Bo"),
        publisher="Coast & Sea",
        published="2024-11-07",
        url="https://coast.example/ferries",
        body=f"{'early words ' * 60}\n\n## Ropes\n\nKnots hold. The ferry leaves at noon, says Ann. Then it returns.",
    )


@pytest.fixture
def answer(post: Post) -> Answer:
    """An answer with one citation, out of one of its two passages."""
    return answer_with(post, "The ferry leaves at noon, says Ann.")


def answer_with(post: Post, *quotes: str) -> Answer:
    """An answer that quotes a post, each quote cited by its place, and lists two passages of it."""
    starts = [post.body.index(quote) for quote in quotes]
    citations = tuple(
        Citation(marker=f"[{n}]", quote=quote, start=start, end=start + len(quote), post=post)
        for n, (quote, start) in enumerate(zip(quotes, starts, strict=True), start=1)
    )
    text = " ".join(f"{citation.quote} {citation.marker}" for citation in citations)
    middle = max(1, min(starts))
    passages = (
        Passage(post=post, text=post.body[middle:], start=middle, end=len(post.body), headings=("Ropes",), score=2),
        Passage(post=post, text=post.body[:middle], start=0, end=middle, score=1),
    )
    return Answer(
        question="When?",
        question_as_understood="When?",
        text=text,
        answered=True,
        confidence=0.83,
        citations=citations,
        passages=passages,
    )


def free_port() -> int:
    """A port nobody listens on at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
