"""Languages are detected where there is evidence for one, and said to be unknown where there is none."""

from __future__ import annotations

from pathlib import Path

import pytest

from index.sources.language import detect_language, evidence


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("The toll is 7 crowns for rye.", "en"),
        ("Die Mühle steht am Fluss.", "de"),
        ("El molino está junto al río.", "es"),
        ("Ｔｈｅ ｐｒｉｃｅ ｏｆ ｔｈｅ ｆｌｏｕｒ ｉｓ ５００ ｙｅｎ.", "en"),
        ("Bug fixes.", "und"),
        ("Nuevo libro disponible sobre el molino", "es"),
        ("Das Mehl kostet 7 Kronen. The flour costs 7 crowns. La farine coûte 7 couronnes.", "und"),
        ("x = 1", "und"),
        ("12 + 34", "und"),
        ("", "und"),
    ],
)
def test_a_language_is_named_where_there_is_enough_evidence(text: str, language: str) -> None:
    assert detect_language(text) == language


@pytest.mark.parametrize(
    ("name", "language"),
    [
        *(("astral", "en"), ("soft", "en"), ("ls", "en"), ("nfd", "fr")),
        *(("he", "he"), ("ja", "ja"), ("rtl", "ar"), ("th", "th")),
    ],
)
def test_the_language_of_each_case(shared: Path, name: str, language: str) -> None:
    assert detect_language((shared / "cases/22-unicode" / f"{name}.md").read_text()) == language


def test_evidence_grows_with_the_text() -> None:
    german = "Die Mühle wurde 1744 gebaut und steht noch immer am Fluss, wo der Müller das Korn mahlt."
    assert evidence(german, "de", "en") > evidence("Die Mühle.", "de", "en") > 0
    assert evidence("1 2 3", "und", "en") == 0
    assert evidence("Die Mühle.", "und", "en") < 0
