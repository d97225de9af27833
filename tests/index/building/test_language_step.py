"""A language that hardly any post has gives way to that of most, unless a post states it or is plainly in it."""

from __future__ import annotations

from pathlib import Path

import pytest

import index
from index.reader import Index
from tests.stand_ins import SMALL_CHUNKS, WordHashEncoder

GERMAN = "Die Mühle wurde 1744 gebaut und steht noch immer am Fluss, wo der Müller das Korn mahlt."
POLISH = "Kot pije."


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Bug fixes.", "en"),
        ("```\nfoo=1\n```", "en"),
        ("Fixed: foo, bar.", "en"),
        (GERMAN, "de"),
        (f"---\nlang: pl\n---\n{POLISH}", "pl"),
    ],
)
def test_a_post_alone_in_its_language(tmp_path: Path, hash_encoder: WordHashEncoder, text: str, language: str) -> None:
    folder = tmp_path / "posts"
    folder.mkdir()
    for number in range(60):
        (folder / f"{number}.md").write_text(f"The mill has {number} wheels, and the toll is paid at the gate.")
    (folder / "alone.md").write_text(text)
    for _ in range(2):  # the second build knows what the first has detected
        index.build([folder], tmp_path / "index", settings=SMALL_CHUNKS, encoder=hash_encoder)
        opened = Index.open(tmp_path / "index")
        assert [post.language for post in opened.posts() if post.origin.endswith("alone.md")] == [language]
        assert set(opened.manifest.languages) == {"en", language}
        opened.close()


def test_without_any_language_posts_stay_without(tmp_path: Path, hash_encoder: WordHashEncoder) -> None:
    (tmp_path / "a.md").write_text("x = 1")
    index.build([tmp_path / "a.md"], tmp_path / "index", settings=SMALL_CHUNKS, encoder=hash_encoder)
    assert Index.open(tmp_path / "index").manifest.languages == ("und",)


@pytest.mark.parametrize(("encoder", "language"), [("words", "en"), ("words-multilingual", "fr")])
def test_a_language_that_the_encoder_reads_needs_less_evidence(tmp_path: Path, encoder: str, language: str) -> None:
    folder = tmp_path / "posts"
    folder.mkdir()
    for number in range(60):
        (folder / f"{number}.md").write_text(f"The mill has {number} wheels, and the toll is paid at the gate.")
    (folder / "alone.md").write_text("La farine coûte 7 couronnes.")
    index.build([folder], tmp_path / "index", settings=SMALL_CHUNKS, encoder=WordHashEncoder(name=encoder))
    opened = Index.open(tmp_path / "index")
    assert [post.language for post in opened.posts() if post.origin.endswith("alone.md")] == [language]
    opened.close()
