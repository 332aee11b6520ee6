"""Dashboards and alerts name metrics that there are, with labels that they have; Prometheus itself reads the rules."""

import json
import re
import shutil
import subprocess
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from prometheus_client import REGISTRY

DEPLOY = Path(__file__).parents[2] / "deploy"
DASHBOARDS = sorted((DEPLOY / "dashboards").glob("*.json"))
ALERTS = sorted((DEPLOY / "alerts").glob("*.yml"))

_METRIC = re.compile(r"(linnet_\w+)(?:\{([^}]*)\})?")
_LABEL = re.compile(r"(\w+)\s*(?:=~|!~|!=|=)\s*\"")
_BY = re.compile(r"\bby \(([^)]*)\)")
_SUFFIX = re.compile(r"_(?:total|bucket|count|sum)$")


def metrics() -> dict[str, set[str]]:
    """Every metric of the processes, without suffixes, and its labels."""
    for module in ("linnet.roles.api", "linnet.roles.worker", "linnet.roles.scheduler", "linnet.roles.streaming"):
        import_module(module)
    known: dict[str, set[str]] = {}
    for collector in set(vars(REGISTRY)["_names_to_collectors"].values()):  # there is no other list of labels
        name = getattr(collector, "_name", "")
        known[name] = set(getattr(collector, "_labelnames", ()))
    return known


def expressions() -> Iterator[tuple[str, str]]:
    for file in DASHBOARDS:
        for panel in json.loads(file.read_text("utf-8"))["panels"]:
            for target in panel["targets"]:
                yield f"{file.name}: {panel['title']}", target["expr"]
    for file in ALERTS:
        for block in re.split(r"\n\s*- alert: ", file.read_text("utf-8"))[1:]:
            expression = re.search(r"expr:(.*?)\n\s+(?:for|labels):", block, re.DOTALL)
            assert expression, block
            yield f"{file.name}: {block.split()[0]}", expression[1].removeprefix(" >-")


@pytest.mark.parametrize(("where", "expression"), [pytest.param(*one, id=one[0]) for one in expressions()])
def test_what_is_asked_for_is_measured(where: str, expression: str) -> None:
    known = metrics()
    asked = list(_METRIC.finditer(expression))
    assert asked, where
    labels = {"le"}
    for match in asked:
        name = _SUFFIX.sub("", match[1])
        assert name in known, f"{where}: nobody measures {match[1]}"
        labels |= known[name]
        assert set(_LABEL.findall(match[2] or "")) <= known[name], f"{where}: {match[0]}"
    for names in _BY.findall(expression):
        assert {one.strip() for one in names.split(",")} <= labels, f"{where}: {names}"


@pytest.mark.parametrize("file", DASHBOARDS, ids=lambda file: file.name)
def test_a_dashboard_has_panels_that_do_not_overlap(file: Path) -> None:
    panels: list[dict[str, Any]] = json.loads(file.read_text("utf-8"))["panels"]
    assert len({panel["id"] for panel in panels}) == len(panels)
    taken: set[tuple[int, int]] = set()
    for panel in panels:
        place = panel["gridPos"]
        cells = {(place["x"] + x, place["y"] + y) for x in range(place["w"]) for y in range(place["h"])}
        assert place["x"] + place["w"] <= 24
        assert not cells & taken, panel["title"]
        taken |= cells


@pytest.mark.parametrize("file", ALERTS, ids=lambda file: file.name)
def test_prometheus_reads_the_alerts(file: Path) -> None:
    promtool = shutil.which("promtool")
    if promtool is None:
        pytest.skip("promtool is not here: apt install prometheus")
    checked = subprocess.run([promtool, "check", "rules", str(file)], capture_output=True, text=True, check=False)
    assert checked.returncode == 0, checked.stderr
