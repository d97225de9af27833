"""Question in, cited answer out.

>>> from qa import ask
>>> answer = ask("Who founded Sightbit?", index="my-index")    # doctest: +SKIP
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from index.filters import Filters
    from qa.answer import Answer
    from qa.api import ask, search
    from qa.assistant import Assistant
    from qa.records import Citation, Evidence, Passage, Statement
    from qa.settings import AskSettings

__all__ = [
    "Answer",
    "AskSettings",
    "Assistant",
    "Citation",
    "Evidence",
    "Filters",
    "Passage",
    "Statement",
    "ask",
    "search",
]

_HOMES = {
    "Answer": "qa.answer",
    "AskSettings": "qa.settings",
    "Assistant": "qa.assistant",
    "Citation": "qa.records",
    "Evidence": "qa.records",
    "Filters": "index.filters",
    "Passage": "qa.records",
    "Statement": "qa.records",
    "ask": "qa.api",
    "search": "qa.api",
}


def __getattr__(name: str) -> object:
    """Load a name when it is asked for (PEP 562): completing a command line must not wait for numpy."""
    if name not in _HOMES:
        raise AttributeError(f"module 'qa' has no attribute {name!r}")
    found = getattr(import_module(_HOMES[name]), name)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    return sorted({*globals(), *_HOMES})
