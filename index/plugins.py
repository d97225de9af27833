"""Extension points: what this project and installed packages register by name (entry points of package metadata)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path
from typing import Any

from index.errors import PluginError, PostqaError


@dataclass(frozen=True)
class ExtensionPoint:
    """Objects by name: built-in ones first, then those of installed packages.

    Installed packages are searched only for a name that is not built in, and for the list of all names.

    >>> point = ExtensionPoint("postqa.examples", {"counter": "collections:Counter"})
    >>> point.load("counter")("banana").most_common(1)
    [('a', 3)]
    >>> point.load("unknown") is None
    True
    >>> point.origins()
    {'counter': ''}

    Attributes:
        group: The group of entry points that other packages register in.
        built_in: By name, `module:attribute`.
    """

    group: str
    built_in: Mapping[str, str] = field(default_factory=dict)

    def load(self, name: str) -> Any | None:
        """The object of this name; None if there is none.

        Raises:
            PluginError: Its module cannot be imported, or several packages register the name.
        """
        if name in self.built_in:
            return EntryPoint(name, self.built_in[name], self.group).load()
        candidates = list(entry_points(group=self.group, name=name))
        if len({entry.value for entry in candidates}) > 1:
            packages = " and ".join(_origin(entry) for entry in candidates)
            raise PluginError(
                "several packages register this name",
                where=self.group,
                seen=name,
                remedy=f"Uninstall one of {packages}.",
            )
        return _imported(candidates[0]) if candidates else None

    def make(self, name: str, factory: Callable[[], Any], kinds: type | tuple[type, ...]) -> Any:
        """What a plug-in's function gives, which must be of one of these kinds.

        Raises:
            PluginError: It fails, or gives something else.
        """
        try:
            made = factory()
        except PostqaError:
            raise
        except Exception as error:  # another package may raise anything
            raise PluginError(f"the plug-in {name!r} fails", where=self.group, seen=error) from error
        if not isinstance(made, kinds):
            raise PluginError(f"the plug-in {name!r} gives another kind of object", where=self.group, seen=type(made))
        return made

    def origins(self) -> dict[str, str]:
        """All names, each with its package and version; built-in ones with an empty string."""
        installed = {entry.name: _origin(entry) for entry in entry_points(group=self.group)}
        return {**dict.fromkeys(self.built_in, ""), **{k: v for k, v in installed.items() if k not in self.built_in}}


def is_name(text: str) -> bool:
    """Whether a setting is a name, not a path."""
    return Path(text).name == text


def _imported(entry: EntryPoint) -> Any:
    try:
        return entry.load()
    except Exception as error:  # importing another package may raise anything
        raise PluginError(
            f"the plug-in {entry.name!r} of {_origin(entry)} cannot be imported",
            where=entry.value,
            seen=error,
            remedy="Update or uninstall that package.",
        ) from error


def _origin(entry: EntryPoint) -> str:
    return f"{entry.dist.name} {entry.dist.version}" if entry.dist else entry.value
