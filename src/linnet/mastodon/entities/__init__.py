"""The shapes of Mastodon's client API, one file each, as its documentation (OpenAPI 4.7) gives them."""
