"""Add posts in a real browser, and at the client: allowed people add, hostile files do nothing, others are refused."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from selenium import webdriver
from selenium.common.exceptions import NoAlertPresentException

from index.errors import SettingsError
from qa import Assistant
from qa.server.app import create_app
from qa.server.run import start
from qa.server.settings import server_settings
from tests.ports import free_port
from tests.qa.server.clients import ApiClient, Reply, StartServer
from tests.qa.web.visit import Visit
from tests.stand_ins import WordHashEncoder, plain_weights

MARMOTS = "# Marmots\n\nMarmots whistle when an eagle circles above the scree."
WHISTLE = "When do marmots whistle?"
EVIL = "<img src=x onerror=alert(1)>.html"
EVERYWHERE = "0.0.0.0"  # noqa: S104  # every interface; nothing listens there in these tests


@pytest.fixture
def address(small_index: Path, tmp_path: Path) -> Iterator[str]:
    settings = server_settings(
        port=free_port(),
        questions_per_minute=0,
        feedback=tmp_path / "feedback.sqlite",
        add_posts=tmp_path / "added",
        add_bytes=2**21,
    )
    with Assistant(small_index, encoder=WordHashEncoder(), weights=plain_weights()) as assistant:
        served = start(create_app(assistant, settings), settings)
        yield served.address
        served.close()


@pytest.fixture
def visit(address: str, browser: webdriver.Chrome) -> Visit:
    visit = Visit(browser, address)
    _open(visit)
    return visit


def _open(visit: Visit) -> None:
    visit.click("#pq-tab-add-button")
    visit.wait(lambda: visit.all("#pq-add-send"))


def _sent(visit: Visit) -> str:
    """Send the form; the status when it is done."""
    visit.click("#pq-add-send")
    visit.wait(lambda: visit.all("#pq-add-status h2, #pq-add-status.pq-error, #pq-add-status .pq-notice"))
    return visit.text("#pq-add-status")


def test_a_hostile_file_is_set_aside_and_the_good_one_answers(
    visit: Visit, browser: webdriver.Chrome, tmp_path: Path
) -> None:
    (tmp_path / "marmots.md").write_text(MARMOTS, encoding="utf-8")
    (tmp_path / EVIL).write_text("<div>" * 100_000, encoding="utf-8")
    visit.first("#pq-add-files").send_keys(f"{tmp_path / 'marmots.md'}\n{tmp_path / EVIL}")
    status = _sent(visit)
    assert "1 post added in generation 2" in status
    (aside,) = visit.all("#pq-add-status .pq-set-aside li")
    assert aside.text.startswith(f"{EVIL} ")
    assert str(tmp_path) not in status
    assert not visit.all("#pq-add-status :is(img, script)")
    with pytest.raises(NoAlertPresentException):
        _ = browser.switch_to.alert
    visit.click("#pq-add-status .pq-added a")
    visit.wait(lambda: "eagle circles" in visit.text("#pq-reader-text"))
    visit.reload()
    assert "5 posts" in visit.wait(lambda: visit.text(".pq-facts"))
    visit.open_chat()
    visit.ask(WHISTLE, until=".pq-confidence")
    assert "Marmots whistle when an eagle" in visit.text("#pq-log .pq-answer")
    assert visit.asked_hosts() == {visit.address}


def test_a_reloaded_page_shows_and_offers_the_current_index(visit: Visit) -> None:
    visit.first("#pq-add-title").send_keys("Marmots")
    visit.first("#pq-add-text").send_keys("Marmots whistle when an eagle circles.")
    assert "1 post added in generation 2" in _sent(visit)
    visit.reload()
    visit.wait(lambda: "generation 2" in visit.text(".pq-facts"))
    visit.open_chat()
    visit.click("#pq-filters summary")
    visit.first('#pq-offered-posts option[value="Marmots"]')


def test_the_head_and_the_list_of_posts_know_of_added_posts_at_once(visit: Visit) -> None:
    assert "4 posts" in visit.text(".pq-facts")
    visit.first("#pq-add-title").send_keys("Marmots")
    visit.first("#pq-add-text").send_keys("Marmots whistle when an eagle circles.")
    _sent(visit)
    visit.wait(lambda: "5 posts" in visit.text(".pq-facts"))
    assert "generation 2" in visit.text(".pq-facts")
    visit.click("#pq-tab-posts-button")
    visit.wait(lambda: "Marmots" in visit.text(".pq-posts-list"))
    visit.click("#pq-tab-chat-button")
    visit.ask(WHISTLE, until=".pq-confidence")


def test_the_errors_of_an_empty_form_and_a_text_without_title_say_what_is_missing(visit: Visit) -> None:
    assert "there is nothing to add" in _sent(visit)
    visit.first("#pq-add-text").send_keys("Marmots whistle.")
    visit.driver.execute_script("document.getElementById('pq-add-status').replaceChildren()")
    assert "needs a title and a text" in visit.wait(lambda: _sent(visit))


def _posted(client: ApiClient, *files: tuple[str, bytes], origin: str | None = None) -> Reply:
    """What the form sends."""
    parts = [
        b'--x\r\ncontent-disposition: form-data; name="files"; filename="%s"\r\n\r\n%s\r\n' % (name.encode(), content)
        for name, content in files
    ]
    headers = {"content_type": "multipart/form-data; boundary=x"} | ({"origin": origin} if origin else {})
    return client.send("POST", "/page/add", b"".join(parts) + b"--x--\r\n", **headers)


def test_where_adding_is_not_allowed_there_is_no_tab(start_server: StartServer) -> None:
    client = start_server(max_request_bytes=2**14)
    assert _posted(client, ("marmots.md", MARMOTS.encode())).status in (404, 405)
    assert b"pq-tab-add" not in client.send("GET", "/config").body
    assert _posted(client, ("large.md", b"x" * 2**15)).status == 413


def test_an_upload_may_be_larger_than_a_question_and_not_larger_than_allowed(
    start_server: StartServer, tmp_path: Path
) -> None:
    client = start_server(add_posts=tmp_path / "added", max_request_bytes=2**16, add_bytes=2**18, add_files=2)
    large = MARMOTS.encode() + b"\n\nword" * 30_000
    assert _posted(client, ("large.md", large + b"x" * 2**18)).status == 413
    assert client.send("POST", "/v1/ask", b'{"question": "%s"}' % large).status == 413
    assert _posted(client, *[(f"{n}.md", b"x") for n in range(3)]).status == 400
    assert _posted(client).status == 422
    assert not (tmp_path / "added").exists()
    assert _posted(client, ("large.md", large)).status == 202


@pytest.mark.slow
def test_a_page_of_another_site_adds_nothing(start_server: StartServer, tmp_path: Path) -> None:
    client = start_server(add_posts=tmp_path / "added")
    assert _posted(client, ("m.md", MARMOTS.encode()), origin="https://evil.example").status == 403
    assert not (tmp_path / "added").exists()


def test_where_logins_are_required_nothing_is_added_without_one(start_server: StartServer, tmp_path: Path) -> None:
    client = start_server(add_posts=tmp_path / "added", users_file=_nobody(tmp_path))
    assert _posted(client, ("m.md", MARMOTS.encode())).status in (303, 401)
    assert not (tmp_path / "added").exists()


def test_unauthenticated_users_cannot_be_allowed_to_add(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="could add posts"):
        server_settings(host=EVERYWHERE, no_auth=True, add_posts=tmp_path)
    assert server_settings(host=EVERYWHERE, users_file=tmp_path / "users", add_posts=tmp_path).add_posts == tmp_path


def _nobody(tmp_path: Path) -> Path:
    (tmp_path / "users").touch()
    return tmp_path / "users"
