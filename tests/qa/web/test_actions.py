"""Actions of the links below an answer on their turns, and what a browser restores of a conversation."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import pytest

from index.errors import SettingsError
from qa import Answer, Assistant
from qa.answering.receipt import Receipt
from qa.web.actions import Actions, ChatState
from qa.web.conversation import Conversation, Position
from qa.web.export import conversation_markdown
from qa.web.footer import footer_html
from qa.web.saved import restored, saved
from qa.web.turns import Turn, Turns
from tests.qa.web.page_elements import Hostile
from tests.qa.web.test_render import Page


@dataclass
class VoteBox:
    """Keeps votes in memory, or refuses to."""

    kept: list[tuple[str, int, str]] = field(default_factory=list)
    words: list[tuple[str, str]] = field(default_factory=list)
    broken: bool = False

    def vote(self, receipt: Receipt, vote: int, key: str) -> str:
        """Note a vote."""
        if self.broken:
            raise SettingsError("the disk is full")
        self.kept.append((receipt.question, vote, key))
        return f"id {len(self.kept)}"

    def comment(self, vote_id: str, word: str) -> None:
        """Note a comment."""
        self.words.append((vote_id, word))


def _turns(assistant: Assistant, *questions: str) -> Turns:
    return tuple(Turn(n, question, answer=assistant.ask(question)) for n, question in enumerate(questions, 1))


def _performed(actions: Actions, action: str, number: int, turns: Turns, text: str = "") -> ChatState:
    return list(actions.perform(action, number, turns, {"since": "2020"}, text))[-1]


@pytest.fixture
def turns(web_assistant: Assistant) -> Turns:
    return _turns(web_assistant, "Who built the lighthouse on Gull Rock?", "Which planet has rings?")


@pytest.fixture
def box() -> VoteBox:
    return VoteBox()


@pytest.fixture
def actions(web_assistant: Assistant, box: VoteBox) -> Actions:
    return Actions(Conversation(web_assistant), box)


def test_asking_again_changes_its_own_turn_and_keeps_its_filters(actions: Actions, turns: Turns) -> None:
    after = _performed(actions, "retry", 1, turns).turns
    assert [turn.question for turn in after] == [turn.question for turn in turns]
    assert (after[0].number, after[1]) == (3, turns[1])
    assert after[0].stated == turns[0].stated


def test_a_suggestion_is_asked_last_with_the_current_filters(actions: Actions, turns: Turns) -> None:
    after = _performed(actions, "ask", 0, turns, "How do I climb the tower?").turns
    assert after[:2] == turns
    assert (after[2].question, after[2].stated) == ("How do I climb the tower?", {"since": "2020"})


def test_editing_puts_the_question_back_and_names_the_turn(actions: Actions, turns: Turns) -> None:
    after = _performed(actions, "edit", 2, turns)
    assert (after.turns, after.entry, after.editing) == (turns, "Which planet has rings?", 2)


def test_a_vote_lands_on_its_turn_and_a_second_takes_it_back(actions: Actions, turns: Turns, box: VoteBox) -> None:
    liked = _performed(actions, "like", 2, turns)
    assert [turn.vote for turn in liked.turns] == [0, 1]
    assert liked.voted == "id 1"
    actions.comment(liked.voted, "  right ")
    actions.comment(liked.voted, "  ")
    back = _performed(actions, "like", 2, liked.turns)
    assert [turn.vote for turn in back.turns] == [0, 0]
    assert back.voted is None
    key = turns[1].key
    assert box.kept == [("Which planet has rings?", 1, key), ("Which planet has rings?", 0, key)]
    assert box.words == [("id 1", "right")]


def test_a_vote_that_cannot_be_kept_is_not_shown_as_kept(
    web_assistant: Assistant, turns: Turns, caplog: pytest.LogCaptureFixture
) -> None:
    after = _performed(Actions(Conversation(web_assistant), VoteBox(broken=True)), "dislike", 1, turns)
    assert after == ChatState(turns)
    assert "a vote could not be kept" in caplog.text
    assert _performed(Actions(Conversation(web_assistant)), "like", 1, turns) == ChatState(turns)


@pytest.mark.parametrize(("action", "number"), [("retry", 9), ("explode", 1), ("like", -1)])
def test_an_unknown_action_or_turn_changes_nothing(actions: Actions, turns: Turns, action: str, number: int) -> None:
    assert _performed(actions, action, number, turns) == ChatState(turns)


def test_the_footer_names_action_and_turn_in_each_link(answer: Answer) -> None:
    page = Page(footer_html(7, ["What <b>now</b>?"], -1))
    assert page.links == [
        "#pq-action-ask",
        *(f"#pq-action-{action}-7" for action in ("copy", "retry", "edit", "like", "dislike")),
    ]
    assert "What <b>now</b>?" in page.text
    assert "Not helpful ✓" in page.text
    assert Page(footer_html(7, [], None)).links == ["#pq-action-retry-7", "#pq-action-edit-7"]


def test_a_conversation_is_restored_as_it_was(web_assistant: Assistant, turns: Turns) -> None:
    voted = (Turn(5, "?", "an error"), *turns[:1], Turn(3, turns[1].question, answer=turns[1].answer, vote=-1, key="k"))
    again = restored(saved(voted), web_assistant.index)
    assert [turn.number for turn in again] == [1, 3]
    assert [turn.assistant_html for turn in again] == [turn.assistant_html for turn in voted[1:]]
    assert (again[1].vote, again[1].key) == (-1, "k")


@pytest.mark.parametrize("kept", [["words"], [{"number": 1}], [None, 3], [{"number": 1, "receipt": {}, "vote": "x"}]])
def test_an_invalid_turn_is_left_out(web_assistant: Assistant, kept: Sequence[object]) -> None:
    assert restored(kept, web_assistant.index) == ()


def test_a_turn_whose_quote_is_not_in_the_posts_is_left_out(web_assistant: Assistant, turns: Turns) -> None:
    kept = saved(turns)
    receipt = kept[0]["receipt"]
    assert isinstance(receipt, dict)
    receipt["quotes"][0]["start"] += 1
    assert [turn.number for turn in restored(kept, web_assistant.index)] == [2]


def test_of_a_very_long_conversation_the_last_turns_are_kept(turns: Turns) -> None:
    many = tuple(Turn(n, turns[0].question, answer=turns[0].answer) for n in range(1, 2_001))
    kept = [turn["number"] for turn in saved(many)]
    assert kept[-1] == 2_000
    assert kept == list(range(2_001 - len(kept), 2_001))
    assert len(kept) < 2_000


def test_the_exported_conversation_is_markdown_in_which_posts_are_inert(turns: Turns) -> None:
    hostile = Turn(3, "# <b>?", answer=Hostile().ask("x"))
    exported = conversation_markdown((*turns, Turn(4, "failed", "error"), hostile))
    assert exported.startswith("## Who built the lighthouse on Gull Rock?\n\nIngrid Holm built the lighthouse")
    assert "> Ingrid Holm built the lighthouse on Gull Rock in 1874" in exported
    assert "## Which planet has rings?\n\nThe posts do not say." in exported
    assert "failed" not in exported
    assert "\\!\\[x\\]\\(http" in exported
    assert "\\<script\\>" in exported
    turns = list(Conversation(Hostile()).ask("x", Position()))[-1]
    assert "\\<script\\>" in conversation_markdown(turns)
