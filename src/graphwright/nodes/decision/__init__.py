"""The node `decision`: leaves by the first exit whose condition holds."""
