"""The node `note`: a remark on the canvas."""
