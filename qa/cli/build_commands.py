"""Commands that build an index and look into it: `qa build`, `qa posts`, `qa doctor`."""

from __future__ import annotations

import json
import sys
from importlib import resources
from pathlib import Path
from typing import Annotated

import typer
from pydantic import ValidationError

from index.errors import SettingsError
from index.settings import BuildSettings
from qa.cli.options import EncoderOption, Exit, IndexOption, JsonFlag, open_assistant
from qa.cli.output import print_json, progress_bar


def build(
    sources: Annotated[list[Path] | None, typer.Argument(help="Files and folders with posts.")] = None,
    index: IndexOption = None,
    sample: Annotated[bool, typer.Option("--sample", help="Index the posts that come with the package.")] = False,
    encoder: Annotated[
        str | None,
        typer.Option(envvar="QA_ENCODER", help="A model's name (qa encoder list), or a sentence-transformers folder."),
    ] = None,
    strict: Annotated[bool, typer.Option("--strict", help="Fail when anything cannot be read.")] = False,
    as_json: JsonFlag = False,
) -> None:
    """Read posts, chunk and encode them, and publish the index."""
    from index.building.build import build as build_index  # noqa: PLC0415  # numpy and faiss only where they are used

    paths = [*(sources or []), *([sample_posts()] if sample else [])]
    if not paths:
        raise typer.BadParameter("name a file or folder with posts, or use --sample")
    try:
        settings = BuildSettings.model_validate({"strict": strict} | ({"encoder": encoder} if encoder else {}))
    except ValidationError as error:
        raise SettingsError("a setting is wrong", seen=error, remedy="See qa build --help.") from error
    with progress_bar(quiet=as_json) as progress:
        report = build_index(paths, index, settings=settings, progress=progress)
    if as_json:
        print(report.model_dump_json(indent=1))
    else:
        print(
            f"{report.posts} posts in {report.chunks} passages and {report.sentences} sentences, generation "
            f"{report.generation} in {report.path}, {report.seconds:.1f} s\n"
            f"{report.encoded} passages encoded, {report.reused} reused, {report.removed} removed"
        )
        if report.duplicates:
            print(f"{report.duplicates} duplicate(s) kept once, with all their places")
        for part in report.set_aside:
            print(f"set aside: {part.origin}: {part.reason}", file=sys.stderr)
    raise typer.Exit(Exit.SET_ASIDE if report.set_aside else Exit.DONE)


def posts(index: IndexOption = None, as_json: JsonFlag = False) -> None:
    """List the posts of an index."""
    from index.reader import Index  # noqa: PLC0415

    for post in Index.open(index).posts():
        if as_json:
            print(json.dumps(post.model_dump(exclude={"body"}), ensure_ascii=False))
        else:
            about = " · ".join(filter(None, (", ".join(post.authors), post.publisher, post.published)))
            print(f"{post.id}\n    {post.title}" + (f"\n    {about}" if about else ""))


def doctor(index: IndexOption = None, encoder: EncoderOption = None, as_json: JsonFlag = False) -> None:
    """Check that the index is sound and that the encoder reads every token of the corpus."""
    from index.coverage import coverage  # noqa: PLC0415

    serving = open_assistant(index, encoder).serving
    built = serving.encoder.identity
    report = coverage(serving.index, serving.encoder)
    if as_json:
        print_json(report.model_dump() | {"share": report.share})
    else:
        print(f"files: as published (generation {serving.index.manifest.generation})")
        print(f"encoder: {built.name}, reads {built.token_limit} tokens at once")
        print(
            f"read: {report.read:,} of {report.tokens:,} tokens of {report.posts} posts in {report.chunks} passages "
            f"({report.share:.2%})"
        )
        for gap in report.unread:
            print(f"not read: {gap.post_id} {gap.start}:{gap.end} {gap.text!r}", file=sys.stderr)
    raise typer.Exit(Exit.DONE if report.share == 1.0 else Exit.UNREAD)


def sample_posts() -> Path:
    """The folder of posts that come with the package."""
    return Path(str(resources.files("index") / "samples" / "posts"))
