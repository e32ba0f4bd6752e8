"""The node `loop`: visits items one after the other."""
