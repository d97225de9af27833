"""Blogs on the command line: fetched because they are named, used as they were where their server is away."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from index.reader import Index
from qa.cli.main import app
from tests.sites import serving
from tests.stand_ins import WordHashEncoder

FEED = """<rss version="2.0"><channel><title>Coast</title><item><guid>1</guid><title>Wall</title>
<description>&lt;p&gt;The wall is 90 m long.&lt;/p&gt;</description></item></channel></rss>"""


@pytest.fixture(autouse=True)
def small_encoder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Builds use the stand-in encoder; what is followed is followed in this test alone."""
    monkeypatch.setattr("index.building.build.load_encoder", lambda *_, **__: WordHashEncoder())
    monkeypatch.setenv("QA_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("COLUMNS", "400")


def test_a_blog_is_built_from_its_address_and_again_without_its_server(tmp_path: Path) -> None:
    root = tmp_path / "index"
    with serving() as site:
        site.put("/feed.xml", FEED, etag='"1"')
        address = f"{site.address}/feed.xml"
        refused = CliRunner().invoke(app, ["build", address, "--index", str(root)])
        assert "private network" in str(refused.exception)
        built = CliRunner().invoke(app, ["build", address, "--index", str(root), "--allow-private"])
        assert built.exit_code == 0, built.output
        assert f"{address}: 1 new, 0 changed, 0 as they were" in built.output
        followed = CliRunner().invoke(app, ["follow", "--allow-private"])
        assert (followed.exit_code, f"{address}: 0 new, 0 changed, 1 as they were" in followed.output) == (0, True)
        assert site.asked[-1] == ("/feed.xml", '"1"')
    away = CliRunner().invoke(app, ["build", address, "--index", str(root), "--allow-private"])
    assert away.exit_code == 0
    assert "What was fetched before is used." in away.output
    opened = Index.open(root)
    assert [(post.title, post.body) for post in opened.posts()] == [("Wall", "The wall is 90 m long.")]
    opened.close()


def test_one_blog_whose_server_is_away_does_not_hold_up_the_others(tmp_path: Path) -> None:
    with serving() as first, serving() as second:
        addresses = [f"{site.address}/feed.xml" for site in (first, second)]
        for site in (first, second):
            site.put("/feed.xml", FEED)
        arguments = ["build", *addresses, "--index", str(tmp_path / "index"), "--allow-private"]
        assert CliRunner().invoke(app, arguments).exit_code == 0
        first.put("/feed.xml", "", 500)
        followed = CliRunner().invoke(app, ["follow", "--allow-private"])
    assert followed.exit_code == 3
    assert f"not fetched: the server refuses in {addresses[0]}" in followed.output
    assert f"{addresses[1]}: 0 new" in followed.output
