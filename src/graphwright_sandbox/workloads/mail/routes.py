def create_operations(context): return []
