"""Documents in, a published index out. Nothing here knows of questions.

>>> import index
>>> report = index.build(["posts/"], "my-index")    # doctest: +SKIP
>>> corpus = index.open("my-index")                 # doctest: +SKIP
"""

from index.build import build
from index.reader import Index
from index.records import BuildReport, Chunk, Post
from index.settings import BuildSettings

open = Index.open  # `index.open(path)` is the interface's own name

__all__ = ["BuildReport", "BuildSettings", "Chunk", "Index", "Post", "build", "open"]
