"""Which languages an encoder was made for, as far as its name tells."""

from __future__ import annotations

import re

MULTILINGUAL = frozenset(
    """af am ar as az be bg bn br bs ca cs cy da de el en eo es et eu fa fi fr fy ga gd gl gu ha he hi hr hu hy id is
    it ja jv ka kk km kn ko ku ky la lo lt lv mg mk ml mn mr ms my ne nl no om or pa pl ps pt ro ru sa sd si sk sl so
    sq sr su sv sw ta te th tl tr ug uk ur uz vi xh yi zh""".split()
)
"""The hundred languages of XLM-R, from which multilingual encoders are made."""

_READS_ALL = re.compile(r"multilingual|labse|bge-m3", re.I)


def languages_of(encoder: str) -> frozenset[str]:
    """Two-letter codes of the languages that an encoder of a name reads: English alone, unless the name says more."""
    return MULTILINGUAL if _READS_ALL.search(encoder) else frozenset({"en"})
