"""Logs without secrets, metrics of several processes, traces with and without a collector."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from linnet.platform.telemetry import logs, metrics, traces
from linnet.platform.telemetry.metrics import MetricsAccess
from world import World

TRACE_ID = "0af7651916cd43dd8448eb211c80319c"


def said_by(script: str, *, form: str) -> str:
    """What a process that runs `script` after `logs.configure` writes to stderr."""
    whole = (
        f"from linnet.platform.telemetry import logs\nlogs.configure(form='{form}', level='info', role='api')\n{script}"
    )
    done = subprocess.run([sys.executable, "-c", whole], capture_output=True, text=True, check=True, timeout=60)
    return done.stderr


def lines_of(script: str) -> list[dict[str, object]]:
    """The same as JSON, line by line."""
    return [json.loads(line) for line in said_by(script, form="json").splitlines()]


def test_every_line_is_json_with_time_level_and_role() -> None:
    first, second = lines_of(
        "import logging, structlog\n"
        "structlog.contextvars.bind_contextvars(request_id='abc')\n"
        "structlog.get_logger().info('request', route='/x', ms=1.5)\n"
        "structlog.get_logger().debug('unheard')\n"
        "logging.getLogger('another.package').warning('%s is odd', 'it')\n"
    )
    assert first["event"] == "request"
    assert (first["level"], first["role"], first["request_id"], first["ms"]) == ("info", "api", "abc", 1.5)
    assert str(first["timestamp"]).endswith("Z")
    assert (second["event"], second["level"], second["logger"]) == ("it is odd", "warning", "another.package")


FAILING = (
    "import structlog\n"
    "def fail(hunter='hunter0'):\n"
    "    raise ValueError('postgresql://linnet:hunter2@db/linnet refused\\nDETAIL:  Key (name)=(hunter4) exists.')\n"
    "try:\n    fail()\n"
    "except ValueError:\n    structlog.get_logger().exception('failed', password='hunter3', to='hunter5@example.org')\n"
)


def test_an_exception_is_one_line_without_secrets() -> None:
    (line,) = lines_of(FAILING)
    assert "ValueError" in str(line["exception"])
    assert "hunter" not in json.dumps(line)


KEPT = """
import logging, structlog
told = {"body": {"password": "hunter6", "list": [{"refresh_token": "hunter7"}]}, "to": ["hunter8@example.org"]}
structlog.contextvars.bind_contextvars(cookie="hunter9")
structlog.get_logger().info("request", path="/x?access_token=hunter10", **told)
structlog.get_logger().warning("no account has hunter11@example.org")
logging.getLogger("another.package").warning("sent Bearer %s to %s", "hunter12", told)
"""


@pytest.mark.parametrize("form", ["json", "text"])
def test_each_form_leaves_out_what_people_keep_to_themselves(form: str) -> None:
    said = said_by(KEPT, form=form)
    assert len(said.splitlines()) == 3
    assert said.count("[redacted]") >= 8
    assert "hunter" not in said


def test_an_exception_is_without_secrets_on_a_terminal_too() -> None:
    said = said_by(FAILING, form="text")
    assert "ValueError: postgresql://linnet:[redacted]@db/linnet refused" in said
    assert "hunter" not in said


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("postgresql://linnet:pa55@db/linnet", "postgresql://linnet:[redacted]@db/linnet"),
        ("unix://:pa55@/tmp/valkey.sock?db=0", "unix://:[redacted]@/tmp/valkey.sock?db=0"),
        ("Authorization: Bearer abc.def.ghi", "Authorization: Bearer [redacted]"),
        ('{"refresh_token": "abc", "n": 1}', '{"refresh_token": "[redacted]", "n": 1}'),
        ("http://127.0.0.1:8000/@ada/1", "http://127.0.0.1:8000/@ada/1"),
        ("token_id=5", "token_id=5"),
    ],
)
def test_secrets_are_blacked_out_of_texts(text: str, told: str) -> None:
    assert logs.without_secrets(text) == told


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("no account has someone+else@mail.example.org.", "no account has [redacted]."),
        ("Key exists\nDETAIL:  Key (email)=(a@b.c) exists.", "Key exists\nDETAIL:  [redacted]"),
        ("postgresql://linnet@db.example.org/linnet", "postgresql://linnet@db.example.org/linnet"),
    ],
)
def test_people_are_blacked_out_of_lines(text: str, told: str) -> None:
    assert logs.redact(None, "info", {"event": text}) == {"event": told}


def test_fields_named_like_secrets_are_blacked_out_at_any_depth() -> None:
    event = {"authorization": "x", "body": {"password": "y", "list": [{"token": "z"}]}, "token_id": 7, "secret": None}
    told = logs.redact(None, "info", event)
    assert told == {
        "authorization": "[redacted]",
        "body": {"password": "[redacted]", "list": [{"token": "[redacted]"}]},
        "token_id": 7,
        "secret": None,
    }


COUNT = """
import os
from prometheus_client import Counter, Gauge
Counter("tries_total", "Tries").inc(2)
Gauge("alive", "Alive", multiprocess_mode="livesum").set(1)
print(os.getpid())
"""
READ = "from linnet.platform.telemetry import metrics; print(metrics.exposition().decode())"


def test_processes_share_their_metrics_and_the_dead_keep_only_their_counts(tmp_path: Path) -> None:
    folder = metrics.make_folder(tmp_path / "metrics")
    env = {**os.environ, metrics.FOLDER_VARIABLE: str(folder)}

    def run(script: str) -> str:
        return subprocess.run(
            [sys.executable, "-c", script], env=env, capture_output=True, text=True, check=True, timeout=60
        ).stdout

    run(COUNT)
    run(COUNT)
    before = run(READ)
    assert "tries_total 4.0" in before
    assert "alive 2.0" in before
    metrics.bury_dead(folder)
    after = run(READ)
    assert "tries_total 4.0" in after
    assert "alive 2.0" not in after
    assert list(metrics.make_folder(folder).iterdir()) == []


def test_only_the_right_token_opens_the_metrics() -> None:
    access = MetricsAccess(lambda: "right", "a file")
    assert access.allows("right")
    assert not access.allows("wrong")
    assert not access.allows("ünïcode")
    assert not access.allows(None)


@pytest.fixture
def spans() -> Iterator[InMemorySpanExporter]:
    exporter = InMemorySpanExporter()
    traces.begin_with(SimpleSpanProcessor(exporter), role="test", version="0")
    yield exporter
    traces.end()


async def test_a_request_is_traced_down_to_its_statements(world: World, spans: InMemorySpanExporter) -> None:
    ada = await world.person("ada")
    spans.clear()
    path = f"/api/v1/accounts/{ada.id}"
    await ada.ask("GET", path, headers={"traceparent": f"00-{TRACE_ID}-b7ad6b7169203331-01"})
    found = spans.get_finished_spans()
    request = next(span for span in found if span.name == "GET /api/v1/accounts/{account_id}")
    assert request.attributes is not None
    assert request.attributes["http.response.status_code"] == 200
    statement = next(span for span in found if span.name == "accounts.store.profiles.load")
    assert statement.attributes is not None
    assert "account_counters" in str(statement.attributes["db.query.text"])
    assert str(ada.id) not in str(statement.attributes)
    for span in (request, statement):
        context = span.get_span_context()
        assert context is not None
        assert f"{context.trace_id:032x}" == TRACE_ID


async def test_a_batch_of_jobs_is_a_span(world: World, spans: InMemorySpanExporter) -> None:
    ada, bob = await world.people("ada", "bob")
    await bob.follow(ada)
    await world.settle()
    assert "job timelines.refill_follower" in {span.name for span in spans.get_finished_spans()}


def test_without_a_collector_nothing_is_traced_or_imported() -> None:
    script = (
        "import sys, linnet.roles.worker; print([name for name in sys.modules if name.startswith('opentelemetry')])"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout.strip() == "[]"
    with traces.span_of_statement("select 1") as span:
        assert span is None
