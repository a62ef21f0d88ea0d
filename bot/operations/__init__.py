"""What an operator does with a bot: run, set up, register, examine, back up, preview."""
