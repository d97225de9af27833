"""The real model, each backend loaded once for all tests that need it."""

from __future__ import annotations

import pytest

from index.encoders import Encoder
from index.encoders.installed.loading import load_encoder
from index.encoders.protocol import FLOAT, INT8


@pytest.fixture(scope="session")
def real_encoder() -> Encoder:
    """The default model in floating point: the reference."""
    return load_encoder(backend=FLOAT)


@pytest.fixture(scope="session")
def fast_encoder() -> Encoder:
    """The default model as the product loads it: in 8-bit integers."""
    return load_encoder(backend=INT8)
