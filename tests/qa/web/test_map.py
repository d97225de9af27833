"""The map in the page: its routes, and in a browser its points, queries and gestures."""

from __future__ import annotations

import json
import re
import urllib.error
import urllib.request
from collections.abc import Iterator
from importlib import resources
from typing import Any

import numpy as np
import pytest
from selenium.webdriver import ActionChains
from selenium.webdriver.common.keys import Keys

from index.records import Post
from qa import Answer
from qa.web.map_data import map_bytes, passage_at
from qa.web.map_queries import MapQuery, MapSpot, answer_query, map_queries_html
from tests.qa.web.page_elements import HOSTILE, Site, answer_with
from tests.qa.web.visit import Visit
from tests.stand_ins import WordHashEncoder

QUESTION = "Who built the lighthouse on Gull Rock?"
PLANE = ".pq-map-plane"


def _get(address: str, **headers: str) -> Any:
    return urllib.request.urlopen(urllib.request.Request(address, headers=headers))


def _locate(site: Site, body: object) -> Any:
    payload = json.dumps(body).encode()
    headers = {"content-type": "application/json"}
    with urllib.request.urlopen(urllib.request.Request(f"{site.address}page/map/locate", payload, headers)) as reply:
        return json.load(reply)


def _colours(name: str) -> list[str]:
    text = resources.files("qa.web").joinpath(name).read_text(encoding="utf-8")
    block = re.search(r"PALETTE = \[(.*?)\]" if name.endswith(".js") else r"(.*)", text, re.DOTALL)
    return re.findall(r"#[0-9a-f]{6}", block[1]) if block else []


def _contrast(first: str, second: str) -> float:
    """WCAG 2.2's contrast ratio."""

    def luminance(colour: str) -> float:
        parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
        linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
        return float(np.dot(linear, (0.2126, 0.7152, 0.0722)))

    dark, light = sorted((luminance(first), luminance(second)))
    return (light + 0.05) / (dark + 0.05)


# Routes.


def test_the_points_come_as_plain_numbers_with_their_posts(site: Site) -> None:
    opened = site.assistant.index
    with _get(f"{site.address}page/map") as reply:
        body = reply.read()
    count = opened.manifest.chunks
    assert len(body) == 12 * count
    points = np.frombuffer(body, dtype="<f4", count=2 * count).reshape(count, 2)
    assert np.array_equal(points, opened.map_points()[0])
    assert np.array_equal(np.frombuffer(body, dtype="<u4", offset=8 * count), opened.map_points()[1])


def test_a_browser_that_has_the_map_gets_a_304(site: Site) -> None:
    with _get(f"{site.address}page/map") as reply:
        tag, kept = reply.headers["ETag"], reply.headers["Cache-Control"]
    assert kept == "no-cache"
    with pytest.raises(urllib.error.HTTPError) as caught:
        _get(f"{site.address}page/map", **{"If-None-Match": tag})
    assert caught.value.code == 304
    with _get(f"{site.address}page/map", **{"If-None-Match": '"1-other"'}) as reply:
        assert reply.status == 200


def test_posts_are_named_in_the_order_of_the_corpus_with_their_passages(site: Site) -> None:
    with _get(f"{site.address}page/map/posts") as reply:
        data = json.load(reply)
    assert data["posts"] == 4
    assert [post["id"] for post in data["listed"]] == ["lighthouse", "bees", "ferry", "ferry-notice"]
    assert sum(post["passages"] for post in data["listed"]) == site.assistant.index.manifest.chunks


def test_a_passage_is_given_by_its_row(site: Site) -> None:
    for row, (post, chunk) in enumerate(site.assistant.index.chunks(range(site.assistant.index.manifest.chunks))):
        with _get(f"{site.address}page/map/passage?row={row}") as reply:
            data = json.load(reply)
        assert (data["post"], data["start"], data["end"]) == (post.id, chunk.start, chunk.end)
        assert " ".join(chunk.text.split()).startswith(data["words"].removesuffix(" …"))


@pytest.mark.parametrize(("row", "status"), [("100000", 404), ("-1", 422), ("x", 422)])
def test_a_missing_passage_is_a_404(site: Site, row: str, status: int) -> None:
    with pytest.raises(urllib.error.HTTPError) as caught:
        _get(f"{site.address}page/map/passage?row={row}")
    assert caught.value.code == status
    assert passage_at(site.assistant.index, -1) is None


def test_a_question_is_located_by_its_vector_with_its_passages(site: Site) -> None:
    opened = site.assistant.index
    answer = site.assistant.ask(QUESTION)
    spots = [{"post": citation.post.id, "start": citation.start} for citation in answer.citations]
    data = _locate(site, {"questions": [{"text": QUESTION, "spots": [*spots, {"post": "gone", "start": 0}]}]})
    (point,) = data["points"]
    expected = opened.place(WordHashEncoder().encode_query([QUESTION]))[0]
    assert (point["x"], point["y"]) == pytest.approx(tuple(expected.tolist()), rel=1e-4)
    *rows, gone = point["rows"]
    assert gone is None
    for row, citation in zip(rows, answer.citations, strict=True):
        ((post, chunk),) = opened.chunks([row])
        assert post.id == citation.post.id
        assert chunk.start <= citation.start < chunk.end


@pytest.mark.parametrize(
    "body", [{}, {"questions": [{}]}, {"questions": [{"text": "x" * 20_001}]}, {"questions": [{"text": ""}] * 501}]
)
def test_what_cannot_be_located_is_refused(site: Site, body: object) -> None:
    with pytest.raises(urllib.error.HTTPError) as caught:
        _locate(site, body)
    assert caught.value.code == 422


def test_no_questions_have_no_points(site: Site) -> None:
    assert _locate(site, {"questions": []})["points"] == []


def test_a_map_of_nothing_is_empty(site: Site) -> None:
    class Nothing:
        def map_points(self) -> tuple[Any, Any]:
            return np.zeros((0, 2), dtype=np.float32), np.zeros(0, dtype=np.int64)

    assert map_bytes(Nothing()) == b""  # type: ignore[arg-type]  # as much of an index as is read


# Queries.


def test_the_query_of_an_answer_has_what_it_quotes_and_what_was_found(post: Post) -> None:
    answer = answer_with(post, "Knots hold.", "The ferry leaves at noon, says Ann.")
    query = answer_query(answer, 3)
    assert (query.kind, query.question, query.turn) == ("question", "When?", 3)
    assert [spot.number for spot in query.spots] == [1, 2, 0, 0]
    refused = answer.model_copy(update={"answered": False, "citations": (), "confidence": 0.1})
    assert answer_query(refused, 1).kind == "refusal"


def test_queries_are_inert_html(hostile: Answer) -> None:
    html = map_queries_html(
        [MapQuery(kind="miss", question=HOSTILE.title, spots=(MapSpot(post="'\"><script>", start=1),))]
    )
    assert html.count("<") == 2
    assert "'" not in html
    assert html.count('"') == 2
    assert "<script" not in map_queries_html([answer_query(hostile, 1)])


def test_every_colour_has_contrast_to_light_and_dark() -> None:
    papers = [re.findall(rf"--pq-{name}: (#[0-9a-f]{{6}})", resources.files("qa.web").joinpath("style.css").read_text())
              for name in ("paper", "card")]  # fmt: skip
    colours = _colours("map_plane.js")
    assert len(set(colours)) == 12
    assert all(len(both) == 2 for both in papers)
    for colour in colours:
        for paper in (paper for both in papers for paper in both):
            assert _contrast(colour, paper) >= 3


# In a browser.


def _open(visit: Visit) -> None:
    visit.click("#pq-tab-map-button")
    visit.wait(lambda: visit.driver.execute_script("return document.querySelector('pq-map')?.dataset.points"))


def _at(visit: Visit, row: int) -> tuple[int, int]:
    """Where a passage's point lies, from the middle of the plane."""
    script = """const { plane } = document.querySelector('pq-map');
        const [x, y] = plane.toScreen(...plane.position(arguments[0]));
        return [x - plane.size[0] / 2, y - plane.size[1] / 2]"""
    x, y = visit.driver.execute_script(script, row)
    return round(x), round(y)


def _lone(visit: Visit) -> int:
    """The row of the point that is farthest from the others."""
    script = """const { plane } = document.querySelector('pq-map');
        const far = (a, b) => Math.hypot(...plane.position(a).map((value, axis) => value - plane.position(b)[axis]));
        const all = [...Array(plane.count).keys()];
        const alone = all.map((a) => Math.min(...all.filter((b) => b !== a).map((b) => far(a, b))));
        return alone.indexOf(Math.max(...alone))"""
    return int(visit.driver.execute_script(script))


def _point_at(visit: Visit, row: int) -> ActionChains:
    return ActionChains(visit.driver).move_to_element_with_offset(visit.first(PLANE), *_at(visit, row))


@pytest.fixture
def mapped(visit: Visit) -> Iterator[Visit]:
    """The page with the map in front."""
    _open(visit)
    yield visit
    assert visit.asked_hosts() == {visit.address}


def test_the_map_states_what_it_shows(mapped: Visit, site: Site) -> None:
    count = site.assistant.index.manifest.chunks
    mapped.wait(lambda: f"{count} passages of 4 posts." in mapped.text(".pq-map-status"))
    assert mapped.first(PLANE).accessible_name == f"Map of {count} passages of 4 posts"
    names = [mapped.driver.execute_script("return arguments[0].textContent", name)
             for name in mapped.all(".pq-map-posts .pq-name")]  # fmt: skip
    assert "Bees of the island" in names
    drawn = mapped.driver.execute_script("""const base = document.querySelector('.pq-map-plane canvas');
        const { data } = base.getContext('2d').getImageData(0, 0, base.width, base.height);
        return new Set(new Uint32Array(data.buffer)).size""")
    assert drawn > 4  # the paper, and points of four posts with their edges


def test_hovering_shows_the_passage_and_a_click_opens_it(mapped: Visit, site: Site) -> None:
    row = _lone(mapped)
    ((post, chunk),) = site.assistant.index.chunks([row])
    _point_at(mapped, row).perform()
    mapped.wait(lambda: mapped.text(".pq-map-tip b") == post.title)
    assert " ".join(chunk.text.split()).startswith(mapped.text(".pq-map-tip span").removesuffix(" …"))
    assert mapped.first(".pq-map-tip").is_displayed()
    _point_at(mapped, row).click().perform()
    mapped.wait(lambda: mapped.all("#pq-reader mark"))
    marked = mapped.driver.execute_script(
        "return [...document.querySelectorAll('#pq-reader mark')].map((mark) => mark.textContent).join('')"
    )
    assert marked == chunk.text
    assert mapped.text("#pq-reader h2") == post.title


def test_a_position_without_a_point_shows_nothing(mapped: Visit) -> None:
    ActionChains(mapped.driver).move_to_element_with_offset(mapped.first(PLANE), -300, -260).click().perform()
    assert not mapped.first(".pq-map-tip").is_displayed()
    assert not mapped.first("#pq-reader").is_displayed()


def test_keys_step_from_point_to_point_announce_it_and_open_it(mapped: Visit, site: Site) -> None:
    area = mapped.first(PLANE)
    area.send_keys(Keys.ARROW_RIGHT)
    first = mapped.wait(lambda: mapped.text(".pq-map-announcement"))
    assert any(first.startswith(post.title) for post in site.assistant.index.posts())
    before = mapped.driver.execute_script("return document.querySelector('pq-map').point")
    moved = False
    for key in (Keys.ARROW_RIGHT, Keys.ARROW_LEFT, Keys.ARROW_DOWN, Keys.ARROW_UP):
        area.send_keys(key)
        moved |= mapped.driver.execute_script("return document.querySelector('pq-map').point") != before
    assert moved
    area.send_keys(Keys.ENTER)
    mapped.wait(lambda: mapped.all("#pq-reader mark"))
    mapped.click("#pq-reader-close")
    assert mapped.driver.switch_to.active_element == area


def test_the_map_is_zoomed_and_moved(mapped: Visit) -> None:
    def view() -> list[float]:
        script = "const { view, zoom } = document.querySelector('pq-map').plane; return [view.x, view.y, zoom]"
        return [float(value) for value in mapped.driver.execute_script(script)]

    begin = view()
    mapped.click('[data-zoom="2"]')
    mapped.wait(lambda: view()[2] == pytest.approx(2))
    area = mapped.first(PLANE)
    ActionChains(mapped.driver).move_to_element(area).click_and_hold().move_by_offset(-80, 0).release().perform()
    dragged = view()
    assert dragged[0] > begin[0]
    assert not mapped.first("#pq-reader").is_displayed()
    area.send_keys(Keys.SHIFT, Keys.ARROW_DOWN)
    assert view()[1] > dragged[1]
    mapped.driver.execute_script(
        "arguments[0].dispatchEvent(new WheelEvent('wheel', {deltaY: -500, clientX: 300, clientY: 300}))", area
    )
    assert view()[2] > 2
    area.send_keys("0")
    mapped.wait(lambda: view() == pytest.approx(begin))


def test_a_question_and_its_evidence_appear(visit: Visit, site: Site) -> None:
    visit.ask(QUESTION, until=".pq-confidence")
    visit.ask("Which planet has rings?", until=".pq-refusal")
    visit.ask("How do I climb the tower?", until=".pq-next, .pq-tools")
    visit.wait(lambda: len(visit.all("#pq-panel pre.pq-map-queries")) == 3)
    _open(visit)
    visit.wait(lambda: len(visit.all(".pq-map-questions li")) == 3)
    script = """return document.querySelector('pq-map').queries.shown.map(({kind, question, isLast, spots, x, y}) =>
        ({kind, question, isLast, spots, x, y}))"""
    queries = {query["question"]: query for query in visit.driver.execute_script(script)}
    assert queries["Which planet has rings?"]["kind"] == "refusal"
    assert [text for text, query in queries.items() if query["isLast"]] == ["How do I climb the tower?"]
    first = queries[QUESTION]
    answer = site.assistant.ask(QUESTION)
    quoted = {spot["row"] for spot in first["spots"] if spot["numbers"]}
    assert quoted == {site.assistant.index.row_at(citation.post.id, citation.start) for citation in answer.citations}
    assert len(first["spots"]) > len(quoted)
    point = site.assistant.index.place(WordHashEncoder().encode_query([QUESTION]))[0]
    assert (first["x"], first["y"]) == pytest.approx(tuple(point.tolist()), rel=1e-4)
    shown = visit.driver.execute_script("""const over = document.querySelectorAll('.pq-map-plane canvas')[1];
        const { data } = over.getContext('2d').getImageData(0, 0, over.width, over.height);
        return data.some((value) => value > 0)""")
    assert shown


def test_a_question_on_the_map_leads_back_to_its_answer(visit: Visit) -> None:
    visit.ask(QUESTION, until=".pq-confidence")
    _open(visit)
    visit.wait(lambda: visit.all(".pq-map-questions li button"))
    visit.click(".pq-map-questions li button")
    visit.wait(visit.all("#pq-question-box")[0].is_displayed)
    assert visit.in_view(".pq-question")


def test_misses_are_shown_and_asked(mapped: Visit) -> None:
    hostile = "<img src=x onerror=alert(1)>"
    queries = [{"kind": "miss", "question": QUESTION}, {"kind": "refusal", "question": hostile}]
    mapped.driver.execute_script(
        "document.dispatchEvent(new CustomEvent('pq-show-queries', {detail: {name: 'gold', queries: arguments[0]}}))",
        queries,
    )
    mapped.wait(lambda: len(mapped.all(".pq-map-questions :is(.pq-shape-miss, .pq-shape-refusal)")) == 2)
    assert mapped.text(".pq-map-questions li:last-child .pq-name") == hostile
    mapped.click(".pq-map-questions li button")
    mapped.wait(lambda: mapped.all(".pq-confidence"))
    assert mapped.text(".pq-question") == QUESTION


def test_what_cannot_be_located_is_reported_and_requested_once(mapped: Visit) -> None:
    queries = [{"kind": "miss", "question": "x" * 20_001}, {"kind": "miss"}]
    mapped.driver.execute_script(
        "document.dispatchEvent(new CustomEvent('pq-show-queries', {detail: {queries: arguments[0]}}))", queries
    )
    mapped.wait(lambda: "cannot be shown" in mapped.text(".pq-map-status"))
    asked = mapped.driver.execute_async_script("""const done = arguments[0], map = document.querySelector('pq-map');
        map.gather().then(() => map.gather()).then(() => done(
            performance.getEntriesByType('resource').filter(({ name }) => name.endsWith('page/map/locate')).length))""")
    assert asked == 1
    mapped.driver.execute_script("document.dispatchEvent(new CustomEvent('pq-show-queries', {detail: {queries: []}}))")
    mapped.wait(lambda: "passages of" in mapped.text(".pq-map-status"))


def test_other_parts_of_the_page_put_questions_on_the_map(mapped: Visit) -> None:
    html = map_queries_html([MapQuery(kind="miss", question="What do gulls eat?")])
    mapped.driver.execute_script(
        "document.querySelector('#pq-posts, body').insertAdjacentHTML('beforeend', arguments[0])", html
    )
    mapped.wait(lambda: mapped.all(".pq-map-questions .pq-shape-miss"))
    assert mapped.text(".pq-map-questions .pq-name") == "What do gulls eat?"
    mapped.driver.execute_script("for (const pre of document.querySelectorAll('pre.pq-map-queries')) pre.remove()")
    mapped.wait(lambda: not mapped.all(".pq-map-questions li"))


def test_a_post_in_the_list_can_be_pinned(mapped: Visit) -> None:
    button = mapped.first(".pq-map-posts button")
    button.click()
    assert button.get_attribute("aria-pressed") == "true"
    assert mapped.driver.execute_script("return document.querySelector('pq-map').pinnedPost") == 1
    button.click()
    assert button.get_attribute("aria-pressed") == "false"


def test_the_map_works_on_a_phone(visit: Visit, site: Site) -> None:
    metrics = {"width": 390, "height": 844, "deviceScaleFactor": 2, "mobile": True}
    visit.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
    visit.driver.execute_cdp_cmd("Emulation.setTouchEmulationEnabled", {"enabled": True, "maxTouchPoints": 2})
    _open(visit)
    assert visit.driver.execute_script("return document.documentElement.scrollWidth") <= 390
    box = visit.driver.execute_script("""const box = document.querySelector('.pq-map-plane').getBoundingClientRect();
        return [box.left + box.width / 2, box.top + box.height / 2]""")

    def touch(kind: str, *spots: tuple[float, float]) -> None:
        points = [{"x": box[0] + x, "y": box[1] + y, "id": at} for at, (x, y) in enumerate(spots)]
        visit.driver.execute_cdp_cmd("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    def zoom() -> float:
        return float(visit.driver.execute_script("return document.querySelector('pq-map').plane.zoom"))

    row = _lone(visit)
    spot = _at(visit, row)
    touch("touchStart", spot)
    touch("touchEnd")
    ((post, _),) = site.assistant.index.chunks([row])
    visit.wait(lambda: visit.text(".pq-map-tip b") == post.title)
    assert not visit.first("#pq-reader").is_displayed()
    touch("touchStart", (-40, 0), (40, 0))
    touch("touchMove", (-80, 0), (80, 0))
    touch("touchEnd")
    assert zoom() == pytest.approx(2, rel=0.1)
    visit.driver.execute_script(
        "const m = document.querySelector('pq-map'); m.plane.showAll(); m.clearSelection(); m.draw()"
    )
    for _ in range(2):
        touch("touchStart", spot)
        touch("touchEnd")
    visit.wait(lambda: visit.all("#pq-reader mark"))
