"""Web Push: messages that only the app can read, through whichever service it named."""
