"""From a path to what answers it: exact words before parameters, and a trailing slash makes no difference."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Generic, TypeVar

T = TypeVar("T")


@dataclass(slots=True)
class _Node(Generic[T]):
    words: "dict[str, _Node[T]]" = field(default_factory=dict)  # pyright: ignore[reportUnknownVariableType]
    prefixes: "dict[str, _Node[T]]" = field(default_factory=dict)  # pyright: ignore[reportUnknownVariableType]
    """What follows a parameter, by the letters before it in its part of the path: `@` in `/@{}`, mostly none."""
    target: T | None = None


class Router(Generic[T]):
    """The targets of paths such as `/api/v1/statuses/{}/context`, where `{}` is one part that is not empty."""

    def __init__(self, targets: Mapping[str, T]) -> None:
        self._exact: dict[str, T] = {}
        self._root: _Node[T] = _Node()
        for shape, target in targets.items():
            if "{}" in shape:
                self._add(shape, target)
            else:
                self._exact[shape.rstrip("/")] = target

    def find(self, path: str) -> tuple[T, list[str]] | None:
        """The target and the parameters' values in their order; None when there is no such path."""
        path = path.rstrip("/")
        exact = self._exact.get(path)
        if exact is not None:
            return exact, []
        values: list[str] = []
        target = _walk(self._root, path.split("/")[1:], 0, values)
        return None if target is None else (target, values)

    def _add(self, shape: str, target: T) -> None:
        node = self._root
        for part in shape.rstrip("/").split("/")[1:]:
            if part.endswith("{}"):
                below = node.prefixes.setdefault(part[:-2], _Node())
                node.prefixes = dict(sorted(node.prefixes.items(), key=lambda item: -len(item[0])))
                node = below
            else:
                assert "{" not in part, f"a parameter must end its part of the path: {shape}"
                node = node.words.setdefault(part, _Node())
        node.target = target


def _walk(node: _Node[T], parts: list[str], at: int, values: list[str]) -> T | None:
    """The target below `node` for the parts from `at` on, parameters' values appended; leaves dead ends again."""
    if at == len(parts):
        return node.target
    part = parts[at]
    below = node.words.get(part)
    if below is not None and (target := _walk(below, parts, at + 1, values)) is not None:
        return target
    for prefix, below in node.prefixes.items():
        if len(part) > len(prefix) and part.startswith(prefix):
            values.append(part[len(prefix) :])
            if (target := _walk(below, parts, at + 1, values)) is not None:
                return target
            values.pop()
    return None
