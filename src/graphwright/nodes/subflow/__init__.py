"""The node `subflow`: runs another flow and goes on with its result."""
