"""One guard decides which addresses may become links: posts are read and answers are shown by it."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from index.records import Document, Post, SetAside
from index.sources.links import web_address
from qa.links import sentence_address

Written = Callable[[str, str | bytes], Document]
ReadAll = Callable[..., tuple[list[Post], list[SetAside]]]
WEB = ["https://example.org/a?b=c#d", "http://example.org", "HTTPS://Example.org/é", "http://user@example.org:81"]
OTHER = [
    "javascript:alert(1)",
    "JavaScript:alert(1)",
    "java\nscript:alert(1)",
    "data:text/html,<script>",
    "file:///etc/passwd",
    "ftp://example.org",
    "//example.org/a",
    "/a/b",
    "example.org",
    "https:",
    "https:\\\\example.org",
    "http://[",
    "http://[broken",
    "http://@/x",
    "http://:80/x",
    "https://example.org/a b",
    "https://example.org/a\u00a0b",
    " https://example.org",
    "",
    None,
]


@pytest.mark.parametrize("url", WEB)
def test_web_addresses_may_become_links(url: str) -> None:
    assert web_address(url) == url


@pytest.mark.parametrize("url", OTHER)
def test_other_addresses_may_not(url: str | None) -> None:
    assert web_address(url) is None


def test_posts_keep_web_addresses_without_white_space_around_them(written: Written, read_all: ReadAll) -> None:
    written("a.jsonl", "\n".join(json.dumps({"text": "t", "url": f" {url}\n"}) for url in WEB))
    posts, _ = read_all()
    assert [post.url for post in posts] == WEB


def test_what_a_post_does_not_keep_an_answer_does_not_link_to(written: Written, read_all: ReadAll) -> None:
    urls = [url for url in OTHER if url != " https://example.org"]
    written("a.jsonl", "\n".join(json.dumps({"text": "t", "url": url}) for url in urls))
    posts, _ = read_all()
    assert [post.url for post in posts] == [None] * len(urls)
    shown = (sentence_address(post.model_copy(update={"url": url}), "t") for post, url in zip(posts, urls, strict=True))
    assert not any(shown)
