"""Documents that people add: kept in a folder of their own and indexed as a new generation."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from time import monotonic, sleep, time

from index.building.build import build
from index.errors import IndexBusy, PostqaError
from index.files import place_file
from index.records import BuildReport, NonEmpty, NotPublished, Post, Record, SetAside
from index.settings import SourceSettings
from index.sources.decoding import clean, path_text
from index.sources.fields import one_line
from index.sources.read import read_posts
from qa.assistant import Assistant
from qa.jobs import JobBusy, JobRunner, JobState

_STAGING = ".staging-"  # prefix of a hidden folder: no build reads it
_LONGEST_NAME = 160  # bytes; file systems take 255
_BUILD_TIMEOUT = 60.0  # seconds that a new generation waits for another build to end
_BUILD_RETRY = 0.5  # seconds between two tries
_STALE_AFTER = 86_400.0  # seconds after which nobody reads a staging folder any more


class UploadError(PostqaError):
    """Documents cannot be added."""


@dataclass(frozen=True)
class Upload:
    """A document as somebody sent it: its name and its bytes."""

    name: str
    content: bytes


def pasted(title: str, text: str) -> Upload:
    """A document made of a title and a text, which are stored as they are: nothing in them is read as markup.

    Raises:
        UploadError: Either is empty.
    """
    if not title.strip() or not text.strip():
        raise UploadError("a pasted post needs a title and a text", remedy="Fill in both.")
    line = json.dumps({"title": title.strip(), "text": text})
    return Upload(f"{title.strip()}.jsonl", f"{line}\n".encode())


class AddedPost(Record):
    """A post that was read from an upload."""

    id: NonEmpty
    title: NonEmpty


@dataclass(frozen=True)
class UploadState(JobState):
    """Progress of the current step, or what came of the last job.

    Attributes:
        step: What is being done.
        added: The posts that were read.
        aside: What could not be read, under the name it was sent with, and why.
        generation: The one that holds what was added.
    """

    step: str = ""
    added: tuple[AddedPost, ...] = ()
    aside: tuple[SetAside, ...] = ()
    generation: int | None = None


class UploadJobs(JobRunner[UploadState]):
    """Puts documents into a folder and the folder into the index.

    Args:
        assistant: Whose index grows; it follows by itself.
        folder: Where documents are kept; made when the first one comes.
        max_bytes: Most that the folder may hold.
    """

    def __init__(self, assistant: Assistant, folder: Path, max_bytes: int) -> None:
        super().__init__("upload", UploadState())
        self._assistant = assistant
        self._folder = folder.absolute()
        self._max_bytes = max_bytes

    def start(self, uploads: Sequence[Upload]) -> None:
        """Begin, and return at once.

        Raises:
            JobBusy: Other documents are being added.
            UploadError: There is no document, or the index does not say what it was built from.
        """
        if not uploads:
            raise UploadError("there is nothing to add", remedy="Choose files, or paste a text with its title.")
        if not self._assistant.index.manifest.sources:
            raise UploadError(
                "the index does not say what it was built from, so that it cannot be built again with more",
                where=self._assistant.index.root,
                remedy="Build it once more with qa build.",
            )
        self._begin(UploadState(step="reading"), lambda: self._add(uploads), _busy)

    def _add(self, uploads: Sequence[Upload]) -> None:
        with _writing(self._folder):
            added, aside = self._keep({_stored_path(upload.name): upload for upload in uploads})
        self._update(added=added, aside=aside)
        if added:
            self._update(generation=self._build().generation)

    def _keep(self, uploads: dict[Path, Upload]) -> tuple[tuple[AddedPost, ...], tuple[SetAside, ...]]:
        """Read the uploads in a staging folder, and move those into the folder that hold a post."""
        self._folder.mkdir(parents=True, exist_ok=True)
        for old in self._folder.glob(f"{_STAGING}*"):  # of a server that was killed
            if time() - old.stat().st_mtime > _STALE_AFTER:
                shutil.rmtree(old, ignore_errors=True)
        with tempfile.TemporaryDirectory(dir=self._folder, prefix=_STAGING) as staging:
            staged = {Path(staging) / path: upload for path, upload in uploads.items()}
            for path, upload in staged.items():
                path.parent.mkdir()
                path.write_bytes(upload.content)
            posts, aside = _read(Path(staging), staged, self._assistant.index.manifest.settings.sources)
            self._require_room(posts)
            for path in posts:
                target = self._folder / path.relative_to(staging)
                target.parent.mkdir(exist_ok=True)
                place_file(path, target)
        return tuple(chain.from_iterable(posts.values())), aside

    def _require_room(self, new: Iterable[Path]) -> None:
        """Replaced documents are counted with what replaces them: for a moment both are there."""
        files = (path for path in self._folder.rglob("*") if path.is_file())
        kept = (path for path in files if not path.relative_to(self._folder).parts[0].startswith(_STAGING))
        held = sum(path.stat().st_size for path in kept)
        more = sum(path.stat().st_size for path in new)
        if held + more > self._max_bytes:
            raise UploadError(
                f"the folder of added posts may hold {self._max_bytes:,} bytes",
                seen=f"{held:,} and {more:,} more",
                remedy="Whoever runs the server can allow more: QA_ADD_TOTAL_BYTES.",
            )

    def _build(self) -> BuildReport:
        snapshot = self._assistant.snapshot
        index = snapshot.index
        sources = list(dict.fromkeys((*map(Path, index.manifest.sources), self._folder)))
        settings = index.manifest.settings.model_copy(update={"strict": False})
        deadline = monotonic() + _BUILD_TIMEOUT
        while True:
            try:
                return build(sources, index.root, settings=settings, encoder=snapshot.encoder, progress=self._progress)
            except IndexBusy:
                if monotonic() > deadline:
                    raise
                self._progress("waiting for another build", 0, None)
                sleep(_BUILD_RETRY)

    def _progress(self, step: str, done: int, total: int | None) -> None:
        self._update(step=step, done=done, total=total)


def _busy(_: UploadState) -> JobBusy:
    return JobBusy("other posts are being added at this moment", remedy="Try again when they are in.")


def _read(
    staging: Path, staged: dict[Path, Upload], settings: SourceSettings
) -> tuple[dict[Path, list[AddedPost]], tuple[SetAside, ...]]:
    """The posts of each staged file that holds any, and what was set aside."""
    posts: dict[Path, list[AddedPost]] = {}
    aside: list[SetAside] = []
    for item in read_posts([staging], settings):
        path = next(path for path in staged if f"{item.origin}#".startswith(f"{path_text(path)}#"))
        if isinstance(item, Post):
            posts.setdefault(path, []).append(AddedPost(id=item.id, title=item.title))
        else:
            name = one_line(staged[path].name)
            origin = item.origin.replace(path_text(path), name)
            stated = f"not published ({item.reason})" if isinstance(item, NotPublished) else item.reason
            reason = stated.replace(item.origin, name).replace(path_text(path), name)
            aside.append(SetAside(origin=origin, reason=reason))
    return posts, tuple(aside)


def _stored_path(name: str) -> Path:
    """Where in the folder a document is kept: in a subfolder of this exact name alone, under a harmless file name.

    The same name gives the same path and replaces what is there; no other name does, however similar.
    """
    digest = hashlib.sha256(name.encode("utf-8", "surrogatepass")).hexdigest()[:16]
    stem, dot, suffix = re.split(r"[/\\]", name)[-1].rpartition(".")
    if not dot:
        stem, suffix = suffix, ""
    harmless = re.sub(r"[^\w -]+", "-", clean(stem)).encode()[:_LONGEST_NAME].decode("utf-8", "ignore").strip("- ")
    ending = re.sub(r"[^a-z0-9]+", "", suffix.lower())[:10]
    return Path(digest, ".".join(filter(None, (harmless or "post", ending))))


@contextmanager
def _writing(folder: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        existing = next(path for path in (folder, *folder.parents) if path.exists())
        raise UploadError(
            "documents cannot be kept",
            where=folder,
            seen=f"{error.strerror}; {shutil.disk_usage(existing).free:,} bytes free",
            remedy="Whoever runs the server can name another folder: QA_ADD_POSTS.",
        ) from error
