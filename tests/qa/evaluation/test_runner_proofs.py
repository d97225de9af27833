"""Which quotes and answers count as right."""

from __future__ import annotations

from types import SimpleNamespace

from index.records import Post
from qa.evaluation.tables import table
from qa.records import Citation


def test_citations_come_first_then_the_best_sentence_of_each_passage_by_turns(
    boat: Post, other: Post, make: SimpleNamespace
) -> None:
    ranking = [
        make.passage(boat, boat.body, "Ana built the boat.", "Nobody saw the boat again."),
        make.passage(other, other.body, "A copy elsewhere."),
    ]
    answer = make.answer("Q?", "Ben sailed it to “Crete”. [1]", [(boat, "Ben sailed it to “Crete”.")])
    (row,) = make.judged(make.assistant({"Q?": answer}, {"Q?": ranking}), make.gold(quotes=("Nobody saw",))).rows
    offered = [each.quote for each in row.candidates]
    assert offered == [
        "Ben sailed it to “Crete”.",
        "Ana built the boat.",
        "A copy elsewhere.",
        "Nobody saw the boat again.",
    ]
    assert [row.measures[f"quote@{k}"] for k in (1, 3, 5)] == [0, 0, 1]


def test_the_same_place_is_one_candidate(boat: Post, make: SimpleNamespace) -> None:
    ranking = [make.passage(boat, boat.body, "Ana built the boat.")] * 2
    answer = make.answer("Q?", "Ana built the boat. [1]", [(boat, "Ana built the boat.")])
    (row,) = make.judged(make.assistant({"Q?": answer}, {"Q?": ranking}), make.gold()).rows
    assert len(row.candidates) == 1


def test_sentences_are_those_that_quotes_mark_then_the_best_ranked_others(boat: Post, make: SimpleNamespace) -> None:
    crete = "Ben sailed it to “Crete”."
    answer = make.answer("Q?", f"{boat.body} [1]", [(boat, boat.body)])
    focus = {"start": boat.body.index(crete), "end": boat.body.index(crete) + len(crete), "quote": crete}
    marked = Citation.model_validate(answer.citations[0].model_dump() | {"focus": focus})
    answer = answer.model_copy(update={"citations": (marked,)})
    ranking = [make.passage(boat, boat.body, crete, "Nobody saw the boat again.", "Ana built the boat.")] * 2
    gold = make.gold(quotes=("Ana built the boat.",))
    (row,) = make.judged(make.assistant({"Q?": answer}, {"Q?": ranking}), gold).rows
    assert [row.measures[f"sentence@{k}"] for k in (1, 3)] == [0, 1]
    two = make.passage(boat, boat.body, crete, "Nobody saw the boat again.")
    (row,) = make.judged(make.assistant({"Q?": answer}, {"Q?": [two]}), gold).rows
    assert row.measures["sentence@3"] == 0


def test_a_right_sentence_in_another_post_is_no_hit(other: Post, make: SimpleNamespace) -> None:
    ranking = [make.passage(other, other.body, "Ana built the boat.")]
    (row,) = make.judged(make.assistant({}, {"Q?": ranking}), make.gold(quotes=("Ana built the boat.",))).rows
    assert row.measures["quote@5"] == 0


def test_a_gold_answer_counts_only_in_the_text_of_an_answer(boat: Post, make: SimpleNamespace) -> None:
    said = make.answer("Q?", "ben  sailed it [1]", [(boat, "Ben sailed it")])
    refused = make.answer("R?", "Nothing about Ben.", answered=False)
    gold = (make.gold(answers=("Ben",)), make.gold(id="h", question="R?", answers=("Ben",)))
    hit, miss = make.judged(make.assistant({"Q?": said, "R?": refused}, {}), *gold).rows
    assert (hit.measures["answer hit"], miss.measures["answer hit"]) == (1, 0)


def test_a_marker_is_no_answer(boat: Post, make: SimpleNamespace) -> None:
    said = make.answer("Q?", "Ben sailed it [1]", [(boat, "Ben sailed it")])
    (row,) = make.judged(make.assistant({"Q?": said}, {}), make.gold(answers=("1",))).rows
    assert row.measures["answer hit"] == 0


def test_a_citation_that_is_not_in_its_post_is_counted_as_unproven(boat: Post, make: SimpleNamespace) -> None:
    forged = Citation.model_construct(marker="[1]", quote="Ben sank it", start=20, end=31, post=boat)
    answer = make.answer("Q?", "Ben sank it [1]").model_copy(update={"citations": (forged,)})
    overall = make.judged(make.assistant({"Q?": answer}, {}), make.gold()).overall
    assert (overall.citations, overall.proven) == (1, 0)


def test_a_gold_quote_that_is_not_in_the_gold_post_is_reported(boat: Post, make: SimpleNamespace) -> None:
    ranking = [make.passage(boat, boat.body)]
    result = make.judged(make.assistant({}, {"Q?": ranking}), make.gold(quotes=("Ana built", "Zoe swam")))
    assert result.rows[0].unplaced_quotes == ("Zoe swam",)
    assert "is not in the gold post" in table(result)
