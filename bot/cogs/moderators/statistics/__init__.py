"""What was asked in a server, in numbers and in a picture."""
