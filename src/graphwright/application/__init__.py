"""Applications: reading the folder, checking the model, writing it back, and opening it to run."""
