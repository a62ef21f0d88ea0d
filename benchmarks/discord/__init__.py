"""How long members wait on Discord, apart from the network."""
