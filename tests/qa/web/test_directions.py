"""Right-to-left posts: what they say, their titles and questions run to the left; the page's own words to the right."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from selenium import webdriver

from qa import Assistant
from qa.web.turns import Turn
from tests.ports import free_port
from tests.qa.web.page_elements import Site
from tests.qa.web.visit import Visit
from tests.stand_ins import POSTS, WordHashEncoder, build_small, plain_weights

TITLE = "המגדלור על הסלע"
QUESTION = "מי בנה את המגדלור על הסלע?"
HEBREW = {
    "id": "hebrew",
    "title": TITLE,
    "language": "he",
    "text": "אינגריד הולם בנה את המגדלור על הסלע. Ingrid Holm built it.\n\n## ביקור\n\nהמעבורת יוצאת בצהריים.",
}
# Whether a block's first letter stands at its right edge, and not at its left one.
_RUNS_LEFT = """const [block] = arguments, text = document.createTreeWalker(block, NodeFilter.SHOW_TEXT);
let node = text.nextNode();
while (!node.data.trim()) node = text.nextNode();
const first = document.createRange(), at = node.data.search(/\\S/);
first.setStart(node, at); first.setEnd(node, at + 1);
const [letter, box] = [first.getBoundingClientRect(), block.getBoundingClientRect()];
return box.right - letter.right < letter.left - box.left;"""


@pytest.fixture(scope="module")
def hebrew_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The page over the small posts and one in Hebrew."""
    from qa.server.app import create_app
    from qa.server.run import start
    from qa.server.settings import server_settings

    root = tmp_path_factory.mktemp("hebrew") / "index"
    encoder = WordHashEncoder()
    build_small(root, (*POSTS, HEBREW), encoder)
    with Assistant(root, encoder=encoder, weights=plain_weights(0.1)) as assistant:
        settings = server_settings(port=free_port(), questions_per_minute=0)
        served = start(create_app(assistant, settings), settings)
        yield Site(served.address, assistant)
        served.close()


def _runs_left(visit: Visit, css: str) -> bool:
    return bool(visit.driver.execute_script(_RUNS_LEFT, visit.first(css)))


def test_a_question_and_its_quote_run_to_the_left_and_the_page_to_the_right(
    browser: webdriver.Chrome, hebrew_site: Site
) -> None:
    visit = Visit(browser, hebrew_site.address)
    visit.ask(QUESTION, until=".pq-confidence")
    for theirs in (".pq-question", "#pq-log .pq-line", "#pq-1-1 h3", "#pq-1-1 .pq-passage", "#pq-1-1 .pq-line"):
        assert _runs_left(visit, theirs), theirs
    for own in (".pq-head h1", "#pq-log .pq-confidence", "#pq-panel h2", "#pq-1-1 .pq-links", "#pq-log .pq-tools"):
        assert not _runs_left(visit, own), own
    visit.click("#pq-log a.pq-marker")
    visit.wait(lambda: visit.all("#pq-reader mark"))
    assert _runs_left(visit, "#pq-reader h2")
    assert _runs_left(visit, "#pq-reader mark")
    assert not _runs_left(visit, "#pq-reader .pq-links")


def test_what_is_typed_and_listed_runs_as_it_is_written(browser: webdriver.Chrome, hebrew_site: Site) -> None:
    visit = Visit(browser, f"{hebrew_site.address}?tab=posts")
    visit.wait(lambda: TITLE in visit.text(".pq-posts-list"))
    titles = visit.all(".pq-post h3")
    runs_left = [bool(browser.execute_script(_RUNS_LEFT, title)) for title in titles]
    assert runs_left == [title.get_attribute("textContent") == TITLE for title in titles]
    direction = "return getComputedStyle(arguments[0]).unicodeBidi"
    assert browser.execute_script(direction, visit.entry) == "plaintext"


def test_an_english_answer_beside_a_hebrew_one_runs_to_the_right(browser: webdriver.Chrome, hebrew_site: Site) -> None:
    visit = Visit(browser, hebrew_site.address)
    visit.ask("Who built the lighthouse on Gull Rock?", until=".pq-confidence")
    for css in (".pq-question", "#pq-log .pq-line", "#pq-1-1 h3"):
        assert not _runs_left(visit, css), css


def test_a_question_states_that_its_direction_is_its_own() -> None:
    assert 'dir="auto"' in Turn(1, QUESTION).user_html
