"""Questions within greetings, thanks and context, beside the same questions bare."""
