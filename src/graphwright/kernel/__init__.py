"""What every other folder rests on. Nothing here knows a word of the domain."""
