"""A server that is told to go finishes what runs, takes nothing new, and goes."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import textwrap
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tests.ports import free_port

ROOT = Path(__file__).resolve().parents[3]
# A server whose every answer waits until a file appears; it says on standard output when a question has come.
SERVER = textwrap.dedent(
    """
    import sys
    from pathlib import Path
    from qa import Assistant
    from qa.server.run import serve
    from qa.server.settings import server_settings
    from tests.stand_ins import WordHashEncoder, plain_weights

    class Slow(Assistant):
        def ask(self, question, **rest):
            if question.startswith("Who"):
                print("asked", flush=True)
                while not Path(sys.argv[3]).exists():
                    pass
            return super().ask(question, **rest)

    serve(Slow(sys.argv[1], encoder=WordHashEncoder(), weights=plain_weights()), server_settings(port=int(sys.argv[2])))
    """
)


def test_sigterm_lets_a_running_question_finish(small_index: Path, tmp_path: Path) -> None:
    port, free = free_port(), tmp_path / "free"
    server = subprocess.Popen(
        [sys.executable, "-c", SERVER, str(small_index), str(port), str(free)],
        cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env={**os.environ, "PYTHONPATH": "."},
    )  # fmt: skip
    assert server.stdout is not None
    assert server.stderr is not None
    assert "Ask the posts at" in server.stdout.readline()
    request = urllib.request.Request(
        f"http://127.0.0.1:{port}/v1/ask",
        json.dumps({"question": "Who built the lighthouse on Gull Rock?"}).encode(),
        {"content-type": "application/json"},
    )
    with ThreadPoolExecutor(1) as pool:
        asking = pool.submit(lambda: urllib.request.urlopen(request, timeout=30).read())
        assert server.stdout.readline() == "asked\n"
        server.send_signal(signal.SIGTERM)
        free.touch()
        assert json.loads(asking.result())["answered"]
    _, logged = server.communicate(timeout=30)
    assert server.returncode in (0, -signal.SIGTERM)
    lines = [json.loads(line) for line in logged.splitlines()]
    assert any(line.get("path") == "/v1/ask" and line.get("status") == 200 for line in lines)
