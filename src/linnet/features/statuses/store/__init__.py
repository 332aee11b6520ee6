"""All SQL of statuses. Who may see what is decided here, once, in `VISIBLE`."""
