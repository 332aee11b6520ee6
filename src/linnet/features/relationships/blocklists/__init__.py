"""Lists of accounts to block or mute, which somebody keeps and others subscribe to."""
