"""The web entry: serves the chat over the index in `QA_INDEX` (or the default folder) at `QA_HOST`:`QA_PORT`."""

from __future__ import annotations

import os
import sys

from index.errors import PostqaError, SettingsError
from qa.assistant import Assistant
from qa.web.serve import HOST, PORT, serve


def main() -> int:
    """Serve until stopped; returns the exit code, 3 when there is nothing to serve or no way to."""
    try:
        port = _port(os.environ.get("QA_PORT", str(PORT)))
        serve(Assistant(), host=os.environ.get("QA_HOST", HOST), port=port)
    except PostqaError as error:
        sys.stderr.write(f"{error}\n")
        return 3
    return 0


def _port(text: str) -> int:
    if not text.isdecimal() or not 0 < int(text) < 2**16:
        raise SettingsError("the port is no number from 1 to 65535", where="QA_PORT", seen=text)
    return int(text)


if __name__ == "__main__":
    sys.exit(main())
