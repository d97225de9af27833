"""Documents in, a published index out. Nothing here knows of questions.

>>> import index
>>> report = index.building.build(["posts/"], "my-index")    # doctest: +SKIP
>>> corpus = index.open("my-index")                 # doctest: +SKIP
"""

import sys
from types import ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from index.building.build import build
    from index.reader import Index
    from index.records import BuildReport, Chunk, Post
    from index.settings import BuildSettings

    open = Index.open  # `index.open(path)` is the interface's own name

__all__ = ["BuildReport", "BuildSettings", "Chunk", "Index", "Post", "build", "open"]


class _Package(ModuleType):
    """This package, which loads its names when they are asked for: an error's name must not cost faiss.

    `build` is the function, though importing the module of that name puts the module in its place.
    """

    def __getattribute__(self, name: str) -> Any:
        return _loaded(name) if name in __all__ else super().__getattribute__(name)

    def __dir__(self) -> list[str]:
        return sorted({*super().__dir__(), *__all__})


def _loaded(name: str) -> Any:
    from index.building.build import build  # noqa: PLC0415
    from index.reader import Index  # noqa: PLC0415
    from index.records import BuildReport, Chunk, Post  # noqa: PLC0415
    from index.settings import BuildSettings  # noqa: PLC0415

    return {
        "BuildReport": BuildReport, "BuildSettings": BuildSettings, "Chunk": Chunk, "Index": Index, "Post": Post,
        "build": build, "open": Index.open,
    }[name]  # fmt: skip


sys.modules[__name__].__class__ = _Package
