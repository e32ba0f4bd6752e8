"""Mail folders, messages, sending and moving."""
