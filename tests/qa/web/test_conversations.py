"""Conversations are a list in the reader's browser: opened, deleted, branched and merged; each step can be undone."""

from __future__ import annotations

from typing import Any

from qa.web.panel import panel_html
from qa.web.saved import restored, saved
from qa.web.turns import Turn
from tests.qa.web.page_elements import Site
from tests.qa.web.visit import Visit

BUILT = "Who built the lighthouse on Gull Rock?"
TOWER = "How do I climb the tower?"
HONEY = "Who sells honey in summer?"
_STORED = """return Object.entries(localStorage).filter(([key]) => key.startsWith('postqa-conversation-'))
  .map(([, text]) => JSON.parse(text).turns.map((turn) => turn.receipt.question))"""


def _stored(visit: Visit) -> list[list[str]]:
    """The questions of each stored conversation."""
    return sorted(visit.driver.execute_script(_STORED))


def _shown(visit: Visit) -> list[str]:
    return [row.text for row in visit.all("#pq-log .pq-question")]


def _names(visit: Visit) -> list[str]:
    """The names of the conversations in the list, which is opened for that."""
    if not visit.all("#pq-conversations details[open]"):
        visit.click("#pq-conversations summary")
    names: list[str] = visit.wait(lambda: [name.text for name in visit.all(".pq-conversation-list bdi")])
    return names


def _ask(visit: Visit, question: str) -> None:
    """Ask, and wait until the browser has stored the answer."""
    answers = len(visit.all("#pq-log .pq-tools"))
    visit.entry.send_keys(f"{question}\n")
    visit.wait(lambda: len(visit.all("#pq-log .pq-tools")) > answers)
    visit.wait(lambda: any(questions[-1:] == [question] for questions in _stored(visit)))


def _start_over(visit: Visit) -> None:
    visit.click("#pq-clear")
    visit.wait(lambda: not _shown(visit) and visit.all(".pq-undo")[0].is_displayed())


def _undo(visit: Visit) -> None:
    visit.click(".pq-undo-it")


def test_conversations_are_listed_by_their_first_question_and_opened(visit: Visit) -> None:
    _ask(visit, "Hello!")
    _ask(visit, BUILT)
    _ask(visit, HONEY)
    _start_over(visit)
    _ask(visit, TOWER)
    assert _names(visit) == [TOWER, BUILT]
    visit.click(".pq-open:not([aria-current])")
    visit.wait(lambda: _shown(visit) == ["Hello!", BUILT, HONEY])
    assert not visit.all("#pq-conversations details[open]")
    visit.reload()
    visit.wait(lambda: _shown(visit) == ["Hello!", BUILT, HONEY])
    _ask(visit, TOWER)
    assert _stored(visit) == [["Hello!", BUILT, HONEY, TOWER], [TOWER]]


def test_a_deleted_conversation_is_gone_unless_it_is_undone(visit: Visit) -> None:
    _ask(visit, BUILT)
    _names(visit)
    visit.click(".pq-delete")
    visit.wait(lambda: not _shown(visit))
    assert _stored(visit) == []
    _undo(visit)
    visit.wait(lambda: _shown(visit) == [BUILT])
    assert _stored(visit) == [[BUILT]]
    assert _names(visit) == [BUILT]
    visit.click(".pq-delete")
    visit.wait(lambda: not _shown(visit) and _stored(visit) == [])
    visit.reload()
    assert visit.driver.execute_script("return JSON.stringify(localStorage)").find(BUILT) < 0


def test_editing_a_question_makes_a_branch_and_can_be_undone(visit: Visit) -> None:
    _ask(visit, BUILT)
    _ask(visit, HONEY)
    visit.click('a[href="#pq-action-edit-1"]')
    visit.wait(lambda: visit.entry.get_property("value") == BUILT)
    visit.entry.clear()
    visit.entry.send_keys(f"{TOWER}\n")
    visit.wait(lambda: _stored(visit) == [[TOWER], [BUILT, HONEY]])
    assert _shown(visit) == [TOWER]
    _undo(visit)
    visit.wait(lambda: _shown(visit) == [BUILT, HONEY])
    assert _stored(visit) == [[BUILT, HONEY]]


def test_starting_over_can_be_undone(visit: Visit) -> None:
    _ask(visit, BUILT)
    _start_over(visit)
    _undo(visit)
    visit.wait(lambda: _shown(visit) == [BUILT])
    _ask(visit, HONEY)
    assert _stored(visit) == [[BUILT, HONEY]]


def test_asking_again_stays_in_its_conversation(visit: Visit) -> None:
    _ask(visit, BUILT)
    key = visit.driver.execute_script(_STORED.replace("turn.receipt.question", "turn.key"))
    visit.click('a[href="#pq-action-retry-1"]')
    visit.wait(lambda: visit.driver.execute_script(_STORED.replace("turn.receipt.question", "turn.key")) != key)
    assert _stored(visit) == [[BUILT]]


def test_two_windows_that_add_to_a_conversation_lose_no_turn(visit: Visit, site: Site) -> None:
    _ask(visit, BUILT)
    first = visit.driver.current_window_handle
    visit.driver.switch_to.new_window("tab")
    other = Visit(visit.driver, site.address)
    other.wait(lambda: _shown(other) == [BUILT])
    _ask(other, HONEY)
    second = visit.driver.current_window_handle
    visit.driver.switch_to.window(first)
    visit.wait(lambda: _shown(visit) == [BUILT, HONEY])
    _ask(visit, TOWER)
    visit.driver.switch_to.window(second)
    visit.wait(lambda: _shown(other) == [BUILT, HONEY, TOWER])
    assert _stored(other) == [[BUILT, HONEY, TOWER]]


def test_turns_that_two_windows_have_added_at_once_are_merged(visit: Visit) -> None:
    """What another window has stored in the meantime is kept as this one stores its own turn, and then shown."""
    _ask(visit, BUILT)
    add = """const key = Object.keys(localStorage).find((key) => key.startsWith('postqa-conversation-'));
    const kept = JSON.parse(localStorage[key]);
    kept.turns.push({ ...kept.turns[0], key: 'other' });
    localStorage[key] = JSON.stringify(kept)"""
    visit.driver.execute_script(add)  # without an event: that goes to other windows only
    _ask(visit, TOWER)
    visit.wait(lambda: _shown(visit) == [BUILT, BUILT, TOWER])
    assert _stored(visit) == [[BUILT, BUILT, TOWER]]
    assert len({marker.get_attribute("id") for marker in visit.all("#pq-log a.pq-marker")}) == len(
        visit.all("#pq-log a.pq-marker")
    )


def test_the_oldest_conversations_make_room(visit: Visit, site: Site) -> None:
    turns: Any = saved((Turn(1, HONEY, answer=site.assistant.ask(HONEY)),))
    fill = """for (let at = 0; at < 60; at += 1)
      localStorage['postqa-conversation-' + at] = JSON.stringify({ changed: at, turns: arguments[0] })"""
    visit.driver.execute_script(fill, turns)
    _ask(visit, BUILT)
    assert len(_stored(visit)) == 50
    assert visit.driver.execute_script("return localStorage['postqa-conversation-0']") is None
    assert visit.driver.execute_script("return localStorage['postqa-conversation-59']") is not None


def test_small_talk_has_no_sources_and_no_vote(site: Site) -> None:
    turns = tuple(Turn(number, text, answer=site.assistant.ask(text)) for number, text in ((1, BUILT), (2, "Thanks!")))
    assert "You are welcome" in turns[1].assistant_html
    assert "Helpful" not in turns[1].assistant_html
    assert panel_html(turns) == panel_html(turns[:1])
    assert [turn.question for turn in restored(saved(turns), site.assistant.index)] == [BUILT, "Thanks!"]


def test_turns_with_the_same_number_are_numbered_anew(site: Site) -> None:
    asked = site.assistant.ask(BUILT)
    kept = saved(tuple(Turn(number, BUILT, answer=asked) for number in (1, 2, 2, 5)))
    assert [turn.number for turn in restored(kept, site.assistant.index)] == [1, 2, 3, 5]
