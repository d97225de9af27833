"""Where a page has the title of its text, and what on the page does not belong to that text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from lxml import etree  # type: ignore[import-untyped]  # lxml ships no types

from index.sources.fields import one_line
from index.sources.html_cleaning import names_of, text_of

_MOST_HEADINGS = 100
_LEVELS = 4  # boxes around the title
_OTHER_PARTS = re.compile(
    r"(?<![a-z])(?:comments?|related|side-?bar|teasers?|widgets?|popular|latest|(?<!h-)cards?|promo|listing|archive|nav|"
    r"navigation|navbar)(?![a-z])|recommend",
    re.I,
)


def names_other_part(names: str) -> bool:
    """Whether class names are those of comments, teasers or the margin."""
    return bool(_OTHER_PARTS.search(names))


class ArticleHead:
    """The heading that is a page's title, and what belongs to the text under it."""

    def __init__(self, tree: etree._Element, title: str | None) -> None:
        headings = list(islice(tree.iter("h1", "h2"), _MOST_HEADINGS))
        named = (heading for heading in headings if title and one_line(text_of(heading)) == title)
        first = next((heading for heading in headings if heading.tag == "h1"), None)
        self.heading: etree._Element | None = next(named, first)
        around = () if self.heading is None else self.heading.iterancestors()
        self._around = {*around, *tree.iter("html", "body", "main")}

    def is_elsewhere(self, element: etree._Element) -> bool:
        """Whether an element belongs to something other than the text under the title."""
        boxes = (box for box in element.iterancestors() if box not in self._around)
        return any(e.tag in ("aside", "nav") or names_other_part(names_of(e)) for e in islice(boxes, 6))

    def boxes(self) -> Iterator[etree._Element]:
        """What the title stands in, from the inside, as far as it is not the whole page."""
        for box in () if self.heading is None else islice(self.heading.iterancestors(), _LEVELS):
            if box.tag in ("html", "body"):
                return
            yield box
