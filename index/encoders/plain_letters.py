"""Full-width and mathematical letters and digits as the plain ones that vocabularies of models have."""

from __future__ import annotations

import unicodedata

_RANGES = ((0xFF01, 0xFF5E), (0x2102, 0x2149), (0x1D400, 0x1D7FF))  # full-width, letterlike, mathematical
_PLAIN = {
    code: plain
    for first, last in _RANGES
    for code in range(first, last + 1)
    if len(plain := unicodedata.normalize("NFKC", chr(code))) == 1
}


def plain_letters(text: str) -> str:
    """A text of the same length with every such letter replaced, so that places in it stay true.

    >>> plain_letters("Ｔｈｅ ５００ 𝐛𝐨𝐥𝐝 …")
    'The 500 bold …'
    """
    return text if text.isascii() else text.translate(_PLAIN)
