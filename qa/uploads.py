"""Documents that people add: kept in a folder of their own, read before they count, and indexed as a new generation."""

from __future__ import annotations

import hashlib
import json
import logging
import re
import shutil
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from threading import Condition, Thread
from typing import Any

from index.building.build import build
from index.errors import IndexBusy, PostqaError
from index.files import sync
from index.records import BuildReport, NonEmpty, Post, Record, SetAside
from index.settings import SourceSettings
from index.sources.decoding import clean, shown
from index.sources.fields import one_line
from index.sources.read import read_posts
from qa.assistant import Assistant

_LOG = logging.getLogger(__name__)
_STAGING = ".staging-"  # a hidden folder: no build reads it
_BROKEN = "something went wrong, and the documents were not added"
_LONGEST_NAME = 160  # bytes; file systems take 255
_PATIENCE = 60.0  # seconds that a new generation waits for another build to end
_LEFT = 86_400.0  # seconds after which a lot is no longer being read
_STEP = 0.5  # seconds between two tries


class AddingError(PostqaError):
    """Documents cannot be added."""


class AddingBusy(AddingError):
    """Others are being added at this moment."""


@dataclass(frozen=True)
class Given:
    """A document as somebody gave it: the name it came with, and its bytes."""

    name: str
    content: bytes


def pasted(title: str, text: str) -> Given:
    """A document out of a title and a text; they are stored as they are, and nothing in them is taken for markup.

    Raises:
        AddingError: Either is empty.
    """
    if not title.strip() or not text.strip():
        raise AddingError("a pasted post needs a title and a text", remedy="Fill in both.")
    line = json.dumps({"title": title.strip(), "text": text})
    return Given(f"{title.strip()}.jsonl", f"{line}\n".encode())


class Added(Record):
    """A post that came in."""

    id: NonEmpty
    title: NonEmpty


@dataclass(frozen=True)
class AddState:
    """Where the adding of documents stands.

    Attributes:
        step: What is done at this moment, with how much of it and, where it is known, out of how much.
        added: The posts that came in.
        aside: What could not be read, under the name it came with, and why.
        generation: The one that holds what was added.
        fault: Why it ended without one.
    """

    running: bool = False
    step: str = ""
    done: int = 0
    total: int | None = None
    added: tuple[Added, ...] = ()
    aside: tuple[SetAside, ...] = ()
    generation: int | None = None
    fault: str | None = None


class Adding:
    """Takes documents into a folder and the folder into the index, one lot at a time.

    Args:
        assistant: Whose index grows; it follows by itself.
        folder: Where documents are kept; made when the first one comes.
        most_bytes: Most that the folder may hold.
    """

    def __init__(self, assistant: Assistant, folder: Path, most_bytes: int) -> None:
        self._assistant = assistant
        self._folder = folder.absolute()
        self._most_bytes = most_bytes
        self._changed = Condition()
        self._state = AddState()

    @property
    def state(self) -> AddState:
        """As it is now."""
        return self._state

    def start(self, documents: Sequence[Given]) -> None:
        """Begin, and return at once.

        Raises:
            AddingBusy: Another lot is being added.
            AddingError: There is no document, or the index does not say what it was built from.
        """
        if not documents:
            raise AddingError("there is nothing to add", remedy="Choose files, or paste a text with its title.")
        if not self._assistant.index.manifest.sources:
            raise AddingError(
                "the index does not say what it was built from, so that it cannot be built again with more",
                where=self._assistant.index.root,
                remedy="Build it once more with qa build.",
            )
        with self._changed:
            if self._state.running:
                raise AddingBusy("other posts are being added at this moment", remedy="Try again when they are in.")
            self._state = AddState(running=True, step="reading")
        Thread(target=self._run, args=(tuple(documents),), name="adding", daemon=True).start()

    def wait(self, patience: float) -> AddState:
        """The state when nothing runs any more, or as it is when patience (seconds) ends."""
        with self._changed:
            self._changed.wait_for(lambda: not self._state.running, patience)
            return self._state

    def _run(self, documents: tuple[Given, ...]) -> None:
        try:
            found = self._taken_in(documents)
            self._become(added=found.added, aside=found.aside)
            if found.added:
                self._become(generation=self._built().generation)
        except PostqaError as error:
            self._become(running=False, fault=str(error))
        except Exception:  # the thread's last line: what is added must not be said to be added for ever
            _LOG.exception("documents could not be added")
            self._become(running=False, fault=_BROKEN)
        else:
            self._become(running=False)

    def _taken_in(self, documents: tuple[Given, ...]) -> _Found:
        """Read everything apart from the folder, and move in what holds a post."""
        with _writing(self._folder):
            self._folder.mkdir(parents=True, exist_ok=True)
            _remove_left(self._folder)
            with tempfile.TemporaryDirectory(dir=self._folder, prefix=_STAGING) as beside:
                staging = Path(beside)
                names = {_place(one.name): one for one in documents}  # of two with one name the latter counts
                for place, one in names.items():
                    (staging / place).parent.mkdir()
                    (staging / place).write_bytes(one.content)
                found = _read(staging, names, self._assistant.index.manifest.settings.sources)
                self._require_room(found.places, staging)
                for place in found.places:
                    _move(staging / place, self._folder / place)
        return found

    def _require_room(self, places: Sequence[Path], staging: Path) -> None:
        """Replaced documents are counted with what replaces them: for a moment both are there."""
        held = sum(path.stat().st_size for path in self._folder.rglob("*") if _is_kept(path, self._folder))
        coming = sum((staging / place).stat().st_size for place in places)
        if held + coming > self._most_bytes:
            raise AddingError(
                f"the folder of added posts may hold {self._most_bytes:,} bytes",
                seen=f"{held:,} and {coming:,} more",
                remedy="Whoever runs the server can allow more: QA_ADD_TOTAL_BYTES.",
            )

    def _built(self) -> BuildReport:
        manifest = self._assistant.index.manifest
        sources = dict.fromkeys((*map(Path, manifest.sources), self._folder))
        settings = manifest.settings.model_copy(update={"strict": False})
        begun = time.monotonic()
        while True:
            try:
                return build(
                    list(sources),
                    self._assistant.index.root,
                    settings=settings,
                    encoder=self._assistant.encoder,
                    progress=self._tell,
                )
            except IndexBusy:
                if time.monotonic() - begun > _PATIENCE:
                    raise
                self._tell("waiting for another build", 0, None)
                time.sleep(_STEP)

    def _tell(self, step: str, done: int, total: int | None) -> None:
        self._become(step=step, done=done, total=total)

    def _become(self, **changed: Any) -> None:
        with self._changed:
            self._state = replace(self._state, **changed)
            self._changed.notify_all()


@dataclass(frozen=True)
class _Found:
    """What was read of a lot, and which of its documents hold a post."""

    added: tuple[Added, ...]
    aside: tuple[SetAside, ...]
    places: tuple[Path, ...]


def _read(staging: Path, names: dict[Path, Given], settings: SourceSettings) -> _Found:
    added: list[Added] = []
    aside: list[SetAside] = []
    places: dict[Path, None] = {}
    origins = {shown(staging / place): place for place in names}
    for one in read_posts([staging], settings):
        place, at = _placed(one.origin, origins)
        if isinstance(one, Post):
            added.append(Added(id=one.id, title=one.title))
            places[place] = None
        else:
            name = one_line(names[place].name)
            reason = one.reason.replace(one.origin, name).replace(shown(staging / place), name)
            aside.append(SetAside(origin=f"{name}{at}", reason=reason))
    return _Found(tuple(added), tuple(aside), tuple(places))


def _placed(origin: str, origins: dict[str, Path]) -> tuple[Path, str]:
    """Which document something was read from, and where in it."""
    document = next(one for one in origins if origin == one or origin.startswith(f"{one}#"))
    return origins[document], origin[len(document) :]


def _place(name: str) -> Path:
    """Where in the folder a document is kept: in a folder that only this very name has, under a harmless one.

    The same name comes to the same place and replaces what is there; no other name does, however alike.
    """
    digest = hashlib.sha256(name.encode("utf-8", "surrogatepass")).hexdigest()[:16]
    last = re.split(r"[/\\]", name)[-1]
    stem, dot, suffix = last.rpartition(".")
    if not dot:
        stem, suffix = last, ""
    harmless = re.sub(r"[^\w -]+", "-", clean(stem)).encode()[:_LONGEST_NAME]
    kept = harmless.decode("utf-8", "ignore").strip("- ")
    ending = re.sub(r"[^a-z0-9]+", "", suffix.lower())[:10]
    return Path(digest) / (f"{kept or 'post'}.{ending}" if ending else kept or "post")


def _move(source: Path, target: Path) -> None:
    """Put a document in its place, whole, in one step; what had this name before makes room for it."""
    target.parent.mkdir(exist_ok=True)
    sync(source)
    source.replace(target)
    sync(target.parent)


def _remove_left(folder: Path) -> None:
    """Take away what a server left that was killed long ago."""
    for left in folder.glob(f"{_STAGING}*"):
        if time.time() - left.stat().st_mtime > _LEFT:
            shutil.rmtree(left, ignore_errors=True)


def _is_kept(path: Path, folder: Path) -> bool:
    inside = path.relative_to(folder)
    return not inside.parts[0].startswith(_STAGING) and path.is_file()


@contextmanager
def _writing(folder: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise AddingError(
            "documents cannot be kept",
            where=folder,
            seen=f"{error.strerror}; {_free(folder):,} bytes free",
            remedy="Whoever runs the server can name another folder: QA_ADD_POSTS.",
        ) from error


def _free(folder: Path) -> int:
    there = next(one for one in (folder, *folder.parents) if one.exists())
    return shutil.disk_usage(there).free
