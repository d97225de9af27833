"""The reading pane: a post whole and inert, the span marked, also where it has moved; a lost quote is reported."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from index.records import Post
from index.text.markdown import markdown_structure
from index.text.structure import blocks_to_json
from index.visible import pieces_to_json
from qa import Assistant
from qa.web.reading import Span, body_html, read_link, reading_routes, relocated
from tests.qa.web.page_elements import HOSTILE
from tests.qa.web.test_render import OWN_ATTRIBUTES, OWN_TAGS, Page

TEXT = "The ferry leaves at noon, says Ann."


def _span(post: Post, quote: str) -> Span:
    start = post.body.index(quote)
    return Span(post.id, start, start + len(quote), quote)


def test_the_whole_post_is_shown_and_the_mark_is_the_quote(post: Post) -> None:
    page = Page(body_html(post, _span(post, TEXT)))
    assert page.text == post.body
    assert page.marks == [TEXT]


def test_the_markdown_mark_of_a_heading_is_hidden(post: Post) -> None:
    shown = body_html(post, None)
    assert '<strong class="pq-heading"><span class="pq-hash">&#35;&#35; </span>Ropes</strong>' in shown
    assert Page(shown).marks == []


def test_a_mark_that_covers_a_heading_is_whole(post: Post) -> None:
    quote = "## Ropes\n\nKnots hold."
    assert "".join(Page(body_html(post, _span(post, quote))).marks) == quote


FOCUS = re.compile(r'<span class="pq-focus">(.*?)</span>')


def _focused(post: Post, quote: str, focus: str) -> Span:
    start = post.body.index(focus)
    return replace(_span(post, quote), focus=(start, start + len(focus)))


def test_the_sentence_that_answers_stands_out_in_what_is_quoted(post: Post) -> None:
    quote = "Knots hold. The ferry leaves at noon, says Ann."
    shown = body_html(post, _focused(post, quote, TEXT))
    assert Page(shown).marks == [quote]
    assert [Page(sentence).text for sentence in FOCUS.findall(shown)] == [TEXT]
    assert 'class="pq-body pq-plain pq-focused"' in shown


def test_it_stands_out_in_markdown_as_well() -> None:
    body = "# Boats\n\nIt is *red*. It **leaves** at noon.\n"
    structure = markdown_structure(body)
    pieces, places = pieces_to_json(structure.pieces), blocks_to_json(structure.blocks)
    post = Post(id="m", title="Boats", body=body, visible_pieces=pieces, block_places=places)
    shown = body_html(post, _focused(post, "It is *red*. It **leaves** at noon.", "It **leaves** at noon."))
    assert Page(shown).marks == ["It is red. It leaves at noon."]
    assert [Page(sentence).text for sentence in FOCUS.findall(shown)] == ["It leaves at noon."]


def test_a_sentence_outside_what_is_quoted_does_not(post: Post) -> None:
    shown = body_html(post, _focused(post, "Knots hold.", TEXT))
    assert "pq-focus" not in shown
    assert Page(shown).marks == ["Knots hold."]


def test_the_sentence_moves_with_its_quote(post: Post) -> None:
    quote = "Knots hold. The ferry leaves at noon, says Ann."
    moved = post.model_copy(update={"body": f"New words first. {post.body}"})
    span = relocated(moved, _focused(post, quote, TEXT))
    assert span is not None
    assert span.focus is not None
    assert moved.body[slice(*span.focus)] == TEXT


def test_of_a_very_long_post_what_is_around_the_span_is_shown() -> None:
    post = Post(id="long", title="t", body=f"{'word ' * 200_000}Here it is. {'more ' * 200_000}")
    page = Page(body_html(post, _span(post, "Here it is.")))
    assert page.marks == ["Here it is."]
    assert "The post begins earlier." in page.text
    assert "The post goes on." in page.text
    assert len(page.text) < 500_000


@pytest.mark.parametrize("before", ["", "New words first. "])
def test_a_quote_is_found_where_it_stands_now(post: Post, before: str) -> None:
    moved = post.model_copy(update={"body": before + post.body})
    span = relocated(moved, _span(post, TEXT))
    assert span is not None
    assert moved.body[span.start : span.end] == TEXT


def test_a_quote_that_is_gone_is_not_found(post: Post) -> None:
    assert relocated(post.model_copy(update={"body": "Other words."}), _span(post, TEXT)) is None


def test_nothing_of_a_hostile_post_becomes_markup() -> None:
    for shown in (body_html(HOSTILE, Span("hostile", 0, 40)), read_link(Span('"><script>', 0, 1), "<b>x", "pq-read")):
        page = Page(shown)
        assert set(page.tags) <= OWN_TAGS
        assert set(page.attributes) <= OWN_ATTRIBUTES


@pytest.fixture
def routes(web_assistant: Assistant) -> TestClient:
    app = FastAPI()
    app.include_router(reading_routes(lambda: web_assistant.index))
    return TestClient(app)


def test_a_post_is_read_at_a_span_with_its_links_and_similar_posts(routes: TestClient) -> None:
    quote = "The keeper sells honey in summer."
    reply = routes.get("/page/read", params={"post": "lighthouse", "start": 3, "end": 9, "quote": quote})
    page = Page(reply.text)
    assert reply.status_code == 200
    assert page.marks == [quote]  # relocated: it does not stand at 3
    assert "Similar posts" in page.text
    assert "Ask about this post" in page.text
    assert any(link.startswith("https://coast.example/lighthouse#:~:text=The%20keeper") for link in page.links)


def test_a_changed_quote_and_a_missing_post_are_reported(routes: TestClient) -> None:
    changed = routes.get("/page/read", params={"post": "bees", "start": 0, "end": 4, "quote": "Gone."})
    assert "no longer says what was quoted" in Page(changed.text).text
    gone = routes.get("/page/read", params={"post": "nobody"})
    assert gone.status_code == 404
    assert "no longer in the index" in gone.text


@pytest.mark.parametrize("asked", [{"start": -1}, {"end": "x"}, {"focus": "3"}, {}])
def test_an_invalid_span_is_refused(routes: TestClient, asked: dict[str, str | int]) -> None:
    parameters: dict[str, str | int] = {"post": "bees"} if asked else {}
    assert routes.get("/page/read", params={**parameters, **asked}).status_code == 422
