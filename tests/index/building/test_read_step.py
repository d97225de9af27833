"""Documents into the store: nothing lost without a word, and each thing left out counted under its kind."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

import index
from index.filters import Filters
from index.reader import Index
from index.records import BuildReport, Post
from index.settings import BuildSettings, SourceSettings
from tests.stand_ins import SMALL_CHUNKS, WordHashEncoder

Build = Callable[..., tuple[BuildReport, Index]]


@pytest.fixture
def built(tmp_path: Path, hash_encoder: WordHashEncoder) -> Build:
    """Build sources into an index of their own."""

    def make(*sources: Path, settings: BuildSettings = SMALL_CHUNKS) -> tuple[BuildReport, Index]:
        report = index.build(sources, tmp_path / "index", settings=settings, encoder=hash_encoder)
        return report, Index.open(tmp_path / "index")

    return make


def _bodies(opened: Index) -> dict[str, str]:
    return {post.id: post.body for post in opened.posts()}


def test_the_same_id_in_several_files_loses_no_text(shared: Path, built: Build) -> None:
    report, opened = built(shared / "cases/38-same-id")
    assert _bodies(opened) == {
        "overview": "Installing needs 12 MB of memory.",
        "overview (docs/usage/overview.md)": "Using it needs one hand.",
        "1": "The wheel weighs 905 kg.",
        "2": "The dam holds 40 litres.",
        "1 (exports/b.jsonl)": "The bridge carries 12 tons.",
        "2 (exports/b.jsonl)": "The kiln reaches 1280 degrees.",
    }
    assert (report.posts, report.shared_ids, report.duplicates) == (6, 3, 0)


def test_of_the_same_text_twice_the_richer_one_is_kept(shared: Path, built: Build) -> None:
    report, opened = built(shared / "cases/37-dups")
    (toll,) = (post for post in opened.posts() if post.body.startswith("The toll"))
    assert (toll.title, toll.authors, toll.published) == ("The toll", ("Mira Holt",), "2020-01-01")
    assert toll.url == "https://x.example/toll"
    assert [Path(origin).name for origin in (toll.origin, *toll.also_at)] == ["b-rich.md", "a-bare.md"]
    assert {body for id, body in _bodies(opened).items() if id.startswith("6")} == {
        "The wheel weighs 905 kg.",
        "The dam holds 40 litres.",
    }
    assert (report.posts, report.duplicates, report.shared_ids) == (3, 1, 1)


@pytest.mark.parametrize(
    ("name", "bare"),
    [
        ("a.txt", "The toll is 7 crowns for rye, and Müller takes it at the gate."),
        ("a.txt", "The toll is 7 crowns for rye, and Mu\u0308ller takes it\nat the gate.\n"),
        ("a.html", "<p>The toll is <i>7 crowns</i> for rye, and M&uuml;ller takes it at the gate.</p>"),
        ("a.jsonl", '{"text": "The toll is 7 crowns for rye, and Müller takes it at the gate."}'),
        (
            "feed.xml",
            "<rss version='2.0'><channel><item><description>The toll is 7 crowns for rye, and Müller takes it at "
            "the gate.</description></item></channel></rss>",
        ),
    ],
)
def test_a_text_in_another_format_is_the_same_text(tmp_path: Path, built: Build, name: str, bare: str) -> None:
    facts = "---\ntitle: The toll\ndate: 2020-01-01\n---\n"
    rich = f"{facts}The toll is **7 crowns** for rye, and [Müller](m) takes it at the gate."
    (posts := tmp_path / "posts").mkdir()
    (posts / name).write_text(bare, encoding="utf-8")
    (posts / "b.md").write_text(rich, encoding="utf-8")
    report, opened = built(posts)
    (post,) = opened.posts()
    assert (post.title, post.published, report.duplicates) == ("The toll", "2020-01-01", 1)


@pytest.mark.parametrize(
    "texts",
    [
        {"a/post.md": "---\nid: 1\n---\nThe wheel.", "b/post.md": "---\nid: 1\n---\nThe dam."},
        {"a.jsonl": '{"id": "x", "text": "The wheel."}', "b.md": "+++\nid = 'x'\n+++\nThe dam."},
        {
            "a.md": "---\nid: X\n---\nThe wheel.",
            "a.json": '{"version": "https://jsonfeed.org/version/1", "items": [{"id": "X", '
            '"content_text": "The dam."}]}',
        },
    ],
)
def test_one_id_in_two_formats_or_folders_loses_no_text(tmp_path: Path, built: Build, texts: dict[str, str]) -> None:
    for name, text in texts.items():
        (tmp_path / "posts" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "posts" / name).write_text(text, encoding="utf-8")
    report, opened = built(tmp_path / "posts")
    assert sorted(_bodies(opened).values()) == ["The dam.", "The wheel."]
    assert report.shared_ids == 1


def test_ids_do_not_depend_on_the_order_of_the_sources(tmp_path: Path, built: Build) -> None:
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        (tmp_path / name / f"{name}.md").write_text(f"---\nid: x\n---\nThe text of {name}.")
    orders = [(tmp_path / "one", tmp_path / "two"), (tmp_path / "two", tmp_path / "one")]
    first, second = (_bodies(built(*order)[1]) for order in orders)
    assert first == second == {"x": "The text of one.", "x (two.md)": "The text of two."}


def test_a_shared_id_stays_findable(shared: Path, built: Build) -> None:
    _, opened = built(shared / "cases/38-same-id/docs/usage", shared / "cases/38-same-id/docs/install")
    assert len(_bodies(opened)) == 2
    post = opened.post("overview")
    assert isinstance(post, Post)
    allowed = opened.allowed(Filters(posts=("overview",)))
    assert allowed is not None
    assert allowed.all()


def test_each_kind_of_what_is_left_out_is_counted(tmp_path: Path, built: Build) -> None:
    folder = tmp_path / "blog"
    (folder / "node_modules").mkdir(parents=True)
    for name, content in {
        "a.md": "The mill.",
        "draft.md": "---\ndraft: true\n---\nThe plan.",
        "empty.md": "",
        "broken.pdf": "x",
        "logo.png": "x",
        "site.css": "x",
        "node_modules/b.md": "x",
        ".hidden.md": "x",
    }.items():
        (folder / name).write_text(content)
    report, _ = built(folder)
    parts = (report.set_aside, report.not_published, report.empty)
    assert [[Path(part.origin).name for part in kind] for kind in parts] == [["broken.pdf"], ["draft.md"], ["empty.md"]]
    assert (report.posts, report.no_documents) == (1, 2)
    with_drafts = SMALL_CHUNKS.model_copy(update={"sources": SourceSettings(drafts=True)})
    report, opened = built(folder, settings=with_drafts)
    assert sorted(_bodies(opened).values()) == ["The mill.", "The plan."]
