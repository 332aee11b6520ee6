"""Mastodon's admin API, which its OpenAPI document leaves out.

The methods of docs.joinmastodon.org, each with the schema of its answer, which that document does have.
"""

from typing import Any, Final

_ONE = {
    "accounts/{id}": "AdminAccount",
    "canonical_email_blocks/{id}": "AdminCanonicalEmailBlock",
    "domain_allows/{id}": "AdminDomainAllow",
    "domain_blocks/{id}": "AdminDomainBlock",
    "email_domain_blocks/{id}": "AdminEmailDomainBlock",
    "ip_blocks/{id}": "AdminIpBlock",
    "reports/{id}": "AdminReport",
}
_VERBS = {
    "accounts/{id}": ("approve", "reject", "enable", "unsilence", "unsuspend", "unsensitive"),
    "reports/{id}": ("assign_to_self", "unassign", "resolve", "reopen"),
}
_CHANGED = ("domain_blocks/{id}", "ip_blocks/{id}", "reports/{id}")
_NUMBERS = {"measures": "AdminMeasure", "dimensions": "AdminDimension", "retention": "AdminCohort"}
_TRENDS = {"links": "TrendsLink", "statuses": "Status", "tags": "Tag"}

Method = tuple[str, str, dict[str, Any] | None]


def admin_methods() -> list[Method]:
    """Method, path, and the schema of a successful answer, None where that is empty; sorted by path."""
    found: list[Method] = [
        ("GET", "/api/v2/admin/accounts", _list("AdminAccount")),
        ("POST", f"{ROOT}/accounts/{{id}}/action", None),
        ("DELETE", f"{ROOT}/accounts/{{id}}", _schema("AdminAccount")),
        ("POST", f"{ROOT}/canonical_email_blocks/test", _list("AdminCanonicalEmailBlock")),
    ]
    for path, name in _ONE.items():
        found.append(("GET", f"{ROOT}/{path.partition('/')[0]}", _list(name)))
        found.append(("GET", f"{ROOT}/{path}", _schema(name)))
        found += [("POST", f"{ROOT}/{path}/{verb}", _schema(name)) for verb in _VERBS.get(path, ())]
        if path not in _VERBS:
            found.append(("POST", f"{ROOT}/{path.partition('/')[0]}", _schema(name)))
            found.append(("DELETE", f"{ROOT}/{path}", None))
        if path in _CHANGED:
            found.append(("PUT", f"{ROOT}/{path}", _schema(name)))
    found += [("POST", f"{ROOT}/{path}", _list(name)) for path, name in _NUMBERS.items()]
    found += [("GET", f"{ROOT}/trends/{path}", _list(name)) for path, name in _TRENDS.items()]
    return sorted(found, key=lambda one: (one[1], one[0]))


ROOT: Final = "/api/v1/admin"


def _schema(name: str) -> dict[str, Any]:
    return {"$ref": f"#/components/schemas/{name}"}


def _list(name: str) -> dict[str, Any]:
    return {"type": "array", "items": _schema(name)}
