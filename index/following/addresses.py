"""Which addresses may be fetched: http and https, of hosts outside private networks unless that is allowed."""

from __future__ import annotations

import ipaddress
import socket
from contextlib import suppress
from urllib.parse import urldefrag, urlsplit

from index.errors import FetchError

_PORTS = {"http": 80, "https": 443}


def is_address(source: str) -> bool:
    """Whether a source on a command line is an address to fetch and not a path."""
    return source.lower().startswith(("http://", "https://"))


def checked_address(address: str, *, allow_private: bool) -> str:
    """An address without its fragment, after its host was looked up.

    Raises:
        FetchError: It is not of http or https, carries a name or password, or its host is unknown or private.
    """
    try:
        parts = urlsplit(address)
        scheme, host, port = parts.scheme.lower(), parts.hostname, parts.port
    except ValueError as error:
        raise FetchError("not an address", where=address, seen=error, remedy="Use http:// or https://.") from error
    if scheme not in _PORTS or not host:
        raise FetchError("only http and https are fetched", where=address, remedy="Use http:// or https://.")
    if parts.username or parts.password:
        raise FetchError("the address carries a name or password", where=host, remedy="Leave it out.")
    if not allow_private:
        for found in _looked_up(host, port or _PORTS[scheme]):
            refuse_private(found, address)
    return urldefrag(address).url


def refuse_private(found: str, address: str) -> None:
    """Make sure that a host's numeric address is a public one.

    Raises:
        FetchError: It is of this machine, a private network, or reserved.
    """
    number = ipaddress.ip_address(found.split("%", 1)[0])
    mapped = getattr(number, "ipv4_mapped", None)
    if not (mapped or number).is_global or number.is_multicast:
        raise FetchError(
            "the host is in a private network",
            where=address,
            seen=found,
            remedy="Allow it with --allow-private if you trust it.",
        )


def _looked_up(host: str, port: int) -> list[str]:
    with suppress(ValueError):
        return [str(ipaddress.ip_address(host))]
    try:
        return [str(entry[4][0]) for entry in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
    except (OSError, UnicodeError) as error:
        raise FetchError("the host is not known", where=host, seen=error, remedy="Check the address.") from error
