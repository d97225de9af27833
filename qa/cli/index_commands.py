"""Commands over an index folder's generations: `qa generations`, `qa rollback`, `qa verify`."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated

import typer

from index.settings import default_index_path
from qa.cli.options import Exit, IndexOption, JsonFlag

FolderArgument = Annotated[
    Path | None, typer.Argument(help="The index folder; default: QA_INDEX, else your data folder.")
]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command("generations")(list_generations)
    app.command()(rollback)
    app.command()(verify)


def list_generations(index: IndexOption = None, as_json: JsonFlag = False) -> None:
    """List the generations of an index, the newest first."""
    from index.storage.history import generations  # noqa: PLC0415  # only where it is used

    listed = generations(index or default_index_path(), thorough=False)
    if as_json:
        print(json.dumps([generation.model_dump() for generation in listed], indent=1))
        return
    for each in listed:
        mark = "*" if each.current else " "
        print(f"{mark} {each.number:>6}  {each.fault or f'{each.posts} posts, {each.chunks} passages, {each.encoder}'}")


def rollback(index: IndexOption = None) -> None:
    """Go back to the generation before; running servers follow by themselves."""
    from index.storage.history import rollback as go_back  # noqa: PLC0415

    print(f"now serving generation {go_back(index or default_index_path())}")


def verify(folder: FolderArgument = None, index: IndexOption = None) -> None:
    """Compare every file of every generation with its manifest; print what is wrong."""
    from index.storage.history import generations, pointer_fault  # noqa: PLC0415

    if folder is not None and index is not None:
        raise typer.BadParameter("name the folder once, as an argument or with --index")
    root = folder or index or default_index_path()
    examined = generations(root)
    faults = [fault for fault in (pointer_fault(root), *(each.fault for each in examined)) if fault]
    for fault in faults:
        print(fault, file=sys.stderr)
    if faults:
        raise typer.Exit(Exit.ERROR)
    print(f"{len(examined)} generation(s) in {root}, every file as it was published")
