"""What moderators choose for their server."""
