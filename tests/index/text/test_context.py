"""What is read before a chunk's own text, and never quoted."""

from __future__ import annotations

from index.records import Chunk, Post
from index.text.chunking import chunk_post
from index.text.context import chunk_context, encodable, lexical_text
from tests.stand_ins import WordHashEncoder

ENCODER = WordHashEncoder()
BODY = "# Tower\n\n## Stairs\n\nThere are 112. They are steep.\n\nNobody counts them twice, for they are many."
POST = Post(id="p", title="The lighthouse on Gull Rock", body=BODY)


def _chunks() -> list[Chunk]:
    return chunk_post(POST, ENCODER.token_spans, 16)


def test_title_and_headings_stand_before_a_chunk_unless_it_holds_them_itself() -> None:
    first, last = _chunks()
    assert "## Stairs" in first.text
    assert chunk_context(POST.title, first, ENCODER.token_spans, 48) == "The lighthouse on Gull Rock"
    assert chunk_context(POST.title, last, ENCODER.token_spans, 48) == "The lighthouse on Gull Rock > Tower > Stairs"


def test_a_long_context_is_cut_after_the_tokens_allowed() -> None:
    last = _chunks()[-1]
    assert chunk_context(POST.title, last, ENCODER.token_spans, 3) == "The lighthouse on"
    assert chunk_context(POST.title, last, ENCODER.token_spans, 6) == "The lighthouse on Gull Rock"
    assert chunk_context(POST.title, last, ENCODER.token_spans, 0) == ""


def test_sentences_are_placed_from_the_beginning_of_the_chunk() -> None:
    for chunk in _chunks():
        passage = encodable(POST.title, chunk, ENCODER.token_spans, 48)
        held = [passage.text[start:end] for start, end in passage.sentences]
        assert held == [BODY[sentence.start : sentence.end] for sentence in chunk.sentences]


def test_the_lexical_index_reads_title_headings_and_text() -> None:
    last = _chunks()[-1]
    assert lexical_text(POST, last) == f"{POST.title}\nTower\nStairs\n{last.text}"


def test_the_lexical_index_reads_abbreviations_in_both_forms() -> None:
    body = "The tide gauge network (TGN) has nine stations.\n\n## Upkeep\n\nThe TGN is paid for by the harbour."
    post = Post(id="tides", title="Tides", body=body)
    upkeep = chunk_post(post, ENCODER.token_spans, 20)[-1]
    assert "tide gauge network" not in upkeep.text
    assert "tide gauge network" in lexical_text(post, upkeep)
