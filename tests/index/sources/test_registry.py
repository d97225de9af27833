"""Readers of documents: built in, or registered by an installed package."""

from __future__ import annotations

import doctest
import re
from collections.abc import Callable
from pathlib import Path

import pytest

import index
import index.plugins
import index.sources.registry
from index.records import Document, Post, SetAside
from index.sources.registry import READERS, reader_for, suffixes
from tests.fake_packages import install_example, install_package
from tests.stand_ins import SMALL_CHUNKS, WordHashEncoder

Written = Callable[[str, str | bytes], Document]
ReadAll = Callable[..., tuple[list[Post], list[SetAside]]]
Install = Callable[[str, str], None]


@pytest.fixture
def install(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Install:
    """Install a package whose `read` reads `.toy`."""

    def added(name: str, source: str) -> None:
        folder = tmp_path_factory.mktemp(name)
        install_package(folder, monkeypatch, name, source, {READERS.group: {"toy": f"{name}:read"}})

    return added


def test_the_example_in_the_docstring_runs() -> None:
    assert doctest.testmod(index.sources.registry).failed == 0


def test_a_built_in_suffix_has_its_reader_in_any_case() -> None:
    assert reader_for(".PDF") is reader_for(".pdf")


def test_the_plug_in_of_the_guide_reads_a_foreign_format_into_an_index(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    install_example("Readers of documents", tmp_path / "packages", monkeypatch)
    assert suffixes()[-1] == ".notes"
    (tmp_path / "posts").mkdir()
    (tmp_path / "posts" / "harbour.notes").write_text(
        "Wall: The wall is 90 m long.\n\nno title here\nLamp: Lit in 1874."
    )
    sources, root = [tmp_path / "posts"], tmp_path / "index"
    report = index.build(sources, root, settings=SMALL_CHUNKS, encoder=WordHashEncoder())
    opened = index.open(root)
    assert [(post.title, post.body) for post in opened.posts()] == [
        ("Wall", "The wall is 90 m long."),
        ("Lamp", "Lit in 1874."),
    ]
    assert [post.origin.rpartition("/")[2] for post in opened.posts()] == ["harbour.notes#L1", "harbour.notes#L4"]
    assert [item.reason for item in report.set_aside] == ["no title. Write it before a colon."]
    opened.close()


def test_installed_packages_are_not_searched_for_built_in_suffixes(
    written: Written, read_all: ReadAll, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(index.plugins, "entry_points", lambda **_: pytest.fail("searched"))
    written("a.md", "Text.")
    assert len(read_all()[0]) == 1


def test_installed_packages_are_searched_once_for_each_unknown_suffix(
    written: Written, read_all: ReadAll, monkeypatch: pytest.MonkeyPatch
) -> None:
    searched: list[str] = []

    def search(*, group: str, name: str = "") -> tuple[()]:
        searched.append(name)
        return ()

    monkeypatch.setattr(index.plugins, "entry_points", search)
    for name in ("a.png", "b.png", "c.png", "d.doc"):
        written(name, "x")
    assert len(read_all()[1]) == 4
    assert sorted(filter(None, searched)) == ["doc", "png"]


def test_a_suffix_without_reader_is_set_aside_with_those_that_have_one(written: Written, read_all: ReadAll) -> None:
    written("photo.xyz", "x")
    written("README", "x")
    _, set_aside = read_all()
    readme, photo = (item.reason for item in set_aside)
    assert photo.startswith("no reader for .xyz. Convert it to one of .md .markdown .mdown .mkd .mdx")
    assert readme.startswith("no reader for a name without suffix")


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("1 / 0", r"the plug-in 'toy' of .* cannot be imported .*division by zero.*Update or uninstall"),
        ("read = 1", r"the reader of \.toy failed in .*a\.toy .*not callable.*Report it to "),
        (
            "def read(document, settings):\n    raise OSError('of its own')",
            r"the reader of \.toy failed in .*OSError: of its own",
        ),
        (
            "def read(document, settings):\n    yield 'text'",
            r"the reader of \.toy failed in .*it yields str, not DraftPost or SetAside",
        ),
        ("def read(document, settings):\n    return []", r"no post in it"),
        (
            "from index.errors import SourceError\ndef read(document, settings):\n    raise SourceError('locked')",
            r"locked\.",
        ),
    ],
    ids=["import", "not callable", "own error", "wrong type", "nothing", "source error"],
)
def test_a_plug_in_that_fails_sets_its_document_aside_and_the_next_one_is_read(
    written: Written, read_all: ReadAll, install: Install, source: str, reason: str, request: pytest.FixtureRequest
) -> None:
    install(f"toy_{request.node.callspec.id.replace(' ', '_')}", source)
    written("a.toy", "x")
    written("z.md", "Good.")
    posts, (item,) = read_all()
    assert [post.body for post in posts] == ["Good."]
    assert item.origin.endswith("a.toy")
    assert re.match(reason, item.reason), item.reason


def test_running_out_of_memory_in_a_plug_in_is_not_hidden(
    written: Written, read_all: ReadAll, install: Install
) -> None:
    install("toy_memory", "def read(document, settings):\n    raise MemoryError")
    written("a.toy", "x")
    with pytest.raises(MemoryError):
        read_all()


def test_posts_of_a_plug_in_are_cleaned_like_all_others(written: Written, read_all: ReadAll, install: Install) -> None:
    source = "from index.sources.draft_post import DraftPost\ndef read(document, settings):\n"
    install("toy_dirty", f"{source}    yield DraftPost(title='a\\0b', body='x\\u202ey', url='javascript:x')")
    written("a.toy", "x")
    ((post,), _) = read_all()
    assert (post.title, post.body, post.url) == ("ab", "xy", None)
