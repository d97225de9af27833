"""What the fuzzer looks for, over made examples, damaged seeds, and everything it ever found."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.fuzzing.seeds import SEEDS
from tests.fuzzing.targets import TARGETS

FINDINGS = Path(__file__).parent / "findings"


@pytest.mark.parametrize("path", sorted(FINDINGS.glob("*/*")), ids=lambda path: f"{path.parent.name}-{path.name}")
def test_what_was_found_stays_mended(path: Path) -> None:
    TARGETS[path.parent.name](path.read_bytes())


@pytest.mark.parametrize("name", TARGETS)
def test_seeds_are_sound_whole_and_cut_short(name: str) -> None:
    for seed in SEEDS[name]:
        for end in range(0, len(seed) + 1, max(1, len(seed) // 60)):
            TARGETS[name](seed[:end])


@pytest.mark.parametrize("name", TARGETS)
@pytest.mark.slow
def test_any_bytes_hold_the_promises(name: str) -> None:
    @settings(max_examples=60)
    @given(st.binary(max_size=300) | st.text(max_size=200).map(lambda text: text.encode("utf-8", "surrogatepass")))
    def any_bytes(data: bytes) -> None:
        TARGETS[name](data)

    any_bytes()


@pytest.mark.parametrize("name", TARGETS)
def test_seeds_with_something_else_in_them_hold_the_promises(name: str) -> None:
    @settings(max_examples=60)
    @given(st.sampled_from(SEEDS[name]), st.integers(0, 1_000), st.integers(0, 8), st.binary(max_size=8))
    def spoilt(seed: bytes, at: int, less: int, more: bytes) -> None:
        at %= len(seed) + 1
        TARGETS[name](seed[:at] + more + seed[at + less :])

    spoilt()
