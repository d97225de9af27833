"""Which encoders are on this machine: for `qa encoder list`, and the choice for later builds."""

from __future__ import annotations

from pathlib import Path

from index.encoders.installed.catalog import ENCODERS, added_source
from index.encoders.installed.loading import find_encoder
from index.encoders.onnx.model_config import read_model_folder
from index.errors import EncoderError, EncoderUnsupported, PluginError
from index.records import Record
from index.settings import DEFAULT_ENCODER, chosen_encoder, remember_encoder


class ListedEncoder(Record):
    """An encoder, whether on this machine or not yet.

    Attributes:
        where: Its folder; None where it has not been added, no longer exists, or a plug-in makes it.
        origin: What it was made from, or the plug-in's package; empty where that is unknown.
        dimension: None where it has no folder, or one of an unknown kind; so with `token_limit`.
        in_use: Later builds use it unless another is named.
    """

    name: str
    where: Path | None = None
    origin: str = ""
    dimension: int | None = None
    token_limit: int | None = None
    in_use: bool


def known_encoders() -> list[ListedEncoder]:
    """The default one, those of the extension point, and the chosen one where it is none of these."""
    chosen, plugins = chosen_encoder(), ENCODERS.origins()
    names = dict.fromkeys((DEFAULT_ENCODER, *plugins, chosen))
    return [_listed(name, plugins.get(name, ""), name == chosen) for name in names]


def use_encoder(name: str) -> None:
    """Make an encoder the one for later builds.

    Raises:
        EncoderError: It is not on this machine.
    """
    place = find_encoder(name)
    is_folder = isinstance(place, Path) and name not in (DEFAULT_ENCODER, *ENCODERS.origins())
    remember_encoder(str(Path(name).expanduser().absolute()) if is_folder else name)


def _listed(name: str, package: str, in_use: bool) -> ListedEncoder:
    place, source = None, None
    try:
        place, source = find_encoder(name), added_source(name)
    except PluginError:
        pass  # listed all the same, with its package
    except EncoderError:
        package = ""
    if not isinstance(place, Path):
        return ListedEncoder(name=name, origin=package, in_use=in_use)
    listed = ListedEncoder(name=name, where=place, origin=source.origin if source else "", in_use=in_use)
    try:
        model = read_model_folder(place)
    except (EncoderUnsupported, OSError, ValueError, KeyError):
        return listed
    return listed.model_copy(update={"dimension": model.dimension, "token_limit": model.token_limit})
