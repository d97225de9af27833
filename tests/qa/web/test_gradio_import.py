"""Gradio is imported without what the page has no use for, and is whole all the same."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

CHECK = """
import inspect, json, sys
before = inspect.getfile
from qa.web.gradio_import import import_gradio
written = []
sys.addaudithook(lambda event, args: written.append(str(args[0])) if event == 'open' and 'w' in str(args[1]) else None)
import_gradio()
import gradio
print(json.dumps({
    'stubs': [name for name in written if name.endswith('.pyi')],
    'sdk': 'mcp' in sys.modules,
    'same': inspect.getfile is before,
    'chatbot': gradio.Chatbot().get_block_name(),
}))
import mcp
"""


@pytest.mark.slow
def test_importing_gradio_writes_no_stub_loads_no_sdk_and_changes_nothing() -> None:
    done = subprocess.run([sys.executable, "-c", CHECK], capture_output=True, text=True, check=True)
    assert json.loads(done.stdout) == {"stubs": [], "sdk": False, "same": True, "chatbot": "chatbot"}
