"""What a running process tells about itself: log lines, metrics for Prometheus, traces for OpenTelemetry."""
