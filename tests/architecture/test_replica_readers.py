"""Who may ask replicas of PostgreSQL: reads of ids and numbers, listed here so that each is thought about.

What lags must not be kept by a process, nor say who may see what: decision 0013.
"""

import ast
from pathlib import Path

SOURCE = Path(__file__).parents[2] / "src" / "linnet"

MAY_ASK = {
    "features/dashboard/dimensions.py": {"find"},
    "features/dashboard/reads.py": {"count"},
    "features/relationships/directory.py": {"newest", "most_active"},
    "features/relationships/reads.py": {"search_accounts"},
    "features/statuses/hashtags.py": {"show"},
    "features/statuses/reads.py": {"by_account", "public", "tagged"},
    "features/timelines/census.py": {"count"},
    "features/trends/reads.py": {"links", "status_ids", "tags", "tags_like"},
}


def test_only_reads_of_ids_and_numbers_ask_replicas() -> None:
    found = {
        str(path.relative_to(SOURCE)): functions
        for path in sorted(SOURCE.rglob("*.py"))
        if (functions := askers_in(ast.parse(path.read_text(encoding="utf-8"))))
    }
    assert found == MAY_ASK


def askers_in(tree: ast.Module) -> set[str]:
    """The innermost functions that call `replica_for`."""
    found: set[str] = set()

    def visit(node: ast.AST, function: str) -> None:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            function = node.name
        if isinstance(node, ast.Attribute) and node.attr == "replica_for":
            found.add(function)
        for child in ast.iter_child_nodes(node):
            visit(child, function)

    visit(tree, "")
    return found
