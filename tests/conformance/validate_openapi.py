"""Holds every endpoint's answers against Mastodon's OpenAPI document, and against what strict clients need besides.

    .venv/bin/python tests/conformance/validate_openapi.py mastodon-openapi.json
    .venv/bin/python tests/conformance/validate_openapi.py mastodon-openapi.json --base-url http://127.0.0.1:8000
    .venv/bin/python tests/conformance/validate_openapi.py mastodon-openapi.json --write docs/mastodon-methods.md

Without `--base-url` it starts a server of its own. Exit code 1: something is wrong; it is named below its endpoint.
"""

import argparse
import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import nullcontext
from pathlib import Path

WITHOUT_SUCCESS = {
    "/oauth/authorize": "a page, which needs a person",
    "/api/v1/emails/confirmations": "403: nobody in this story has an address to confirm",
    "/api/v1/statuses/{}/translate": "404: there is no provider of translations",
}
"""What answers, but not with 200 in this story, and why."""

TESTS = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(TESTS))  # where pytest would look as well

import httpx  # noqa: E402
from exchange import Derailed, Exchange, Operation  # noqa: E402
from methods import page  # noqa: E402
from specification import Specification  # noqa: E402
from story import tell  # noqa: E402

from linnet.api.endpoint import Endpoint  # noqa: E402
from linnet.api.routes import endpoints  # noqa: E402
from running import Server, running_server  # noqa: E402


def main() -> int:
    """Tell the story, print the table; the exit code."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("document", type=Path, help="Mastodon's OpenAPI document, as JSON")
    parser.add_argument("--base-url", help="a running server whose rate limits are off (default: one of its own)")
    parser.add_argument("--write", type=Path, help="write the table of Mastodon's methods, with pass or a reason, here")
    arguments = parser.parse_args()
    specification, table = Specification(arguments.document), endpoints()
    with nullcontext() if arguments.base_url else running_server(contact_email="someone@example.org") as server:
        url = arguments.base_url or (server.url if server is not None else "")
        with httpx.Client(base_url=url, timeout=30) as client:
            exchange = Exchange(client, table, specification)
            token = None if server is None else operate(server)
            try:
                tell(exchange, admin_token=token)
            except Derailed as error:
                sys.stdout.write(f"The story ended early: {error}\n")
    verdicts = {(one.method, one.shape): verdict_on((one.method, one.shape), exchange, specification) for one in table}
    if arguments.write:
        arguments.write.write_text(page(specification, verdicts, table), encoding="utf-8")
    return report(table, exchange, verdicts)


def operate(server: Server) -> str:
    """What an operator has to tell everybody, so that there is something to ask for; the token of an admin."""
    text = server.folder.parent / "text.md"
    text.write_text("# Be kind\n\nThat is *all*.", encoding="utf-8")
    for command in (
        ["announcement", "publish", "Hello #birds https://example.org", "--ends", "2099-01-01"],
        ["site-text", "publish", "privacy-policy", str(text)],
        ["site-text", "publish", "terms-of-service", str(text)],
        ["site-text", "publish", "terms-of-service", str(text), "--on", "2099-01-01"],
    ):
        server.linnet(*command)
    server.linnet("account", "create", "maud", "--email", "maud@example.org", "--role", "admin")
    scopes = "read write follow push admin:read admin:write"
    return server.linnet("token", "create", "maud", "--scopes", scopes).strip().splitlines()[-1]


def report(table: Sequence[Endpoint], exchange: Exchange, verdicts: Mapping[Operation, str]) -> int:
    """Print one line for each endpoint and what is wrong below it; 1 if anything is."""
    for one in table:
        operation = (one.method, one.shape)
        note = WITHOUT_SUCCESS.get(one.path, "") if verdicts[operation] == "ok" else ""
        sys.stdout.write(f"{one.method:<7}{one.path:<55}{verdicts[operation]} {note}".rstrip() + "\n")
        sys.stdout.writelines(f"        {wrong}\n" for wrong in exchange.violations[operation])
    totals = Counter(verdicts.values())
    sys.stdout.write(", ".join(f"{number} {verdict}" for verdict, number in totals.most_common()) + "\n")
    return 1 if totals["VIOLATIONS"] or totals["NOT EXERCISED"] else 0


def verdict_on(operation: tuple[str, str], exchange: Exchange, specification: Specification) -> str:
    """What one endpoint's line says."""
    if exchange.violations[operation]:
        return "VIOLATIONS"
    if operation not in specification:
        return "not in the document"
    return "ok" if exchange.successes[operation] or operation[1] in WITHOUT_SUCCESS else "NOT EXERCISED"


if __name__ == "__main__":
    sys.exit(main())
