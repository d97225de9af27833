"""Files of this folder that the page is made of: style sheets, scripts, fragments of HTML."""

from __future__ import annotations

from importlib import resources


def web_file(name: str) -> str:
    """The text of a file."""
    return resources.files("qa.web").joinpath(name).read_text(encoding="utf-8")
