"""Authorization profiles: whom requests are sent as, how it is proved, where tokens are kept."""
