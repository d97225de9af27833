"""Passages to quotes: whole, in order, and nothing said twice."""

from __future__ import annotations

import itertools
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.records import Post, SentenceKind
from index.settings import LexicalSettings
from qa.answering.quotes import choose_quotes, ranked_sentences
from qa.question.query import Query, understand
from qa.records import Evidence, Passage
from qa.settings import AskSettings
from tests.stand_ins import WordHashEncoder, lexical_index

SENTENCE, ITEM, ROW, HEADING = SentenceKind.SENTENCE, SentenceKind.ITEM, SentenceKind.ROW, SentenceKind.HEADING
SETTINGS = AskSettings(quotes=3)
Weighted = tuple[str, float] | tuple[str, float, SentenceKind]


def _passage(body: str, *evidence: Weighted, id: str = "rock") -> Passage:
    """A post's whole body as one passage, some of its pieces weighed."""
    weighed = []
    for text, score, *kind in evidence:
        start = body.index(text)
        form = kind[0] if kind else SENTENCE
        weighed.append(Evidence(start=start, end=start + len(text), text=text, kind=form, score=score))
    post = Post(id=id, title=f"Title of {id}", body=body)
    return Passage(post=post, text=body, start=0, end=len(body), score=1.0, evidence=tuple(weighed))


def _query(question: str) -> Query:
    lexical = lexical_index(["lamp oil", "ticket pier"], LexicalSettings())
    return understand(question, WordHashEncoder(), lexical)


def _texts(
    *passages: Passage, question: str = "Was it dear?", settings: AskSettings = SETTINGS, margin: float = 100.0
) -> list[str]:
    return [quote.text for quote in choose_quotes(_query(question), passages, settings, margin)]


LAMP = "The lamp burned oil at first. This was costly. Later came paraffin."


def test_a_sentence_that_points_back_brings_the_one_it_points_to() -> None:
    assert _texts(_passage(LAMP, ("This was costly.", 1.0))) == ["The lamp burned oil at first. This was costly."]


def test_a_sentence_that_stands_by_itself_is_quoted_alone() -> None:
    assert _texts(_passage(LAMP, ("Later came paraffin.", 1.0))) == ["Later came paraffin."]


def test_what_points_back_twice_is_followed_twice() -> None:
    body = "Ingrid lit the lamp. It burned oil. This was costly."
    assert _texts(_passage(body, ("This was costly.", 1.0))) == [body]


def test_a_sentence_may_point_into_the_paragraph_before_but_not_past_a_heading() -> None:
    assert _texts(_passage("The lamp burned oil.\n\nThis was costly.", ("This was costly.", 1.0))) == [
        "The lamp burned oil.\n\nThis was costly."
    ]
    under_heading = "The lamp burned oil.\n\n## Cost\n\nThis was costly."
    assert _texts(_passage(under_heading, ("This was costly.", 1.0))) == ["This was costly."]


def test_a_byline_is_not_what_a_sentence_points_back_to() -> None:
    body = "Posted by Mara Quill, keeper\n\nIt has been dark for a year."
    assert _texts(_passage(body, ("It has been dark for a year.", 1.0))) == ["It has been dark for a year."]


def test_a_far_reach_back_is_given_up() -> None:
    body = f"The lamp {'burned and ' * 90}died. This was costly."
    assert _texts(_passage(body, ("This was costly.", 1.0))) == ["This was costly."]


LIST = (
    "It is steep. To climb it, do this:\n\n1. Buy a ticket.\n2. Take the ferry.\n3. Climb.\n\nThe keeper sells honey."
)
STEPS = "To climb it, do this:\n\n1. Buy a ticket.\n2. Take the ferry.\n3. Climb."


def test_a_line_that_announces_a_list_brings_the_list() -> None:
    assert _texts(_passage(LIST, ("To climb it, do this:", 1.0))) == [STEPS]


def test_a_sentence_that_announces_a_list_in_words_brings_the_list() -> None:
    body = "It is steep. You need the following things.\n\n- A ticket\n- A coat\n\nThe keeper sells honey."
    (quote,) = _texts(_passage(body, ("You need the following things.", 1.0)))
    assert quote == "You need the following things.\n\n- A ticket\n- A coat"


def test_a_sentence_that_speaks_of_what_follows_but_is_not_above_a_list_is_quoted_alone() -> None:
    body = "The following year it closed. Nobody came.\n\n- A ticket\n- A coat"
    assert _texts(_passage(body, ("The following year it closed.", 1.0))) == ["The following year it closed."]


def test_a_line_that_announces_code_brings_the_code_alone() -> None:
    body = "To climb it, run:\n\n```\nclimb --fast\n```\n\n- The keeper sells honey."
    assert _texts(_passage(body, ("To climb it, run:", 1.0))) == ["To climb it, run:\n\n```\nclimb --fast\n```"]


def test_a_step_asked_for_brings_all_steps_and_the_line_that_announces_them() -> None:
    passage = _passage(LIST, ("2. Take the ferry.", 1.0, ITEM))
    assert _texts(passage, question="How do I climb it?") == [STEPS]


def test_an_item_that_answers_another_question_is_quoted_alone() -> None:
    passage = _passage(LIST, ("2. Take the ferry.", 1.0, ITEM))
    assert _texts(passage, question="Who takes the ferry?") == ["2. Take the ferry."]


def test_a_line_that_announces_nothing_is_quoted_alone() -> None:
    body = "He said only this: The lamp is out.\n\nRemember:\n\nProse follows."
    assert _texts(_passage(body, ("Remember:", 1.0))) == ["Remember:"]


def test_a_table_row_is_quoted_whole_with_its_header() -> None:
    body = "| Hive | Year |\n|---|---|\n| North. Meadow | 2019 |\n| South | 2020 |"
    assert _texts(_passage(body, ("| North. Meadow | 2019 |", 1.0, ROW))) == [
        "| Hive | Year |\n|---|---|\n| North. Meadow | 2019 |"
    ]


APART = "Gulls scream. Rain fell on Monday. Bees sleep. Wind blew hard on Tuesday. Crabs hide. Snow lay deep in March."


def test_the_best_sentence_comes_first() -> None:
    evidence = (("Rain fell on Monday.", 1.0), ("Wind blew hard on Tuesday.", 3.0), ("Snow lay deep in March.", 2.0))
    assert _texts(_passage(APART, *evidence)) == [
        "Wind blew hard on Tuesday.",
        "Snow lay deep in March.",
        "Rain fell on Monday.",
    ]


def test_no_more_is_quoted_than_the_settings_allow() -> None:
    evidence = (("Rain fell on Monday.", 1.0), ("Wind blew hard on Tuesday.", 3.0), ("Snow lay deep in March.", 2.0))
    for most in (1, 2, 3, 4):
        assert len(_texts(_passage(APART, *evidence), settings=AskSettings(quotes=most))) == min(most, 3)


def test_a_sentence_far_below_the_best_is_not_quoted() -> None:
    evidence = (("Rain fell on Monday.", 1.0), ("Wind blew hard on Tuesday.", 3.0))
    assert _texts(_passage(APART, *evidence), margin=2.0) == ["Wind blew hard on Tuesday.", "Rain fell on Monday."]
    assert _texts(_passage(APART, *evidence), margin=1.9) == ["Wind blew hard on Tuesday."]


def test_a_heading_is_quoted_only_where_there_is_nothing_else() -> None:
    body = "## The keeper of the lamp\n\nHe was tall."
    heading = ("## The keeper of the lamp", 9.0, HEADING)
    passage = _passage(body, heading, ("He was tall.", 1.0))
    assert ranked_sentences([passage])[0].evidence.text == "He was tall."
    assert _texts(passage, margin=0.0) == ["He was tall."]
    assert _texts(_passage(body, heading)) == ["## The keeper of the lamp"]


def test_the_same_sentence_of_two_posts_is_quoted_once() -> None:
    one = _passage("The lamp was lit by Ingrid Holm. Rain.", ("The lamp was lit by Ingrid Holm.", 2.0))
    two = _passage("Wind. By Ingrid Holm the lamp was lit.", ("By Ingrid Holm the lamp was lit.", 1.0), id="two")
    assert _texts(one, two) == ["The lamp was lit by Ingrid Holm."]


def test_quotes_that_overlap_are_joined() -> None:
    passage = _passage(LAMP, ("The lamp burned oil at first.", 2.0), ("This was costly.", 1.0))
    assert _texts(passage) == ["The lamp burned oil at first. This was costly."]


def test_a_quote_between_two_others_joins_them_so_that_nothing_is_said_twice() -> None:
    first, second, third = (
        "Ingrid " + "a " * 120 + "ends.",
        "This " + "b " * 120 + "ends.",
        "It " + "c " * 120 + "ends.",
    )
    body = " ".join((first, second, third))
    passage = _passage(body, (first, 3.0), (third, 2.0), (second, 1.0))
    quoted = " ".join(_texts(passage))
    assert all(quoted.count(sentence) == 1 for sentence in (first, second, third))


def test_nothing_found_gives_no_quote() -> None:
    assert _texts() == []
    assert _texts(_passage(LAMP)) == []


def test_of_what_was_read_a_sentence_further_down_still_joins_the_quote_it_touches() -> None:
    bodies = {"rock": "It stands on a rock. Waves beat it.", "pier": "The pier is long.", "lamp": "A lamp burns."}
    scores = {"It stands on a rock.": 9.0, "The pier is long.": 8.0, "A lamp burns.": 7.0, "Waves beat it.": 4.0}
    passages = [
        _passage(body, *((text, scores[text]) for text in scores if text in body), id=id) for id, body in bodies.items()
    ]
    assert _texts(*passages, margin=6.0, settings=AskSettings(quotes=3))[0] == "It stands on a rock."
    read = [
        one.model_copy(update={"evidence": tuple(replace(each, reader=0.0) for each in one.evidence)})
        for one in passages
    ]
    assert _texts(*read, margin=6.0, settings=AskSettings(quotes=3)) == list(bodies.values())


SENTENCES = st.lists(
    st.tuples(st.sampled_from(["Gulls", "This", "They", "“So", "Rain"]), st.integers(1, 60), st.floats(0, 4)),
    min_size=1,
    max_size=12,
)


@given(SENTENCES, st.integers(1, 4), st.floats(0, 4))
def test_quotes_are_few_apart_and_cut_from_their_post(
    drawn: list[tuple[str, int, float]], most: int, margin: float
) -> None:
    texts = [f"{opening} {f'w{at} ' * words}end." for at, (opening, words, _) in enumerate(drawn)]
    scores = [score for _, _, score in drawn]
    passage = _passage(" ".join(texts), *zip(texts, scores, strict=True))
    quotes = choose_quotes(_query("Was it dear?"), [passage], AskSettings(quotes=most), margin)
    assert 1 <= len(quotes) <= most
    spans = sorted((quote.start, quote.end) for quote in quotes)
    assert all(before[1] <= after[0] for before, after in itertools.pairwise(spans))
    best = texts[scores.index(max(scores))]
    assert any(best in quote.text for quote in quotes)


@pytest.mark.parametrize("quotes", [0, 5])
def test_settings_allow_one_to_four_quotes(quotes: int) -> None:
    with pytest.raises(ValueError, match="validation error"):
        AskSettings(quotes=quotes)
