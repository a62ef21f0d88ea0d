"""Which questions a pin takes, rightly and wrongly."""
