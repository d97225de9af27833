"""A page served over a small index, a hostile post in it, and a browser to look at it with."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from selenium import webdriver
from selenium.webdriver.chrome.service import Service

from index.records import Post
from qa import Answer, Assistant
from tests.ports import free_port
from tests.qa.web.page_elements import HOSTILE, Hostile, Site, answer_with
from tests.qa.web.visit import Visit
from tests.stand_ins import POSTS, WordHashEncoder, build_small, plain_weights

FLAGS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync", "--window-size=1280,900",
)  # fmt: skip


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Whatever needs the browser has the mark `browser`."""
    for item in items:
        if "chromium" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def web_assistant(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    """An assistant over the small posts."""
    root = tmp_path_factory.mktemp("web") / "index"
    encoder = WordHashEncoder()
    build_small(root, POSTS, encoder)
    with Assistant(root, encoder=encoder, weights=plain_weights()) as assistant:
        yield assistant


@pytest.fixture(scope="session")
def site(web_assistant: Assistant) -> Iterator[Site]:
    """The page on a free port."""
    from qa.server.app import create_app
    from qa.server.run import start
    from qa.server.settings import server_settings

    settings = server_settings(port=free_port(), questions_per_minute=0)
    served = start(create_app(web_assistant, settings), settings)
    yield Site(served.address, web_assistant)
    served.close()


@pytest.fixture(scope="session")
def hostile_site() -> Iterator[str]:
    """The address of a page whose every text is hostile."""
    from fastapi import FastAPI

    from qa.server.metrics import Metrics
    from qa.server.middleware import RequestLog
    from qa.server.run import start
    from qa.server.settings import server_settings
    from qa.web.examples import Example
    from qa.web.mount import mount_page
    from qa.web.page import Facts, PageParts, page
    from qa.web.render import About

    about = About(posts=1, generation=1, encoder="<script>alert(9)</script>")
    app = FastAPI()
    mount_page(
        app,
        page(
            Hostile(),
            PageParts(Facts(about, [Example(HOSTILE.title, HOSTILE.title)]), suggest=lambda _: [HOSTILE.title]),
        ),
    )
    served = start(RequestLog(app, Metrics()), server_settings(port=free_port()))
    yield served.address
    served.close()


@pytest.fixture(scope="session")
def chromium() -> tuple[str, str]:
    """The browser's and its driver's path."""
    paths = tuple(shutil.which(name) or "" for name in ("chromium", "chromedriver"))
    if not all(paths):
        pytest.skip("no browser here: chromium and chromedriver (Debian's chromium-driver) are both needed")
    return paths[0], paths[1]


@pytest.fixture
def downloads(tmp_path: Path) -> Path:
    """Where the browser puts what is downloaded."""
    folder = tmp_path / "downloads"
    folder.mkdir()
    return folder


@pytest.fixture
def browser(chromium: tuple[str, str], profile: Path, downloads: Path) -> Iterator[webdriver.Chrome]:
    """A browser without a window."""
    options = webdriver.ChromeOptions()
    options.binary_location = chromium[0]
    options.add_experimental_option("prefs", {"download.default_directory": str(downloads)})
    for flag in (*FLAGS, f"--user-data-dir={profile}"):
        options.add_argument(flag)
    driver = webdriver.Chrome(options=options, service=Service(chromium[1]))
    yield driver
    driver.quit()


@pytest.fixture
def visit(browser: webdriver.Chrome, site: Site) -> Visit:
    """The page of the small posts, open."""
    return Visit(browser, site.address)


@pytest.fixture
def profile(tmp_path: Path) -> Path:
    """An unused browser profile."""
    return tmp_path / "profile"


@pytest.fixture
def post() -> Post:
    """A post with two sections."""
    return Post(
        id="p",
        title="On <ferries>",
        authors=("Ann", "Bo"),
        publisher="Coast & Sea",
        published="2024-11-07",
        url="https://coast.example/ferries",
        body=f"{'early words ' * 60}\n\n## Ropes\n\nKnots hold. The ferry leaves at noon, says Ann. Then it returns.",
    )


@pytest.fixture
def answer(post: Post) -> Answer:
    """An answer with one citation, out of one of its two passages."""
    return answer_with(post, "The ferry leaves at noon, says Ann.")


@pytest.fixture
def hostile() -> Answer:
    """An answer whose every text is hostile."""
    return Hostile().ask("?")


@pytest.fixture
def hostile_refusal() -> Answer:
    """A refusal whose every text is hostile."""
    return Hostile().ask("refuse")
