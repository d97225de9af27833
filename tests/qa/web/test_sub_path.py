"""The server under a path behind a real nginx, with the lines that the documentation gives."""

from __future__ import annotations

import gzip
import json
import re
import shutil
import subprocess
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from selenium import webdriver

from qa import Assistant
from qa.server.users import add_user
from tests.ports import free_port
from tests.qa.web.visit import Visit

pytestmark = pytest.mark.slow
PAGE = Path(__file__).resolve().parents[3] / "docs" / "operations.md"
QUESTION = "Who built the lighthouse on Gull Rock?"


@pytest.fixture(params=[False, True], ids=["open", "with logins"])
def proxied(
    request: pytest.FixtureRequest, web_assistant: Assistant, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[str]:
    """The address of a server behind nginx, under /posts/."""
    from qa.server.app import create_app
    from qa.server.run import start
    from qa.server.settings import server_settings

    nginx = shutil.which("nginx") or shutil.which("/usr/sbin/nginx")
    if nginx is None:
        pytest.skip("no nginx here: Debian's package nginx is needed")
    monkeypatch.setenv("GRADIO_ROOT_PATH", "/posts")
    monkeypatch.setenv("FORWARDED_ALLOW_IPS", "127.0.0.1")
    users = tmp_path / "users"
    add_user(users, "ann", "a long password")
    allowed = {"users_file": users} if request.param else {"no_auth": True}
    settings = server_settings(port=free_port(), questions_per_minute=0, feedback=tmp_path / "f.sqlite", **allowed)
    served = start(create_app(web_assistant, settings), settings)
    port = free_port()
    process = subprocess.Popen([nginx, "-p", str(tmp_path), "-c", str(_written(tmp_path, port, settings.port))])
    address = f"http://127.0.0.1:{port}/posts/"
    try:
        _wait(f"{address}healthz", process)
        yield address
    finally:
        process.terminate()
        process.wait()
        served.close()


def _written(folder: Path, port: int, server: int) -> Path:
    """The configuration around the documented lines."""
    block = re.search(r"```nginx\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.S)
    assert block is not None
    kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    folders = "".join(f"{kind}_temp_path {folder}/{kind};" for kind in kinds)
    location = block[1].replace(":7860", f":{server}")
    file = folder / "nginx.conf"
    file.write_text(
        f"daemon off; master_process off; pid {folder}/pid; error_log {folder}/error.log; events {{}}\n"
        f"http {{ access_log off; {folders} server {{ listen 127.0.0.1:{port};\n{location}\n}} }}\n"
    )
    return file


def _wait(address: str, process: subprocess.Popen[bytes]) -> None:
    while process.poll() is None:
        try:
            with urllib.request.urlopen(address, timeout=10):
                return
        except urllib.error.URLError:
            continue
    raise AssertionError(f"nginx ended with {process.returncode}")


def _opened(address: str, body: object = None, **headers: str) -> tuple[str, bytes]:
    """The address at last, and what stands there."""
    data = None if body is None else json.dumps(body).encode()
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    asked = urllib.request.Request(address, data, {"Content-Type": "application/json", **named})
    with urllib.request.urlopen(asked, timeout=30) as reply:
        content = reply.read()
        zipped = reply.headers.get("Content-Encoding") == "gzip"
        return str(reply.url), gzip.decompress(content) if zipped else content


@pytest.mark.parametrize("proxied", [False], indirect=True)
def test_the_page_the_api_and_the_assets_are_all_below_the_path(proxied: str) -> None:
    origin = proxied.removesuffix("/posts/")
    _, page = _opened(proxied, Accept="text/html", Accept_Encoding="gzip")
    assert f'"root":"{origin}/posts"' in page.decode().replace('": "', '":"')
    assets = re.findall(r'(?:src|href)="([^"]+\.(?:js|css))"', page.decode())
    assert assets
    for asset in assets:
        assert not asset.startswith("/") or asset.startswith("/posts/")
    assert json.loads(_opened(f"{proxied}v1/ask", {"question": QUESTION}, Origin=origin)[1])["passages"]
    with pytest.raises(urllib.error.HTTPError, match="403"):
        _opened(f"{proxied}v1/ask", {"question": QUESTION}, Origin="https://evil.example")


@pytest.mark.parametrize("proxied", [True], indirect=True)
def test_a_login_leads_back_below_the_path(proxied: str) -> None:
    address, page = _opened(proxied, Accept="text/html")
    assert address == f"{proxied}login"
    assert b'action="login"' in page
    opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor())
    with opener.open(address, b"name=ann&password=a+long+password", timeout=30) as reply:
        assert (reply.url, reply.status) == (proxied, 200)


@pytest.mark.browser
@pytest.mark.parametrize("proxied", [False], indirect=True)
def test_a_question_is_answered_in_a_browser(browser: webdriver.Chrome, proxied: str) -> None:
    visit = Visit(browser, proxied)
    visit.ask(QUESTION, until=".pq-tools")
    assert {host.rstrip("/") for host in visit.asked_hosts()} == {proxied.removesuffix("/posts/")}
