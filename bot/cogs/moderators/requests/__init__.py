"""Questions that members handed to the moderators."""
