"""What is missing, and what moderators do about it."""
