"""What every step of a build works with."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from index.building.reuse import Previous
from index.encoders import Encoder
from index.settings import BuildSettings
from index.storage.post_writer import PostWriter

Progress = Callable[[str, int, int | None], None]
"""Called with a step's name, how much is done and, where it is known, how much there is."""


@dataclass(frozen=True)
class BuildJob:
    """A build on its way.

    Attributes:
        root: The index folder.
        folder: Where the new generation is written.
        store: Its posts and chunks.
        previous: The generation before, where its work can be used again.
    """

    sources: tuple[Path, ...]
    root: Path
    folder: Path
    settings: BuildSettings
    encoder: Encoder
    store: PostWriter
    previous: Previous | None
    progress: Progress
