"""Builders that can be killed: one process that forks a fresh builder for each build, so that hundreds take minutes.

Usage: python -m tests.faults.builders; each line of standard input is an `Order`, each line of output how the
builder ended, as `waitpid` gives it, and its message.
"""

from __future__ import annotations

import json
import os
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

REPOSITORY = Path(__file__).resolve().parents[2]
STEPS = {
    "a folder is made": "index.building.build:new_folder",
    "posts are read": "index.building.build:read_step",
    "posts are divided into chunks": "index.building.build:chunk_step",
    "chunks are encoded": "index.building.build:encode_step",
    "the checkpoint is written": "index.building.checkpoint:Checkpoint.append",
    "the map is written": "index.building.build:Projection.save",
    "the lexical index is written": "index.building.build:LexicalIndex.save",
    "files are hashed": "index.building.build:file_records",
    "files are read back": "index.storage.generation:verify",
    "the folder is renamed": "pathlib:Path.rename",
    "CURRENT is written": "index.files:sync CURRENT",
    "CURRENT is replaced": "pathlib:Path.replace CURRENT",
    "old generations are removed": "index.storage.generation:collect",
    "the checkpoint is removed": "index.building.checkpoint:Checkpoint.remove",
}
"""Every step of a build by which it reaches the disk, and the function that takes it; where a word follows, only with
a path of that name."""


@dataclass(frozen=True)
class Order:
    """A build, and what is to happen to it.

    Attributes:
        root: The index folder.
        source: The posts.
        step: Kill itself at this step …
        after: … when the step is done, else before it begins.
        seconds: Be killed so long after the build began.
        room: No file may grow beyond so many bytes.
    """

    root: str
    source: str
    step: str = ""
    after: bool = False
    seconds: float = -1
    room: int = -1


@dataclass(frozen=True)
class Ended:
    """How a builder ended: its exit code, or minus the signal's number; its message; how long it took."""

    code: int
    message: str
    seconds: float


class Builders:
    """The process that forks builders."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.faults.builders"],
            cwd=REPOSITORY, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip

    def build(self, order: Order) -> Ended:
        """Have something built, or started."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(asdict(order)) + "\n")
        self._process.stdin.flush()
        return Ended(**json.loads(self._process.stdout.readline()))

    def close(self) -> None:
        """End the process."""
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait()


@contextmanager
def builders() -> Iterator[Builders]:
    """Builders for the time of a block."""
    opened = Builders()
    yield opened
    opened.close()


def main() -> None:
    """Take orders until the input ends."""
    # Loaded here, and not used: the forked builders find everything in memory, and no thread has been started.
    for name in ("index.building.build", "index.sources.jsonl", "tests.stand_ins"):
        import_module(name)
    for line in sys.stdin:
        print(json.dumps(asdict(_built(Order(**json.loads(line))))), flush=True)  # noqa: T201  # the protocol


def _built(order: Order) -> Ended:
    reads, writes = os.pipe()
    started = time.perf_counter()
    child = os.fork()
    if child == 0:
        os.close(reads)
        os._exit(_build(order, writes))
    os.close(writes)
    if order.seconds >= 0:
        time.sleep(order.seconds)
        os.kill(child, signal.SIGKILL)
    with os.fdopen(reads, encoding="utf-8") as pipe:
        message = pipe.read()
    _, status = os.waitpid(child, 0)
    return Ended(os.waitstatus_to_exitcode(status), message, time.perf_counter() - started)


def _build(order: Order, pipe: int) -> int:
    """Build in this process; the exit code."""
    import index
    from index.errors import PostqaError
    from tests.stand_ins import SMALL_CHUNKS, WordHashEncoder

    if order.step:
        _die_at(STEPS[order.step], after=order.after)
    if order.room >= 0:
        resource.setrlimit(resource.RLIMIT_FSIZE, (order.room, order.room))
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    try:
        index.build([order.source], order.root, settings=SMALL_CHUNKS, encoder=WordHashEncoder())
    except PostqaError as error:
        os.write(pipe, str(error).encode())
        return 3
    except BaseException as error:  # what is not one of ours is a finding: the test looks at the code
        os.write(pipe, f"{type(error).__name__}: {error}".encode())
        return 70
    return 0


def _die_at(place: str, *, after: bool) -> None:
    """Replace a function by one that ends the process, as a power cut would."""
    function, _, word = place.partition(" ")
    module, _, name = function.partition(":")
    holder: Any = import_module(module)
    *outer, last = name.split(".")
    for part in outer:
        holder = getattr(holder, part)
    original = holder.__dict__[last]
    call: Callable[..., Any] = original.__func__ if isinstance(original, classmethod) else original

    def dying(*arguments: Any, **named: Any) -> Any:
        is_meant = not word or any(word in argument.name for argument in arguments if isinstance(argument, Path))
        outcome = call(*arguments, **named) if after or not is_meant else None
        if is_meant:
            os.kill(os.getpid(), signal.SIGKILL)
        return outcome

    setattr(holder, last, classmethod(dying) if isinstance(original, classmethod) else dying)


if __name__ == "__main__":
    main()
