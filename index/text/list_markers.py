"""Markers before the items of a list: bullets, numbers and letters."""

from __future__ import annotations

LIST_MARKER = r"(?:[-*+•‣◦▪–]|\(?\d{1,3}[.)])\s+"
"""Pattern of a bullet or a number with the space behind it. A letter is none of them: "J. Smith" begins a sentence."""
ITEM_MARKER = rf"(?:{LIST_MARKER}|\(?[a-zA-Z][.)]\s+)"
"""The same with letters ("a)", "B."), for lines that begin an item of a list."""
