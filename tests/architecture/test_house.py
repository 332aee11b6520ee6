"""The rules of the house that no linter knows: who holds SQL, how long files are, whose store is whose."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "src" / "linnet"
FILES = sorted(SOURCE.rglob("*.py"))
LINES_MAX = 300
FUNCTION_LINES_MAX = 50
ROOMS = {"models", "events", "reads", "actions", "jobs", "store", "__init__"}

_SQL = re.compile(
    r"^\s*(?:with\s+(?:recursive\s+)?\w+\s+as\s*\(|select\s.*\sfrom\s|insert\s+into\s|update\s+\w+\s+(?:as\s+\w+\s+)?set\s"
    r"|delete\s+from\s|truncate\s|create\s+(?:table|index)\s)",
    re.IGNORECASE | re.DOTALL,
)


def named(path: Path) -> str:
    return str(path.relative_to(SOURCE))


def literals(tree: ast.AST) -> list[str]:
    return [node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)]


def lines_of(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Lines of a function; a contract and a statement in SQL, however long, are one each: they are read as a whole."""
    texts = [n for n in ast.walk(function) if isinstance(n, ast.Constant) and isinstance(n.value, str)]
    folded = sum((text.end_lineno or text.lineno) - text.lineno for text in texts)
    return (function.end_lineno or function.lineno) - function.lineno + 1 - folded


def may_hold_sql(path: Path) -> bool:
    parts = path.relative_to(SOURCE).parts
    return parts[0] == "platform" or "store" in parts or path.name == "store.py"


def test_there_is_something_to_look_at() -> None:
    assert len(FILES) > 50


@pytest.mark.parametrize("path", FILES, ids=named)
def test_sql_lives_in_stores_and_the_platform_only(path: Path) -> None:
    if may_hold_sql(path):
        return
    tree = ast.parse(path.read_text(encoding="utf-8"))
    docstrings = {
        ast.get_docstring(node, clean=False)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
    }
    assert [text for text in literals(tree) if text not in docstrings and _SQL.search(text)] == []


@pytest.mark.parametrize("path", FILES, ids=named)
def test_a_store_is_private_to_its_feature(path: Path) -> None:
    parts = path.relative_to(SOURCE).parts
    own = parts[1] if parts[0] == "features" and len(parts) > 1 else None
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        modules = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
        modules += [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        if isinstance(node, ast.ImportFrom) and any(alias.name == "store" for alias in node.names):
            modules.append(f"{node.module}.store")
        for module in modules:
            found = re.match(r"linnet\.features\.(\w+)\.store\b", module)
            assert found is None or found[1] == own, f"{named(path)} reaches into {module}"


@pytest.mark.parametrize("path", FILES, ids=named)
def test_files_and_functions_stay_readable(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert text.count("\n") <= LINES_MAX
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            assert lines_of(node) <= FUNCTION_LINES_MAX, f"{named(path)}: {node.name}"


@pytest.mark.parametrize("path", FILES, ids=named)
def test_every_module_says_what_it_is(path: Path) -> None:
    assert ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))


@pytest.mark.parametrize("path", [p for p in FILES if "features" in p.parts], ids=named)
def test_features_know_no_http(path: Path) -> None:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom | ast.Import):
            name = node.module if isinstance(node, ast.ImportFrom) else node.names[0].name
            assert not (name or "").startswith(("litestar", "uvicorn", "http.", "jinja2")), named(path)


def test_no_work_is_put_off_in_the_code() -> None:
    put_off = re.compile(r"\b(TODO|FIXME|XXX)\b")
    assert [named(p) for p in FILES if put_off.search(p.read_text(encoding="utf-8"))] == []


def test_only_three_loops_catch_everything() -> None:
    """The request, the job and (once there is one) the socket; each logs what it caught."""
    found = {
        named(path)
        for path in FILES
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ExceptHandler)
        and (node.type is None or (isinstance(node.type, ast.Name) and node.type.id == "Exception"))
    }
    assert found <= {"api/dispatch.py", "api/edge.py", "platform/jobs/batches.py", "platform/jobs/periodic.py"}
