"""What nobody asks for: following other processes, deleting in time."""
