"""Gradio imported in less than half of its time: without what it does then that a page has no use for."""

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
    """Have gradio in memory.

    At each import it parses the source of every component to write type stubs beside it, and loads the protocol's
    whole SDK for a server of tools that the page does not use (its own is in `qa.server.mcp_tools`).
    """
    os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"  # read at the import: no usage report is sent
    with _without_stubs(), _without("mcp"), _uncollected():
        import gradio  # noqa: F401, PLC0415  # within what makes it quick


@contextmanager
def _without_stubs() -> Iterator[None]:
    """Gradio leaves stubs out where a component's file cannot be told, so it is not told here."""
    getfile = inspect.getfile

    def told(thing: Any) -> str:
        if type(thing).__name__ == "ComponentMeta":
            raise OSError("no stubs are written")
        return getfile(thing)

    with patch.object(inspect, "getfile", told):
        yield


@contextmanager
def _without(package: str) -> Iterator[None]:
    """A package cannot be imported meanwhile, unless it is there already; gradio takes it as not installed."""
    if package in sys.modules:
        yield
        return
    sys.modules[package] = None  # type: ignore[assignment]  # as the import system has it
    try:
        yield
    finally:
        del sys.modules[package]


@contextmanager
def _uncollected() -> Iterator[None]:
    """Modules are made to stay: looking for garbage among them finds none."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
