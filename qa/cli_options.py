"""What the commands share: exit codes and options."""

from __future__ import annotations

from enum import IntEnum
from pathlib import Path
from typing import Annotated

import typer


class Exit(IntEnum):
    """What the process says to the shell."""

    DONE = 0
    REFUSED = 1
    USAGE = 2
    ERROR = 3
    SET_ASIDE = 4
    UNREAD = 5


IndexOption = Annotated[
    Path | None, typer.Option("--index", help="The index folder; default: QA_INDEX, else your data folder.")
]
JsonFlag = Annotated[bool, typer.Option("--json", help="Print JSON for a program to read.")]
