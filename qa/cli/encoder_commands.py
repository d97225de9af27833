"""Commands over encoders: `qa encoder add`, `qa encoder list`, `qa encoder use`."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated

import typer

from qa.cli.options import JsonFlag

encoder_app = typer.Typer(help="The models that read posts and questions: add one, choose one.", no_args_is_help=True)


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.add_typer(encoder_app, name="encoder")


@encoder_app.command("add")
def add(
    name: Annotated[str, typer.Argument(help="multilingual: one model for questions and posts in any language.")],
    from_hub: Annotated[
        bool, typer.Option("--from-hub", help="Take the original weights from the Hugging Face hub, over the network.")
    ] = False,
    folder: Annotated[
        Path | None, typer.Option("--from", help="Take the original weights out of this folder.", file_okay=False)
    ] = None,
) -> None:
    """Add an encoder to your data folder; the weights come out of an installed package unless you say otherwise."""
    from index.encoders.installed.catalog import added_folder  # noqa: PLC0415
    from index.encoders.installed.hub import from_hub as download  # noqa: PLC0415
    from index.encoders.installed.install import add_encoder  # noqa: PLC0415
    from index.encoders.installed.loading import load_encoder  # noqa: PLC0415  # numpy only where it is used

    if from_hub and folder is not None:
        raise typer.BadParameter("name --from or --from-hub, not both")
    source = add_encoder(name, folder=folder, download=download if from_hub else None)
    print(f"{name} added out of {source.origin} ({source.licence}): {added_folder(name)}")
    if source.least_cosine is not None:
        print(f"checked in nine languages against the package's own engine: least cosine {source.least_cosine:.4f}")
    load_encoder(name)  # its fast form is made now, not at the first question
    print(f"use it: qa build PATH --encoder {name}, or for every later build: qa encoder use {name}")


@encoder_app.command("list")
def list_encoders(as_json: JsonFlag = False) -> None:
    """List the encoders: where they are, vectors' dimension, tokens read at once; * is for later builds."""
    from index.encoders.installed.listing import known_encoders  # noqa: PLC0415

    found = known_encoders()
    if as_json:
        print(json.dumps([one.model_dump(mode="json") for one in found], indent=1))
        return
    for one in found:
        mark = "*" if one.in_use else " "
        if one.where is None:
            print(f"{mark} {one.name}: not on this machine (qa encoder add {one.name})")
            continue
        sizes = f"{one.dimension} numbers a vector, {one.token_limit} tokens" if one.dimension else "of an unknown kind"
        print(f"{mark} {one.name}: {sizes}, {one.where}" + (f", out of {one.origin}" if one.origin else ""))


@encoder_app.command("use")
def use(
    name: Annotated[str, typer.Argument(help="A name of qa encoder list, or a sentence-transformers folder.")],
) -> None:
    """Choose the encoder for later builds; an index keeps the one it was built with."""
    from index.encoders.installed.listing import use_encoder  # noqa: PLC0415
    from index.settings import stated_encoder  # noqa: PLC0415

    use_encoder(name)
    print(f"later builds use {name}")
    if stated_encoder() not in (None, name):
        print(f"QA_ENCODER says {stated_encoder()}, which goes before it", file=sys.stderr)
