"""A page on which who runs the bot sees what Discord would show, and why."""
