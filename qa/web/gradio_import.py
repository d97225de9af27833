"""Gradio imported in less than half of its time, without work that the page does not need."""

from __future__ import annotations

import gc
import inspect
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch


def import_gradio() -> None:
    """Import gradio.

    At each import it parses the source of every component to write type stubs beside it, and loads the protocol's
    whole SDK for a server of tools that the page does not use (its own is in `qa.server.mcp_tools`).
    """
    os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"  # read at the import: no usage report is sent
    with _without_stubs(), _without("mcp"), _without_collection():
        import gradio  # noqa: F401, PLC0415  # within what makes it quick


@contextmanager
def _without_stubs() -> Iterator[None]:
    """Gradio writes no stubs where a component's file is unknown, so it is made unknown."""
    getfile = inspect.getfile

    def getfile_or_fail(thing: Any) -> str:
        if type(thing).__name__ == "ComponentMeta":
            raise OSError("no stubs are written")
        return getfile(thing)

    with patch.object(inspect, "getfile", getfile_or_fail):
        yield


@contextmanager
def _without(package: str) -> Iterator[None]:
    """Make a package unimportable, unless it is imported already; gradio takes it as not installed."""
    if package in sys.modules:
        yield
        return
    sys.modules[package] = None  # type: ignore[assignment]  # as the import system has it
    try:
        yield
    finally:
        del sys.modules[package]


@contextmanager
def _without_collection() -> Iterator[None]:
    """Disable garbage collection: modules stay."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
