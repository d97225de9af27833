"""What Gradio's page will load for its components, named in its head: style sheets in one, scripts without waiting.

Gradio's bundler (Vite) asks for the style sheets of a component one by one, after the component is known, unless a link
to it is there. Where a version of Gradio is bundled in another way nothing is found, and each is asked for as before.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Set
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from importlib import resources

_FOLDER = resources.files("gradio") / "templates" / "frontend" / "assets"
_ENTRY = re.compile(r"index-.*")  # is named in the head by Gradio
_NAMES = re.compile(r"m\.f=\[(.*?)\]")
_NAME = re.compile(r'"\./([^"]+)"')


@dataclass(frozen=True)
class Assets:
    """Names of files in Gradio's folder of assets."""

    names: tuple[str, ...]

    @classmethod
    def of(cls, components: Set[str]) -> Assets:
        """What the page's frame and components of these types load; none where that cannot be seen."""
        return cls(tuple(name for name in dict.fromkeys(_loaded(components)) if not _ENTRY.fullmatch(name)))

    @cached_property
    def style(self) -> str:
        """The style sheets in one."""
        return "\n".join(_text(name) for name in self.names if name.endswith(".css"))

    @property
    def path(self) -> str:
        """Where the page asks for the one style sheet: beside those it is made of, as they may refer to others."""
        return f"assets/components-{sha256(self.style.encode()).hexdigest()[:12]}.css"

    def links(self) -> str:
        """Elements of the head: a link that is disabled loads nothing, and keeps the bundler from loading it."""
        scripts = (f'<link rel="modulepreload" href="./assets/{name}">' for name in self.names if name.endswith(".js"))
        styles = (
            f'<link rel="stylesheet" href="./assets/{name}" disabled>' for name in self.names if name.endswith(".css")
        )
        return "".join([f'<link rel="stylesheet" href="./{self.path}">', *scripts, *styles]) if self.names else ""


def _loaded(components: Set[str]) -> Iterator[str]:
    """The files of the page's frame, which names the module that knows the components, and those of the components."""
    scripts = (_text(path.name) for path in _FOLDER.iterdir() if re.fullmatch(r"Index-.*\.js", path.name))
    frame = next((script for script in scripts if '"./Blocks-' in script[:1_000]), "")
    yield from _dependencies(frame, r"import\(`\./Blocks-")
    for core in (_text(name) for name in _listed(frame) if re.fullmatch(r"core-.*\.js", name)):
        for component in sorted(components):
            yield from _dependencies(core, rf"\b{component}:\{{.{{0,600}}?component:")


def _dependencies(script: str, before: str) -> list[str]:
    """The files that a script's first import behind a pattern depends on."""
    match = re.search(rf"{before}.*?__vite__mapDeps\(\[([\d,]*)\]", script)
    names = _listed(script)
    return [names[int(number)] for number in match[1].split(",") if number] if match else []


def _listed(script: str) -> list[str]:
    listed = _NAMES.search(script)
    return _NAME.findall(listed[1]) if listed else []


def _text(name: str) -> str:
    return (_FOLDER / name).read_text(encoding="utf-8")
