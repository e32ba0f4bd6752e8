"""The node `end`: ends the flow, with a message or a result."""
