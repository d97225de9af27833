"""Settings of the server, read from the environment where they are not stated."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from index.encoders.onnx.cpu import usable_cores
from index.errors import SettingsError

_PREFIX = "QA_"
_LOCAL = ("127.0.0.1", "::1", "localhost")


class ServerSettings(BaseSettings):
    """Where the server listens, whom it admits, and its limits; also read from environment variables: `QA_HOST` etc.

    Attributes:
        users_file: Names with password hashes, as `qa user add` writes them; None asks nobody for a password.
        no_auth: States that anybody on the network may ask.
        secret: Signs the sessions' cookies; without one, sessions end when the server does.
        session_hours: How long a login lasts.
        https: A proxy in front speaks TLS: browsers send the session's cookie over nothing else.
        logins_per_minute: Failed attempts allowed to one address.
        questions_per_minute: Allowed to one client, which is a user or else an address; as many suggestions are allowed
            beside them; 0 sets no limit.
        suggest: Whether the page shows the best sentence while a question is typed.
        concurrent: Questions worked on at the same time.
        waiting: Questions that may wait for their turn; one more is refused.
        seconds: That a question may take, its waiting included; a language model's time comes on top.
        max_request_bytes: Largest body of a request.
        connections: Open at the same time, at most.
        log_questions: Whether a log may hold the words of questions.
        feedback: Where votes are kept, with finished evaluations beside it; None means in the user's data folder.
        gold: A gold set, or a folder of some, to evaluate with in the page; None offers the packaged questions
            where the index holds the posts they are about.
        add_posts: A folder for documents that are added in the page; None allows none.
        add_files: Files added at once, at most.
        add_bytes: Of all files added at once, at most.
        add_total_bytes: That the folder may hold.
    """

    model_config = SettingsConfigDict(env_prefix=_PREFIX, frozen=True, extra="forbid")

    host: str = "127.0.0.1"
    port: int = Field(default=7860, gt=0, lt=2**16)
    users_file: Path | None = None
    no_auth: bool = False
    secret: SecretStr | None = None
    session_hours: float = Field(default=12, gt=0)
    https: bool = False
    logins_per_minute: int = Field(default=5, gt=0)
    questions_per_minute: int = Field(default=240, ge=0)
    suggest: bool = True
    concurrent: int = Field(default_factory=usable_cores, gt=0)
    waiting: int = Field(default=8, ge=0)
    seconds: float = Field(default=10, gt=0)
    max_request_bytes: int = Field(default=2**20, gt=0)
    connections: int = Field(default=512, gt=0)
    log_questions: bool = False
    feedback: Path | None = None
    gold: Path | None = None
    add_posts: Path | None = None
    add_files: int = Field(default=20, gt=0)
    add_bytes: int = Field(default=32 * 2**20, gt=0)
    add_total_bytes: int = Field(default=2**30, gt=0)

    @property
    def is_local(self) -> bool:
        """Whether only this machine can reach it: not where a proxy passes on what others ask."""
        return self.host in _LOCAL and not self.is_proxied

    @property
    def is_proxied(self) -> bool:
        """Whether a proxy in front is named by `FORWARDED_ALLOW_IPS`, or its path by `GRADIO_ROOT_PATH`."""
        return any(os.environ.get(name) for name in ("FORWARDED_ALLOW_IPS", "GRADIO_ROOT_PATH"))

    @property
    def root_path(self) -> str:
        """The path that a proxy serves it under, as `/posts`; empty for the root."""
        return urlsplit(os.environ.get("GRADIO_ROOT_PATH", "")).path.rstrip("/")

    @property
    def is_restricted(self) -> bool:
        """Whether only local or authenticated users can ask: nobody else is offered what costs or changes much."""
        return self.is_local or self.users_file is not None


def server_settings(**stated: Any) -> ServerSettings:
    """The stated settings, then those of the environment, then the defaults.

    Raises:
        SettingsError: A value is out of range, or anybody could ask without being allowed to.
    """
    try:
        settings = ServerSettings(**{name: value for name, value in stated.items() if value is not None})
    except ValidationError as error:
        first = error.errors()[0]
        name = f"{_PREFIX}{'_'.join(map(str, first['loc']))}".upper()
        raise SettingsError(first["msg"], where=name, seen=first.get("input")) from error
    logins = "Make logins with qa user add and name their file in QA_USERS_FILE"
    if not (settings.is_restricted or settings.no_auth):
        reached = "the proxy in front" if settings.is_proxied else "this address"
        raise SettingsError(
            f"everybody who reaches {reached} could ask",
            where="host", seen=settings.host, remedy=f"{logins}, or say --no-auth (QA_NO_AUTH=1).",
        )  # fmt: skip
    if settings.add_posts is not None and not settings.is_restricted:
        raise SettingsError(
            "everybody who reaches this address could add posts",
            where="QA_ADD_POSTS", seen=settings.add_posts, remedy=f"{logins}, or leave QA_ADD_POSTS out.",
        )  # fmt: skip
    return settings
