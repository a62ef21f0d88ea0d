"""What would be answered differently, shown before a change is saved."""
