"""The wire format of Mastodon's client API, and nothing else: entities are its shapes, presenters fill them."""
