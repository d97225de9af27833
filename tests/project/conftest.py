"""The server that these tests start too."""

from tests.qa.conftest import start_server

__all__ = ["start_server"]
