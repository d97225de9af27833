"""Commands over encoders: `qa encoder add`, `qa encoder list`, `qa encoder use`."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from qa.cli.options import JsonFlag

if TYPE_CHECKING:
    from index.encoders.installed.listing import ListedEncoder

encoder_app = typer.Typer(help="The models that encode posts and questions: add one, choose one.", no_args_is_help=True)


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
        Path | None, typer.Option("--from", help="Take the original weights from this folder.", file_okay=False)
    ] = None,
) -> None:
    """Add an encoder to your data folder; its weights come from an installed package unless you say otherwise."""
    from index.encoders.installed.catalog import added_folder  # noqa: PLC0415  # numpy only where it is used
    from index.encoders.installed.install import add_encoder  # noqa: PLC0415
    from index.encoders.installed.loading import load_encoder  # noqa: PLC0415

    if from_hub and folder is not None:
        raise typer.BadParameter("use --from or --from-hub, not both")
    source = add_encoder(name, folder=folder, from_hub=from_hub)
    print(f"{name} added from {source.origin} ({source.licence}): {added_folder(name)}")
    if source.least_cosine is not None:
        print(f"checked in nine languages against the package's own engine: least cosine {source.least_cosine:.4f}")
    load_encoder(name)  # exported to 8 bits now, not at the first question
    print(f"use it: qa build PATH --encoder {name}, or for every later build: qa encoder use {name}")


@encoder_app.command("list")
def list_encoders(as_json: JsonFlag = False) -> None:
    """List the encoders: where they are, vectors' dimension, token limit; * is for later builds."""
    from index.encoders.installed.listing import known_encoders  # noqa: PLC0415

    encoders = known_encoders()
    if as_json:
        print(json.dumps([encoder.model_dump(mode="json") for encoder in encoders], indent=1))
        return
    for encoder in encoders:
        print(f"{'*' if encoder.in_use else ' '} {encoder.name}: {_description(encoder)}")


def _description(encoder: ListedEncoder) -> str:
    if encoder.where is None:
        add = f"not on this machine (qa encoder add {encoder.name})"
        return f"plug-in of {encoder.origin}" if encoder.origin else add
    known = f"{encoder.dimension} numbers a vector, {encoder.token_limit} tokens"
    sizes = known if encoder.dimension else "of an unknown kind"
    return f"{sizes}, {encoder.where}" + (f", from {encoder.origin}" if encoder.origin else "")


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
        print(f"QA_ENCODER names {stated_encoder()}, which takes precedence", file=sys.stderr)
