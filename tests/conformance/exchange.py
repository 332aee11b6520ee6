"""Requests to a server, each of whose answers is checked as it comes."""

import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from typing import Any

import httpx
from specification import Specification

from linnet.api.endpoint import Endpoint
from linnet.api.router import Router
from strictness import complaints

Operation = tuple[str, str]
WITHIN_S = 30.0


class Derailed(Exception):
    """The story cannot go on without an answer that did not come."""


class Exchange:
    """Asks a server, and keeps what was wrong with each endpoint's answers."""

    def __init__(self, client: httpx.Client, endpoints: Sequence[Endpoint], specification: Specification) -> None:
        self._client = client
        self._specification = specification
        shapes = {one.shape for one in endpoints}
        self._router = Router({shape: shape for shape in shapes})
        self.successes: dict[Operation, int] = defaultdict(int)
        self.violations: dict[Operation, list[str]] = defaultdict(list)

    def ask(self, method: str, path: str, token: str | None = None, status: int = 200, **request: Any) -> Any:
        """The JSON of an answer that must have this status, None without JSON. `Derailed` when it is no success."""
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        answer = self._client.request(method, path, headers=headers, **request)
        found = self._router.find(path.partition("?")[0])
        assert found is not None, f"there is no endpoint at {path}"
        operation = (method, found[0])
        if answer.status_code != status:
            self.violations[operation].append(f"{method} {path} answered {answer.status_code}: {answer.text[:300]}")
        elif answer.is_success:
            self.successes[operation] += 1
        is_json = "json" in answer.headers.get("content-type", "")
        body = answer.json() if is_json else None
        self._check(operation, answer, body)
        if answer.is_error and status < httpx.codes.BAD_REQUEST:
            raise Derailed(f"{method} {path} answered {answer.status_code}")
        return body

    def soon(self, method: str, path: str, token: str, right: Callable[[Any], bool]) -> Any:
        """The answer of a GET once the worker has done what makes it right."""
        deadline = time.monotonic() + WITHIN_S
        while not right(body := self.ask(method, path, token)):
            if time.monotonic() > deadline:
                raise Derailed(f"{path} did not become what it should within {WITHIN_S} s: {body!r:.500}")
            time.sleep(0.1)
        return body

    def until_status(self, method: str, path: str, token: str, status: int) -> Any:
        """The JSON of an answer once it has this status."""
        deadline = time.monotonic() + WITHIN_S
        headers = {"Authorization": f"Bearer {token}"}
        while self._client.request(method, path, headers=headers).status_code != status:
            if time.monotonic() > deadline:
                raise Derailed(f"{path} did not answer {status} within {WITHIN_S} s")
            time.sleep(0.1)
        return self.ask(method, path, token, status)

    def _check(self, operation: Operation, answer: httpx.Response, body: Any) -> None:
        wrong: list[str] = []
        if operation[1].startswith("/api/"):
            wrong.extend(complaints(answer))
        if operation in self._specification and body is not None:
            wrong.extend(self._specification.violations(operation, answer.status_code, body))
        self.violations[operation].extend(one for one in wrong if one not in self.violations[operation])
