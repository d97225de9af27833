"""How far a PDF's streams unfold, whatever they are packed with, found out before PDFium fills the memory with them."""

from __future__ import annotations

import base64
import io
import re
import zlib
from collections.abc import Callable, Iterable, Iterator
from itertools import islice, takewhile
from typing import TYPE_CHECKING

from index.errors import SourceError
from index.settings import SourceSettings

if TYPE_CHECKING:
    from pypdfium2 import PdfDocument

_ALWAYS_ALLOWED = 2**20  # bytes that the streams may unfold to together
_SEALED_ALLOWED = 64 * 2**20  # bytes that an encrypted stream of objects might unfold to
_MOST_PER_BYTE = 1_032  # bytes that one byte of Flate can stand for
_PIECE = 2**16
_STREAM = re.compile(rb"(?<!end)stream[^\r\n]{0,80}(?:\r\n?|\n)")
_ESCAPED = re.compile(rb"#([0-9A-Fa-f]{2})")
_FILTER = re.compile(rb"/Filter\s*(\[[^\]]*\]|/[\w.-]+)")
_NAME = re.compile(rb"/([\w.-]+)")
_INDIRECT = re.compile(rb"/Filter\s+(\d+)\s+\d+\s+R")
_VALUE = re.compile(rb"(?<!\d)(\d{1,10})\s+\d+\s+obj\s*(/[\w.-]+|\[[^\]]{0,200}\])\s*endobj")
_IMAGE = re.compile(rb"/Subtype\s*/Image\b")

Pieces = Iterable[bytes]


def open_pdf(data: bytes, where: str, settings: SourceSettings) -> PdfDocument:
    """A PDF whose streams, images apart, together unfold to no more than `settings.max_expansion` allows.

    Raises:
        SourceError: They unfold to more, or it needs a password.
        pypdfium2.PdfiumError: It is broken.
    """
    import pypdfium2  # noqa: PLC0415  # only PDFs should pay for it

    limit = max(_ALWAYS_ALLOWED, settings.max_expansion * len(data))
    is_sealed = b"/Encrypt" in data
    _check(data, limit, where, is_sealed=is_sealed)
    try:
        document = pypdfium2.PdfDocument(data)
        if is_sealed or _INDIRECT.search(data):
            _check(_plainly_written(document), limit, where)
    except pypdfium2.PdfiumError as error:
        if error.err_code != pypdfium2.raw.FPDF_ERR_PASSWORD:
            raise
        raise SourceError("an encrypted PDF", where=where, remedy="Save it without a password.") from error
    return document


def _check(data: bytes, limit: int, where: str, *, is_sealed: bool = False) -> None:
    if not _unfolds_within(data, limit, is_sealed=is_sealed):
        raise SourceError(
            f"its parts unfold to more than {limit:,} bytes", where=where, remedy="Raise sources.max_expansion."
        )


def _plainly_written(document: PdfDocument) -> bytes:
    """A PDF as PDFium writes it again: not encrypted, every object with its own dictionary, streams packed as before.

    The values of `/Filter` that other objects hold are put in their place.
    """
    from pypdfium2 import raw  # noqa: PLC0415  # only PDFs should pay for it

    written = io.BytesIO()
    document.save(written, flags=raw.FPDF_REMOVE_SECURITY)
    text = written.getvalue()
    values = dict(_VALUE.findall(text))
    return _INDIRECT.sub(lambda match: b"/Filter " + values.get(match[1], b""), text)


def _unfolds_within(data: bytes, limit: int, *, is_sealed: bool = False) -> bool:
    """Whether all streams together, every step of unpacking them counted, stay within a number of bytes."""
    counter = _Counter(limit)
    before = 0
    for stream in _STREAM.finditer(data):
        facts = _ESCAPED.sub(
            _unescaped, data[max(before, data.rfind(b"endstream", before, stream.start())) : stream.start()]
        )
        start = before = stream.end()
        own = facts.rpartition(b"obj")[2]
        if _IMAGE.search(own):
            continue
        chains = [list(takewhile(_KNOWN.__contains__, _NAME.findall(names))) for names in _FILTER.findall(facts)]
        if is_sealed and b"/ObjStm" in own:
            packed = data.find(b"endstream", start) - start
            if any(packed * _MOST_PER_BYTE ** len(chain) > max(limit, _SEALED_ALLOWED) for chain in chains):
                return False
            continue
        if not all(counter.unpacks(data, start, chain, early=b"/EarlyChange 0" not in own) for chain in chains):
            return False
    return True


def _unescaped(match: re.Match[bytes]) -> bytes:
    return bytes([int(match[1], 16)])


class _Counter:
    """Unpacks streams as long as all that comes out is within a limit."""

    def __init__(self, limit: int) -> None:
        self._left = limit

    def unpacks(self, data: bytes, start: int, chain: Iterable[bytes], *, early: bool) -> bool:
        """Unpack the stream that begins at a place, filter by filter; False where the limit is passed."""
        pieces: Pieces = (data[at : at + _PIECE] for at in range(start, len(data), _PIECE))
        for name in chain:
            pieces = self._counted(_lzw(pieces, early=early) if name in _LZW else _KNOWN[name](pieces))
        if chain:
            for _ in pieces:
                pass
        return self._left >= 0

    def _counted(self, pieces: Pieces) -> Iterator[bytes]:
        for piece in pieces:
            self._left -= len(piece)
            if self._left < 0:
                return
            yield piece


def _flate(pieces: Pieces) -> Iterator[bytes]:
    unfolding = zlib.decompressobj()
    for piece in pieces:
        rest = piece
        try:
            while rest and not unfolding.eof:
                yield unfolding.decompress(rest, 16 * _PIECE)
                rest = unfolding.unconsumed_tail
        except zlib.error:
            return
        if unfolding.eof:
            return


def _lzw(pieces: Pieces, *, early: bool = True) -> Iterator[bytes]:
    """Codes of 9 to 12 bits, the longest bits first (PDF 32000-1, 7.4.4)."""
    table = [*_LZW_START]
    before, held, bits, width = b"", 0, 0, 9
    for byte in (byte for piece in pieces for byte in piece):
        held, bits = (held << 8 | byte) & 0xFFFFFF, bits + 8
        if bits < width:
            continue
        bits -= width
        code = held >> bits & (1 << width) - 1
        if code == _LZW_CLEAR:
            table, before, width = [*_LZW_START], b"", 9
            continue
        if code == _LZW_END or code > len(table) or (code == len(table) and not before):
            return
        text = table[code] if code < len(table) else before + before[:1]
        if before and len(table) < _LZW_SIZE:
            table.append(before + text[:1])
        yield text
        before = text
        width = min(12, max(9, (len(table) + early).bit_length()))


def _run_length(pieces: Pieces) -> Iterator[bytes]:
    """A length below 128 and so many bytes and one more, or one above and a byte that stands 257 less it times."""
    data = (byte for piece in pieces for byte in piece)
    for length in data:
        if length == 128:
            return
        if length < 128:
            yield bytes(islice(data, length + 1))
        else:
            yield bytes(islice(data, 1)) * (257 - length)


def _hex(pieces: Pieces) -> Iterator[bytes]:
    held = b""
    for piece in pieces:
        held += bytes(byte for byte in piece.partition(b">")[0] if byte in b"0123456789abcdefABCDEF")
        even = len(held) // 2 * 2
        yield bytes.fromhex(held[:even].decode())
        held = held[even:]
        if b">" in piece:
            return


def _base85(pieces: Pieces) -> Iterator[bytes]:
    held = b""
    for piece in pieces:
        kept = bytes(byte for byte in piece.partition(b"~")[0] if 33 <= byte <= 117 or byte == 122)
        held += kept.replace(b"z", b"!!!!!")
        is_last = b"~" in piece
        whole = len(held) if is_last else len(held) // 5 * 5
        try:
            yield base64.a85decode(held[:whole])
        except ValueError:
            return
        held = held[whole:]
        if is_last:
            return


_LZW = (b"LZWDecode", b"LZW")
_LZW_CLEAR, _LZW_END, _LZW_SIZE = 256, 257, 4_096
_LZW_START = (*(bytes([byte]) for byte in range(256)), b"", b"")
_KNOWN: dict[bytes, Callable[[Pieces], Iterator[bytes]]] = {
    b"FlateDecode": _flate,
    b"Fl": _flate,
    b"LZWDecode": _lzw,
    b"LZW": _lzw,
    b"RunLengthDecode": _run_length,
    b"RL": _run_length,
    b"ASCIIHexDecode": _hex,
    b"AHx": _hex,
    b"ASCII85Decode": _base85,
    b"A85": _base85,
    b"Crypt": iter,
}
