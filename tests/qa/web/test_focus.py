"""The sentence that answers stands out in the reading pane, in a real browser; a link to it brings it back."""

from __future__ import annotations

from tests.qa.web.page_elements import Site
from tests.qa.web.visit import Visit

TOWER = "How do I climb the tower?"
STYLE = "const style = getComputedStyle(arguments[0]); return [style.fontWeight, style.backgroundColor]"


def test_the_sentence_that_answers_stands_out_in_the_pane_and_comes_back_by_its_address(
    visit: Visit, site: Site
) -> None:
    citation = site.assistant.ask(TOWER).citations[0]
    assert citation.focus is not None
    assert citation.focus.quote != citation.quote
    visit.ask(TOWER, until=".pq-confidence")
    visit.click("#pq-log a.pq-marker")
    focus = visit.first("#pq-reader .pq-focus")
    assert visit.text("#pq-reader .pq-focus") == citation.focus.quote
    assert visit.text("#pq-reader mark") == citation.quote
    weight, background = visit.driver.execute_script(STYLE, focus)
    around = visit.driver.execute_script(STYLE, visit.first("#pq-reader mark"))
    assert int(weight) > int(around[0])
    assert background != around[1]
    assert visit.in_view("#pq-reader .pq-focus")
    visit.reload()
    visit.wait(lambda: visit.all("#pq-reader .pq-focus"))
    assert visit.text("#pq-reader .pq-focus") == citation.focus.quote


def test_the_steps_are_a_list_in_the_card_and_the_tooltip_names_what_answers(visit: Visit, site: Site) -> None:
    citation = site.assistant.ask(TOWER).citations[0]
    visit.ask(TOWER, until=".pq-confidence")
    assert [step.text for step in visit.all("#pq-1-1 .pq-passage li mark")] == [
        "1. Buy a ticket at the pier.", "2. Take the noon ferry.", "3. Climb the 112 stairs.",
    ]  # fmt: skip
    assert visit.text("#pq-1-1 mark .pq-focus") == citation.shown_focus
