"""What a parser raises becomes a SourceError; what the machine raises does not."""

from __future__ import annotations

import pytest

from index.errors import SourceError
from index.sources.parse_errors import parse_errors, set_aside


class OfTheParserError(Exception):
    """Stands for a third-party parser's own base error."""


@pytest.mark.parametrize(
    "error",
    [ValueError("bad"), KeyError("k"), RecursionError("deep"), OfTheParserError("own"), TypeError("t")],
)
def test_a_parsers_failure_names_the_document_the_value_seen_and_the_remedy(error: Exception) -> None:
    with (
        pytest.raises(SourceError, match=r"broken in a\.pdf .*seen: .*Repair it") as caught,
        parse_errors("a.pdf", OfTheParserError, what="broken", remedy="Repair it."),
    ):
        raise error
    assert caught.value.__cause__ is error


@pytest.mark.parametrize("error", [MemoryError(), KeyboardInterrupt(), ImportError("lxml"), OSError(28, "full")])
def test_what_the_machine_raises_passes_through(error: BaseException) -> None:
    with pytest.raises(type(error)), parse_errors("a.pdf", what="broken", remedy=""):
        raise error


def test_a_source_error_keeps_its_own_words() -> None:
    with pytest.raises(SourceError, match="encrypted"), parse_errors("a.pdf", what="broken", remedy=""):
        raise SourceError("encrypted")


def test_a_reason_is_worded_like_an_error() -> None:
    assert set_aside("a.md", "no text", seen="0 bytes", remedy="Fill it.").reason == "no text (seen: 0 bytes). Fill it."
