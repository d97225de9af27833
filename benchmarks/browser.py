"""A browser without a window and a page of the sample posts, for what is measured and shown of the page."""

from __future__ import annotations

import http.client
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from selenium import webdriver
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.support.ui import WebDriverWait

ENTRY = "body.pq-whole #pq-question-box textarea"  # shown when the page is whole
_APP = Path("app.py").absolute()
_FLAGS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--hide-scrollbars",
)  # fmt: skip


@dataclass(frozen=True)
class Running:
    """A started `app.py`.

    Attributes:
        begun: `time.perf_counter()` when it was started.
    """

    address: str
    process: subprocess.Popen[bytes]
    begun: float


def browser(width: int = 1280, height: int = 900) -> webdriver.Chrome:
    """Debian's chromium through its driver; ends the program with a sentence where there is none."""
    paths = [shutil.which(name) or "" for name in ("chromium", "chromedriver")]
    if not all(paths):
        sys.exit("chromium and chromedriver are needed: Debian's packages chromium and chromium-driver")
    options = webdriver.ChromeOptions()
    options.binary_location = paths[0]
    for flag in (*_FLAGS, f"--window-size={width},{height}"):
        options.add_argument(flag)
    return webdriver.Chrome(options=options, service=Service(paths[1]))


@contextmanager
def running(index: Path, port: int = 0, **settings: str) -> Iterator[Running]:
    """Start `app.py` over an index, with further `QA_` settings, on a port or on any; it is terminated on leaving."""
    port = port or free_port()
    stated = {f"QA_{name.upper()}": value for name, value in settings.items()}
    env: Mapping[str, str] = {**os.environ, "QA_INDEX": str(index), "QA_PORT": str(port), **stated}
    begun = time.perf_counter()
    process = subprocess.Popen(  # our own file, no shell
        [sys.executable, str(_APP)], env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        yield Running(f"http://127.0.0.1:{port}/", process, begun)
    finally:
        process.terminate()
        process.wait(30)


def until_listening(app: Running, seconds: float = 60) -> float:
    """Wait for its health; seconds since the start."""
    host = app.address.removeprefix("http://").rstrip("/")
    while time.perf_counter() - app.begun < seconds:
        try:
            connection = http.client.HTTPConnection(host, timeout=5)
            connection.request("GET", "/healthz")
            if connection.getresponse().status == http.HTTPStatus.OK:
                return time.perf_counter() - app.begun
        except OSError:
            time.sleep(0.01)
    raise TimeoutError(f"{app.address} did not answer within {seconds} s")


def until(driver: webdriver.Chrome, done: Callable[[], Any], seconds: float = 30) -> Any:
    """What `done` gives as soon as it gives something."""
    return WebDriverWait(driver, seconds, poll_frequency=0.01).until(lambda _: done())


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])
