"""The node `authenticate`: gets the authorization of a profile before requests use it."""
