"""Sites, lists and document libraries of the tenant: what the workloads `files` and `sites` share."""
