"""The served page for programs: one endpoint, plain text, a content security policy, clear errors."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path

import pytest
from gradio_client import Client  # type: ignore[import-untyped]  # no stubs
from gradio_client.exceptions import AppError  # type: ignore[import-untyped]

from index.errors import PostqaError
from qa import Assistant
from qa.server.run import serve
from qa.server.settings import server_settings
from tests.qa.web.page_elements import Site

APP = Path(__file__).resolve().parents[3] / "app.py"
QUESTION = "Who built the lighthouse on Gull Rock?"


@pytest.fixture(scope="module")
def client(site: Site) -> Client:
    return Client(site.address, verbose=False)


def test_ask_gives_the_answers_text_with_its_markers(client: Client, site: Site) -> None:
    assert client.predict(QUESTION, api_name="/ask") == site.assistant.ask(QUESTION).text
    assert "[1]" in site.assistant.ask(QUESTION).text


def test_ask_refuses_in_words(client: Client) -> None:
    assert client.predict("Which planet has rings?", api_name="/ask") == "The posts do not say."


@pytest.mark.parametrize(("question", "message"), [("", "question is empty"), ("x" * 100_000, "question is too long")])
def test_the_error_of_a_bad_question_says_what_is_wrong(client: Client, question: str, message: str) -> None:
    with pytest.raises(AppError, match=message) as caught:
        client.predict(question, api_name="/ask")
    assert "Traceback" not in str(caught.value)
    assert client.predict(QUESTION, api_name="/ask").startswith("Ingrid Holm")


def test_ask_is_the_only_endpoint(client: Client) -> None:
    listed = client.view_api(return_format="dict", print_info=False)
    assert isinstance(listed, dict)
    assert list(listed["named_endpoints"]) == ["/ask"]
    assert not listed["unnamed_endpoints"]


def test_every_response_forbids_the_browser_to_contact_other_hosts(site: Site) -> None:
    with urllib.request.urlopen(site.address) as response:
        assert "default-src 'self'" in response.headers["Content-Security-Policy"]
        assert response.headers["Referrer-Policy"] == "no-referrer"
        page = response.read().decode()
    assert "fonts.googleapis.com" not in page


@pytest.mark.parametrize("path", ["monitoring", "gradio_api/file=/etc/passwd", f"gradio_api/file={APP}"])
def test_nothing_but_the_page_is_served(site: Site, path: str) -> None:
    with pytest.raises(urllib.error.HTTPError) as caught:
        urllib.request.urlopen(f"{site.address}{path}")
    assert caught.value.code in (401, 403, 404)


def test_a_port_in_use_is_an_error_that_names_it(web_assistant: Assistant) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(PostqaError, match=str(port)):
            serve(web_assistant, server_settings(port=port))


@pytest.mark.parametrize(("name", "value", "message"), [("QA_INDEX", "nowhere", "there is no index yet"),
                                                     ("QA_PORT", "many", "QA_PORT")])  # fmt: skip
@pytest.mark.slow
def test_app_ends_with_one_sentence_when_it_cannot_serve(tmp_path: Path, name: str, value: str, message: str) -> None:
    env = {**os.environ, "QA_INDEX": str(tmp_path / "none"), name: value}
    done = subprocess.run(
        [sys.executable, str(APP)], check=False, env=env, capture_output=True, text=True, cwd=tmp_path, timeout=120
    )
    assert done.returncode == 3
    assert message in done.stderr
    assert len(done.stderr.splitlines()) == 1
