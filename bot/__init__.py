"""The application: configuration, command line, Discord."""
