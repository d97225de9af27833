"""Which addresses of posts may become links."""

from __future__ import annotations

from urllib.parse import urlsplit


def web_address(url: str | None) -> str | None:
    """The address if a link may lead to it (http or https, with a host, without white space), else None."""
    if not url or any(letter <= " " or letter == "\x7f" or letter.isspace() for letter in url):
        return None
    try:
        parts = urlsplit(url)
    except ValueError:
        return None  # "http://[" and the like
    return url if parts.scheme in {"http", "https"} and parts.hostname else None
