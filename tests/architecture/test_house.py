"""The rules of the house that no linter knows: who holds SQL, how long files are, whose store is whose."""

import ast
import re
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "src" / "linnet"
FILES = sorted(SOURCE.rglob("*.py"))
LINES_MAX = 300
FUNCTION_LINES_MAX = 50

_SQL = re.compile(
    r"^\s*(?:with\s+(?:recursive\s+)?\w+\s+as\s*\(|select\s.*\sfrom\s|insert\s+into\s|update\s+\w+\s+(?:as\s+\w+\s+)?set\s"
    r"|delete\s+from\s|truncate\s|create\s+(?:table|index)\s)",
    re.IGNORECASE | re.DOTALL,
)


def test_there_is_something_to_look_at() -> None:
    assert len(FILES) > 50


def test_sql_lives_in_stores_and_the_platform_only() -> None:
    assert [f"{named(path)}: {text}" for path in FILES if not may_hold_sql(path) for text in sql_in(path)] == []


def test_a_store_is_private_to_its_feature() -> None:
    found = [f"{named(path)} reaches into {module}" for path in FILES for module in stores_of_others(path)]
    assert found == []


def test_files_stay_readable() -> None:
    lines = {named(path): path.read_text(encoding="utf-8").count("\n") for path in FILES}
    assert {name: number for name, number in lines.items() if number > LINES_MAX} == {}


def test_no_two_test_files_share_a_name() -> None:
    names = Counter(path.name for path in (ROOT / "tests").rglob("test_*.py"))
    assert [name for name, number in names.items() if number > 1] == [], "pytest imports only one of them"


def test_functions_stay_readable() -> None:
    lines = {f"{named(path)}: {one.name}": lines_of(one) for path in FILES for one in functions_of(path)}
    assert lines
    assert {name: number for name, number in lines.items() if number > FUNCTION_LINES_MAX} == {}


def test_every_module_says_what_it_is() -> None:
    assert [named(path) for path in FILES if not ast.get_docstring(tree_of(path))] == []


def test_features_know_no_http() -> None:
    features = [path for path in FILES if "features" in path.parts]
    assert features
    web = ("uvicorn", "http.", "jinja2")
    found = {named(path): [name for name in imports_of(path) if name.startswith(web)] for path in features}
    assert {name: modules for name, modules in found.items() if modules} == {}


def test_no_work_is_put_off_in_the_code() -> None:
    put_off = re.compile(r"\b(TODO|FIXME|XXX)\b")
    assert [named(path) for path in FILES if put_off.search(path.read_text(encoding="utf-8"))] == []


def test_only_three_loops_and_the_judge_catch_everything() -> None:
    """The request, the job and the socket, and who judges what people write; each logs what it caught."""
    found = {
        named(path)
        for path in FILES
        for node in nodes_of(path)
        if isinstance(node, ast.ExceptHandler)
        and (node.type is None or (isinstance(node.type, ast.Name) and node.type.id == "Exception"))
    }
    loops = {"api/dispatch.py", "api/edge.py", "platform/jobs/batches.py", "platform/jobs/periodic.py"}
    assert found <= loops | {"streaming/lanes.py", "features/moderation/judging.py"}


def named(path: Path) -> str:
    return str(path.relative_to(SOURCE))


@cache
def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


@cache
def nodes_of(path: Path) -> tuple[ast.AST, ...]:
    return tuple(ast.walk(tree_of(path)))


def functions_of(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    return (node for node in nodes_of(path) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))


def imports_of(path: Path) -> Iterator[str]:
    """The modules a file imports, and of `from a import b` also `a.b`, which may be one."""
    for node in nodes_of(path):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        if isinstance(node, ast.ImportFrom):
            yield node.module or ""
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def literals(path: Path) -> list[str]:
    return [node.value for node in nodes_of(path) if isinstance(node, ast.Constant) and isinstance(node.value, str)]


def lines_of(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Lines of a function; a contract and a statement in SQL, however long, are one each: they are read as a whole."""
    texts = [n for n in ast.walk(function) if isinstance(n, ast.Constant) and isinstance(n.value, str)]
    folded = sum((text.end_lineno or text.lineno) - text.lineno for text in texts)
    return (function.end_lineno or function.lineno) - function.lineno + 1 - folded


def may_hold_sql(path: Path) -> bool:
    parts = path.relative_to(SOURCE).parts
    return parts[0] == "platform" or "store" in parts or path.name == "store.py"


def sql_in(path: Path) -> list[str]:
    """The literals of a file that are statements; its docstrings may speak of some."""
    docstrings = {
        ast.get_docstring(node, clean=False)
        for node in nodes_of(path)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
    }
    return [text for text in literals(path) if text not in docstrings and _SQL.search(text)]


def stores_of_others(path: Path) -> list[str]:
    """The stores a file imports of features it is no part of."""
    parts = path.relative_to(SOURCE).parts
    own = parts[1] if parts[0] == "features" and len(parts) > 1 else None
    found = [re.match(r"linnet\.features\.(\w+)\.store\b", module) for module in imports_of(path)]
    return [one.string for one in found if one is not None and one[1] != own]
