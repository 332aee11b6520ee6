"""Traces: spans of requests, batches of jobs and SQL statements, when an OpenTelemetry collector is configured.

Without one nothing of OpenTelemetry is imported, and a span costs one call of a function.
"""

import inspect
from collections.abc import Iterable
from contextlib import AbstractContextManager, nullcontext
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from opentelemetry.context import Context
    from opentelemetry.sdk.trace import SpanProcessor, TracerProvider
    from opentelemetry.trace import Span, Tracer

_NOTHING: Final["nullcontext[Span | None]"] = nullcontext(None)
_BELOW_STORES = ("linnet.platform.postgres", "linnet.platform.engines", __name__)
_FRAMES_MAX = 12


class _State:
    """The tracer of this process: none until `begin`."""

    tracer: "Tracer | None" = None
    provider: "TracerProvider | None" = None


def begin(endpoint: str, *, role: str, version: str) -> None:
    """Send spans to the OTLP collector at `endpoint`, with or without `/v1/traces` at its end, in the background."""
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter  # noqa: PLC0415 -- only if wanted
    from opentelemetry.sdk.trace.export import BatchSpanProcessor  # noqa: PLC0415

    address = endpoint.rstrip("/")
    address = address if address.endswith("/v1/traces") else f"{address}/v1/traces"
    begin_with(BatchSpanProcessor(OTLPSpanExporter(endpoint=address)), role=role, version=version)


def begin_with(processor: "SpanProcessor", *, role: str, version: str) -> None:
    """Hand every span to `processor`."""
    from opentelemetry.sdk.resources import Resource  # noqa: PLC0415
    from opentelemetry.sdk.trace import TracerProvider  # noqa: PLC0415

    resource = Resource.create({"service.name": "linnet", "service.version": version, "linnet.role": role})
    _State.provider = TracerProvider(resource=resource)
    _State.provider.add_span_processor(processor)
    _State.tracer = _State.provider.get_tracer("linnet", version)


def end() -> None:
    """Send what is left and trace no more."""
    if _State.provider is not None:
        _State.provider.shutdown()
    _State.provider = _State.tracer = None


def is_on() -> bool:
    """Whether spans go anywhere."""
    return _State.tracer is not None


def span_of_request(
    method: str, headers: Iterable[tuple[bytes, bytes]], request_id: str
) -> "AbstractContextManager[Span | None]":
    """A server span for one request, in the trace that a W3C `traceparent` names; None when tracing is off."""
    if _State.tracer is None:
        return _NOTHING
    from opentelemetry.trace import SpanKind  # noqa: PLC0415

    return _State.tracer.start_as_current_span(
        method,
        context=_context_of(headers),
        kind=SpanKind.SERVER,
        attributes={"http.request.method": method, "linnet.request_id": request_id},
    )


def name_request(span: "Span | None", method: str, route: str, status: int) -> None:
    """Say, once it is known, which route a request was for and how it was answered."""
    if span is None:
        return
    from opentelemetry.trace import StatusCode  # noqa: PLC0415

    span.update_name(f"{method} {route}")
    span.set_attributes({"http.route": route, "http.response.status_code": status})
    if status >= 500:  # noqa: PLR2004 -- HTTP
        span.set_status(StatusCode.ERROR)


def span_of_jobs(name: str, queue: str, count: int) -> "AbstractContextManager[Span | None]":
    """A span for one batch of jobs; None when tracing is off."""
    if _State.tracer is None:
        return _NOTHING
    from opentelemetry.trace import SpanKind  # noqa: PLC0415

    return _State.tracer.start_as_current_span(
        f"job {name}",
        kind=SpanKind.CONSUMER,
        attributes={
            "messaging.operation.type": "process",
            "messaging.destination.name": queue,
            "messaging.batch.message_count": count,
        },
    )


def span_of_statement(sql: str) -> "AbstractContextManager[Span | None]":
    """A span for one SQL statement, named for the store's function that sent it, without its parameters."""
    if _State.tracer is None:
        return _NOTHING
    from opentelemetry.trace import SpanKind  # noqa: PLC0415

    return _State.tracer.start_as_current_span(
        _asker(),
        kind=SpanKind.CLIENT,
        attributes={"db.system.name": "postgresql", "db.query.text": " ".join(sql.split())},
    )


def _context_of(headers: Iterable[tuple[bytes, bytes]]) -> "Context | None":
    from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator  # noqa: PLC0415

    carrier = {
        name.decode("latin-1"): value.decode("latin-1")
        for name, value in headers
        if name in {b"traceparent", b"tracestate"}
    }
    return TraceContextTextMapPropagator().extract(carrier) if carrier else None


def _asker() -> str:
    """The function that asks for a statement, as `statuses.store.loading.load`: the nearest above the driver."""
    frame = inspect.currentframe()
    assert frame is not None, "CPython has frames"
    for _ in range(_FRAMES_MAX):
        module = str(frame.f_globals.get("__name__", ""))
        if module.startswith("linnet.") and module not in _BELOW_STORES:
            name = f"{module}.{frame.f_code.co_name}"
            return name.removeprefix("linnet.").removeprefix("features.").removeprefix("platform.")
        if frame.f_back is None:
            break
        frame = frame.f_back
    return "statement"
