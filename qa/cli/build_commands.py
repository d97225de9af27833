"""Commands that build an index and look into it: `qa build`, `qa posts`, `qa doctor`."""

from __future__ import annotations

import sys
from importlib import resources
from pathlib import Path
from typing import Annotated

import typer
from pydantic import ValidationError

from index.errors import FetchError, SettingsError
from index.settings import BuildSettings, FetchSettings
from qa.cli.build_report import print_report
from qa.cli.options import EncoderOption, Exit, IndexOption, JsonFlag, open_assistant
from qa.cli.output import print_json, progress_bar, write_text


def build(
    sources: Annotated[
        list[str] | None,
        typer.Argument(help="Files and folders with posts; addresses of feeds, sitemaps and pages are fetched first."),
    ] = None,
    index: IndexOption = None,
    sample: Annotated[bool, typer.Option("--sample", help="Index the posts that come with the package.")] = False,
    encoder: Annotated[
        str | None,
        typer.Option(envvar="QA_ENCODER", help="A model's name (qa encoder list), or a sentence-transformers folder."),
    ] = None,
    allow_private: Annotated[
        bool, typer.Option("--allow-private", help="Fetch from hosts of private networks as well.")
    ] = False,
    drafts: Annotated[
        bool, typer.Option("--drafts", help="Read drafts, private posts and those due later, too.")
    ] = False,
    strict: Annotated[bool, typer.Option("--strict", help="Fail when anything cannot be read.")] = False,
    verbose: Annotated[
        bool, typer.Option("--verbose", help="Name every document that was left out, not three for each reason.")
    ] = False,
    report_file: Annotated[
        Path | None,
        typer.Option("--report", help="Write what became of the documents there (default: report.json in the index)."),
    ] = None,
    as_json: JsonFlag = False,
) -> None:
    """Read posts, chunk and encode them, and publish the index.

    Hidden files and folders are left out, and so are folders of other people's code (node_modules, vendor,
    third_party, site-packages, venv, __pycache__ and the like: `sources.left_out` in the settings). Images, fonts,
    styles and scripts are only counted. Posts that are not published are left out unless --drafts is given.
    """
    from index.building.build import build as build_index  # noqa: PLC0415  # numpy and faiss only where they are used

    paths = [*(_local(source, allow_private) for source in sources or []), *([sample_posts()] if sample else [])]
    if not paths:
        raise typer.BadParameter("name a file or folder with posts, or use --sample")
    try:
        stated = {"strict": strict, "sources": {"drafts": drafts}} | ({"encoder": encoder} if encoder else {})
        settings = BuildSettings.model_validate(stated)
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
        print_report(report, verbose=verbose)
    write_text(report_file or report.path / "report.json", report.model_dump_json(indent=1))
    raise typer.Exit(Exit.SET_ASIDE if report.set_aside else Exit.DONE)


def follow(
    allow_private: Annotated[
        bool, typer.Option("--allow-private", help="Fetch from hosts of private networks as well.")
    ] = False,
) -> None:
    """Fetch what is new of every address that was built from; `qa build` with the same sources indexes it."""
    from index.following.followed import followed, followed_address  # noqa: PLC0415  # only where it is asked for

    folders = followed()
    if not folders:
        print("nothing is followed yet: qa build ADDRESS")
    faults = 0
    for folder in folders:
        try:
            _fetched(followed_address(folder), allow_private)
        except FetchError as error:  # the other addresses do not wait for this one
            print(f"not fetched: {error}", file=sys.stderr)
            faults += 1
    raise typer.Exit(Exit.ERROR if faults else Exit.DONE)


def _local(source: str, allow_private: bool) -> Path:
    """A path as it is; for an address, the folder that its posts were fetched into."""
    from index.following.addresses import is_address  # noqa: PLC0415

    return _local_or_kept(source, allow_private) if is_address(source) else Path(source)


def _local_or_kept(address: str, allow_private: bool) -> Path:
    """The folder of an address's posts; where it cannot be fetched, with what was fetched before."""
    from index.following.followed import kept_folder  # noqa: PLC0415

    try:
        return _fetched(address, allow_private)
    except FetchError as error:
        folder = kept_folder(address)
        if folder is None:
            raise
        print(f"not fetched: {error} What was fetched before is used.", file=sys.stderr)
        return folder


def _fetched(address: str, allow_private: bool) -> Path:
    from index.following.followed import follow as fetch  # noqa: PLC0415

    report = fetch(address, FetchSettings(allow_private=allow_private))
    print(f"{address}: {report.new} new, {report.changed} changed, {report.kept} as they were", file=sys.stderr)
    for fault in report.faults:
        print(f"not fetched: {fault}", file=sys.stderr)
    return report.folder


def posts(index: IndexOption = None, as_json: JsonFlag = False) -> None:
    """List the posts of an index."""
    from index.reader import Index  # noqa: PLC0415
    from qa.render import post_to_json  # noqa: PLC0415

    opened = Index.open(index)  # a damaged generation is warned of here
    if as_json:
        listed = [post_to_json(post) for post in opened.posts()]
        print_json({"posts": listed, "warnings": [opened.degraded] if opened.degraded else []})
        return
    for post in opened.posts():
        about = " · ".join(filter(None, (", ".join(post.authors), post.publisher, post.published)))
        print(f"{post.id}\n    {post.title}" + (f"\n    {about}" if about else ""))


def doctor(index: IndexOption = None, encoder: EncoderOption = None, as_json: JsonFlag = False) -> None:
    """Check that the newest generation is sound and that the encoder reads every token of the corpus."""
    from index.coverage import coverage  # noqa: PLC0415

    snapshot = open_assistant(index, encoder).snapshot
    built = snapshot.encoder.identity
    report = coverage(snapshot.index, snapshot.encoder)
    generation, damage = snapshot.index.manifest.generation, snapshot.index.degraded
    if as_json:
        checked = {"share": report.share, "generation": generation, "degraded": damage}
        print_json(report.model_dump() | checked)
    else:
        print(f"files: {'damaged; below is the newest sound' if damage else 'as published'} (generation {generation})")
        print(f"encoder: {built.name}, reads {built.token_limit} tokens at once")
        print(
            f"read: {report.read:,} of {report.tokens:,} tokens of {report.posts} posts in {report.chunks} passages "
            f"({report.share:.2%})"
        )
        for gap in report.unread:
            print(f"not read: {gap.post_id} {gap.start}:{gap.end} {gap.text!r}", file=sys.stderr)
    if damage:
        raise typer.Exit(Exit.ERROR)
    raise typer.Exit(Exit.DONE if report.share == 1.0 else Exit.UNREAD)


def sample_posts() -> Path:
    """The folder of posts that come with the package."""
    return Path(str(resources.files("index") / "samples" / "posts"))
