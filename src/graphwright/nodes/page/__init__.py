"""The node `page`: shows a page and goes on at the exit the user takes."""
