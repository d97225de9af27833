"""Several posts in one text file: where one ends, and what belongs to none."""

from __future__ import annotations

from pathlib import Path

import pytest

from index.sources.bundle import looks_like_bundle, split
from index.sources.draft_post import DraftPost
from index.text.blocks import BlockKind, blocks

TITLES = [
    "Promoting AI ethics research in Latin America and the Caribbean",
    "Sand Safety: Startup’s Lifeguard AI Hits the Beach to Save Lives",
    "2019 Q4 recipients of AWS Machine Learning Research Awards",
    "Cisco uses Amazon SageMaker and Kubeflow to create a hybrid machine learning workflow",
    "SmartReply for YouTube Creators",
    "TensorFlow operation fusion in the TensorFlow Lite converter",
]
ETHICS, SAND, AWARDS, CISCO, SMART_REPLY, FUSION = range(6)


@pytest.fixture(scope="module")
def source(shared: Path) -> str:
    """The real bundle."""
    return (shared / "corpus" / "ai-blog-posts.txt").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def real(source: str) -> list[DraftPost]:
    """The posts in it."""
    return split(source)


def _of_kind(draft: DraftPost, kind: BlockKind) -> list[str]:
    return [draft.body[block.start : block.end] for block in blocks(draft.body) if block.kind is kind]


def test_the_real_bundle_is_six_posts_by_their_titles(source: str, real: list[DraftPost]) -> None:
    assert looks_like_bundle(source)
    assert [draft.title for draft in real] == TITLES


def test_the_real_posts_know_their_authors(real: list[DraftPost]) -> None:
    assert [draft.authors for draft in real] == [
        ("Norberto Andrade",),
        (),
        ("Seo Yeon Shin",),
        ("Elvira Dzhuraeva", "Debo Dutta", "Amit Saha"),
        ("Rami Al-Rfou",),
        ("Ashwin Murthy",),
    ]


def test_a_publisher_is_known_where_a_footer_states_it(real: list[DraftPost]) -> None:
    publishers = [draft.publisher for draft in real]
    assert publishers == ["Facebook Research", "The Official NVIDIA Blog", None, None, None, None]


def test_each_place_is_the_line_of_the_title(source: str, real: list[DraftPost]) -> None:
    lines = source.split("\n")
    assert [lines[int(draft.place.removeprefix("#L")) - 1].strip() for draft in real] == TITLES


def test_no_body_of_the_real_posts_holds_scaffolding(real: list[DraftPost]) -> None:
    for draft in real:
        assert "Read More" not in draft.body
        assert "appeared first on" not in draft.body
        assert draft.title not in draft.body.split("\n")


def test_every_line_of_a_real_body_stands_in_the_source(source: str, real: list[DraftPost]) -> None:
    lines = set(source.split("\n"))
    glued = "the Google MLIR team for their active support of this work."
    for draft in real:
        for line in draft.body.split("\n"):
            assert line in lines or line.endswith(glued)


def test_every_word_of_the_real_bundle_is_in_a_title_a_body_or_the_scaffolding(
    source: str, real: list[DraftPost]
) -> None:
    kept = {line.strip() for draft in real for line in (draft.title, *draft.body.split("\n"))}
    lost = {line.strip() for line in source.split("\n")} - kept
    unexplained = [line for line in lost if not line.endswith("Read More") and " appeared first on " not in line]
    assert unexplained == []


@pytest.mark.parametrize(
    ("post", "headings"),
    [
        (SAND, ["Danger Detectors", "Rip Current Recognition", "COVID-19 Calls"]),
        (SMART_REPLY, ["Deep Retrieval", "Beyond Words", "A Model to Learn Them All", "When to Suggest?"]),
        (AWARDS, ["About the Author"]),
    ],
)
def test_the_headings_of_the_real_posts_are_seen(real: list[DraftPost], post: int, headings: list[str]) -> None:
    assert _of_kind(real[post], BlockKind.HEADING) == headings


def test_the_steps_of_the_real_posts_are_items(real: list[DraftPost]) -> None:
    assert _of_kind(real[CISCO], BlockKind.ITEM)[:3] == [
        "1. Train the model",
        "2. Create the model resource",
        "3. Deploy the model",
    ]
    assert [item[:2] for item in _of_kind(real[FUSION], BlockKind.ITEM)] == ["1.", "2.", "3."]


def test_code_in_the_real_posts_is_code(real: list[DraftPost]) -> None:
    code = "\n".join(_of_kind(real[CISCO], BlockKind.CODE))
    for line in (
        "bash kubeflowup.bash",
        "import kfp.dsl as dsl",
        "def blerssi_mxnet_train_upload_op(step_name='mxnet-train'):",
        "sagemaker_deploy_op = components.load_component_from_url(deploy)",
        "        'role': role_arn",
    ):
        assert line in code.split("\n")


def test_the_award_table_is_a_header_and_28_rows(real: list[DraftPost]) -> None:
    header, *rows = _of_kind(real[AWARDS], BlockKind.ROW)
    assert header == "Recipient University Research Title"
    assert len(rows) == 28
    assert rows[0].startswith("Anasse Bari New York University")
    assert rows[-1].startswith("Zhi-Li Zhang University of Minnesota")


INVENTED = """\
Why we moved the compost heap

By Ada Brook

The heap stood in the shade, and it never got warm. Read more about warmth below.

What we changed

We moved it ten metres. Neighbours who want to read more
may write to us.

The post Why we moved the compost heap appeared first on Garden Notes.

Read More

Five ways to store apples

Five ways to store apples

Apples keep best when they do not touch.

Results

Half of them lasted until March.

Results

The other half we ate.Read More
A short history of rain gauges

The first gauge stood in Seoul.

The post A short history of rain gauges first appeared on Weather & Water Weekly

Choosing a rope for the well

Choosing a rope for the well

Posted by Bo Lind and Cy Marsh, Rope Desk

Hemp swells when wet. Nylon stretches.

- hemp
- nylon

About the author

Dee Fen is an editor at Rope Desk.

Continue reading

What the frog said

What the frog said

“Read more,” said the frog.
"""


@pytest.fixture(scope="module")
def invented() -> dict[str, DraftPost]:
    """Posts saved the same way in other variations, by title."""
    return {draft.title: draft for draft in split(INVENTED)}


def test_an_invented_bundle_comes_apart_at_every_kind_of_boundary(invented: dict[str, DraftPost]) -> None:
    assert looks_like_bundle(INVENTED)
    assert list(invented) == [
        "Why we moved the compost heap",
        "Five ways to store apples",
        "A short history of rain gauges",
        "Choosing a rope for the well",
        "What the frog said",
    ]


def test_read_more_in_the_middle_of_a_body_parts_nothing(invented: dict[str, DraftPost]) -> None:
    body = invented["Why we moved the compost heap"].body
    assert "Read more about warmth below." in body
    assert "Neighbours who want to read more\nmay write to us." in body
    assert body.endswith("may write to us.")
    assert invented["What the frog said"].body == "“Read more,” said the frog."


def test_a_line_that_only_says_read_more_parts_nothing_where_the_same_post_goes_on() -> None:
    on = "It goes on, " * 20 + "and on."
    text = f"Title\n\nA beginning.\n\nRead more\n\n{on}\n\nThe post Title appeared first on Site.\n"
    assert [draft.body for draft in split(text)] == [f"A beginning.\n\nRead more\n\n{on}"]


def test_a_heading_that_stands_twice_in_a_body_parts_nothing(invented: dict[str, DraftPost]) -> None:
    body = invented["Five ways to store apples"].body
    assert body.count("Results") == 2
    assert body.endswith("The other half we ate.")


def test_a_footer_alone_states_the_publisher_and_ends_the_post(invented: dict[str, DraftPost]) -> None:
    assert invented["Why we moved the compost heap"].publisher == "Garden Notes"
    assert invented["A short history of rain gauges"].publisher == "Weather & Water Weekly"
    assert invented["A short history of rain gauges"].body == "The first gauge stood in Seoul."
    assert invented["Choosing a rope for the well"].publisher is None


def test_bylines_and_sections_about_the_author_name_the_authors(invented: dict[str, DraftPost]) -> None:
    assert invented["Why we moved the compost heap"].authors == ("Ada Brook",)
    assert invented["Choosing a rope for the well"].authors == ("Bo Lind", "Cy Marsh")
    assert invented["Five ways to store apples"].authors == ()


def test_a_section_about_the_author_counts_where_there_is_no_byline() -> None:
    text = "T of the first\n\nBody one.\n\nAbout the author\n\nEl Fen is a cook at Pot.\n\nRead More\n\nOther\n\nB."
    assert [draft.authors for draft in split(text)] == [("El Fen",), ()]


def test_a_boundary_may_be_marked_by_nothing_but_a_doubled_title() -> None:
    text = (
        "The first of two posts\n\nThe first of two posts\n\nIts only sentence.\n\n"
        "The second of two posts\n\nThe second of two posts\n\nIts own sentence.\n"
    )
    assert looks_like_bundle(text)
    assert [(draft.title, draft.body) for draft in split(text)] == [
        ("The first of two posts", "Its only sentence."),
        ("The second of two posts", "Its own sentence."),
    ]


def test_a_boundary_may_be_marked_by_nothing_but_a_byline_under_a_title() -> None:
    text = "First of all posts\n\nBy Ada Brook\n\nOne.\n\nSecond of all posts\n\nBy Bo Lind\n\nTwo.\n"
    assert [(draft.title, draft.authors) for draft in split(text)] == [
        ("First of all posts", ("Ada Brook",)),
        ("Second of all posts", ("Bo Lind",)),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "A note\n\nJust one post. Read more of them elsewhere.\n",
        "A note\n\nHe told us to read more\n\nand so we did.\n",
        "Results\n\nResults\n\nToo short a line to be taken for a doubled title.\n",
        "",
    ],
)
def test_a_text_without_scaffolding_is_no_bundle(text: str) -> None:
    assert not looks_like_bundle(text)


def test_every_line_of_an_invented_body_stands_in_its_source(invented: dict[str, DraftPost]) -> None:
    lines = {line.removesuffix("Read More") for line in INVENTED.split("\n")}
    for draft in invented.values():
        assert set(draft.body.split("\n")) <= lines
