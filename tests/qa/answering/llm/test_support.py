"""When a passage supports a sentence: what is noticed, and what is known to slip through."""

from __future__ import annotations

import pytest

from index.records import Post
from qa.answering.llm.support import Source, Support, support
from qa.records import Passage

BODY = (
    "Ingrid Holm built the lighthouse on Gull Rock in 1874. Storms had wrecked eleven ships there. "
    "She did not use timber, and granite was brought from the north by barge.\n\n"
    "The lamp burned whale oil at first. This was costly, so paraffin replaced it in 1902. "
    "The keeper's daughter, Ada Holm, never left the island. Repairs cost 1.5 million crowns, 20% of the budget.\n\n"
    "| Hive | Kilograms | Year |\n|------|-----------|------|\n"
    "| North meadow | 31 | 2019 |\n| Harbour wall | 18 | 2020 |"
)
POST = Post(id="a", title="The lighthouse on Gull Rock", authors=("Mara Quill",), published="2021-05-04", body=BODY)
OTHER = Post(id="b", title="The ferry", body="The ferry leaves the pier at noon. Captain Oda Lind steers it.")
SOURCE, FERRY = (
    Source(Passage(post=post, text=post.body, start=0, end=len(post.body), score=1)) for post in (POST, OTHER)
)


def _rows() -> Source:
    """The table's rows as quotable pieces, as the index cuts them."""
    from index.records import SentenceKind
    from qa.records import Evidence

    start = BODY.index("| Hive")
    lines = [line for line in BODY[start:].splitlines() if "---" not in line]
    evidence = tuple(Evidence(at := BODY.index(line), at + len(line), line, SentenceKind.ROW, 0.0) for line in lines)
    return Source(Passage(post=POST, text=BODY[start:], start=start, end=len(BODY), score=1, evidence=evidence))


def _support(sentence: str) -> Support:
    return support(sentence, [SOURCE])


@pytest.mark.parametrize(
    "sentence",
    [
        "Ingrid Holm built the lighthouse on Gull Rock in 1874.",
        "The lighthouse was built by Ingrid Holm.",
        "The Gull Rock lighthouse was built in 1874 by Ingrid Holm.",
        "Eleven ships had been wrecked there by storms.",
        "Storms wrecked 11 ships.",
        "- Paraffin replaced whale oil in 1902.",
        "3. Paraffin replaced whale oil in 1902.",
        "Whale oil was costly, so paraffin replaced it.",
        "Timber was not used.",
        "She didn't use timber.",
        "Ada Holm never left the island.",
        "The repairs cost 1.5 million crowns, or 20 percent of the budget.",
        "According to Mara Quill, the lamp burned whale oil.",
        "Granite was brought by barge.",
    ],
)
def test_what_a_passage_says_in_its_own_or_turned_words_is_supported(sentence: str) -> None:
    found = _support(sentence)
    assert found.holds, found


@pytest.mark.parametrize(
    ("sentence", "missing"),
    [
        ("Ingrid Holm built the lighthouse on Gull Rock in 1884.", ("1884",)),
        ("Storms had wrecked twelve ships there.", ("12",)),
        ("Repairs cost 1.5 billion crowns.", ("billion",)),
        ("Repairs cost 15 million crowns.", ("15",)),
        ("Repairs cost 20 million crowns.", ()),  # both stand there, in one sentence: not seen
    ],
)
def test_another_number_is_found_out(sentence: str, missing: tuple[str, ...]) -> None:
    found = _support(sentence)
    assert found.missing == missing
    assert found.holds is not bool(missing)


@pytest.mark.parametrize(
    ("sentence", "missing"),
    [
        ("Edward Poole built the lighthouse on Gull Rock in 1874.", ("Edward", "Poole")),
        ("The lighthouse on Gull Rock was built by Oda Lind.", ("Oda", "Lind")),
        ("The lamp burned whale oil from Norway at first.", ("Norway",)),
        ("NASA built the lighthouse on Gull Rock.", ("NASA",)),
    ],
)
def test_an_invented_name_is_found_out(sentence: str, missing: tuple[str, ...]) -> None:
    found = _support(sentence)
    assert (found.missing, found.holds) == (missing, False)


@pytest.mark.parametrize(
    "sentence",
    [
        "Ingrid Holm did not build the lighthouse on Gull Rock.",
        "She used timber.",
        "Ada Holm left the island.",
        "The lamp never burned whale oil.",
        "Paraffin didn't replace it in 1902.",
    ],
)
def test_a_denied_fact_and_an_affirmed_denial_are_found_out(sentence: str) -> None:
    found = _support(sentence)
    assert found.is_denied
    assert not found.holds


@pytest.mark.parametrize(
    "sentence",
    [
        "The lamp burned not only whale oil.",
        "Granite was brought from the north, and timber was not used.",
        "Ada Holm, who never left the island, was the keeper's daughter.",
    ],
)
def test_a_denial_beside_the_point_is_none(sentence: str) -> None:
    assert not _support(sentence).is_denied


def test_a_figure_of_another_row_is_found_out() -> None:
    rows = _rows()
    assert support("The harbour wall gave 18 kilograms.", [rows]).holds
    assert support("The harbour wall gave 18 in 2020.", [rows]).holds
    swapped = support("The harbour wall gave 31 kilograms.", [rows])
    assert (swapped.missing, swapped.holds) == (("31",), False)


@pytest.mark.parametrize(
    "sentence", ["It is famous everywhere.", "The tower is the tallest in Europe.", "Bees like heather.", "Yes.", ""]
)
def test_what_the_passage_does_not_speak_of_is_unsupported(sentence: str) -> None:
    assert not _support(sentence).holds


def test_words_scattered_over_a_passage_are_no_support() -> None:
    found = _support("Storms replaced the keeper's budget with paraffin crowns.")
    assert found.share == 1
    assert not found.holds


def test_a_sentence_may_rest_on_two_passages_together() -> None:
    sentence = "Ingrid Holm built the lighthouse, and Oda Lind steers the ferry."
    assert support(sentence, [SOURCE, FERRY]).holds
    assert not support(sentence, [SOURCE]).holds


def test_nothing_named_supports_nothing() -> None:
    assert not support("Ingrid Holm built the lighthouse.", []).holds


@pytest.mark.parametrize(
    ("sentence", "what"),
    [
        ("The ferry leaves at noon; Captain Oda Lind built it.", "a verb of its own"),
        ("Whale oil replaced paraffin in 1902, which was costly.", "subject and object turned round"),
    ],
)
def test_what_is_known_to_slip_through(sentence: str, what: str) -> None:
    assert support(sentence, [SOURCE, FERRY]).holds, f"{what} is seen now: say so in qa/supported.py"


def test_a_true_sentence_in_other_words_is_doubted() -> None:
    assert not _support("The structure dates from the nineteenth century.").holds


def test_the_best_place_takes_in_what_its_first_word_points_back_to() -> None:
    place, share = SOURCE.best(frozenset({"paraffin", "replac"}))
    assert place.text == "The lamp burned whale oil at first. This was costly, so paraffin replaced it in 1902."
    assert POST.body[place.start : place.end] == place.text
    assert share == 1
