"""The tab of all posts: searched, read, asked about."""

from __future__ import annotations

import json
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from selenium import webdriver
from selenium.webdriver.common.keys import Keys

from index.reader import Index
from qa import Assistant
from qa.web.posts_tab import PAGE_SIZE, posts_page, similar_html
from tests.qa.server.clients import StartServer
from tests.qa.web.page_elements import HOSTILE, Site
from tests.qa.web.visit import Visit
from tests.stand_ins import POSTS, WordHashEncoder, build_small, plain_weights


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Index]:
    """More posts than a page of the list holds, one of them hostile."""
    root: Path = tmp_path_factory.mktemp("many") / "index"
    plain = [{"id": f"p{at}", "title": f"Day {at}", "text": f"Fog lay on the sound, page {at}."} for at in range(30)]
    hostile = {"id": HOSTILE.id, "title": HOSTILE.title, "authors": list(HOSTILE.authors), "text": HOSTILE.body,
               "publisher": HOSTILE.publisher}  # fmt: skip
    build_small(root, [*plain, hostile])
    opened = Index.open(root)
    yield opened
    opened.close()


def _fetched(site: Site, **asked: object) -> Any:
    with urllib.request.urlopen(f"{site.address}page/posts?{urllib.parse.urlencode(asked)}") as reply:
        return json.load(reply)


def _open(visit: Visit) -> None:
    visit.click("#pq-tab-posts-button")
    visit.wait(lambda: visit.all(".pq-post") and visit.all(".pq-post")[0].is_displayed())


def _titles(visit: Visit) -> list[str]:
    return [
        str(visit.driver.execute_script("return arguments[0].textContent", title)) for title in visit.all(".pq-title")
    ]


def _find(visit: Visit, words: str, status: str) -> None:
    entry = visit.first("#pq-posts-words")
    entry.clear()
    entry.send_keys(words)
    visit.wait(lambda: status in visit.text(".pq-posts-status"))


def test_the_list_comes_in_pages(many: Index) -> None:
    first = posts_page(many, "", 0)
    assert (first["status"], first["next"]) == ("31 posts.", PAGE_SIZE)
    assert str(first["rows"]).count("<li") == PAGE_SIZE
    last = posts_page(many, "", PAGE_SIZE)
    assert (str(last["rows"]).count("<li"), last["next"]) == (31 - PAGE_SIZE, None)
    assert posts_page(many, "", 10_000) == {"status": "31 posts.", "rows": "", "next": None}


def test_found_posts_are_counted_and_their_words_marked(many: Index) -> None:
    page = posts_page(many, "FOG", 0)
    assert page["status"] == "30 of 31 posts with “FOG”."
    assert str(page["rows"]).count("<mark>Fog</mark>") == PAGE_SIZE
    assert posts_page(many, "unicorn", 0)["status"] == "No post of 31 has “unicorn”."


def test_posts_near_in_meaning_are_counted_and_named_as_such(many: Index) -> None:
    text = "vault opens script alert onerror zebra"
    page = posts_page(many, text, 0, WordHashEncoder().encode_query([text])[0])
    assert page["status"] == f"No post of 31 has “{text}”; 1 near it in meaning."
    rows = str(page["rows"])
    assert "Near in meaning" in rows
    assert "Read the nearest passage" in rows
    text = "sound page 7"
    page = posts_page(many, text, 0, WordHashEncoder().encode_query([text])[0])
    assert str(page["status"]).startswith(f"1 of 31 posts with “{text}”")


def test_a_hostile_post_is_listed_and_does_nothing(many: Index) -> None:
    rows = str(posts_page(many, "vault", 0)["rows"])
    assert rows.count("<li") == 1
    for harm in ("<script", "<img", "<svg", "<style", "<iframe", "<form", "javascript:", "**", "$$", "{{", "${"):
        assert harm not in rows
    assert "<script" not in similar_html(many, "p1")


def test_similar_posts_are_links_into_the_reading_pane(many: Index) -> None:
    assert 'data-read="p' in similar_html(many, "p3")
    assert "No other post" in similar_html(many, "nobody")


def test_the_route_finds_by_title_author_publisher_and_text(site: Site) -> None:
    for words in ("gull rock", "mara quill", "COAST letters", "paraffin"):
        page = _fetched(site, words=words)
        assert page["status"] == f"1 of 4 posts with “{words}”."
        assert 'data-read="lighthouse"' in page["rows"]


@pytest.mark.parametrize("asked", ["offset=-1", "offset=x", f"words={'x' * 201}"])
def test_an_invalid_search_is_refused(site: Site, asked: str) -> None:
    with pytest.raises(urllib.error.HTTPError) as caught:
        urllib.request.urlopen(f"{site.address}page/posts?{asked}")
    assert caught.value.code == 422


def test_typing_finds_posts(visit: Visit) -> None:
    _open(visit)
    assert _titles(visit) == [post["title"] for post in POSTS]
    assert visit.text(".pq-posts-status") == "4 posts."
    for words in ("gull", "QUILL", "coast letters", "paraffin"):
        _find(visit, words, "1 of 4 posts")
        assert _titles(visit) == ["The lighthouse on Gull Rock"]
    _find(visit, "unicorn", "No post")
    assert not visit.all(".pq-post")
    assert visit.asked_hosts() == {visit.address}


def test_a_title_opens_the_whole_post_and_a_passage_its_place(visit: Visit) -> None:
    _open(visit)
    _find(visit, "paraffin", "1 of 4")
    visit.first(".pq-post .pq-title").send_keys(Keys.ENTER)
    visit.wait(lambda: visit.all("#pq-reader .pq-body"))
    assert not visit.all("#pq-reader mark")
    visit.click("#pq-reader-close")
    visit.click(".pq-post .pq-passage-link")
    visit.wait(lambda: visit.all("#pq-reader mark"))
    assert "paraffin" in "".join(mark.text for mark in visit.all("#pq-reader mark"))


def test_a_post_near_in_meaning_is_named_as_such_and_opens_at_its_nearest_passage(
    browser: webdriver.Chrome, start_server: StartServer, tmp_path: Path
) -> None:
    fog = [{"id": f"fog-{at}", "title": f"Day {at}", "text": f"Fog lay on meadow {at}."} for at in range(40)]
    build_small(tmp_path / "index", [*POSTS, *fog])
    assistant = Assistant(tmp_path / "index", encoder=WordHashEncoder(), weights=plain_weights())
    visit = Visit(browser, start_server(assistant).server.address)
    _open(visit)
    _find(visit, "who steered the old ferry", "near it in meaning")
    assert visit.first(".pq-post .pq-near").is_displayed()
    visit.click(".pq-post .pq-passage-link")
    assert "has steered the ferry" in visit.text("#pq-reader mark")


def test_similar_posts_unfold_and_open(visit: Visit) -> None:
    _open(visit)
    button = visit.first('[data-similar="ferry"]')
    button.send_keys(Keys.ENTER)
    visit.wait(lambda: visit.all(".pq-similar-posts a"))
    assert button.get_attribute("aria-expanded") == "true"
    assert visit.text(".pq-similar-posts li:first-child a") == "A notice about the ferry"
    visit.click(".pq-similar-posts li:first-child a")
    visit.wait(lambda: "A notice about the ferry" in visit.text("#pq-reader-text"))
    button.send_keys(Keys.ENTER)
    assert not visit.all(".pq-similar-posts")[2].is_displayed()


def test_a_post_can_be_asked_about(visit: Visit) -> None:
    _open(visit)
    visit.click('.pq-post [data-about="bees"]')
    visit.wait(visit.all("#pq-question-box")[0].is_displayed)
    visit.wait(lambda: "Bees of the island" in visit.text(".pq-chips"))


def test_the_list_is_labelled_and_fits_a_phone(visit: Visit) -> None:
    metrics = {"width": 390, "height": 844, "deviceScaleFactor": 2, "mobile": True}
    visit.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
    _open(visit)
    assert visit.first("#pq-posts-words").accessible_name == "Find posts"
    assert visit.all('.pq-posts-status[role="status"]')
    assert visit.driver.execute_script("return document.documentElement.scrollWidth") <= 390
