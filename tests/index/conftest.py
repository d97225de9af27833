"""The real model, loaded once for all tests that need it."""

from __future__ import annotations

import pytest

from index.encoders import Encoder, load_encoder


@pytest.fixture(scope="session")
def real_encoder() -> Encoder:
    """The default encoder, as the product loads it."""
    return load_encoder()
