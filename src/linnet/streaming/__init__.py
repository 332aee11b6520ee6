"""The way out, live: streams of what happens, over WebSocket and server-sent events."""
