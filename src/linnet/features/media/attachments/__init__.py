"""Media as posts and messages show them, and what holds an upload that waits to be shown."""
