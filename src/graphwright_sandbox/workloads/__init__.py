"""The workloads that Graph serves, one folder each, found by folder.

A folder holds `routes.py` (`create_operations(context)`), `permissions.toml`, its entity
declarations, its records and their seed. No workload imports another.
"""
