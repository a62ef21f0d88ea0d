"""The storage on SQL databases: what all of them share, and a module for each kind."""
