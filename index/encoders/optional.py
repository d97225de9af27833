"""Packages that a thin installation leaves out."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from index.errors import EncoderError

SENTENCE_TRANSFORMERS = "Install it: pip install 'sentence-transformers>=6,<7'."


@contextmanager
def optional_import(feature: str, remedy: str, error_type: type[EncoderError] = EncoderError) -> Iterator[None]:
    """Import inside the block what a feature needs.

    Raises:
        EncoderError: A package is missing; names it and the remedy.
    """
    try:
        yield
    except ImportError as error:
        what = f"{feature} needs a package that is not installed"
        raise error_type(what, where=error.name, seen=error, remedy=remedy) from error
