"""PDFs written by hand."""

from __future__ import annotations

import base64
import zlib
from collections.abc import Callable, Sequence
from itertools import groupby
from typing import NamedTuple

_FONTS = (
    b"<< /F1 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >> "
    b"/F2 << /Type /Font /Subtype /Type1 /BaseFont /Courier >> "
    b"/F3 << /Type /Font /Subtype /Type0 /BaseFont /SimSun /Encoding /UniGB-UTF16-H /DescendantFonts "
    b"[<< /Type /Font /Subtype /CIDFontType2 /BaseFont /SimSun /DW 1000 "
    b"/CIDSystemInfo << /Registry (Adobe) /Ordering (GB1) /Supplement 5 >> >>] >> >>"
)


class Placed(NamedTuple):
    """A line at a place, in points from the lower left corner."""

    x: float
    y: float
    text: str
    size: float = 12
    font: str = "F1"


class Field(NamedTuple):
    """A form's text field."""

    x: float
    y: float
    name: str
    value: str


def make_pdf(
    *pages: Sequence[str | Placed],
    title: str = "",
    author: str = "",
    blanks: int = -1,
    fields: Sequence[Field] = (),
    rotate: int = 0,
    filters: Sequence[str] = ("FlateDecode",),
) -> bytes:
    """A PDF of these lines on these pages.

    Lines without a place stand under each other. Letters beyond Latin-1 are written in F3.

    Args:
        blanks: Pack each page's content, with so many blanks behind it; none packs nothing.
        fields: A form's fields on the first page.
        rotate: Degrees by which a viewer turns the pages.
        filters: What content is packed with, the outermost first.
    """
    contents = [_page_content(lines) for lines in pages]
    packed = b"" if blanks < 0 else f" /Filter [{' '.join(f'/{name}' for name in filters)}]".encode()
    for name in reversed(filters if packed else ()):
        pack = _PACK[name.replace("#61", "a")]
        contents = [pack(content + b" " * blanks if name == filters[-1] else content) for content in contents]
    first = 5  # objects 1 to 4 are catalog, pages, fonts and metadata
    kids = " ".join(f"{first + 2 * at} 0 R" for at in range(len(pages)))
    widgets = " ".join(f"{first + 2 * len(pages) + at} 0 R" for at in range(len(fields)))
    objects = [
        f"<< /Type /Catalog /Pages 2 0 R /AcroForm << /Fields [{widgets}] >> >>".encode(),
        f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>".encode(),
        _FONTS,
        f"<< /Title ({_escaped(title)}) /Author ({author}) >>".encode("latin-1"),
    ]
    for at, content in enumerate(contents):
        annotations = f"/Annots [{widgets}]" if at == 0 else ""
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents {first + 2 * at + 1} 0 R "
            f"/Rotate {rotate} /Resources << /Font 3 0 R >> {annotations} >>".encode()
        )
        objects.append(b"<< /Length %d%s >>\nstream\n%s\nendstream" % (len(content), packed, content))
    objects += [
        f"<< /Type /Annot /Subtype /Widget /FT /Tx /T ({field.name}) /V ({field.value}) "
        f"/Rect [{field.x} {field.y} {field.x + 150} {field.y + 18}] >>".encode()
        for field in fields
    ]
    return _assembled(objects)


def _page_content(lines: Sequence[str | Placed]) -> bytes:
    placed = [line if isinstance(line, Placed) else Placed(72, 720 - 14 * at, line) for at, line in enumerate(lines)]
    return b"\n".join(map(_shown, placed))


def _shown(line: Placed) -> bytes:
    try:
        font, text = line.font, b"(" + _escaped(line.text).encode("latin-1") + b")"
    except UnicodeEncodeError:
        font, text = "F3", b"<" + line.text.encode("utf-16-be").hex().encode() + b">"
    return f"BT /{font} {line.size} Tf {line.x} {line.y} Td ".encode() + text + b" Tj ET"


def _escaped(text: str) -> str:
    return text.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")


def _assembled(objects: list[bytes]) -> bytes:
    data, offsets = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, 1):
        offsets.append(len(data))
        data += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    rows = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    size = len(objects) + 1
    trailer = b"trailer << /Size %d /Root 1 0 R /Info 4 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (size, len(data))
    return data + b"xref\n0 %d\n0000000000 65535 f \n%s%s" % (size, rows, trailer)


def _run_lengths(data: bytes) -> bytes:
    runs = ((byte, len(list(run))) for byte, run in groupby(data))
    pieces = ((byte, min(128, length - at)) for byte, length in runs for at in range(0, length, 128))
    return b"".join(bytes([0, byte] if length == 1 else [257 - length, byte]) for byte, length in pieces) + b"\x80"


def _lzw(data: bytes) -> bytes:
    """Codes of 9 to 12 bits; the table is cleared before it is full."""
    table: dict[bytes, int] = {}
    written, at = "", 0
    while at < len(data):
        if not table or len(table) > 4_000:
            written += f"{256:0{_width(table)}b}"
            table = {bytes([byte]): byte for byte in range(256)} | {b"clear": 256, b"end": 257}
        end = at + 1
        while end < len(data) and data[at : end + 1] in table:
            end += 1
        written += f"{table[data[at:end]]:0{_width(table)}b}"
        table[data[at : end + 1]] = len(table)
        at = end
    written += f"{257:0{_width(table)}b}"
    return int(written.ljust(-(-len(written) // 8) * 8, "0"), 2).to_bytes(-(-len(written) // 8), "big")


def _width(table: dict[bytes, int]) -> int:
    return min(12, max(9, len(table).bit_length()))


_PACK: dict[str, Callable[[bytes], bytes]] = {
    "FlateDecode": lambda data: zlib.compress(data, 9),
    "ASCIIHexDecode": lambda data: data.hex().encode() + b">",
    "ASCII85Decode": lambda data: base64.a85encode(data) + b"~>",
    "RunLengthDecode": _run_lengths,
    "LZWDecode": _lzw,
}
