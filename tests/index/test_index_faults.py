"""Builders that are really killed, disks that are really full, two builders at once: what is published stays whole."""

from __future__ import annotations

import fcntl
import os
import signal
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from index.errors import IndexBusy
from index.reader import Index
from tests.stand_ins import POSTS, build_small

REPOSITORY = Path(__file__).parents[2]
# Kills its own process at the n-th of the calls by which a build reaches the disk, named by the first argument.
BUILDER = textwrap.dedent(
    """
    import os, pathlib, resource, signal, sys
    import index
    from index.errors import IndexUnwritten
    from tests.stand_ins import POSTS, SMALL_CHUNKS, WordHashEncoder, write_posts

    what, at, root = sys.argv[1], int(sys.argv[2]), pathlib.Path(sys.argv[3])
    seen = 0
    posts = [{**post, "text": post["text"] + " A second edition."} for post in POSTS]
    source = write_posts(root.with_name("second.jsonl"), posts)

    def dying(original):
        def call(*arguments, **named):
            global seen
            seen += 1
            if seen == at:
                os.kill(os.getpid(), signal.SIGKILL)
            return original(*arguments, **named)
        return call

    if what == "fsync":
        os.fsync = dying(os.fsync)
    elif what == "rename":
        pathlib.Path.rename = dying(pathlib.Path.rename)
    elif what == "replace":
        pathlib.Path.replace = dying(pathlib.Path.replace)
    elif what == "room":
        resource.setrlimit(resource.RLIMIT_FSIZE, (at, at))
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    try:
        index.build([source], root, settings=SMALL_CHUNKS, encoder=WordHashEncoder())
    except IndexUnwritten as error:
        sys.exit(f"{error}")
    sys.stdout.write(str(seen))
    """
)


def _build(root: Path, what: str = "nothing", at: int = 0) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", BUILDER, what, str(at), str(root)],
        cwd=REPOSITORY, check=False, capture_output=True, text=True,
        env={**os.environ, "PYTHONPATH": str(REPOSITORY)},
    )  # fmt: skip


def _edition(root: Path) -> tuple[int, bool]:
    """Which generation is read, and whether all of its posts are of the second edition or none of them."""
    opened = Index.open(root)
    second = {"A second edition." in post.body for post in opened.posts()}
    assert len(list(opened.posts())) == len(POSTS)
    assert len(second) == 1
    found = opened.manifest.generation, second.pop()
    opened.close()
    return found


def _survives(root: Path, died: subprocess.CompletedProcess[str]) -> None:
    """After a builder died the old generation or the new one is read, whole, and the next build succeeds."""
    assert died.returncode != 0
    generation, second = _edition(root)
    assert (generation, second) in {(1, False), (2, True)}
    build_small(root)
    assert _edition(root)[1] is False
    assert not list(root.glob("tmp-*"))


@pytest.mark.parametrize(
    "step", [("rename", 1), ("replace", 1), ("fsync", 1), ("fsync", 9), ("fsync", 21), ("fsync", 24)]
)
def test_a_builder_killed_at_a_step_of_publishing_leaves_a_whole_generation(
    small_index: Path, step: tuple[str, int]
) -> None:
    died = _build(small_index, *step)
    assert died.returncode in {-signal.SIGKILL, 0}
    if died.returncode == 0:
        pytest.skip(f"a build syncs only {died.stdout} times")
    _survives(small_index, died)


@pytest.mark.parametrize("room", [0, 1, 5_000, 20_000])
def test_a_full_disk_is_an_error_and_the_old_generation_is_served(small_index: Path, room: int) -> None:
    died = _build(small_index, "room", room)
    _survives(small_index, died)
    assert str(small_index) in died.stderr
    assert "bytes free" in died.stderr
    assert "Traceback" not in died.stderr


def test_a_second_builder_ends_at_once_and_names_the_first(small_index: Path) -> None:
    with (small_index / "write.lock").open("r+") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        lock.truncate()
        lock.write("4242\n")
        lock.flush()
        with pytest.raises(IndexBusy, match=r"locked by pid 4242: .* in .*Wait for it"):
            build_small(small_index)
    build_small(small_index)
