"""The fuzzer's targets over generated examples, damaged seeds, and every finding kept."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.fuzzing.seeds import SEEDS
from tests.fuzzing.targets import TARGETS

pytestmark = pytest.mark.slow

FINDINGS = Path(__file__).parent / "findings"


@pytest.mark.parametrize("path", sorted(FINDINGS.glob("*/*")), ids=lambda path: f"{path.parent.name}-{path.name}")
def test_findings_stay_fixed(path: Path) -> None:
    TARGETS[path.parent.name](path.read_bytes())


@pytest.mark.parametrize("name", TARGETS)
def test_seeds_hold_the_invariants_whole_and_truncated(name: str) -> None:
    for seed in SEEDS[name]:
        for end in range(0, len(seed) + 1, max(1, len(seed) // 60)):
            TARGETS[name](seed[:end])


@pytest.mark.parametrize("name", TARGETS)
@pytest.mark.slow
def test_any_bytes_hold_the_invariants(name: str) -> None:
    @settings(max_examples=60)
    @given(st.binary(max_size=300) | st.text(max_size=200).map(lambda text: text.encode("utf-8", "surrogatepass")))
    def any_bytes(data: bytes) -> None:
        TARGETS[name](data)

    any_bytes()


@pytest.mark.parametrize("name", TARGETS)
def test_damaged_seeds_hold_the_invariants(name: str) -> None:
    @settings(max_examples=60)
    @given(st.sampled_from(SEEDS[name]), st.integers(0, 1_000), st.integers(0, 8), st.binary(max_size=8))
    def damaged(seed: bytes, at: int, less: int, more: bytes) -> None:
        at %= len(seed) + 1
        TARGETS[name](seed[:at] + more + seed[at + less :])

    damaged()
