"""Plans, buckets and tasks of groups (Microsoft Planner)."""
