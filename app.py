"""The web entry: serves the chat over the index in `QA_INDEX` (or the default folder) at `QA_HOST`:`QA_PORT`."""

from __future__ import annotations

import sys

from index.errors import PostqaError
from qa.answering.llm.writer import configured_writer
from qa.assistant import Assistant
from qa.server.logs import log_to
from qa.server.run import serve
from qa.server.settings import server_settings


def main() -> int:
    """Serve until stopped; returns the exit code, 3 when there is nothing to serve or no way to."""
    log_to()  # what the index warns of when it is opened is a line as well
    try:
        settings = server_settings()
        serve(Assistant(writer=configured_writer()), settings)
    except PostqaError as error:
        sys.stderr.write(f"{error}\n")
        return 3
    return 0


if __name__ == "__main__":
    sys.exit(main())
