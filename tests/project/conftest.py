"""The server that is started in these tests too."""

from tests.qa.conftest import opens

__all__ = ["opens"]
