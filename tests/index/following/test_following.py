"""Blogs that are fetched by address, from a server on this machine."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from index.errors import FetchError
from index.following.addresses import checked_address, is_address
from index.following.fetcher import Fetcher, Validators
from index.following.followed import folder_of, follow, followed, followed_address, kept_folder
from index.following.kept_posts import POSTS_FILE
from index.records import Post
from index.settings import FetchSettings, SourceSettings
from index.sources.read import read_posts
from tests.sites import Site, serving

HERE = FetchSettings(allow_private=True, delay=0, max_bytes=20_000)


@pytest.fixture
def site() -> Iterator[Site]:
    """A server whose pages a test decides."""
    with serving() as one:
        yield one


@pytest.fixture(autouse=True)
def own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is followed in a test is followed in it alone."""
    monkeypatch.setenv("QA_DATA", str(tmp_path / "data"))


def feed(*entries: tuple[str, str]) -> str:
    """An Atom feed."""
    items = "".join(
        f'<entry><id>{name}</id><title>{name}</title><link href="https://coast.example/{name}"/>'
        f"<content>{text}</content></entry>"
        for name, text in entries
    )
    return f'<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom"><title>Coast</title>{items}</feed>'


def page(title: str, text: str) -> str:
    """An article."""
    head = f"<html><head><title>{title}</title></head>"
    return f"{head}<body><article><h1>{title}</h1><p>{text}</p></article></body></html>"


def texts(folder: Path) -> dict[str, str]:
    """Title and text of every post kept in a folder."""
    lines = (folder / POSTS_FILE).read_text(encoding="utf-8").splitlines()
    return {record["title"]: record["text"] for record in map(json.loads, lines)}


def test_a_feed_becomes_a_file_that_a_build_reads(site: Site) -> None:
    site.put("/feed.xml", feed(("Wall", "It is 90 m long."), ("Lamp", "It was lit in 1874.")))
    report = follow(f"{site.address}/feed.xml", HERE)
    assert (report.new, report.changed, report.kept, report.faults) == (2, 0, 0, ())
    posts = [item for item in read_posts([report.folder], SourceSettings()) if isinstance(item, Post)]
    assert [(post.title, post.body, post.url) for post in posts] == [
        ("Wall", "It is 90 m long.", "https://coast.example/Wall"),
        ("Lamp", "It was lit in 1874.", "https://coast.example/Lamp"),
    ]


def test_what_has_not_changed_is_not_sent_again(site: Site) -> None:
    site.put("/feed.xml", feed(("Wall", "It is long.")), etag='"1"')
    follow(f"{site.address}/feed.xml", HERE)
    report = follow(f"{site.address}/feed.xml", HERE)
    assert site.asked[-1] == ("/feed.xml", '"1"')
    assert (report.new, report.changed, report.kept) == (0, 0, 1)


def test_posts_that_a_feed_no_longer_shows_are_kept_and_changed_ones_replaced(site: Site) -> None:
    site.put("/feed.xml", feed(("Wall", "Old."), ("Lamp", "Lit.")))
    follow(f"{site.address}/feed.xml", HERE)
    site.put("/feed.xml", feed(("Wall", "New."), ("Pier", "Wet.")))
    report = follow(f"{site.address}/feed.xml", HERE)
    assert (report.new, report.changed, report.kept) == (1, 1, 1)
    assert texts(report.folder) == {"Wall": "New.", "Lamp": "Lit.", "Pier": "Wet."}


def test_the_pages_of_a_sitemap_are_read_and_single_faults_named(site: Site) -> None:
    places = "".join(f"<url><loc>{site.address}/{name}</loc></url>" for name in ("a.html", "gone.html", "b.html"))
    site.put("/sitemap.xml", f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{places}</urlset>')
    site.put("/a.html", page("Wall", "It is ninety metres long and made of stone."), content_type="text/html")
    site.put("/b.html", page("Lamp", "It was lit in the year 1874 for the first time."), content_type="text/html")
    report = follow(f"{site.address}/sitemap.xml", HERE)
    assert set(texts(report.folder)) == {"Wall", "Lamp"}
    assert len(report.faults) == 1
    assert report.faults[0].startswith(f"{site.address}/gone.html: the server refuses")


def sitemap(*addresses: str, kind: str = "urlset") -> str:
    """A sitemap of these addresses, or an index of sitemaps."""
    item = "url" if kind == "urlset" else "sitemap"
    places = "".join(f"<{item}><loc>{address}</loc></{item}>" for address in addresses)
    return f'<{kind} xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{places}</{kind}>'


def test_an_index_of_sitemaps_is_followed_into_packed_ones(site: Site) -> None:
    site.put("/index.xml", sitemap(f"{site.address}/packed.xml.gz", "/plain.xml", kind="sitemapindex"))
    site.put("/packed.xml.gz", gzip.compress(sitemap(f"{site.address}/a.html").encode()))
    site.put("/plain.xml", sitemap(f"{site.address}/b.html", f"{site.address}/c.html"))
    for name in "abc":
        site.put(f"/{name}.html", page(f"Page {name}", f"The wall {name} is ninety metres long and made of stone."))
    report = follow(f"{site.address}/index.xml", HERE.model_copy(update={"max_pages": 2}))
    assert set(texts(report.folder)) == {"Page a", "Page b", "Page c"}
    assert report.faults == ()
    few = follow(f"{site.address}/plain.xml", HERE.model_copy(update={"max_pages": 1}))
    assert few.faults == (f"{site.address}/plain.xml: only the first 1 of 2 pages are fetched",)


def test_a_packed_bomb_is_refused(site: Site) -> None:
    site.put("/sitemap.xml.gz", gzip.compress(b" " * 1_000_000))
    with pytest.raises(FetchError, match="unpacks to too much"):
        follow(f"{site.address}/sitemap.xml.gz", HERE)


def test_a_json_feed_is_followed_and_relative_addresses_are_completed(site: Site) -> None:
    items = [{"id": "1", "url": "/wall", "title": "Wall", "content_html": "<h2>Size</h2><p>It is 90 m long.</p>"}]
    feed_text = json.dumps({"version": "https://jsonfeed.org/version/1.1", "title": "Coast", "items": items})
    site.put("/feed.json", feed_text, content_type="application/feed+json")
    report = follow(f"{site.address}/feed.json", HERE)
    (post,) = (item for item in read_posts([report.folder], SourceSettings()) if isinstance(item, Post))
    assert (post.title, post.publisher, post.url) == ("Wall", "Coast", f"{site.address}/wall")
    assert post.visible.text == "Size\n\nIt is 90 m long."


def test_a_page_is_read_in_the_encoding_that_its_server_states(site: Site) -> None:
    site.put(
        "/a", page("Wall", "Café Größe costs 90 crowns.").encode("latin-1"), content_type="text/html; charset=latin1"
    )
    assert texts(follow(f"{site.address}/a", HERE).folder) == {"Wall": "Café Größe costs 90 crowns."}


def test_different_entries_under_one_id_are_all_kept(site: Site) -> None:
    site.put("/feed.xml", feed(("Wall", "It is long."), ("Wall", "It is high.")))
    report = follow(f"{site.address}/feed.xml", HERE)
    posts = [item for item in read_posts([report.folder], SourceSettings()) if isinstance(item, Post)]
    assert [post.body for post in posts] == ["It is long.", "It is high."]
    assert follow(f"{site.address}/feed.xml", HERE).kept == 2


def test_where_robots_txt_fails_nothing_is_asked_and_where_it_moved_it_is_followed(site: Site) -> None:
    site.put("/feed.xml", feed(("Wall", "Long.")))
    site.put("/robots.txt", "", 503)
    with pytest.raises(FetchError, match=r"the server refuses .*robots\.txt \(seen: 503\)"):
        follow(f"{site.address}/feed.xml", HERE)
    site.put("/robots.txt", "", 301, location="/rules")
    site.put("/rules", "User-agent: *\nDisallow: /")
    with pytest.raises(FetchError, match=r"robots\.txt does not allow it"):
        follow(f"{site.address}/feed.xml", HERE)
    assert "/feed.xml" not in [path for path, _ in site.asked]


def test_robots_txt_is_obeyed_and_asked_once(site: Site) -> None:
    site.put("/robots.txt", "User-agent: *\nDisallow: /private/")
    site.put("/private/feed.xml", feed(("Wall", "Long.")))
    with pytest.raises(FetchError, match=r"robots\.txt does not allow it"):
        follow(f"{site.address}/private/feed.xml", HERE)
    assert [path for path, _ in site.asked] == ["/robots.txt"]


def test_requests_to_one_host_keep_their_distance(site: Site) -> None:
    site.put("/robots.txt", "User-agent: *\nCrawl-delay: 7")
    site.put("/a", "x")
    waited: list[float] = []
    with Fetcher(HERE.model_copy(update={"delay": 2.0}), sleep=waited.append, clock=lambda: 100.0) as fetcher:
        fetcher.get(f"{site.address}/a")
        fetcher.get(f"{site.address}/a")
    assert waited == [7.0, 7.0]


def test_a_redirect_is_followed_and_each_step_checked(site: Site) -> None:
    site.put("/old", "", 301, location="/new")
    site.put("/new", feed(("Wall", "Long.")))
    assert follow(f"{site.address}/old", HERE).new == 1
    site.put("/out", "", 302, location="file:///etc/passwd")
    with Fetcher(HERE) as fetcher, pytest.raises(FetchError, match="only http and https are fetched"):
        fetcher.get(f"{site.address}/out")


def test_redirects_end(site: Site) -> None:
    site.put("/round", "", 302, location="/round")
    with Fetcher(HERE) as fetcher, pytest.raises(FetchError, match="more than 5 redirects"):
        fetcher.get(f"{site.address}/round")


def test_an_answer_beyond_the_cap_is_refused(site: Site) -> None:
    site.put("/feed.xml", "x" * 30_000)
    with pytest.raises(FetchError, match=r"too large.*At most 20,000 bytes"):
        follow(f"{site.address}/feed.xml", HERE)


def test_what_was_fetched_before_stays_when_the_server_is_away(site: Site) -> None:
    site.put("/feed.xml", feed(("Wall", "Long.")))
    folder = follow(f"{site.address}/feed.xml", HERE).folder
    site.put("/feed.xml", "", 500)
    with pytest.raises(FetchError, match=r"the server refuses .*500"):
        follow(f"{site.address}/feed.xml", HERE)
    assert set(texts(folder)) == {"Wall"}
    assert kept_folder(f"{site.address}/feed.xml") == folder
    assert kept_folder(f"{site.address}/other.xml") is None


def test_a_damaged_file_of_posts_is_named(site: Site) -> None:
    site.put("/feed.xml", feed(("Wall", "Long.")))
    folder = follow(f"{site.address}/feed.xml", HERE).folder
    (folder / POSTS_FILE).write_text("no json\n")
    with pytest.raises(FetchError, match="the posts kept of it cannot be read"):
        follow(f"{site.address}/feed.xml", HERE)


def test_followed_addresses_are_listed(site: Site) -> None:
    site.put("/feed.xml", feed(("Wall", "Long.")))
    address = f"{site.address}/feed.xml"
    follow(address, HERE)
    assert followed() == [folder_of(address)]
    assert followed_address(folder_of(address)) == address


@pytest.mark.parametrize(
    "address",
    [
        "http://127.0.0.1/",
        "http://[::1]/",
        "http://10.1.2.3/feed",
        "http://192.168.1.1/",
        "http://169.254.169.254/latest",
        "http://[::ffff:10.0.0.1]/",
        "http://0.0.0.0/",
        "http://localhost:8080/",
    ],
)
def test_private_hosts_are_not_asked_unless_allowed(address: str) -> None:
    with pytest.raises(FetchError, match=r"private network.*--allow-private"):
        checked_address(address, allow_private=False)
    assert checked_address(address, allow_private=True) == address


@pytest.mark.parametrize(
    ("address", "reason"),
    [
        ("ftp://coast.example/", "only http and https"),
        ("http:///feed", "only http and https"),
        ("http://name:secret@coast.example/", "name or password"),
        ("http://[::1", "not an address"),
    ],
)
def test_odd_addresses_are_refused_with_a_reason(address: str, reason: str) -> None:
    with pytest.raises(FetchError, match=reason) as refused:
        checked_address(address, allow_private=True)
    assert "secret" not in str(refused.value)


def test_only_web_addresses_are_fetched_and_paths_are_paths() -> None:
    assert is_address("https://a.example")
    assert is_address("HTTP://a.example")
    assert not any(map(is_address, ("posts/", "ftp://x", "https", "./http://x")))


def test_a_sitemap_that_declares_entities_is_refused(site: Site) -> None:
    site.put("/sitemap.xml", '<!DOCTYPE x [<!ENTITY a "b">]><urlset><url><loc>&a;</loc></url></urlset>')
    with pytest.raises(FetchError, match="declares a document type"):
        follow(f"{site.address}/sitemap.xml", HERE)


def test_validators_ask_for_what_is_newer() -> None:
    assert Validators('"1"', "Mon, 01 Jan 2024 00:00:00 GMT").headers() == {
        "If-None-Match": '"1"',
        "If-Modified-Since": "Mon, 01 Jan 2024 00:00:00 GMT",
    }
