"""Pages of the reference that are made from the code: every endpoint, every event and job."""

import inspect
from collections.abc import Sequence

from linnet.api.endpoint import Endpoint
from linnet.api.routes import endpoints
from linnet.reactions import JOBS, PERIODICS, REACTIONS

_WHO = {"required": "account", "optional": "anyone", "none": "anyone", "app": "any token"}


def pages() -> dict[str, str]:
    """File name in `docs/reference/` → text."""
    return {"endpoints.md": _endpoints(), "events-and-jobs.md": _events_and_jobs()}


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in lines)


def _endpoints() -> str:
    by_tag: dict[str, list[Endpoint]] = {}
    for one in endpoints():
        by_tag.setdefault(one.tag, []).append(one)
    sections = [
        f"## {tag}\n\n"
        + _table(
            ("method", "path", "who", "scope", "what"),
            [(e.method, f"`{e.path}`", _WHO[e.viewer], e.scope or "", e.summary) for e in by_tag[tag]],
        )
        for tag in sorted(by_tag)
    ]
    return (
        "# Endpoints\n\nMade from the endpoint table by `linnet docs`. Parameters and answers: `/openapi.json` and "
        "`/docs/api` of a running server.\n\n" + "\n\n".join(sections) + "\n"
    )


def _events_and_jobs() -> str:
    events = [
        (f"`{event.__name__}`", _first_line(event), ", ".join(f"`{job.name}`" for job in jobs) or "–")
        for event, jobs in REACTIONS.items()
    ]
    jobs = [
        (f"`{job.name}`", job.queue, f"`{job.work.__name__}`", str(job.batch_max), str(job.attempts_max))
        for job in sorted(JOBS, key=lambda job: job.name)
    ]
    periodics = [(f"`{one.name}`", f"{one.every_s:g} s", _first_line(one.run)) for one in PERIODICS]
    return (
        "# Events and jobs\n\nMade from `src/linnet/reactions.py` by `linnet docs`.\n\n"
        "## Events, and the jobs that follow\n\n"
        + _table(("event", "what has happened", "jobs"), events)
        + "\n\n## Jobs\n\n"
        + _table(("job", "queue", "work", "at most at once", "attempts before it is dead"), jobs)
        + "\n\n## By the clock\n\n"
        + _table(("periodic", "every", "what"), periodics)
        + "\n"
    )


def _first_line(thing: object) -> str:
    return (inspect.getdoc(thing) or "").partition("\n")[0]
