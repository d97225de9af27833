"""One target under atheris, in a process of its own.

Usage: python -m tests.fuzzing.fuzz TARGET FOLDER [libFuzzer's options]

FOLDER keeps the interesting inputs, and begins with the seeds. The process ends with libFuzzer's own exit
code: not 0 when an invariant was broken, and then the input that broke it is beside it as `crash-…`.
"""

from __future__ import annotations

import sys
from pathlib import Path

import atheris  # the extra `fuzz`

with atheris.instrument_imports(include=["index", "qa"]):
    from tests.fuzzing.seeds import SEEDS
    from tests.fuzzing.targets import TARGETS


def main() -> None:
    """Fuzz until the options' limits are met."""
    name, folder, *options = sys.argv[1:]
    kept = Path(folder)
    kept.mkdir(parents=True, exist_ok=True)
    for number, seed in enumerate(SEEDS[name]):
        (kept / f"seed-{number}").write_bytes(seed)
    atheris.Setup([sys.argv[0], str(kept), *options], TARGETS[name])
    atheris.Fuzz()


if __name__ == "__main__":
    main()
