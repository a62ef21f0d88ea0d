"""What measures; nothing that is shipped."""
