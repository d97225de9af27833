"""Lines of code of `index/` and `qa/`, room by room: comments, docstrings and blank lines are not counted.

`python -m benchmarks.lines [ROOT]`
"""

from __future__ import annotations

import ast
import sys
import tokenize
from collections import Counter
from pathlib import Path

_LAYOUT = {tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT, tokenize.ENDMARKER}


def code_lines(path: Path) -> int:
    """Lines of a Python file that hold code."""
    with tokenize.open(path) as file:
        tokens = [token for token in tokenize.generate_tokens(file.readline) if token.type not in _LAYOUT]
    lines = {line for token in tokens for line in range(token.start[0], token.end[0] + 1)}
    return len(lines - _docstring_lines(ast.parse(path.read_bytes())))


def _docstring_lines(tree: ast.Module) -> set[int]:
    documented = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    nodes = [node for node in ast.walk(tree) if isinstance(node, documented) and ast.get_docstring(node) is not None]
    return {line for node in nodes for line in range(node.body[0].lineno, (node.body[0].end_lineno or 0) + 1)}


def lines_per_room(root: Path) -> Counter[str]:
    """Lines of code of each folder below `index/` and `qa/`."""
    rooms: Counter[str] = Counter()
    for package in ("index", "qa"):
        for path in sorted((root / package).rglob("*.py")):
            rooms[path.parent.relative_to(root).as_posix()] += code_lines(path)
    return rooms


def main() -> None:
    """Print a line a room and the sum."""
    root = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).resolve().parents[1]
    rooms = lines_per_room(root)
    for room, lines in sorted(rooms.items()):
        print(f"{lines:7,}  {room}")
    print(f"{rooms.total():7,}  in all")


if __name__ == "__main__":
    main()
