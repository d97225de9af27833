"""Who may ask: the page's login, a program's, and those who guess."""

from __future__ import annotations

import base64
import stat
from pathlib import Path
from urllib.parse import urlencode

import pytest
from typer.testing import CliRunner

from index.errors import SettingsError
from qa.cli.main import app
from qa.server.users import Users, add_user, read_users
from tests.qa.server.clients import ApiClient, Reply, StartServer

pytestmark = pytest.mark.slow

QUESTION = "Who built the lighthouse on Gull Rock?"
PASSWORD = "correct horse"  # noqa: S105  # of nobody


@pytest.fixture
def users(tmp_path: Path) -> Path:
    path = tmp_path / "users"
    add_user(path, "ann", PASSWORD)
    return path


def _basic(name: str, password: str) -> dict[str, str]:
    return {"authorization": f"Basic {base64.b64encode(f'{name}:{password}'.encode()).decode()}"}


def _log_in(client: ApiClient, name: str, password: str) -> Reply:
    form = urlencode({"name": name, "password": password}).encode()
    return client.send("POST", "/login", form, content_type="application/x-www-form-urlencoded")


def _cookie(reply: Reply) -> str:
    return str(reply.headers["set-cookie"]).split(";")[0]


@pytest.mark.parametrize(
    "path", ["/", "/config", "/metrics", "/gradio_api/info", "/v1/ask", "/v1/posts", "/mcp", "/openapi.json", "/x"]
)
def test_without_a_login_nothing_is_seen(start_server: StartServer, users: Path, path: str) -> None:
    client = start_server(users_file=users)
    reply = client.send("GET", path)
    assert reply.status == 401
    assert "Basic" in reply.headers["www-authenticate"]
    assert client.ask(QUESTION).status == 401
    assert client.send("GET", "/healthz").status == 200


def test_a_browser_is_redirected_to_the_login_page_and_from_there_to_the_chat(
    start_server: StartServer, users: Path
) -> None:
    client = start_server(users_file=users)
    led = client.send("GET", "/", accept="text/html,*/*")
    assert (led.status, led.headers["location"]) == (303, "/login")
    assert b'name="password"' in client.send("GET", "/login").body
    entered = _log_in(client, "ann", PASSWORD)
    assert (entered.status, entered.headers["location"]) == (303, "/")
    assert {"httponly", "samesite=strict"} <= set(entered.headers["set-cookie"].lower().split("; "))
    cookie = _cookie(entered)
    assert client.ask(QUESTION, cookie=cookie).status == 200
    assert client.send("GET", "/config", cookie=cookie).status == 200
    left = client.send("GET", "/logout", cookie=cookie)
    assert client.ask(QUESTION, cookie=_cookie(left)).status == 401


def test_a_program_sends_a_name_and_a_password(start_server: StartServer, users: Path) -> None:
    client = start_server(users_file=users)
    assert client.ask(QUESTION, **_basic("ann", PASSWORD)).status == 200
    for wrong in (_basic("ann", "wrong horse"), _basic("bob", PASSWORD), {"authorization": "Basic !!!"}):
        assert client.ask(QUESTION, **wrong).status == 401


def test_after_too_many_wrong_passwords_even_the_right_one_is_refused(start_server: StartServer, users: Path) -> None:
    client = start_server(users_file=users, logins_per_minute=3)
    assert [_log_in(client, "ann", f"guess number {n}").status for n in range(4)] == [401, 401, 401, 429]
    stopped = _log_in(client, "ann", PASSWORD)
    assert stopped.status == 429
    assert int(stopped.headers["retry-after"]) >= 1
    assert client.ask(QUESTION, **_basic("ann", PASSWORD)).status == 429


def test_a_forged_or_outdated_cookie_is_refused(start_server: StartServer, users: Path) -> None:
    client = start_server(users_file=users)
    cookie = _cookie(_log_in(client, "ann", PASSWORD))
    assert client.ask(QUESTION, cookie=cookie).status == 200
    assert client.ask(QUESTION, cookie=cookie[:-4] + "AAAA").status == 401
    add_user(users, "ann", "another horse")
    assert client.ask(QUESTION, cookie=cookie).status == 401
    assert client.ask(QUESTION, **_basic("ann", PASSWORD)).status == 401
    assert client.ask(QUESTION, **_basic("ann", "another horse")).status == 200


@pytest.mark.parametrize("https", [True, False])
def test_behind_tls_the_cookie_is_secure(start_server: StartServer, users: Path, https: bool) -> None:
    entered = _log_in(start_server(users_file=users, https=https), "ann", PASSWORD)
    assert ("secure" in entered.headers["set-cookie"].lower().split("; ")) is https


def test_one_secret_keeps_sessions_over_a_restart(start_server: StartServer, users: Path) -> None:
    first, second = (start_server(users_file=users, secret=PASSWORD) for _ in range(2))
    cookie = _cookie(_log_in(first, "ann", PASSWORD))
    assert second.ask(QUESTION, cookie=cookie).status == 200
    assert start_server(users_file=users).ask(QUESTION, cookie=cookie).status == 401


def test_the_hashes_are_salted_and_only_the_owner_can_read_the_file(users: Path) -> None:
    add_user(users, "bob", PASSWORD)
    known = read_users(users)
    assert list(known) == ["ann", "bob"]
    assert known["ann"] != known["bob"]
    assert PASSWORD not in users.read_text(encoding="utf-8")
    assert stat.S_IMODE(users.stat().st_mode) == 0o600
    assert Users(users).verify("bob", PASSWORD)


@pytest.mark.parametrize(
    ("name", "password"), [("", PASSWORD), ("a:b", PASSWORD), ("a\nb", PASSWORD), ("a", "short"), ("a", "x" * 201)]
)
def test_names_and_passwords_that_cannot_be_used_are_refused(users: Path, name: str, password: str) -> None:
    before = users.read_bytes()
    with pytest.raises(SettingsError, match=r"the (name|password)"):
        add_user(users, name, password)
    assert users.read_bytes() == before


@pytest.mark.parametrize("content", ["ann", "ann:plain", ":$argon2id$x", "\xff"])
def test_a_file_of_another_kind_is_refused_with_its_line(tmp_path: Path, content: str) -> None:
    path = tmp_path / "users"
    path.write_bytes(content.encode("latin-1"))
    with pytest.raises(SettingsError, match=r"users"):
        Users(path)


def test_a_users_file_damaged_while_the_server_runs_locks_nobody_out(users: Path) -> None:
    known = Users(users)
    users.write_text("nonsense", encoding="utf-8")
    with pytest.warns(UserWarning, match="who could log in still can: .*line 1"):
        assert known.verify("ann", PASSWORD)


def test_the_command_adds_a_user(tmp_path: Path) -> None:
    path = tmp_path / "users"
    done = CliRunner().invoke(app, ["user", "add", "ann", "--file", str(path)], input=f"{PASSWORD}\n{PASSWORD}\n")
    assert done.exit_code == 0, done.output
    assert Users(path).verify("ann", PASSWORD)
