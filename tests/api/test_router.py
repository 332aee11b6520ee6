"""Routing: exact words before parameters, and no dead ends."""

import pytest

from linnet.api.router import Router

TARGETS = {
    "/": "root",
    "/a/lookup": "lookup",
    "/a/{}": "one",
    "/a/{}/x": "below",
    "/a/lookup/z/{}": "deep",
    "/{}": "any",
    "/@{}": "profile",
    "/@{}/{}": "post",
}

FOUND: list[tuple[str, str, list[str]]] = [
    ("/", "root", []),
    ("/a/lookup", "lookup", []),
    ("/a/lookup/", "lookup", []),
    ("/a/5", "one", ["5"]),
    ("/a/lookup/x", "below", ["lookup"]),
    ("/a/lookup/z/1", "deep", ["1"]),
    ("/a/5/x", "below", ["5"]),
    ("/@ann", "profile", ["ann"]),
    ("/@ann/7", "post", ["ann", "7"]),
    ("/about", "any", ["about"]),
    ("/@", "any", ["@"]),
]


@pytest.mark.parametrize(("path", "target", "values"), FOUND)
def test_exact_words_go_before_parameters_and_dead_ends_are_left_again(
    path: str, target: str, values: list[str]
) -> None:
    assert Router(TARGETS).find(path) == (target, values)


@pytest.mark.parametrize("path", ["/a/5/x/y", "/a//x", "/a/lookup/y", "/a/lookup/z", "/b/c", "//"])
def test_a_path_that_is_not_declared_is_not_found(path: str) -> None:
    assert Router({key: target for key, target in TARGETS.items() if key != "/"}).find(path) is None
