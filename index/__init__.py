"""Documents in, a published index out. Nothing here knows of questions.

>>> import index
>>> report = index.build(["posts/"], "my-index")    # doctest: +SKIP
>>> corpus = index.open("my-index")                 # doctest: +SKIP
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from index.building.build import build
    from index.reader import Index
    from index.records import BuildReport, Chunk, Post
    from index.settings import BuildSettings

    open = Index.open  # `index.open(path)` is the interface's own name

__all__ = ["BuildReport", "BuildSettings", "Chunk", "Index", "Post", "build", "open"]

_MODULES = {
    "BuildReport": "index.records",
    "BuildSettings": "index.settings",
    "Chunk": "index.records",
    "Index": "index.reader",
    "Post": "index.records",
    "build": "index.building.build",
}


def __getattr__(name: str) -> object:
    """Load a public name on first use (PEP 562), so that importing an error class does not load faiss."""
    if name == "open":
        value: object = import_module("index.reader").Index.open
    elif name in _MODULES:
        value = getattr(import_module(_MODULES[name]), name)
    else:
        raise AttributeError(f"module 'index' has no attribute {name!r}")
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
